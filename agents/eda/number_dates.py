"""Dates that a table holds as numbers: a year, a year with a fraction (1949.083), or a year beside a month and a day."""

from dataclasses import replace

import numpy as np
import pandas as pd

from mesh.results import Column
from mesh.tabular.lexicon import words
from mesh.tabular.sheet import Numbers, Sheet

YEAR_NAMES = frozenset({"year", "yr", "연도", "년도", "연", "년", "해"})
TIME_NAMES = YEAR_NAMES | {"time", "date", "period", "시간", "시점", "시기", "날짜", "기간"}
MONTH_NAMES = frozenset({"month", "mon", "월", "달"})
DAY_NAMES = frozenset({"day", "dayofmonth", "일", "일자"})
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
EARLIEST, LATEST = 1000, 2200
MIN_YEARS = 3
EVEN = 0.8
CLOSE = 0.02
"""Of a month: so far may a fraction of a year lie from the month that it stands for."""


def date_numbers(sheet: Sheet) -> Sheet:
    """The sheet with its dates as dates, where it has none and numbers that say when.

    A year beside a month (and a day) makes a column of its own and takes their place; a year or a time alone, in whole years or
    in twelfths or quarters of them, becomes a date itself. At least `MIN_YEARS` different dates must come of it.
    """
    if any(dates.nunique() > 1 for dates in sheet.dates.values()):
        return sheet
    years = next((n for n in _columns(sheet) if _called(n, YEAR_NAMES) and _whole_years(sheet, n)), None)
    months = next((n for n in _columns(sheet) if _called(n, MONTH_NAMES)), None)
    if years is not None and months is not None:
        days = next((n for n in _columns(sheet) if _called(n, DAY_NAMES)), None)
        made = _beside(sheet, years, months, days)
        if made.nunique() >= MIN_YEARS:
            return _in_place_of(sheet, [part for part in (years, months, days) if part], made)
    for name in _columns(sheet):
        dates = _fractions(_numbers(sheet, name)) if _called(name, TIME_NAMES) else None
        if dates is not None:
            return _as_date(sheet, name, dates)
    return sheet


def is_even(sheet: Sheet) -> bool:
    """Whether nearly all dates of the first column of dates that varies have as many rows."""
    counts = next(dates.value_counts() for dates in sheet.dates.values() if dates.nunique() > 1)
    return bool((counts == counts.median()).mean() >= EVEN)


def _in_place_of(sheet: Sheet, parts: list[str], dates: "pd.Series[pd.Timestamp]") -> Sheet:
    name = "-".join(parts)
    return replace(
        sheet,
        columns=(*sheet.columns, Column(name=name, type="date", semantic="date")),
        numeric={other: values for other, values in sheet.numeric.items() if other not in parts},
        levels={other: levels for other, levels in sheet.levels.items() if other not in parts},
        dates=sheet.dates | {name: dates},
        missing=sheet.missing | {name: int(dates.isna().sum())},
        distinct=sheet.distinct | {name: int(dates.nunique())},
    )


def _as_date(sheet: Sheet, name: str, dates: "pd.Series[pd.Timestamp]") -> Sheet:
    columns = tuple(
        column.model_copy(update={"type": "date", "semantic": "date"}) if column.name == name else column
        for column in sheet.columns
    )
    return replace(
        sheet,
        columns=columns,
        numeric={other: values for other, values in sheet.numeric.items() if other != name},
        levels={other: levels for other, levels in sheet.levels.items() if other != name},
        dates=sheet.dates | {name: dates},
        distinct=sheet.distinct | {name: int(dates.nunique())},
    )


def _columns(sheet: Sheet) -> list[str]:
    return [
        column.name for column in sheet.columns if column.name in sheet.numeric or column.name in sheet.levels
    ]


def _called(name: str, names: frozenset[str]) -> bool:
    return "".join(words(name)) in names


def _numbers(sheet: Sheet, name: str) -> Numbers:
    """The values of a column as numbers, NaN where they are none; months by their English names too."""
    if name in sheet.numeric:
        return sheet.numeric[name]
    levels = sheet.levels[name]
    values = np.array([*(_number(level) for level in levels.names), np.nan])
    return np.asarray(values[levels.codes], dtype=np.float64)


def _number(level: str) -> float:
    start = level.strip().lower()[:3]
    if start in MONTHS:
        return MONTHS.index(start) + 1.0
    try:
        return float(level.strip().rstrip("년월일"))
    except ValueError:
        return np.nan


def _whole_years(sheet: Sheet, name: str) -> bool:
    values = _numbers(sheet, name)
    known = values[np.isfinite(values)]
    within = known.size > 0 and known.min() >= EARLIEST and known.max() <= LATEST
    return bool(within and (known == np.round(known)).all())


def _beside(sheet: Sheet, years: str, months: str, days: str | None) -> "pd.Series[pd.Timestamp]":
    parts = {"year": _numbers(sheet, years), "month": _numbers(sheet, months)}
    day = _numbers(sheet, days) if days is not None else np.ones(sheet.rows)
    usable = ((day >= 1) & (day <= 31))[np.isfinite(day)].all()
    frame = pd.DataFrame(parts | {"day": day if usable else np.ones(sheet.rows)})
    return pd.to_datetime(frame, errors="coerce")


def _fractions(values: Numbers) -> "pd.Series[pd.Timestamp] | None":
    """Years with fractions as the first days of years, quarters or months; None where they are something else."""
    known = values[np.isfinite(values)]
    if np.unique(known).size < MIN_YEARS or known.min() < EARLIEST or known.max() > LATEST:
        return None
    months = known * 12
    if (np.abs(months - np.round(months)) > CLOSE * 12).any() or np.unique(np.round(months)).size < np.unique(
        known
    ).size:
        return None
    whole = np.round(np.where(np.isfinite(values), values, 0.0) * 12).astype(np.int64)
    frame = pd.DataFrame({"year": whole // 12, "month": whole % 12 + 1, "day": 1})
    dates = pd.to_datetime(frame, errors="coerce")
    return dates.where(np.isfinite(values))
