"""Request bodies: read within a limit, parsed with positions, validated with errors that name the field."""

import difflib
import json
import math
from collections.abc import AsyncGenerator, Sequence
from typing import Any, TypeVar

import anyio
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request

from mesh.errors import (
    BadInputError,
    DeadlineError,
    InvalidRequestError,
    MeshError,
    TooLargeError,
    UnsupportedMediaError,
)

ModelT = TypeVar("ModelT", bound=BaseModel)

IDLE_S = 60.0
_DATA_TAGS, _SOURCE_TAGS = {"source", "sources", "records"}, {"name", "url", "connection", "inline"}


async def read_model(request: Request, model: type[ModelT], limit_bytes: int) -> ModelT:
    """The JSON body as `model`. Raises: 400, 413, 415 and 422 errors that say what to do."""
    media_type = content_type(request)
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise UnsupportedMediaError(
            f"This address takes application/json, not {media_type or 'a body without a Content-Type'}. "
            "Set the header Content-Type: application/json."
        )
    return validated(model, parse_json(await read_limited(request, limit_bytes)))


def content_type(request: Request) -> str:
    """The media type of the body in lower case, without parameters; empty when not stated."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_limited(request: Request, limit_bytes: int) -> bytes:
    """The body, at most `limit_bytes` of it. Raises: TooLargeError, before reading when the length is stated."""
    check_stated_length(request, limit_bytes)
    body = bytearray()
    async for chunk in arriving(request.stream()):
        body += chunk
        if len(body) > limit_bytes:
            raise too_large(limit_bytes)
    return bytes(body)


async def arriving(chunks: AsyncGenerator[bytes], idle_s: float = IDLE_S) -> AsyncGenerator[bytes]:
    """The chunks of a body as they come.

    Raises: DeadlineError when nothing comes for `idle_s` seconds, InvalidRequestError when the client goes amid them.
    """
    while True:
        try:
            with anyio.fail_after(idle_s):
                chunk = await anext(chunks, None)
        except TimeoutError as error:
            raise DeadlineError(
                f"Nothing of the body came for {idle_s:g} s. Send it without such pauses."
            ) from error
        except ClientDisconnect as error:
            raise InvalidRequestError("The connection ended before the body did.") from error
        if chunk is None:
            return
        yield chunk


def check_stated_length(request: Request, limit_bytes: int) -> None:
    """Raises TooLargeError when Content-Length says that the body is over the limit."""
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and int(stated) > limit_bytes:
        raise too_large(limit_bytes)


def too_large(limit_bytes: int) -> TooLargeError:
    """The error for a body over `limit_bytes`."""
    return TooLargeError(
        f"The body is over the limit of {limit_bytes:,} bytes. Send large data as multipart/form-data, by URL, "
        "or put the file into a data folder and send its name."
    )


def parse_json(raw: bytes) -> Any:
    """Strict JSON (RFC 8259): no NaN or infinity. Raises: InvalidRequestError with line and column."""
    if not raw.strip():
        raise InvalidRequestError(
            'The body is empty. Send a JSON object such as {"query": "…", "data": "sales_data.csv"}.'
        )
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_finite)
    except UnicodeDecodeError as error:
        raise InvalidRequestError(
            f"The body is not UTF-8 at byte {error.start}. Send JSON in UTF-8."
        ) from error
    except json.JSONDecodeError as error:
        raise InvalidRequestError(
            f"The body is not valid JSON: {error.msg} at line {error.lineno}, column {error.colno} "
            f"(character {error.pos}). Correct it there.",
            line=error.lineno,
            column=error.colno,
        ) from error
    except RecursionError as error:
        raise InvalidRequestError("The body is nested too deeply. Send flatter JSON.") from error
    except ValueError as error:
        raise InvalidRequestError(f"The body is not valid JSON: {error}.") from error


def validated(model: type[ModelT], value: Any) -> ModelT:
    """`value` as `model`. Raises: InvalidRequestError naming every field at fault; TooLargeError for a long question."""
    if not isinstance(value, dict):
        raise InvalidRequestError(f"The body must be a JSON object, not {_json_type(value)}.")
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise _as_mesh_error(error, model) from error


def _as_mesh_error(error: ValidationError, model: type[BaseModel]) -> MeshError:
    faults = [_Fault(dict(detail)) for detail in error.errors(include_url=False)]
    fields = [{"field": fault.path, "message": fault.message(model)} for fault in faults]
    text = " ".join(str(field["message"]) for field in fields[:5])
    first = faults[0]
    if first.path == "query" and first.kind == "string_too_long":
        return TooLargeError(text, errors=fields)
    if first.path == "query" and first.kind in {"string_too_short", "string_pattern_mismatch"}:
        return BadInputError(text, errors=fields)
    return InvalidRequestError(text, errors=fields)


class _Fault:
    """One of pydantic's error details, as a path and a sentence."""

    def __init__(self, detail: dict[str, Any]) -> None:
        self.kind: str = detail["type"]
        self.path = ".".join(str(part) for part in _without_tags(detail["loc"]))
        self._detail = detail

    def message(self, model: type[BaseModel]) -> str:
        context = self._detail.get("ctx", {})
        match self.kind:
            case "extra_forbidden":
                return _unknown_field(self.path, model)
            case "missing":
                return f"The field '{self.path}' is missing."
            case "string_too_long" if self.path == "query":
                given = self._detail.get("input")
                return (
                    f"The question has {len(given) if isinstance(given, str) else 0:,} characters; at most "
                    f"{context.get('max_length', 0):,} are taken. Ask shorter, and send data as 'data' or as a file."
                )
            case "string_too_short" | "string_pattern_mismatch" if self.path == "query":
                return "The question is empty. Say in 'query' what you want to know."
            case _:
                return f"The field '{self.path}': {self._detail['msg'].removeprefix('Value error, ')}."


def _without_tags(loc: Sequence[str | int]) -> list[str | int]:
    """Where a fault is, without the names of the union members that lead there."""
    kept, rest = list(loc[:1]), list(loc[1:])
    if kept == ["data"]:
        if rest and rest[0] in _DATA_TAGS:
            rest.pop(0)
        if rest and isinstance(rest[0], int):
            kept.append(rest.pop(0))
        if rest and rest[0] in _SOURCE_TAGS:
            rest.pop(0)
    return kept + rest


def _unknown_field(path: str, model: type[BaseModel]) -> str:
    known = sorted(model.model_fields)
    if "." in path:
        return f"The field '{path}' is unknown. Leave it out."
    near = difflib.get_close_matches(path, known, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return f"The field '{path}' is unknown.{hint} Known fields: {', '.join(known)}."


def _json_type(value: Any) -> str:
    names = {list: "an array", str: "a string", bool: "a boolean", int: "a number", float: "a number"}
    return names.get(type(value), "null")


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not a JSON number; use null for a missing value")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"the number {text[:40]} is out of range")
    return value
