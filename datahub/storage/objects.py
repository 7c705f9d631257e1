"""Objects as files, addressed by the SHA-256 of their bytes.

    objects/<aa>/<sha256>            the bytes, written once, never changed
    objects/<aa>/<sha256>.versions   a JSON line per (name, version) with these bytes: enough for a new index
    incoming/<random>                an upload under way, locked by its writer

An object appears under its address by an atomic rename after its bytes are on disk, so a crash leaves
either the whole object or a file in `incoming/` whose lock died with its writer.
"""

import errno
import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import AsyncIterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from anyio import to_thread

from mesh.errors import TooLargeError

from .errors import ChecksumError, StorageFullError
from .models import Version

BLOCK_BYTES = 1024 * 1024

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class Stored:
    """What an upload turned out to be. `is_new` is False when the same bytes were there already."""

    sha256: str
    size_bytes: int
    is_new: bool


class ObjectFiles:
    """The object files under one folder. Memory use is one block per upload, whatever the object's size."""

    def __init__(self, root: Path) -> None:
        self._objects = root / "objects"
        self._incoming = root / "incoming"
        self._objects.mkdir(parents=True, exist_ok=True)
        self._incoming.mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """Where the object's bytes are, or would be."""
        return self._objects / sha256[:2] / sha256

    async def receive(
        self, chunks: AsyncIterable[bytes], *, limit_bytes: int, expected_sha256: str | None = None
    ) -> Stored:
        """Store a stream of bytes.

        Nothing is kept when this raises, nor when the sender goes away.
        Raises: TooLargeError past `limit_bytes`, ChecksumError when the digest differs, StorageFullError.
        """
        incoming = self._incoming / uuid4().hex
        try:
            with incoming.open("xb", buffering=0) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                digest, size_bytes = await _drain(chunks, file, limit_bytes)
                if expected_sha256 and not hmac.compare_digest(digest, expected_sha256):
                    raise ChecksumError(
                        f"The sender announced SHA-256 {expected_sha256}, but the {size_bytes:,} bytes that"
                        f" arrived have {digest}. Send them again."
                    )
                return await to_thread.run_sync(self._admit, file, incoming, digest, size_bytes)
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise StorageFullError(
                    "The disk has no room for this object; free some space and send it again."
                ) from error
            raise
        finally:
            incoming.unlink(missing_ok=True)

    def size(self, sha256: str) -> int | None:
        """The size in bytes, or None when there is no such object."""
        try:
            return self.path(sha256).stat().st_size
        except FileNotFoundError:
            return None

    def digest(self, sha256: str) -> tuple[str, int]:
        """The SHA-256 and size of the bytes that are on disk now. Blocking. Raises: FileNotFoundError."""
        with self.path(sha256).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            return found, file.tell()

    def note_version(self, version: Version) -> None:
        """Write down beside the object that a name points at it. Blocking."""
        line = json.dumps(version.model_dump(mode="json"), ensure_ascii=False, sort_keys=True) + "\n"
        notes = self._notes(version.sha256)
        descriptor = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, line.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def noted_versions(self) -> Iterator[Version]:
        """Every version written down beside an object that exists; a line cut off by a crash is skipped."""
        for notes in sorted(self._objects.glob("??/*.versions")):
            if not notes.with_suffix("").exists():
                continue
            for line in notes.read_text(encoding="utf-8", errors="replace").splitlines():
                try:
                    yield Version.model_validate_json(line)
                except ValueError:
                    continue

    def sweep(self) -> int:
        """Remove what uploads left behind when their process died; how many files that were. Blocking."""
        removed = 0
        for leftover in self._incoming.iterdir():
            with leftover.open("rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                leftover.unlink(missing_ok=True)
                removed += 1
        return removed

    def _notes(self, sha256: str) -> Path:
        return self.path(sha256).with_name(f"{sha256}.versions")

    def _admit(self, file: BinaryIO, incoming: Path, sha256: str, size_bytes: int) -> Stored:
        """Move a complete upload to its address. A damaged object there is replaced by the good bytes."""
        target = self.path(sha256)
        if target.exists() and self.digest(sha256)[0] == sha256:
            return Stored(sha256, size_bytes, is_new=False)
        os.fsync(file.fileno())
        target.parent.mkdir(exist_ok=True)
        incoming.rename(target)
        _fsync_folder(target.parent)
        _fsync_folder(self._objects)
        return Stored(sha256, size_bytes, is_new=True)


def too_large(limit_bytes: int) -> TooLargeError:
    """The error for an object over the limit."""
    message = f"The object exceeds {limit_bytes:,} bytes; send less, or raise MESH_MAX_UPLOAD_BYTES."
    return TooLargeError(message, limit_bytes=limit_bytes)


async def _drain(chunks: AsyncIterable[bytes], file: BinaryIO, limit_bytes: int) -> tuple[str, int]:
    """Write the stream to `file` in blocks; its SHA-256 and size."""
    hasher = hashlib.sha256()
    size_bytes = 0
    block = bytearray()

    def flush() -> None:
        hasher.update(block)
        written = memoryview(block)
        while written:
            written = written[file.write(written) :]

    async for chunk in chunks:
        size_bytes += len(chunk)
        if size_bytes > limit_bytes:
            raise too_large(limit_bytes)
        block += chunk
        if len(block) >= BLOCK_BYTES:
            await to_thread.run_sync(flush)
            block = bytearray()
    if block:
        await to_thread.run_sync(flush)
    return hasher.hexdigest(), size_bytes


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
