"""What was decided to be predicted."""

from dataclasses import dataclass, field
from pathlib import Path

from mesh.results import Column

from .question import Task


@dataclass(frozen=True)
class Choice:
    """The decision. `target` None means: forecast how many rows there are per period."""

    task: Task
    target: str | None
    date_column: str | None
    aggregation: str
    reason: str


@dataclass(frozen=True)
class Intake:
    """The choice, the table that it is about, whether there is enough data for H2O, and what to know of the table."""

    choice: Choice
    large: bool
    table: Path
    columns: list[Column]
    notes: list[str] = field(default_factory=list)
