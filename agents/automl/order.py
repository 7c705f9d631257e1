"""What the agent asks of a training process, and what it gets back: plain values that can be pickled."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mesh.h2o.address import H2OAddress
from mesh.language import Language
from mesh.results import Column, Finding, Kpi, Table

from .decision import Choice


@dataclass(frozen=True)
class Order:
    """One training. `budget_s` covers everything but the start of the JVM; `h2o` is None when it must do without."""

    table: Path
    columns: list[Column]
    question: str
    language: Language
    choice: Choice
    folder: Path
    project: str
    budget_s: float
    seed: int
    horizon: int | None = None
    h2o: H2OAddress | None = None


@dataclass(frozen=True)
class SavedFile:
    """A file in the order's folder."""

    path: Path
    name: str
    media_type: str


@dataclass(frozen=True)
class SavedTable:
    """A Parquet file in the order's folder that becomes a dataset."""

    path: Path
    name: str
    columns: list[Column]
    rows: int


@dataclass(frozen=True)
class Trained:
    """Everything a training has to say. `forecast` is set for forecasts only."""

    summary: str
    model: dict[str, Any]
    files: list[SavedFile]
    predictions: SavedTable | None
    forecast: dict[str, Any] | None = None
    findings: list[Finding] = field(default_factory=list)
    kpis: list[Kpi] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
