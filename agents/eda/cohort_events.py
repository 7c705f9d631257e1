"""The events of people: who, when, which step, one entry per row."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mesh.tabular.sheet import Codes, Levels

from .cohort_question import CohortQuestion
from .survey import Survey


@dataclass(frozen=True)
class Events:
    """Rows of a table: `ids` code the people, -1 where nobody is named; `dates` and `stages` as the question has them."""

    ids: Codes
    dates: "pd.Series[pd.Timestamp] | None"
    stages: Levels | None


def read_events(path: Path, seen: Survey, question: CohortQuestion) -> Events:
    """All rows of the columns that the question needs, and of no other."""
    whole = seen.whole([question.date, question.stage])
    codes, _ = pd.factorize(pd.read_parquet(path, columns=[question.person])[question.person])
    return Events(
        np.asarray(codes, dtype=np.int64),
        whole.dates[question.date] if question.date is not None else None,
        whole.levels[question.stage] if question.stage is not None else None,
    )
