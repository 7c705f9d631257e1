"""What a request asks for beside its body: preferences, formats, positions, and forms with files."""

import re
from typing import NamedTuple

from starlette.requests import HTTPConnection, Request

from mesh.analysis import MAX_SOURCES
from mesh.errors import ForbiddenError, InvalidRequestError, NotFoundError
from mesh.results import FileRef

from .body import arriving, check_stated_length, content_type, parse_json, read_model, validated
from .models import AnalyzeRequest, Data
from .sources import SourceResolver
from .uploads import MultipartReader

FILE_FIELDS = ("file", "data")
TEXT_FIELDS = ("query", "session_id", "params", "data")
_WAIT = re.compile(r"(?:^|,|;)\s*wait\s*=\s*\"?(\d+)", re.IGNORECASE)
_RESPOND_ASYNC = re.compile(r"(?:^|,|;)\s*respond-async\s*(?:$|,|;)", re.IGNORECASE)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FORM_OVERHEAD_BYTES = 2**20


class Preferences(NamedTuple):
    """RFC 7240: `respond-async`, and how many seconds to `wait` at most (None: as long as the server does)."""

    respond_async: bool
    wait_s: float | None


def preferences(request: Request) -> Preferences:
    """The Prefer headers of the request."""
    stated = ",".join(request.headers.getlist("prefer"))
    wait = _WAIT.search(stated)
    return Preferences(bool(_RESPOND_ASYNC.search(stated)), float(wait.group(1)) if wait else None)


def accepts(connection: HTTPConnection, media_type: str) -> bool:
    """Whether the Accept header names `media_type` itself, with a quality above 0."""
    for item in connection.headers.get("accept", "").split(","):
        kind, *parameters = (part.strip().lower() for part in item.split(";"))
        if kind == media_type:
            return not any(re.fullmatch(r"q=0(\.0*)?", parameter) for parameter in parameters)
    return False


def refuse_other_sites(connection: HTTPConnection) -> None:
    """Raises: ForbiddenError when a browser says that a page of another site sent this: it could act in a person's name."""
    if connection.headers.get("sec-fetch-site") == "cross-site":
        raise ForbiddenError("A page of another site may not use the mesh. Open the mesh's own address.")


def position(connection: HTTPConnection) -> int:
    """The sequence number after which events are wanted: Last-Event-ID, else the query's `after`, else 0."""
    stated = connection.headers.get("last-event-id") or connection.query_params.get("after") or "0"
    return _natural(stated, "after", 10**12)


def page_limit(request: Request, default: int = 50, most: int = 200) -> int:
    """The query's `limit`, in [1, `most`]."""
    limit = _natural(request.query_params.get("limit", str(default)), "limit", most)
    if limit == 0:
        raise InvalidRequestError(f"The parameter limit must be from 1 to {most}.")
    return limit


def checksum(request: Request) -> str:
    """The path's `sha256`. Raises: NotFoundError when it is not one, for then there is no such file."""
    stated = str(request.path_params["sha256"]).lower()
    if not _SHA256.fullmatch(stated):
        raise NotFoundError("There is no such file: its address must be /files/{sha256}/{name}.")
    return stated


async def read_analyze(
    request: Request, sources: SourceResolver, *, body_limit: int, upload_limit: int
) -> tuple[AnalyzeRequest, list[FileRef]]:
    """The request of /analyze and /plan: as JSON, or as a form, whose files are in storage when this returns.

    Of a form, the sources come in the order of its parts, and the request is without `data`.
    """
    if content_type(request) != "multipart/form-data":
        return await read_model(request, AnalyzeRequest, body_limit), []
    check_stated_length(request, upload_limit + _FORM_OVERHEAD_BYTES)
    reader = MultipartReader(arriving(request.stream()), request.headers["content-type"])
    fields: dict[str, object] = {}
    data: list[FileRef | str] = []
    async for part in reader.parts():
        if part.name in FILE_FIELDS and len(data) == MAX_SOURCES:
            raise InvalidRequestError(
                f"The form has more than {MAX_SOURCES} sources. Send fewer, or join them first."
            )
        if part.file_name is not None and part.name in FILE_FIELDS:
            data.append(await sources.upload(reader.data(), name=part.file_name, media_type=part.media_type))
        elif part.name not in TEXT_FIELDS or part.file_name is not None:
            raise InvalidRequestError(
                f"The field '{part.name[:100]}' of the form is unknown. Known fields: query, file, data, session_id, params."
            )
        elif part.name == "data":
            data += [text] if (text := await reader.text()) else []
        else:
            fields[part.name] = await reader.text()
    asked = _from_form(fields)
    sent: list[FileRef] = []
    for item in data:
        sent += [item] if isinstance(item, FileRef) else await sources.resolve(_named(item))
    return asked, sent


def _from_form(fields: dict[str, object]) -> AnalyzeRequest:
    if "params" in fields:
        fields["params"] = parse_json(str(fields["params"]).encode())
    return validated(AnalyzeRequest, {key: value for key, value in fields.items() if value != ""})


def _named(text: str) -> Data | None:
    """What a form's `data` field means: a file's name, or a source object as JSON."""
    data = parse_json(text.encode()) if text.lstrip().startswith("{") else text
    return validated(AnalyzeRequest, {"query": "?", "data": data}).data


def _natural(text: str, name: str, most: int) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 15 or int(text) > most:
        raise InvalidRequestError(
            f"'{text[:40]}' is not usable for {name}: a whole number from 0 to {most} is."
        )
    return int(text)
