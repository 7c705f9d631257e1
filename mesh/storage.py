"""The data plane's client: files into the storage service and back as local paths.

Objects are content-addressed: `mesh://objects/<sha256>`. On the storage service's own host the object's file is read
where it lies; elsewhere it is fetched once into a cache.
"""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote, unquote

import anyio
import anyio.to_thread
import httpx

from .errors import ForbiddenError, MeshError, NotFoundError, TooLargeError, UnavailableError
from .results import DatasetRef, FileRef
from .retry import retrying
from .settings import MeshSettings

OBJECT_SCHEME = "mesh://objects/"
_CHUNK_BYTES = 2**20
_TRANSFER_TIMEOUT_S = 600.0


def object_path(home: Path, sha256: str) -> Path:
    """Where the storage service keeps an object under `home`."""
    return home / "storage" / "objects" / sha256[:2] / sha256


class StorageClient:
    """Puts and gets objects. `http` is shared and closed by its owner."""

    def __init__(self, settings: MeshSettings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        self._http = http

    @property
    def url(self) -> str:
        """Address of the storage service."""
        return self._settings.url_of("storage")

    def object_url(self, ref: FileRef | DatasetRef) -> str:
        """The address at which an A2A client can fetch the file; other schemes are returned as they are."""
        if ref.uri.startswith(OBJECT_SCHEME):
            return f"{self.url}objects/{ref.uri.removeprefix(OBJECT_SCHEME)}"
        return ref.uri

    async def put_file(self, path: Path, *, name: str, media_type: str) -> FileRef:
        """Stores the file at `path` as a new version of `name`."""

        async def attempt() -> FileRef:
            return await self.put_stream(_file_chunks(path), name=name, media_type=media_type)

        return await retrying(attempt)

    async def put_stream(
        self, chunks: AsyncIterator[bytes], *, name: str, media_type: str, limit_bytes: int | None = None
    ) -> FileRef:
        """Stores a stream as a new version of `name`, without holding it in memory.

        Raises: TooLargeError past `limit_bytes`; UnavailableError when storage cannot be reached.
        """
        limited = _limited(chunks, limit_bytes) if limit_bytes else chunks
        url = f"{self.url}objects?name={quote(name, safe='')}&media_type={quote(media_type, safe='')}"
        try:
            response = await self._http.put(url, content=limited, timeout=_TRANSFER_TIMEOUT_S)
        except httpx.TransportError as error:
            raise UnavailableError(
                f"The storage service at {self.url} cannot be reached: {error!r}."
            ) from None
        if response.status_code != 201:
            raise _refusal(response, name)
        body = response.json()
        return FileRef.model_validate({key: body[key] for key in FileRef.model_fields if key in body})

    async def local(self, ref: FileRef | DatasetRef) -> Path:
        """A readable local path of a stored object, or of a `file://` source inside the data folders.

        Raises: ForbiddenError for a path outside them; NotFoundError when it does not exist.
        """
        if ref.uri.startswith("file://"):
            return self._inside_data_dirs(Path(unquote(ref.uri.removeprefix("file://"))))
        if not ref.uri.startswith(OBJECT_SCHEME):
            raise ForbiddenError(f"{ref.uri} is not in storage; load it first.")
        sha256 = ref.uri.removeprefix(OBJECT_SCHEME)
        if len(sha256) != 64 or not all(char in "0123456789abcdef" for char in sha256):
            raise NotFoundError(f"{ref.uri} is not the address of a stored object.")
        for path in (object_path(self._settings.home, sha256), self._cached(sha256)):
            if await anyio.Path(path).is_file():
                return path
        return await retrying(lambda: self._fetch(sha256))

    def _cached(self, sha256: str) -> Path:
        return self._settings.home / "cache" / "objects" / sha256

    def _inside_data_dirs(self, path: Path) -> Path:
        resolved = path.resolve()
        for folder in self._settings.data_dirs:
            if resolved.is_relative_to(folder.resolve()):
                if not resolved.is_file():
                    raise NotFoundError(f"There is no file {path.name} in the data folders.")
                return resolved
        raise ForbiddenError(f"{path.name} lies outside the data folders (MESH_DATA_DIRS).")

    async def _fetch(self, sha256: str) -> Path:
        target = self._cached(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(f".{id(target):x}.part")
        digest = hashlib.sha256()
        try:
            async with self._http.stream(
                "GET", f"{self.url}objects/{sha256}", timeout=_TRANSFER_TIMEOUT_S
            ) as response:
                if response.status_code != 200:
                    await response.aread()
                    raise _refusal(response, sha256)
                async with await anyio.open_file(part, "wb") as file:
                    async for chunk in response.aiter_bytes(_CHUNK_BYTES):
                        digest.update(chunk)
                        await file.write(chunk)
        except httpx.TransportError as error:
            raise UnavailableError(
                f"The storage service at {self.url} cannot be reached: {error!r}."
            ) from None
        if digest.hexdigest() != sha256:
            part.unlink()
            raise UnavailableError(f"Object {sha256} arrived damaged.")
        part.replace(target)
        return target


async def _file_chunks(path: Path) -> AsyncIterator[bytes]:
    async with await anyio.open_file(path, "rb") as file:
        while chunk := await file.read(_CHUNK_BYTES):
            yield chunk


async def _limited(chunks: AsyncIterator[bytes], limit_bytes: int) -> AsyncIterator[bytes]:
    total = 0
    async for chunk in chunks:
        total += len(chunk)
        if total > limit_bytes:
            raise TooLargeError(
                f"The file is larger than the limit of {limit_bytes:,} bytes (MESH_MAX_UPLOAD_BYTES)."
            )
        yield chunk


def _refusal(response: httpx.Response, name: str) -> MeshError:
    if response.status_code == 404:
        return NotFoundError(f"Storage has no object {name}.")
    if response.status_code == 413:
        return TooLargeError(f"Storage refuses {name}: it is too large.")
    return UnavailableError(f"Storage answered {response.status_code} for {name}.")
