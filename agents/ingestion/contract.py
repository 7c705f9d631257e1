"""What a load takes and what it gives."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mesh.results import Column


@dataclass(frozen=True)
class Options:
    """The caller's word about the file; None means: find out."""

    sheet: str | int | None = None
    delimiter: str | None = None
    encoding: str | None = None
    header: bool | None = None
    member: str | None = None
    table: str | int | None = None


@dataclass(frozen=True)
class NamedFile:
    """A readable file and the name that people know it by."""

    path: Path
    name: str


@dataclass(frozen=True)
class LoadedTable:
    """A further table of the source, as Parquet at `path`."""

    name: str
    path: Path
    columns: list[Column]
    report: dict[str, Any]
    rows: int


@dataclass(frozen=True)
class Loaded:
    """A dataset on disk: its columns, number of rows, the load report as JSON, and the source's further tables.

    `emptied` is a Parquet file of the cells that held a text and are empty in the dataset; None when there are none.
    """

    columns: list[Column]
    rows: int
    report: dict[str, Any]
    further: list[LoadedTable] = field(default_factory=list)
    emptied: Path | None = None
