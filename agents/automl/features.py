"""Which columns may explain the target, in the form that models take them; what was left out, and why."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from mesh.language import Language, say
from mesh.results import Column
from mesh.scoring.features import DatePart, Feature, derive, timestamps, words

MAX_LEVELS = 50
_DATE_PARTS: tuple[DatePart, ...] = ("month", "weekday", "day", "hour", "days")


@dataclass
class Features:
    """`frame` has float columns and string columns (`categories`, no missing values); rows as in the table given.

    `recipe` is how each of them is made, so that new rows are made the same way; `excluded` says of each column left out why,
    in the language asked for.
    """

    frame: pd.DataFrame
    recipe: list[Feature]
    excluded: list[dict[str, str]] = field(default_factory=list)

    @property
    def categories(self) -> list[str]:
        """The names of the string columns."""
        return [feature.name for feature in self.recipe if feature.type == "category"]

    def without(self, names: dict[str, str]) -> "Features":
        """The same without some columns, with the reason for each."""
        return Features(
            self.frame.drop(columns=list(names)),
            [feature for feature in self.recipe if feature.name not in names],
            [*self.excluded, *({"feature": n, "why": why} for n, why in names.items())],
        )


def build_features(
    table: pd.DataFrame, columns: list[Column], target: str, train: np.ndarray, language: Language
) -> Features:
    """Everything but the target, identifiers, constants and free text; dates become parts.

    Rare categories (beyond the `MAX_LEVELS` most frequent of the training rows `train`) become one level.
    """
    recipe: list[Feature] = []
    excluded: list[dict[str, str]] = []
    for column in columns:
        if column.name == target or column.name not in table.columns:
            continue
        values = table[column.name]
        why = _unfit(column, values, language)
        if why is not None:
            excluded.append({"feature": column.name, "why": why})
        elif column.semantic == "date" or column.type in {"date", "datetime"}:
            recipe += _date_parts(column.name, table)
        elif column.type in {"integer", "number"}:
            recipe.append(Feature(name=column.name, source=column.name, type="number"))
        else:
            recipe.append(_category(column.name, values.iloc[train]))
    return Features(derive(recipe, table), recipe, excluded)


def _unfit(column: Column, values: pd.Series, language: Language) -> str | None:
    distinct = int(values.nunique())
    if column.semantic == "identifier":
        return say(language, en="identifier", ko="식별자")
    if distinct < 2:
        return say(language, en="the same value in every row", ko="모든 행에서 값이 같음")
    if float(values.isna().mean()) > 0.95:
        return say(language, en="almost all values are missing", ko="거의 모든 값이 비어 있음")
    words = column.type == "string" and column.semantic != "date"
    if column.semantic == "text" or (words and distinct > max(200, 0.5 * len(values))):
        return say(
            language, en="free text or nearly unique values", ko="자유 텍스트 또는 거의 모든 값이 다름"
        )
    return None


def _date_parts(name: str, table: pd.DataFrame) -> list[Feature]:
    origin = timestamps(table[name]).min().to_pydatetime()
    parts = [
        Feature(name=f"{name}_{part}", source=name, type="number", part=part, origin=origin)
        for part in _DATE_PARTS
    ]
    made = derive(parts, table)
    return [feature for feature in parts if made[feature.name].nunique() > 1]


def _category(name: str, values: pd.Series) -> Feature:
    counts = words(values).value_counts().sort_index().sort_values(ascending=False, kind="stable")
    levels = tuple(counts.index[:MAX_LEVELS])
    return Feature(name=name, source=name, type="category", levels=levels, more=len(counts) > MAX_LEVELS)
