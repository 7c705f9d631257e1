"""Which names, media types and addresses storage accepts."""

import re
from pathlib import PurePosixPath

from mesh.errors import InvalidRequestError, NotFoundError

MAX_NAME_BYTES = 512

_SHA256 = re.compile(r"[0-9a-f]{64}")
_MEDIA_TYPE = re.compile(
    r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(?:\s*;\s*[\w!#$&^.+-]+=(?:\"[^\"\\]*\"|[\w!#$&^.+-]+))*", re.ASCII
)


def checked_name(name: str) -> str:
    """`name` unchanged. A name is a label, never a path on disk, so it may hold slashes.

    Raises: InvalidRequestError when it is empty, longer than 512 bytes in UTF-8, or holds control characters.
    """
    if not name.strip():
        raise InvalidRequestError("An object needs a name: PUT /objects?name=sales.csv")
    if not _encodable(name) or len(name.encode()) > MAX_NAME_BYTES:
        raise InvalidRequestError(f"The name is longer than {MAX_NAME_BYTES} bytes, or not valid Unicode.")
    if not name.isprintable():
        raise InvalidRequestError("The name holds control characters; use printable characters only.")
    return name


def checked_media_type(media_type: str) -> str:
    """`media_type` unchanged. Raises: InvalidRequestError when it is not like `type/subtype; key=value`."""
    if len(media_type) > 255 or not _MEDIA_TYPE.fullmatch(media_type):
        raise InvalidRequestError(f"{media_type[:80]!r} is not a media type; write it like text/csv.")
    return media_type


def checked_sha256(sha256: str) -> str:
    """`sha256` in lower case. Raises: NotFoundError when it cannot be an object's address."""
    lowered = sha256.lower()
    if not _SHA256.fullmatch(lowered):
        raise NotFoundError(
            f"{sha256[:80]!r} is not an object's address: 64 hexadecimal digits of its SHA-256."
        )
    return lowered


def download_name(name: str) -> str:
    """The last part of `name`, for Content-Disposition."""
    return PurePosixPath(name.replace("\\", "/")).name or "object"


def _encodable(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
