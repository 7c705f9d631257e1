"""The first look at a training's table: what to predict, and whether it is worth a cluster."""

from pathlib import Path

import pandas as pd

from mesh.language import Language
from mesh.results import Column

from .choice import choose
from .decision import Intake
from .forecasting import series_of
from .h2o_entry import H2O_LEAST_POINTS
from .question import Task
from .supervised import H2O_LEAST_ROWS


def take_in(
    table: Path,
    columns: list[Column],
    question: str,
    language: Language,
    target: str | None,
    task: Task | None,
) -> Intake:
    """Choose the target and task of a table.

    Raises: NeedsInputError when the target is unclear, BadInputError when the table cannot be used for the task.
    """
    choice = choose(question, pd.read_parquet(table), columns, language, target=target, task=task)
    if choice.task == "forecast":
        return Intake(choice, len(series_of(table, choice, question).values) >= H2O_LEAST_POINTS)
    rows = pd.read_parquet(table, columns=[str(choice.target)])
    return Intake(choice, len(rows.dropna()) >= H2O_LEAST_ROWS)
