"""Dates in several notations brought into the usual one, as far as each can mean one day only."""

import datetime as dt
import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .cells import Marks
from .cleaning import Edit
from .tables import Series

KIND = "mixed_dates"
KINDS = frozenset((KIND, "format_deviation"))
"""Under these kinds dates in an unusual notation are found."""
CONFIDENCE = 0.95
_YEAR_FIRST = re.compile(r"(\d{4})\s?[-/.년]\s?(\d{1,2})\s?[-/.월]\s?(\d{1,2})\s?[일.]?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_NAMED = ("%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y")
_WHOLE = r"^\d{4}[-/.]\d{2}[-/.]\d{2}$"
_USUAL = re.compile(r"\d{4}([-/.])\d{2}\1\d{2}")


def day_of(text: str) -> dt.date | None:
    """The day a text names, or None when it names none or could name two (03/04/2024)."""
    plain = " ".join(text.split())
    found = _YEAR_FIRST.fullmatch(plain)
    if found:
        return _day(*(int(part) for part in found.groups()))
    found = _YEAR_LAST.fullmatch(plain)
    if found:
        first, second, year = (int(part) for part in found.groups())
        days = {_day(year, second, first), _day(year, first, second)} - {None}
        return days.pop() if len(days) == 1 else None
    return next((day for form in _NAMED if (day := _named(plain, form)) is not None), None)


def conversion(series: Series) -> Edit | None:
    """The edit that turns a column of texts, all of them days written alike, into a column of dates."""
    present = np.flatnonzero(~series.missing)
    texts = series.array.take(pa.array(present))
    if not len(present) or not pc.all(pc.match_substring_regex(texts, _WHOLE)).as_py():
        return None
    try:
        days = pc.replace_substring_regex(texts, pattern="[/.]", replacement="-").cast(pa.date32())
    except pa.ArrowInvalid:
        return None
    return Edit(KIND, "convert", series.name, present, KIND, np.ones(len(present)), texts, days)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _named(text: str, form: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC).date()
    except ValueError:
        return None


def with_days(series: Series, marks: Marks) -> Marks:
    """The marks of dates in another notation, each with the same day in the usual one as its repair where that is certain.

    Nothing is proposed when the rest of the column is not written year-month-day with one separator.
    """
    marked = np.zeros(series.rows, np.bool_)
    marked[marks.rows] = True
    rest = series.array.filter(pa.array(~marked & ~series.missing)).unique().to_pylist()
    forms = [_USUAL.fullmatch(text) for text in rest]
    separators = {form[1] for form in forms if form}
    if not all(forms) or len(separators) != 1:
        return marks
    days = [day_of(text) for text in marks.values.to_pylist()]
    usual = f"%Y{(mark := separators.pop())}%m{mark}%d"
    repairs = pa.array([day.strftime(usual) if day else None for day in days], pa.string())
    sure = np.array([CONFIDENCE if day else 0.0 for day in days], np.float32)
    return Marks(
        marks.column,
        marks.kind,
        marks.rows,
        marks.values,
        marks.reasons,
        marks.reason_of,
        marks.confidence,
        repairs,
        sure,
    )
