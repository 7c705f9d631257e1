"""The dates of a table that has no column of dates: in words, in parts, as decimal years, as columns side by side."""

import re
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from mesh.language import Language
from mesh.results import Column

from .concepts import tokens
from .dated import Dated
from .period_words import monday, month_number, quarter_number, read_period
from .side_by_side import first_days, stacked

YEARS = (1500, 2200)
LEAST_PERIODS = 3
_SHARE = 0.95
_PARTS_OF_YEAR = ((2.0, 0.02), (4.0, 0.05), (12.0, 0.3), (52.18, 0.6), (365.25, 1.5))
_TIME_WORDS = frozenset(
    (
        *(
            "year",
            "years",
            "yr",
            "fy",
            "fiscal",
            "calendar",
            "time",
            "date",
            "period",
            "season",
            "t",
            "ym",
            "yyyymm",
            "yearmon",
        ),
        *(
            "yearmonth",
            "yyyy",
            "month",
            "ts",
            "연도",
            "년도",
            "년",
            "연",
            "해",
            "시점",
            "기간",
            "회계연도",
            "기준연도",
            "기준년도",
            "시간",
        ),
    )
)
_MONTH = frozenset(("month", "months", "mon", "mm", "월", "기준월"))
_QUARTER = frozenset(("quarter", "qtr", "q", "분기"))
_WEEK = frozenset(("week", "wk", "주", "주차"))
_DAY = frozenset(("day", "dd", "mday", "일"))
Found = tuple[list[str], pd.Series] | None
"""The columns that dates are read from, and the date of each row."""


def find_dates(frame: pd.DataFrame, columns: Sequence[Column], language: Language) -> Dated | None:
    """The table with its dates in one column, when it has no such column yet and others tell them; else None."""
    if any(c.semantic == "date" and frame[c.name].nunique() > 1 for c in columns):
        return None
    years = _years(frame)
    side_by_side = stacked(frame, columns, years, language)
    if side_by_side is not None:
        return side_by_side
    for found in (_of_parts(frame, years), _of_words(frame), _of_numbers(frame), _of_years(years)):
        if found is not None and found[1].nunique() >= LEAST_PERIODS:
            return _with_dates(frame, columns, *found)
    return None


def _with_dates(frame: pd.DataFrame, columns: Sequence[Column], read: list[str], dates: pd.Series) -> Dated:
    """The table with the dates, called after the columns that they were read from, in the place of these."""
    name = " ".join(read)
    others = [c for c in columns if c.name not in read]
    made = frame[[c.name for c in others]].assign(**{name: dates})
    return Dated(made, [Column(name=name, type="date", semantic="date"), *others], read)


def _years(frame: pd.DataFrame) -> pd.Series | None:
    """The year of each row: of a column named for time, or of the first one when it just counts years up."""
    for place, name in enumerate(frame.columns):
        years = _as_years(frame[name])
        if years is None:
            continue
        counts_up = place == 0 and len(years) > LEAST_PERIODS and bool((years.diff().iloc[1:] == 1).all())
        if _named_for_time(name) or counts_up:
            return years
    return None


def _as_years(column: pd.Series) -> pd.Series | None:
    """Whole numbers from 1500 to 2200, in a column called a year also from 50 to 99, or words such as `2023년`, `FY2023`."""
    known = column.dropna()
    if known.empty or pd.api.types.is_bool_dtype(known):
        return None
    if not pd.api.types.is_numeric_dtype(known):
        return _mapped(column, _year_in_words)
    if bool((known % 1 != 0).any()):
        return None
    if bool(known.between(*YEARS).all()):
        return column.astype("float64")
    short = bool(known.between(50, 99).all()) and not {"year", "yr", "연도", "년도"}.isdisjoint(
        tokens(str(column.name))
    )
    return column.astype("float64") + 1900 if short else None


def _year_in_words(text: str) -> float | None:
    found = re.fullmatch(r"(?:FY ?)?((?:1[5-9]|20|21)\d\d)년?도?", text.strip(), re.IGNORECASE)
    return float(found[1]) if found else None


