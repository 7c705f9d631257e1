"""The range and the ticks of a number axis, the same for every renderer."""

import math
from collections.abc import Sequence
from typing import Any

from .spec import (
    Area,
    Axis,
    Band,
    Bars,
    Bins,
    Boxes,
    Candles,
    Chart,
    Density,
    Dots,
    Line,
    Mark,
    Points,
    Stems,
    Violins,
)
from .wording import nice_ticks

LOG_STEPS = (1, 2, 5)
MAX_LOG_TICKS = 7
LOG_FROM = 5
"""Below this factor between its ends a log axis has evenly spaced ticks, for lack of round factors."""


def axis_ticks(axis: Axis, values: list[float]) -> list[float]:
    """Round tick values inside the limits of a number axis that has to show `values`."""
    low, high = axis_limits(axis, values)
    if axis.log and high > LOG_FROM * low:
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        fine = [float(f"{step * 10.0**power:.6g}") for power in powers for step in LOG_STEPS]
        ticks = [tick for tick in fine if low <= tick <= high]
        whole = [tick for tick in ticks if math.log10(tick).is_integer()]
        chosen = ticks if len(ticks) <= MAX_LOG_TICKS else whole
        return chosen[:: -(-len(chosen) // MAX_LOG_TICKS)] if chosen else [low, high]
    slack = (high - low) * 1e-9
    return [tick for tick in nice_ticks(low, high) if low - slack <= tick <= high + slack]


def axis_limits(axis: Axis, values: list[float]) -> list[float]:
    """From zero for an axis that must start there, else with a small margin on both sides; positive on a log axis."""
    if axis.log:
        positive = [value for value in values if value > 0] or [1.0]
        factor = max(1.1, (max(positive) / min(positive)) ** 0.06)
        return [min(positive) / factor, max(positive) * factor]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if axis.zero:
        low, high = min(0.0, low), max(0.0, high)
    span = (high - low) or abs(high) or 1.0
    bottom = low if axis.zero and low >= 0 else low - 0.06 * span
    top = high if axis.zero and high <= 0 and low < 0 else high + 0.06 * span
    return [axis.low if axis.low is not None else bottom, axis.high if axis.high is not None else top]


def all_marks(chart: Chart) -> tuple[Mark, ...]:
    """The marks of a chart, or those of all its panels."""
    return tuple(mark for panel in chart.panels for mark in panel.marks) or chart.marks


def value_range(chart: Chart, side: str) -> list[float]:
    """All numbers that the marks put on one axis (the primary one)."""
    if not chart.panels:
        return marks_range(chart.marks, side, horizontal=chart.horizontal)
    return [v for panel in chart.panels for v in marks_range(panel.marks, side, horizontal=chart.horizontal)]


def marks_range(marks: Sequence[Mark], side: str, *, horizontal: bool) -> list[float]:
    """All numbers that some marks put on one axis."""
    values: list[float] = []
    stacked: dict[Any, float] = {}
    measured = side == ("x" if horizontal else "y")
    for mark in marks:
        if isinstance(mark, Line) and mark.secondary:
            continue
        if isinstance(mark, Area) and side == "y":
            for key, value in zip(mark.x, mark.y, strict=True):
                stacked[key] = stacked.get(key, 0.0) + (value or 0.0)
        elif isinstance(mark, Line | Points):
            values += _numbers(mark.x if side == "x" else mark.y)
        elif isinstance(mark, Density):
            values += list(mark.x if side == "x" else mark.y)
        elif isinstance(mark, Bins):
            values += list(mark.edges if side == "x" else mark.counts)
        elif measured:
            values += _measured(mark)
    return values + list(stacked.values())


def _measured(mark: Mark) -> list[float]:
    """The numbers of a mark that lie along the axis of the measure."""
    if isinstance(mark, Bars):
        base = mark.base or (0.0,) * len(mark.y)
        return [b + (v or 0.0) for b, v in zip(base, mark.y, strict=True)]
    if isinstance(mark, Band | Boxes | Stems | Candles):
        return [*mark.low, *mark.high]
    if isinstance(mark, Dots):
        return list(mark.y)
    if isinstance(mark, Violins):
        return [place for places in mark.places for place in places]
    return []


def _numbers(values: tuple[Any, ...]) -> list[float]:
    return [float(value) for value in values if isinstance(value, int | float)]
