"""What storage does: keep bytes under their checksum, versions under a name, and notice damage."""

import time
from collections.abc import AsyncIterable, Callable
from pathlib import Path

import structlog
from anyio import to_thread

from mesh.errors import NotFoundError

from .errors import CorruptObjectError
from .models import NamePage, Receipt, Verification, Version
from .naming import checked_media_type, checked_name, checked_sha256
from .objects import ObjectFiles, too_large
from .store import VersionStore

VERSIONS_LIMIT = 1000

log = structlog.get_logger(__name__)


class StorageService:
    """The use cases. `limit_bytes` bounds one object; `clock` gives UTC epoch seconds."""

    def __init__(
        self,
        files: ObjectFiles,
        store: VersionStore,
        *,
        limit_bytes: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._files = files
        self._store = store
        self._limit_bytes = limit_bytes
        self._clock = clock

    async def start(self) -> None:
        """Remove uploads that a crash cut off, and rebuild the index from the objects when it was lost."""
        removed = await to_thread.run_sync(self._files.sweep)
        if removed:
            log.info("leftover_uploads_removed", files=removed)
        if await self._store.is_empty():
            noted = await to_thread.run_sync(lambda: list(self._files.noted_versions()))
            for version in noted:
                await self._store.restore(version)
            if noted:
                log.warning("index_rebuilt", versions=len(noted))

    def check_size(self, announced_bytes: int) -> None:
        """Refuse an upload by its announced size. Raises: TooLargeError."""
        if announced_bytes > self._limit_bytes:
            raise too_large(self._limit_bytes)

    async def put(
        self, chunks: AsyncIterable[bytes], *, name: str, media_type: str, expected_sha256: str | None = None
    ) -> tuple[Receipt, bool]:
        """Store a stream under `name`; the reference, and whether this made a new version.

        Raises: InvalidRequestError for a bad name or media type, and what `ObjectFiles.receive` raises.
        """
        name, media_type = checked_name(name), checked_media_type(media_type)
        if expected_sha256 is not None:
            expected_sha256 = expected_sha256.lower()
        stored = await self._files.receive(
            chunks, limit_bytes=self._limit_bytes, expected_sha256=expected_sha256
        )
        version, is_new = await self._store.add(
            name, stored.sha256, stored.size_bytes, media_type, self._clock()
        )
        if is_new:
            await to_thread.run_sync(self._files.note_version, version)
        log.info(
            "object_stored",
            sha256=stored.sha256,
            bytes=stored.size_bytes,
            version=version.version,
            new=is_new,
        )
        receipt = Receipt(
            name=name,
            media_type=media_type,
            uri=f"mesh://objects/{stored.sha256}",
            bytes=stored.size_bytes,
            sha256=stored.sha256,
            version=version.version,
        )
        return receipt, is_new

    async def locate(self, sha256: str, *, verify: bool = False) -> tuple[Path, Version]:
        """The object's file and the newest version that holds it.

        The size is always compared with the index, the checksum when `verify` asks for it.
        Raises: NotFoundError, CorruptObjectError.
        """
        version = (await self.stat(sha256))[0]
        path = self._files.path(version.sha256)
        if verify:
            found = await self.verify(version.sha256)
            if not found.intact:
                raise _corrupt(version, f"{found.bytes:,} bytes with SHA-256 {found.found_sha256}")
        elif (size_bytes := self._files.size(version.sha256)) != version.bytes:
            log.error("object_corrupt", sha256=version.sha256, name=version.name, bytes=size_bytes)
            raise _corrupt(version, "nothing" if size_bytes is None else f"{size_bytes:,} bytes")
        return path, version

    async def stat(self, sha256: str) -> list[Version]:
        """The versions that hold this object, newest first. Raises: NotFoundError."""
        sha256 = checked_sha256(sha256)
        found = await self._store.of_object(sha256, limit=VERSIONS_LIMIT)
        if not found:
            raise NotFoundError(f"Storage has no object {sha256}; GET /names lists what it has.")
        return found

    async def verify(self, sha256: str) -> Verification:
        """Read the object's bytes again and compare. Damage is logged as an error. Raises: NotFoundError."""
        newest = (await self.stat(sha256))[0]
        try:
            digest, size_bytes = await to_thread.run_sync(self._files.digest, newest.sha256)
        except FileNotFoundError:
            digest, size_bytes = "", 0
        intact = digest == newest.sha256
        if not intact:
            log.error(
                "object_corrupt",
                sha256=newest.sha256,
                name=newest.name,
                found_sha256=digest,
                bytes=size_bytes,
            )
        return Verification(sha256=newest.sha256, intact=intact, bytes=size_bytes, found_sha256=digest)

    async def versions(self, name: str, *, limit: int = 100) -> list[Version]:
        """The newest versions of a name, newest first. Raises: NotFoundError."""
        found = await self._store.of_name(name, limit=limit)
        if not found:
            raise NotFoundError(
                f"Storage has nothing under the name {name[:200]!r}; GET /names lists what it has."
            )
        return found

    async def names(self, *, prefix: str = "", limit: int = 100, cursor: str = "") -> NamePage:
        """One page of names with their newest version. `cursor` is the last page's `next_cursor`."""
        found = await self._store.latest(prefix=prefix, after=cursor, limit=limit + 1)
        more = len(found) > limit
        return NamePage(items=found[:limit], next_cursor=found[limit - 1].name if more else None)


def _corrupt(version: Version, found: str) -> CorruptObjectError:
    return CorruptObjectError(
        f"Object {version.sha256} ({version.name}, {version.bytes:,} bytes) is damaged:"
        f" the disk holds {found}. Store the file again to repair it.",
        sha256=version.sha256,
    )