def _of_parts(frame: pd.DataFrame, years: pd.Series | None) -> Found:
    """A year with a month (and a day), a quarter or a week beside it."""
    if years is None:
        return None
    year = str(years.name)
    month, quarter = _part(frame, _MONTH, month_number), _part(frame, _QUARTER, quarter_number)
    day, week = _part(frame, _DAY, _whole(31)), _part(frame, _WEEK, _whole(53))
    if month is not None:
        dates, read = first_days(years, month), [year, str(month.name)]
        if day is None:
            return read, dates
        return [*read, str(day.name)], dates + pd.to_timedelta(day - 1, unit="D")
    if quarter is not None:
        return [year, str(quarter.name)], first_days(years, 3 * quarter - 2)
    if week is not None:
        begins = [
            None if np.isnan(y + w) else monday(int(y), int(w)) for y, w in zip(years, week, strict=True)
        ]
        return [year, str(week.name)], pd.Series(np.array(begins, dtype="datetime64[s]"), index=years.index)
    return None


def _part(
    frame: pd.DataFrame, words: frozenset[str], number_of: Callable[[str], int | None]
) -> pd.Series | None:
    """The number of each row in the first column that is called by one of `words` and holds such numbers."""
    for name in frame.columns:
        if set(tokens(str(name))) & words:
            numbers = _mapped(frame[name], number_of)
            if numbers is not None:
                return numbers.astype("float64")
    return None


def _whole(most: int) -> Callable[[str], int | None]:
    def number_of(text: str) -> int | None:
        found = re.fullmatch(r"(\d{1,2})(?:일|주|주차)?", text.strip())
        return int(found[1]) if found and 1 <= int(found[1]) <= most else None

    return number_of


def _mapped(column: pd.Series, read: Callable[[str], object]) -> pd.Series | None:
    """`read` of every value as text, when it reads nearly all; None otherwise. Each distinct value is read once."""
    known = column.dropna()
    if pd.api.types.is_float_dtype(known) and bool((known % 1 == 0).all()):
        known = known.astype("int64")
    texts = known.astype("object").astype(str)
    table = {text: read(text) for text in texts.unique()}
    made = texts.map(table).reindex(column.index)
    return made if len(known) and float(made.notna().sum()) >= _SHARE * len(known) else None


def _of_words(frame: pd.DataFrame) -> Found:
    """The first column of words for periods: `1998 Q1`, `1960 Jan`, `2023년 3주차`."""
    for name in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[name]):
            periods = _mapped(frame[name], read_period)
            if periods is not None:
                return [name], pd.to_datetime(periods)
    return None


def _of_numbers(frame: pd.DataFrame) -> Found:
    """The first column named for time that holds `202301`, `2023.01` or decimal years such as 1949.083."""
    for name in frame.columns:
        column = frame[name]
        if not pd.api.types.is_numeric_dtype(column) or not _named_for_time(name):
            continue
        for read in (_compact_months, _dotted_months, _decimal_years):
            dates = read(column.astype("float64"))
            if dates is not None:
                return [name], dates
    return None


def _compact_months(numbers: pd.Series) -> pd.Series | None:
    years, months = numbers // 100, numbers % 100
    fits = years.between(*YEARS) & months.isin(range(1, 13))
    return first_days(years, months) if bool((fits | numbers.isna()).all()) else None


def _dotted_months(numbers: pd.Series) -> pd.Series | None:
    """Years with the month as two decimals; they are not decimal years when every fraction is a month."""
    hundredfold = (numbers * 100).round()
    exact = ((numbers * 100 - hundredfold).abs() < 0.01) | numbers.isna()
    return _compact_months(hundredfold) if bool(exact.all()) else None


def _decimal_years(numbers: pd.Series) -> pd.Series | None:
    """Years with fractions in steps of a half, quarter, month, week or day; the steps are counted from the first one."""
    steps = np.sort(numbers.dropna().unique())
    if len(steps) <= LEAST_PERIODS or steps[0] < YEARS[0] or steps[-1] > YEARS[1]:
        return None
    step = float(np.median(np.diff(steps)))
    year = int(np.floor(steps[0] + 1e-6))
    for parts, slack in _PARTS_OF_YEAR:
        if abs(1 / step - parts) > slack:
            continue
        count = ((numbers - year) * parts).round()
        if parts <= 12:
            return first_days(year + count // parts, 12 // parts * (count % parts) + 1)
        first = round((steps[0] - year) * 365.25)
        places = ((numbers - steps[0]) / step).round()
        days = first + places * (7 if parts < 100 else 1)
        return pd.Series(pd.Timestamp(year, 1, 1) + pd.to_timedelta(days, unit="D"), index=numbers.index)
    return None


def _of_years(years: pd.Series | None) -> Found:
    return None if years is None else ([str(years.name)], first_days(years, 1))


def _named_for_time(name: object) -> bool:
    words = tokens(str(name))
    return bool(words) and set(words) <= _TIME_WORDS
