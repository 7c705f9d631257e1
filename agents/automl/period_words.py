"""A period as tables write it (`1998 Q1`, `2023년 3월`, `1960M01`, `FY2021`), and the day it begins."""

import re
from datetime import date, timedelta

from mesh.tabular.spans import MONTHS

_YEAR = r"(?:FY ?|CY ?|X)?(?P<year>(?:1[5-9]|20|21)\d\d)"
_SHORT = r"'?(?P<short>\d\d)"
_NAME = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_GAP = r"[ ._/-]{0,3}"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}{_GAP}(?:년 ?)?(?:Q|QTR ?)(?P<quarter>[1-4])",
        rf"(?:Q|QTR ?)(?P<quarter>[1-4]){_GAP}(?:{_YEAR}|{_SHORT})",
        rf"(?P<quarter>[1-4])Q{_GAP}(?:{_YEAR}|{_SHORT})",
        rf"(?:{_YEAR}|{_SHORT})(?:[ .-]|년)? ?(?P<quarter>[1-4])(?:/4)? ?(?:분기|Q)",
        rf"{_YEAR}{_GAP}(?:년 ?)?(?:W|WK|week ?)(?P<week>\d\d?)",
        rf"{_YEAR}년 ?(?P<week>\d\d?)주차?",
        rf"{_YEAR}{_GAP}M(?P<month>\d\d?)",
        rf"{_YEAR}[ ._/-]?(?P<month>0[1-9]|1[0-2])(?:월)?",
        rf"(?:{_YEAR}|{_SHORT})년 ?(?P<month>\d\d?)월",
        rf"{_YEAR}[./-] ?(?P<month>[1-9])",
        rf"(?P<month>\d\d?)[./-](?:{_YEAR}|{_SHORT})",
        rf"{_YEAR}{_GAP}{_NAME}",
        rf"{_NAME},?{_GAP}(?:{_YEAR}|{_SHORT})",
        rf"{_YEAR}[./ -]{{0,2}}(?P<month>\d\d?)[./ -]{{1,2}}(?P<day>\d\d?)",
        rf"{_YEAR}(?:년|년도)?(?:[-/]\d{{2,4}})?",
        rf"FY ?{_SHORT}",
    )
)
_MONTH_NAME = re.compile(rf"{_NAME}|(?P<month>\d\d?)월", re.IGNORECASE)
_QUARTER_NAME = re.compile(
    r"(?:Q|QTR ?|quarter ?)(?P<quarter>[1-4])|(?P<other>[1-4])(?:Q|/4)? ?(?:분기|Q)", re.IGNORECASE
)


def read_period(text: str) -> date | None:
    """The first day of the period that `text` is, from its beginning to its end; None when it is none.

    A fiscal year is taken for the calendar year of its number, a split one (`2003-04`) for the first. Two digits are a year
    from 1970 to 2069.
    """
    for pattern in _PATTERNS:
        match = pattern.fullmatch(text.strip())
        if match is not None:
            return _first_day({key: value for key, value in match.groupdict().items() if value})
    return None


def month_number(text: str) -> int | None:
    """The month that a word or number names (`Jan`, `March`, `3월`, `03`, `Q2` for its first), or None."""
    found = _MONTH_NAME.fullmatch(text.strip())
    if found is None:
        return int(text) if re.fullmatch(r"0?[1-9]|1[0-2]", text.strip()) else None
    number = int(found["month"]) if found["month"] else _named(found["name"])
    return number if 1 <= number <= 12 else None


def quarter_number(text: str) -> int | None:
    """The quarter that a word or number names (`Q1`, `1분기`, `1`), or None."""
    found = _QUARTER_NAME.fullmatch(text.strip())
    if found is None:
        return int(text) if re.fullmatch(r"[1-4]", text.strip()) else None
    return int(found["quarter"] or found["other"])


def monday(year: int, week: int) -> date:
    """The Monday of a week of the ISO calendar; of a 53rd that the year lacks, the Monday after its last."""
    return date.fromisocalendar(year, 1, 1) + timedelta(weeks=week - 1)


def _named(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name[:3].lower()))


def _first_day(found: dict[str, str]) -> date | None:
    year = int(found["year"]) if "year" in found else 1970 + (int(found["short"]) - 70) % 100
    if "week" in found:
        return monday(year, int(found["week"])) if 1 <= int(found["week"]) <= 53 else None
    month = int(found.get("month", "1"))
    if "quarter" in found:
        month = 3 * int(found["quarter"]) - 2
    elif "name" in found:
        month = _named(found["name"])
    try:
        return date(year, month, int(found.get("day", "1")))
    except ValueError:
        return None
