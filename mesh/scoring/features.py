"""How what a model takes is made from a table's own columns: the same way in training and in scoring."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from .feature import MISSING, RARE, Feature

_DAY_S = 86_400


def derive(features: Sequence[Feature], table: pd.DataFrame) -> pd.DataFrame:
    """The model's input, shape (rows, features) in the order of `features`, with the table's index.

    Args: `table` holds every column of every feature; what cannot be read as a finite number or a date is NaN (see
    `rows.check_rows`).
    """
    dates = {column for f in features if f.part is not None for column in f.columns}
    stamps = {column: timestamps(table[column]) for column in dates}
    made = {f.name: _column(f, table[f.source], stamps) for f in features}
    return pd.DataFrame(made, index=table.index)


def timestamps(column: pd.Series) -> pd.Series:
    """Timezone-free timestamps; what cannot be read as one is NaT."""
    known = pd.api.types.is_datetime64_any_dtype(column)
    stamps = column if known else pd.to_datetime(column, errors="coerce", format="mixed")
    return stamps.dt.tz_localize(None) if stamps.dt.tz is not None else stamps


def words(column: pd.Series) -> pd.Series:
    """The values of a category as strings: `MISSING` where missing, whole numbers without decimals."""
    if pd.api.types.is_float_dtype(column) and bool((column.dropna() % 1 == 0).all()):
        column = column.astype("Int64")
    return column.astype("object").where(column.notna(), MISSING).astype(str)


def _column(feature: Feature, values: pd.Series, stamps: dict[str, pd.Series]) -> pd.Series:
    if feature.part is not None:
        return _date_part(feature, stamps).astype("float64")
    if feature.type == "number":
        numbers = pd.to_numeric(values, errors="coerce").astype("float64")
        return numbers.where(np.isfinite(numbers))
    if feature.type == "text":
        return values.astype("object").where(values.notna(), "").astype(str)
    text = words(values)
    return text.where(text.isin(feature.levels), RARE) if feature.levels else text


def _date_part(feature: Feature, stamps: dict[str, pd.Series]) -> pd.Series:
    date = stamps[feature.source]
    if feature.part == "days":
        since = pd.to_datetime(str(feature.origin)) if feature.since is None else stamps[feature.since]
        return (date - since).dt.total_seconds() / _DAY_S
    part = "day_of_week" if feature.part == "weekday" else str(feature.part)
    return pd.Series(getattr(date.dt, part), index=date.index)
