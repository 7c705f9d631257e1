"""What was decided to be predicted."""

from dataclasses import dataclass

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
    """The choice, and whether there is enough data for H2O."""

    choice: Choice
    large: bool
