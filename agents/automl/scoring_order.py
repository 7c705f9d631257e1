"""What the agent asks of a trained model, and what it gets back: plain values that can be pickled."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mesh.h2o.address import H2OAddress
from mesh.language import Language
from mesh.results import Column, Finding, Kpi, Table

from .order import SavedFile, SavedTable


@dataclass(frozen=True)
class ModelOrder:
    """A trained model: the `model` output's data and its files. `token` is the mesh's; `h2o` is set for a model of H2O."""

    data: dict[str, Any]
    files: list[Path]
    folder: Path
    language: Language
    token: str = field(repr=False)
    h2o: H2OAddress | None = None


@dataclass(frozen=True)
class RowsGiven:
    """Rows for the model: a Parquet file, its columns and its checksum."""

    table: Path
    columns: list[Column]
    sha256: str


@dataclass(frozen=True)
class ExplanationWish:
    """What to explain beside the usual; what is not set is read from the `question`. `rows` are those that `row` counts in."""

    question: str
    holdout: Path
    missed: float | None = None
    false_alarm: float | None = None
    group: str | None = None
    row: int | None = None
    rows: RowsGiven | None = None
    seed: int = 1


@dataclass(frozen=True)
class ModelAnswer:
    """Everything there is to say: `report` is structured, the rest is made of it."""

    report: dict[str, Any]
    findings: list[Finding]
    files: list[SavedFile]
    dataset: SavedTable | None = None
    kpis: list[Kpi] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
