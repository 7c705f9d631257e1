"""From what a request calls its data to a reference that travels through the mesh."""

import hashlib
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import anyio.to_thread

from mesh.addresses import pin_address, refuse_credentials
from mesh.connection_options import kind_of
from mesh.connections import load_connections
from mesh.errors import BadInputError, ForbiddenError
from mesh.filesets import FILE_SET_MEDIA_TYPE, file_set_uri, find_files, means_several
from mesh.results import FileRef
from mesh.selection import CONNECTION_SCHEME, Selection, check_selection, selection_at, selection_ref
from mesh.storage import OBJECT_SCHEME

from .clients.patience import patiently
from .digests import FileDigests
from .media import media_type_of, safe_name
from .models import Data, InlineData, InlineFormat, Source, UrlData
from .names import resolve_name

_INLINE_NAME = "data"
_RECORDS_NAME = "records.jsonl"
_CHUNK_RECORDS = 1_000
_ENDINGS: dict[str, InlineFormat] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}


class ObjectStore(Protocol):
    """Where sent bytes go first."""

    async def put_stream(
        self, chunks: AsyncIterator[bytes], *, name: str, media_type: str, limit_bytes: int | None = None
    ) -> FileRef:
        """Stores a stream of at most `limit_bytes` and says what it became."""


