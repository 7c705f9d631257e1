"""What a job of the registry works with, and what it tells: plain values that go to the compute process and back."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mesh.language import Language
from mesh.results import Finding, Kpi, Table


@dataclass(frozen=True)
class FreshRows:
    """A table that was given, to score models on: Parquet at `path`, with the dataset's id and checksum."""

    path: Path
    dataset_id: str
    sha256: str


@dataclass(frozen=True)
class Desk:
    """A folder for files on their way, the mesh's token, the language, and rows to score models on, if any were given."""

    folder: Path
    token: str
    language: Language
    rows: FreshRows | None = None


@dataclass(frozen=True)
class Told:
    """A job's result, ready to send. `page` is an HTML file in the desk's folder, when there is one."""

    data: dict[str, Any]
    findings: list[Finding]
    tables: list[Table] = field(default_factory=list)
    kpis: list[Kpi] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    page: Path | None = None

    @property
    def summary(self) -> str:
        """The first two findings."""
        return " ".join(found.text for found in self.findings[:2])
