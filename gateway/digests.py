"""Checksums of data files, computed once per state of the file."""

import hashlib
from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

import anyio.to_thread

from mesh.errors import ConflictError

_ATTEMPTS = 3


class Digest(NamedTuple):
    """A file's content: SHA-256 as hex, and its size in bytes."""

    sha256: str
    bytes: int


class FileDigests:
    """Remembers the digests of the last `capacity` files by (path, mtime, size)."""

    def __init__(self, capacity: int = 1024) -> None:
        self._capacity = capacity
        self._known: OrderedDict[tuple[str, int, int], Digest] = OrderedDict()

    async def of(self, path: Path) -> Digest:
        """The digest of the file as it is now, read in a thread.

        Raises: ConflictError when the file keeps changing while it is read.
        """
        return await anyio.to_thread.run_sync(self._read, path)

    def _read(self, path: Path) -> Digest:
        for _ in range(_ATTEMPTS):
            key = _state(path)
            known = self._known.get(key)
            if known is not None:
                return known
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            if _state(path) == key:
                return self._remember(key, Digest(sha256, key[2]))
        raise ConflictError(f"'{path.name}' is being written at the moment. Try again when it is complete.")

    def _remember(self, key: tuple[str, int, int], digest: Digest) -> Digest:
        self._known[key] = digest
        while len(self._known) > self._capacity:
            self._known.popitem(last=False)
        return digest


def _state(path: Path) -> tuple[str, int, int]:
    stat = path.stat()
    return str(path), stat.st_mtime_ns, stat.st_size
