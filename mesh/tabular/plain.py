"""Numbers as plain JSON: no NaN, no infinity, no numpy types, and the same digits whatever the order of
rows."""

import math
from typing import Any

SIGNIFICANT_DIGITS = 12


def plain(value: Any) -> float | None:
    """The number as a Python float rounded to `SIGNIFICANT_DIGITS`; None when it is missing or not finite."""
    if value is None:
        return None
    number = float(value)
    if not math.isfinite(number):
        return None
    return float(f"{number:.{SIGNIFICANT_DIGITS}g}")


def ratio(part: float | None, whole: float | None) -> float | None:
    """`part / whole`; None when either is missing or `whole` is zero."""
    if part is None or whole is None or whole == 0:
        return None
    return plain(part / whole)
