"""Which columns may explain the target, in the form that models take them; what was left out, and why."""

from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from mesh.language import Language, say
from mesh.results import Column
from mesh.scoring.feature import DatePart, Feature
from mesh.scoring.features import derive, timestamps, words

MAX_LEVELS = 300
LEAST_SEEN = 2
MANY = 200
MAX_DATES = 3
WORDY = 3
MIN_VOCABULARY = 60
_SAMPLE = 2000
_DATE_PARTS: tuple[DatePart, ...] = ("month", "weekday", "day", "hour", "days")


@dataclass
class Features:
    """`frame` has float columns and string columns (`categories` and `texts`, no missing values); rows as in the table given.

    `recipe` is how each of them is made, so that new rows are made the same way; `excluded` says of each column left out why,
    in the language asked for, and of one that leaks the target its `leak` score.
    """

    frame: pd.DataFrame
    recipe: list[Feature]
    excluded: list[dict[str, Any]] = field(default_factory=list)

    @property
    def categories(self) -> list[str]:
        """The names of the columns that hold levels."""
        return [feature.name for feature in self.recipe if feature.type == "category"]

    @property
    def texts(self) -> list[str]:
        """The names of the columns that hold free text."""
        return [feature.name for feature in self.recipe if feature.type == "text"]

    def without(self, excluded: list[dict[str, Any]]) -> "Features":
        """The same without some columns, with the reason for each."""
        names = {row["feature"] for row in excluded}
        return Features(
            self.frame.drop(columns=list(names)),
            [feature for feature in self.recipe if feature.name not in names],
            [*self.excluded, *excluded],
        )


def build_features(
    table: pd.DataFrame,
    columns: list[Column],
    target: str,
    train: np.ndarray,
    language: Language,
    entity: str | None = None,
) -> Features:
    """Everything but the target, identifiers (also the `entity` that rows repeat) and constants.

    Dates become parts, and the days between two of them.

    Rare categories (seen once, or beyond the `MAX_LEVELS` most frequent, in the training rows `train`) become one level.
    """
    recipe: list[Feature] = []
    dates: list[str] = []
    excluded: list[dict[str, Any]] = []
    for column in columns:
        if column.name == target or column.name not in table.columns:
            continue
        values = table[column.name]
        why = _identifier(language) if column.name == entity else _unfit(column, values, language)
        if why is not None:
            excluded.append({"feature": column.name, "why": why})
        elif column.semantic == "date" or column.type in {"date", "datetime"}:
            recipe += _date_parts(column.name, table)
            dates.append(column.name)
        elif column.type in {"integer", "number"}:
            recipe.append(Feature(name=column.name, source=column.name, type="number"))
        elif _is_text(column, values):
            recipe.append(Feature(name=column.name, source=column.name, type="text"))
        elif (levels := _category(column.name, values.iloc[train])).levels:
            recipe.append(levels)
        else:
            excluded.append({"feature": column.name, "why": _different(language)})
    recipe += _elapsed(dates, table)
    return Features(derive(recipe, table), recipe, excluded)


def _unfit(column: Column, values: pd.Series, language: Language) -> str | None:
    distinct = int(values.nunique())
    if column.semantic == "identifier":
        return _identifier(language)
    if distinct < 2:
        return say(language, en="the same value in every row", ko="모든 행에서 값이 같음")
    if float(values.isna().mean()) > 0.95:
        return say(language, en="almost all values are missing", ko="거의 모든 값이 비어 있음")
    if _row_number(column, values):
        return say(language, en="numbers the rows", ko="행 번호")
    if _nearly_unique(column, values) and not _is_text(column, values):
        return _different(language)
    return None


def _identifier(language: Language) -> str:
    return say(language, en="identifier", ko="식별자")


def _different(language: Language) -> str:
    return say(language, en="nearly every value is different", ko="거의 모든 값이 다름")


def _row_number(column: Column, values: pd.Series) -> bool:
    """Whole numbers from 0 or 1 on without a gap, each once."""
    if column.type != "integer" or values.isna().any() or values.nunique() < len(values):
        return False
    return int(values.min()) in (0, 1) and int(values.max()) - int(values.min()) == len(values) - 1


def _nearly_unique(column: Column, values: pd.Series) -> bool:
    if column.type != "string" or column.semantic == "date":
        return False
    return column.semantic == "text" or values.nunique() > max(MANY, 0.5 * len(values))


def _is_text(column: Column, values: pd.Series) -> bool:
    """Whether it is written in sentences: most differ, with several words in each, and many different words."""
    known = values.dropna()
    if column.type != "string" or column.semantic == "date" or known.nunique() <= 0.5 * len(known):
        return False
    written = [text.lower().split() for text in known.astype(str).iloc[:_SAMPLE]]
    words = [word for text in written for word in text]
    return len(words) >= WORDY * len(written) and len(set(words)) >= MIN_VOCABULARY


def _date_parts(name: str, table: pd.DataFrame) -> list[Feature]:
    origin = timestamps(table[name]).min().to_pydatetime()
    parts = [
        Feature(name=f"{name}_{part}", source=name, type="number", part=part, origin=origin)
        for part in _DATE_PARTS
    ]
    made = derive(parts, table)
    return [feature for feature in parts if made[feature.name].nunique() > 1]


def _elapsed(dates: list[str], table: pd.DataFrame) -> list[Feature]:
    """Days from one date to another; of the first `MAX_DATES` only."""
    parts = [
        Feature(name=f"{later}_since_{earlier}", source=later, since=earlier, type="number", part="days")
        for earlier, later in combinations(dates[:MAX_DATES], 2)
    ]
    made = derive(parts, table)
    return [feature for feature in parts if made[feature.name].nunique() > 1]


def _category(name: str, values: pd.Series) -> Feature:
    counts = words(values).value_counts().sort_index().sort_values(ascending=False, kind="stable")
    levels = tuple(counts.index[counts >= LEAST_SEEN][:MAX_LEVELS])
    return Feature(name=name, source=name, type="category", levels=levels, more=len(counts) > len(levels))
