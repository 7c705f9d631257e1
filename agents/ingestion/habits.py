"""What the columns of one file have in common, and how much of a column a reading must fit."""

from dataclasses import dataclass

LOSS_TOLERATED = 0.05
"""Share of values that may be unreadable before a column stays text; with fewer than `LOSS_MIN_VALUES` values none may."""
LOSS_MIN_VALUES = 20


@dataclass(frozen=True)
class Habits:
    """How a file's other columns are written: with a decimal comma, with the day before the month (None: unknown)."""

    decimal_comma: bool = False
    day_first: bool | None = None


def fits(fitting: int, total: int) -> bool:
    """Do so many of the values fit that the others may be unreadable?"""
    allowed = total * LOSS_TOLERATED if total >= LOSS_MIN_VALUES else 0
    return fitting > 0 and total - fitting <= allowed
