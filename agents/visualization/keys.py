"""What rows are grouped by: a category, a part of a date such as the weekday, bands of a number, periods of time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mesh.language import Language
from mesh.tabular.lexicon import words
from mesh.tabular.spans import MONTHS as MONTH_NAMES

from .natural_order import natural_order
from .sql import listed, literal, quoted
from .table import Table
from .wording import nice_ticks

MONTHS = tuple(name[:3].capitalize() for name in MONTH_NAMES)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKDAYS_KO = ("월", "화", "수", "목", "금", "토", "일")
PARTS = {
    "weekday": "isodow",
    "hour": "hour",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
    "day": "day",
}
CYCLE_LENGTH = {"weekday": 7, "hour": 24, "month": 12, "quarter": 4}
DECADE = 10.0
_GRADES = {"grade", "grades", "subgrade", "rating", "tier", "band", "class", "등급", "학점"}
_LETTER = re.compile(r"^[A-Za-z](?:[+-]|\d)?$")
UNITS = {"h": "hour", "D": "day", "W": "week", "MS": "month", "QS": "quarter", "YS": "year"}
_CALL = re.compile(r"^(weekday|hour|month|quarter|year|day|bands)\((.+)\)$")


@dataclass(frozen=True)
class Key:
    """`column` itself, or a `part` of it: of a date one of `PARTS`, of a time of day its `hour`, of a number its `bands`."""

    column: str
    part: str = ""

    @property
    def name(self) -> str:
        """As a request writes it: `region`, `weekday(date)`."""
        return f"{self.part}({self.column})" if self.part else self.column


def key_of(name: str, table: Table) -> Key:
    """The key that a request's text stands for."""
    found = _CALL.match(name)
    if found is None or name in {column.name for column in table.columns}:
        return Key(name)
    return Key(found.group(2), found.group(1))


def key_sql(key: Key, table: Table) -> str:
    """The SQL expression of a key: text for a category, a whole number for a part, a double for bands."""
    name = quoted(key.column)
    if key.part == "bands":
        return f"floor({name} / {band_width(key, table)!r}) * {band_width(key, table)!r}"
    if key.part == "hour" and key.column not in table.dates:
        return f"TRY_CAST(split_part({name}, ':', 1) AS INTEGER)"
    if key.part:
        return f"CAST(date_part('{PARTS[key.part]}', {name}) AS INTEGER)"
    if key.column in table.numeric:
        return name
    return table.category(key.column)


def band_width(key: Key, table: Table) -> float:
    """A round width that makes four to ten bands; ten years for an age."""
    low, high = table.fetch(f"min({quoted(key.column)}), max({quoted(key.column)})")[0]
    if low is None or high <= low:
        return 1.0
    if _is_age(key) and high - low > DECADE:
        return DECADE
    ticks = nice_ticks(low, high, 6)
    return ticks[1] - ticks[0]


def _is_age(key: Key) -> bool:
    return key.column.lower() in {"age", "나이", "연령"}


def key_texts(key: Key, values: Sequence[object], table: Table, language: Language) -> list[str]:
    """Values of a key as people read them; `table` holds the rows that `key_sql` was asked for, which decide on the bands."""
    width = band_width(key, table) if key.part == "bands" else 0.0
    return [_text(key, value, language, width) for value in values]


def _text(key: Key, value: object, language: Language, width: float) -> str:
    korean = language == "ko"
    if not key.part:
        return f"{value:g}" if isinstance(value, float) else str(value)
    if key.part == "bands":
        low = float(str(value))
        if korean and _is_age(key):
            return f"{low:.0f}대"
        return f"{low:,.6g}–{low + width:,.6g}"
    number = int(float(str(value)))
    if key.part == "weekday":
        return (WEEKDAYS_KO if korean else WEEKDAYS)[number - 1]
    if key.part == "month":
        return f"{number}월" if korean else MONTHS[number - 1]
    if key.part == "quarter":
        return f"{number}분기" if korean else f"Q{number}"
    if key.part == "hour":
        return f"{number}시" if korean else f"{number:02d}:00"
    return str(number)


def key_order(key: Key, values: list[object]) -> list[object] | None:
    """Values in the order that they have by nature; None for categories without one."""
    if key.part or all(isinstance(value, int | float) for value in values):
        return sorted(values, key=lambda value: float(str(value)))
    names = [str(value) for value in values]
    ordered = graded(key.column, names) or natural_order(names)
    return list(ordered) if ordered is not None else None


def graded(column: str, names: Sequence[str]) -> tuple[str, ...] | None:
    """Letters in their order where the column is one of grades (A before B, B+ before B before B-), else None."""
    if len(names) < 2 or not set(words(column)) & _GRADES or not all(map(_LETTER.match, names)):
        return None
    return tuple(sorted(names, key=lambda name: (name[0], "+ -".find(name[1:] or " "), name)))


def has_order(name: str, table: Table) -> bool:
    """Whether the groups that a request calls `name` have an order by nature, as bands, numbers and sizes do."""
    key = key_of(name, table)
    if key.part or key.column in table.numeric:
        return True
    if key.column not in table.levels_known:
        return False
    names = list(table.levels(key.column))
    return (graded(key.column, names) or natural_order(names)) is not None


def folded_sql(sql: str, keep: Sequence[str], other: str) -> str:
    """The expression of a category with every value that is not in `keep` called `other`."""
    return f"CASE WHEN {sql} IN {listed(keep)} THEN {sql} WHEN {sql} IS NOT NULL THEN {literal(other)} END"


def period_sql(date: str, grain: str) -> str:
    """The first moment of the period in which a date lies; weeks begin on Monday."""
    return f"date_trunc('{UNITS[grain]}', {quoted(date)})"