class SourceResolver:
    """Resolves the `data` of a request.

    Args: `folders` are where file names resolve; `allowed_hosts` are non-public hosts that URLs may name; `connections_file`
    defines the connections.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        objects: ObjectStore,
        *,
        upload_limit_bytes: int,
        allowed_hosts: Sequence[str] = (),
        connections_file: Path | None = None,
    ) -> None:
        self._folders = folders
        self._objects = objects
        self._upload_limit_bytes = upload_limit_bytes
        self._allowed_hosts = tuple(allowed_hosts)
        self._connections_file = connections_file
        self._digests = FileDigests()

    async def resolve(self, data: Data | None) -> list[FileRef]:
        """The references for `data`, in its order: files by path and checksum, addresses as they are, the rest by storage.

        Raises: NotFoundError, ForbiddenError or BadInputError saying what to send instead.
        """
        if data is None:
            return []
        if not isinstance(data, list):
            return [await self._source(data)]
        records = [item for item in data if isinstance(item, dict)]
        if records:
            return [await self._records(records)]
        return [await self._source(item) for item in data if not isinstance(item, dict)]

    async def _source(self, source: Source) -> FileRef:
        match source:
            case str() if source.startswith(CONNECTION_SCHEME):
                return await self._selected(selection_at(source))
            case str():
                return await self._named(source)
            case Selection():
                return await self._selected(source)
            case UrlData():
                return await self._remote(source)
            case InlineData():
                return await self._inline(source)

    async def upload(self, chunks: AsyncIterator[bytes], *, name: str, media_type: str) -> FileRef:
        """Stores a sent file, waiting for storage as long as none of it has been read.

        Raises: BadInputError when it is empty, TooLargeError over the upload limit, UnavailableError.
        """
        plain = safe_name(name, "upload")
        body = _Body(chunks)
        stored = await patiently(
            lambda: self._objects.put_stream(
                body,
                name=plain,
                media_type=media_type_of(plain, media_type),
                limit_bytes=self._upload_limit_bytes,
            ),
            repeatable=lambda: not body.begun,
        )
        if stored.bytes == 0:
            raise _empty(plain)
        return stored

    async def _named(self, name: str) -> FileRef:
        refuse_credentials(name)
        if means_several(name):
            return await self._several(name)
        path = await anyio.to_thread.run_sync(resolve_name, self._folders, name)
        digest = await self._digests.of(path)
        if digest.bytes == 0:
            raise _empty(path.name)
        return FileRef(
            name=path.name,
            media_type=media_type_of(path.name),
            uri=f"file://{path}",
            bytes=digest.bytes,
            sha256=digest.sha256,
        )

    async def _several(self, name: str) -> FileRef:
        """The files of a folder or pattern as one source, whose checksum is that of their names and contents."""
        paths = await anyio.to_thread.run_sync(find_files, self._folders, name)
        content = hashlib.sha256()
        size = 0
        for relative, path in paths.items():
            digest = await self._digests.of(path)
            if digest.bytes == 0:
                raise _empty(relative)
            content.update(f"{relative}\0{digest.sha256}\n".encode())
            size += digest.bytes
        return FileRef(
            name=name,
            media_type=FILE_SET_MEDIA_TYPE,
            uri=file_set_uri(name),
            bytes=size,
            sha256=content.hexdigest(),
        )

    async def checked(self, sent: FileRef) -> FileRef:
        """A file that came with a message: stored, at an address that may be fetched, or behind a known connection.

        Raises: ForbiddenError, NotFoundError or BadInputError.
        """
        if sent.uri.startswith(CONNECTION_SCHEME):
            return await self._selected(selection_at(sent.uri))
        if not sent.uri.startswith(OBJECT_SCHEME):
            await self.checked_url(sent.uri)
        return sent

    async def checked_url(self, url: str) -> str:
        """`url`, when data may be fetched from it; who fetches it checks the address that it connects to again.

        Raises: ForbiddenError for anything but http(s) at a public or allowed host.
        """
        if any(ord(character) <= 0x20 or ord(character) == 0x7F for character in url):
            raise ForbiddenError("The URL holds a space or a control character. Percent-encode it.")
        await pin_address(url, self._allowed_hosts)
        return url

    async def _selected(self, selection: Selection) -> FileRef:
        """The reference for data behind a connection; nothing is connected to here, and no secret is looked up.

        Raises: NotFoundError for an unknown connection, BadInputError for a field that does not go with it.
        """
        path = self._connections_file or Path("connections.toml")
        known = await anyio.to_thread.run_sync(load_connections, path)
        name = selection.connection
        check_selection(selection, kind_of(name, known.named(name)))
        return selection_ref(selection)

    async def _remote(self, data: UrlData) -> FileRef:
        url = await self.checked_url(data.url)
        parts = urlsplit(url)
        name = safe_name(data.name or unquote(parts.path.rstrip("/")), parts.hostname or "download")
        return FileRef(name=name, media_type=media_type_of(name), uri=url)

    async def _inline(self, data: InlineData) -> FileRef:
        name = safe_name(data.name or _INLINE_NAME, _INLINE_NAME)
        named_format = _ENDINGS.get(Path(name).suffix.lower())
        form = data.format or named_format or "csv"
        if named_format != form:
            name = f"{name}.{form}"
        if not data.inline.strip():
            raise _empty(name)
        return await self.upload(_text(data.inline), name=name, media_type="")

    async def _records(self, records: list[dict[str, Any]]) -> FileRef:
        if not any(records):
            raise BadInputError(
                'The records of \'data\' have no fields. Send one object per row, such as {"day": 1, "sales": 10}.'
            )
        return await self.upload(_json_lines(records), name=_RECORDS_NAME, media_type="")


class _Body(AsyncIterator[bytes]):
    """Chunks that can be sent once; `begun` tells whether any has been asked for."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self.begun = False

    async def __anext__(self) -> bytes:
        self.begun = True
        return await anext(self._chunks)


async def _text(text: str) -> AsyncIterator[bytes]:
    yield text.encode()


async def _json_lines(records: list[dict[str, Any]]) -> AsyncIterator[bytes]:
    for start in range(0, len(records), _CHUNK_RECORDS):
        chunk = records[start : start + _CHUNK_RECORDS]
        yield "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in chunk).encode(
            "utf-8", "replace"
        )


def _empty(name: str) -> BadInputError:
    return BadInputError(
        f"The file '{name}' is empty. Send one that has a header row and at least one row of data."
    )
