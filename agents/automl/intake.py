"""The first look at a training's table: what to predict, and whether it is worth a cluster."""

from pathlib import Path

import pandas as pd

from mesh.language import Language
from mesh.results import Column

from .choice import choose
from .decision import Intake
from .forecasting import series_of
from .h2o_entry import H2O_LEAST_POINTS
from .question import Task, read_wish
from .supervised import H2O_LEAST_ROWS
from .time_axis import find_dates


def take_in(
    table: Path,
    columns: list[Column],
    question: str,
    language: Language,
    target: str | None,
    task: Task | None,
    folder: Path,
) -> Intake:
    """Choose the target and task of a table. One to forecast is written anew into `folder` when its dates had to be found.

    Raises: NeedsInputError when the target is unclear, BadInputError when the table cannot be used for the task.
    """
    frame, notes, values = pd.read_parquet(table), list[str](), None
    if (task or read_wish(question, []).hint) == "forecast":
        dated = find_dates(frame, columns, language)
        if dated is not None:
            frame, columns, values, notes = dated.frame, dated.columns, dated.target, [dated.note(language)]
            table = folder / "dated.parquet"
            frame.to_parquet(table, index=False)
    choice = choose(question, frame, columns, language, target=target, task=task, values=values)
    if choice.task == "forecast":
        large = len(series_of(table, choice, question).values) >= H2O_LEAST_POINTS
    else:
        large = int(frame[str(choice.target)].notna().sum()) >= H2O_LEAST_ROWS
    return Intake(choice, large, table, columns, notes)
