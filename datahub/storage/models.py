"""What storage says about what it holds."""

from datetime import datetime

from pydantic import Field

from mesh.results import FileRef, Model


class Receipt(FileRef):
    """The answer to an upload: the reference, and which version of its name it became."""

    version: int = Field(ge=1)


class Version(Model):
    """One version of a name. Versions count from 1 and are never reused."""

    name: str
    version: int = Field(ge=1)
    sha256: str
    bytes: int
    media_type: str
    created_at: datetime


class NamePage(Model):
    """The newest version of each name, by name. `next_cursor` is None on the last page."""

    items: list[Version]
    next_cursor: str | None = None


class Verification(Model):
    """Whether an object's bytes still have the checksum that is its address."""

    sha256: str
    intact: bool
    bytes: int
    found_sha256: str
