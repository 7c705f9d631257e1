"""How a text column is read: its type and notation."""

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["integer", "number", "boolean", "datetime", "date", "string"]
ShortOrder = Literal["day first", "month first", "year first"]

COMPACT_FORMATS = ("YYYYMMDD", "YYYYMM", "YYYY.MM", "YYYYMMDDhhmmss", "epoch s", "epoch ms", "Excel serial")
"""Notations in digits alone; a reading's `format` names the one it takes."""


@dataclass(frozen=True)
class Reading:
    """How to read a text column. `format` names the notation for people; `unreadable` values become missing.

    A `uniform` column has no missing markers and one plain notation.
    """

    type: ColumnType
    format: str = ""
    unit: str | None = None
    decimal: Literal[".", ","] = "."
    day_first: bool = False
    short_order: ShortOrder = "month first"
    ambiguous_order: bool = False
    offset: str | None = None
    true_label: str | None = None
    false_label: str | None = None
    keep_na: bool = False
    unreadable: int = 0
    uniform: bool = False

    def gives_same_values(self, other: "Reading") -> bool:
        """Do both readings turn any text into the same value?"""
        return _deciding(self) == _deciding(other)


def _deciding(reading: Reading) -> tuple[object, ...]:
    compact = reading.format if reading.format in COMPACT_FORMATS else ""
    return (
        *(reading.type, reading.unit, reading.decimal, reading.day_first, reading.short_order),
        *(reading.offset, reading.keep_na),
        compact,
    )
