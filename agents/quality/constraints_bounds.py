"""Between which bounds a column's values will lie: by what they mean, else by what was seen and some room to spare."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from mesh.language import Language, say

from . import domains
from .constraints_check import DATES, NUMERIC
from .figures import Figure
from .tables import Series

ROOM = 0.1
"""Room on either side, as a share of the spread that was seen."""
KEPT = 0.99
"""A bound by meaning is taken when this share of the values keeps it; the others are what it is there to find."""
MAX_AGE = 120


@dataclass(frozen=True)
class Bounds:
    """`limits` holds min, max or both: numbers, or ISO dates."""

    limits: dict[str, Any]
    reason: str


def bounds_of(series: Series, language: Language) -> Bounds | None:
    """The bounds of a column of numbers or dates; None for identifiers, codes and columns without spread."""
    if series.kind in DATES:
        return _dates(series, language)
    if (
        series.kind not in NUMERIC
        or series.is_("identifier", "category", "boolean")
        or len(series.ordered) < 2
    ):
        return None
    by_meaning = _by_meaning(series)
    if by_meaning is not None:
        reason = say(language, en="its name says what is possible", ko="열 이름이 가능한 범위를 나타냅니다")
        return Bounds(_typed(dict(zip(("min", "max"), by_meaning, strict=True)), series), reason)
    return _seen(series, language)


def _by_meaning(series: Series) -> tuple[float, float] | None:
    """The bounds that the column's meaning sets on both sides, if nearly all values keep them."""
    limit = domains.coordinate_limit(series)
    proposals = [(-limit, limit)] if limit is not None else []
    if domains.is_age(series):
        proposals.append((0.0, float(MAX_AGE)))
    if domains.is_percentage(series) and not series.is_("count"):
        proposals += [(0.0, 1.0), (0.0, 100.0)]
    for low, high in proposals:
        if float(((series.ordered >= low) & (series.ordered <= high)).mean()) >= KEPT:
            return low, high
    return None


def _seen(series: Series, language: Language) -> Bounds | None:
    low, high = float(series.ordered[0]), float(series.ordered[-1])
    spread = high - low
    if spread <= 0 or not math.isfinite(spread):
        return None
    step = 10.0 ** (math.floor(math.log10(spread)) - 1)
    bottom = math.floor((low - ROOM * spread) / step) * step
    top = math.ceil((high + ROOM * spread) / step) * step
    natural = domains.is_never_negative(series) and float((series.ordered >= 0).mean()) >= KEPT
    zero = natural or (low >= 0 and bottom < 0)
    limits = {"min": 0.0 if zero else bottom, "max": top}
    reason = say(
        language,
        en="seen from {low} to {high}, with a tenth of the spread to spare"
        + ("; never below zero" if zero else ""),
        ko="{low}~{high} 범위에 간격의 10분의 1을 더했습니다" + ("(0 미만은 없음)" if zero else ""),
        low=Figure(low),
        high=Figure(high),
    )
    return Bounds(_typed(limits, series), reason)


def _typed(limits: dict[str, float], series: Series) -> dict[str, Any]:
    """Whole numbers for a column of whole numbers, else numbers without the noise of binary fractions."""
    if series.kind == "integer":
        return {name: int(value) for name, value in limits.items()}
    return {name: float(f"{value:.12g}") for name, value in limits.items()}


def _dates(series: Series, language: Language) -> Bounds | None:
    """No date lies before the first one that was seen; later ones will come."""
    if series.missing.all():
        return None
    first = series.days[~series.missing].min().astype("datetime64[D]")
    if first < np.datetime64("1900-01-02"):
        return None
    reason = say(language, en="the first date that was seen", ko="가장 이른 날짜입니다")
    return Bounds({"min": str(first)}, reason)
