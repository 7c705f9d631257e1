"""The range and the ticks of a number axis, the same for every renderer."""

from typing import Any

from .spec import Area, Axis, Band, Bars, Bins, Boxes, Chart, Line, Points
from .wording import nice_ticks


def axis_ticks(axis: Axis, values: list[float]) -> list[float]:
    """Round tick values inside the limits of a number axis that has to show `values`."""
    low, high = axis_limits(axis, values)
    slack = (high - low) * 1e-9
    return [tick for tick in nice_ticks(low, high) if low - slack <= tick <= high + slack]


def axis_limits(axis: Axis, values: list[float]) -> list[float]:
    """From zero for an axis that must start there, else with a small margin on both sides."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if axis.zero:
        low, high = min(0.0, low), max(0.0, high)
    span = (high - low) or abs(high) or 1.0
    bottom = low if axis.zero and low >= 0 else low - 0.06 * span
    top = high if axis.zero and high <= 0 else high + 0.06 * span
    return [axis.low if axis.low is not None else bottom, axis.high if axis.high is not None else top]


def value_range(chart: Chart, side: str) -> list[float]:
    """All numbers that the marks put on one axis (the primary one)."""
    values: list[float] = []
    stacked: dict[Any, float] = {}
    value_side = "x" if chart.horizontal else "y"
    for mark in chart.marks:
        if isinstance(mark, Line) and mark.secondary:
            continue
        if isinstance(mark, Area) and side == "y":
            for key, value in zip(mark.x, mark.y, strict=True):
                stacked[key] = stacked.get(key, 0.0) + (value or 0.0)
        elif isinstance(mark, Line | Points):
            values += _numbers(mark.x if side == "x" else mark.y)
        elif isinstance(mark, Band) and side == "y":
            values += [*mark.low, *mark.high]
        elif isinstance(mark, Bars) and side == value_side:
            base = mark.base or (0.0,) * len(mark.y)
            values += [b + (v or 0.0) for b, v in zip(base, mark.y, strict=True)]
        elif isinstance(mark, Bins):
            values += list(mark.edges if side == "x" else mark.counts)
        elif isinstance(mark, Boxes) and side == "y":
            values += [*mark.low, *mark.high]
    return values + list(stacked.values())


def _numbers(values: tuple[Any, ...]) -> list[float]:
    return [float(value) for value in values if isinstance(value, int | float)]
