"""Which files are models of this mesh: a model file is code to whoever loads it, so its hash carries a seal."""

import hashlib
import hmac
from pathlib import Path

_CHUNK_BYTES = 2**20


def seal_of(sha256: str, token: str) -> str:
    """The seal of a model file with that checksum, hexadecimal. Only who knows the mesh's `token` can make or check it.

    Source: HMAC-SHA-256, RFC 2104.
    """
    return hmac.new(token.encode(), f"model {sha256}".encode(), "sha256").hexdigest()


def is_sealed(sha256: str, seal: str, token: str) -> bool:
    """Whether a mesh with this token made the seal for a file with this checksum."""
    return hmac.compare_digest(seal_of(sha256, token), seal)


def checksum(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
