"""Tables whose periods stand side by side as columns: `2023-01`, `2023-02`, …, or `Jan` to `Dec` beside a year."""

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pandas as pd

from mesh.language import Language, say
from mesh.results import Column

from .dated import Dated
from .period_words import month_number, quarter_number, read_period

LEAST_COLUMNS = 4


def stacked(
    frame: pd.DataFrame, columns: Sequence[Column], years: pd.Series | None, language: Language
) -> Dated | None:
    """One row for each row and period; None when fewer than `LEAST_COLUMNS` numeric columns are named for different periods.

    Args: `years` the year of each row, named for its column, where there is one: then columns named for all months or all
    quarters of a year are periods too.
    """
    numeric = [c.name for c in columns if c.type in {"integer", "number"} and c.semantic != "boolean"]
    begins = {name: day for name in numeric if (day := read_period(name)) is not None}
    if len(begins) >= LEAST_COLUMNS and _differ(begins):
        dates = {name: pd.Series(pd.Timestamp(day), index=frame.index) for name, day in begins.items()}
        return _stack(frame, columns, dates, [], language)
    if years is None:
        return None
    for number_of, count in ((month_number, 12), (quarter_number, 4)):
        numbers = _numbers(numeric, number_of)
        if len(numbers) == count and _differ(numbers):
            months = {name: 12 // count * (number - 1) + 1 for name, number in numbers.items()}
            dates = {name: first_days(years, month) for name, month in months.items()}
            return _stack(frame, columns, dates, [str(years.name)], language)
    return None


def first_days(years: pd.Series, month: pd.Series | int) -> pd.Series:
    """The first day of the month of each year; NaT where either is missing."""
    months = pd.Series(month, index=years.index, dtype="float64")
    known = years.notna() & months.between(1, 12)
    text = [
        f"{int(year):04d}-{int(number):02d}-01" if use else None
        for year, number, use in zip(years, months, known, strict=True)
    ]
    return pd.Series(np.array(text, dtype="datetime64[s]"), index=years.index)


def _numbers(names: list[str], number_of: Callable[[str], int | None]) -> dict[str, int]:
    """Columns named for a part of a year in words: a bare number may be anything."""
    return {n: number for n in names if not n.strip().isdigit() and (number := number_of(n)) is not None}


def _differ(begins: dict[str, date] | dict[str, int]) -> bool:
    return len(set(begins.values())) == len(begins)


def _stack(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    dates: dict[str, pd.Series],
    read: list[str],
    language: Language,
) -> Dated:
    others = [c for c in columns if c.name not in dates and c.name not in read]
    taken = [c.name for c in others]
    when, value = (
        _free(say(language, en=en, ko=ko), taken) for en, ko in (("date", "날짜"), ("value", "값"))
    )
    parts = [
        frame[taken].assign(**{when: days, value: frame[n].astype("float64")}) for n, days in dates.items()
    ]
    long = pd.concat(parts).dropna(subset=[when, value]).sort_values(when, kind="stable", ignore_index=True)
    added = [
        Column(name=when, type="date", semantic="date"),
        Column(name=value, type="number", semantic="measure"),
    ]
    return Dated(long, [*others, *added], [*read, *dates], value)


def _free(name: str, taken: list[str]) -> str:
    while name in taken:
        name += "_"
    return name
