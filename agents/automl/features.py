"""Which columns may explain the target, in the form that models take them; what was left out, and why."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from mesh.language import Language, say
from mesh.results import Column

from .series import timestamps

MAX_LEVELS = 50
RARE = "(other)"
MISSING = "(missing)"


@dataclass
class Features:
    """`frame` has float columns and string columns (`categories`, no missing values); rows as in the table given.

    `excluded` says of each column left out why, in the language asked for.
    """

    frame: pd.DataFrame
    categories: list[str]
    excluded: list[dict[str, str]] = field(default_factory=list)

    def without(self, names: dict[str, str]) -> "Features":
        """The same without some columns, with the reason for each."""
        return Features(
            self.frame.drop(columns=list(names)),
            [c for c in self.categories if c not in names],
            [*self.excluded, *({"feature": n, "why": why} for n, why in names.items())],
        )


def build_features(
    table: pd.DataFrame, columns: list[Column], target: str, train: np.ndarray, language: Language
) -> Features:
    """Everything but the target, identifiers, constants and free text; dates become parts.

    Rare categories (beyond the `MAX_LEVELS` most frequent of the training rows `train`) become one level.
    """
    made: dict[str, pd.Series] = {}
    categories: list[str] = []
    excluded: list[dict[str, str]] = []
    for column in columns:
        if column.name == target or column.name not in table.columns:
            continue
        values = table[column.name]
        why = _unfit(column, values, language)
        if why is not None:
            excluded.append({"feature": column.name, "why": why})
        elif column.semantic == "date" or column.type in {"date", "datetime"}:
            made |= _date_parts(column.name, timestamps(values))
        elif column.type in {"integer", "number"}:
            made[column.name] = values.astype("float64")
        else:
            made[column.name] = _levels(values, train)
            categories.append(column.name)
    return Features(pd.DataFrame(made, index=table.index), categories, excluded)


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


def _date_parts(name: str, stamps: pd.Series) -> dict[str, pd.Series]:
    parts = {
        "month": stamps.dt.month,
        "weekday": stamps.dt.day_of_week,
        "day": stamps.dt.day,
        "hour": stamps.dt.hour,
        "days": (stamps - stamps.min()) / pd.Timedelta(days=1),
    }
    return {f"{name}_{part}": v.astype("float64") for part, v in parts.items() if v.nunique() > 1}


def _levels(values: pd.Series, train: np.ndarray) -> pd.Series:
    text = values.astype("object").where(values.notna(), MISSING).astype(str)
    frequent = (
        text.iloc[train]
        .value_counts()
        .sort_index()
        .sort_values(ascending=False, kind="stable")
        .index[:MAX_LEVELS]
    )
    return text.where(text.isin(frequent), RARE)
