"""A measure by period, by category, or by both: summed where it adds up, averaged where it does not."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mesh.tabular.periods import Series, aggregate, period_label
from mesh.tabular.plain import plain
from mesh.tabular.sheet import Levels, Numbers, Sheet

MAX_CATEGORIES = 12
SMALLEST = 0.01


@dataclass(frozen=True)
class Periods:
    """Values per period that the data cover in full: ISO first days, labels, values; `partial` names those
    left out."""

    starts: tuple[str, ...]
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    partial: tuple[str, ...]


@dataclass(frozen=True)
class Ranked:
    """Categories with value and row count, largest first; `other` counts the levels that the last row stands
    for."""

    names: tuple[str, ...]
    values: tuple[float, ...]
    counts: tuple[int, ...]
    total: float
    other: int


def by_period(sheet: Sheet, date: str, measure: str, grain: str) -> Periods:
    """`measure` per period of `grain`, without the first or last period where it is covered only in part."""
    series = aggregate(sheet.dates[date], sheet.numeric[measure], grain, additive=sheet.additive(measure))
    return whole_periods(series)


def whole_periods(series: Series) -> Periods:
    """The periods that are covered in full; all of them when none is."""
    keep = series.complete if series.complete.any() else np.ones_like(series.complete)
    labels = [period_label(start, series.grain) for start in series.starts]
    chosen = [index for index in range(len(labels)) if keep[index]]
    return Periods(
        starts=tuple(_iso(series.starts[index], series.grain) for index in chosen),
        labels=tuple(labels[index] for index in chosen),
        values=tuple(plain(series.values[index]) for index in chosen),
        partial=tuple(label for label, full in zip(labels, keep, strict=True) if not full),
    )


def _iso(start: pd.Timestamp, grain: str) -> str:
    return start.isoformat() if grain == "h" else start.date().isoformat()


def by_category(
    levels: Levels,
    values: Numbers,
    other: str,
    *,
    additive: bool,
    limit: int = MAX_CATEGORIES,
    smallest: float = 0.0,
) -> Ranked:
    """`values` per level, largest first; beyond `limit` the rest become one row called `other`, combined
    alike.

    So do additive levels with a share below `smallest` of the total, where there are at least two of them.
    """
    known = (levels.codes >= 0) & np.isfinite(values)
    counts = np.bincount(levels.codes[known], minlength=len(levels.names))
    sums = np.bincount(levels.codes[known], weights=values[known], minlength=len(levels.names))
    present = [index for index in range(len(levels.names)) if counts[index] > 0]
    value = {i: plain(sums[i] if additive else sums[i] / counts[i]) or 0.0 for i in present}
    order = sorted(present, key=lambda index: (-value[index], levels.names[index]))
    shown, rest = _split(order, value, limit, smallest if additive else 0.0)
    names = [levels.names[index] for index in shown]
    numbers = [value[index] for index in shown]
    rows = [int(counts[index]) for index in shown]
    if rest:
        rest_rows = int(counts[rest].sum())
        names.append(other)
        numbers.append(plain(sums[rest].sum() if additive else sums[rest].sum() / rest_rows) or 0.0)
        rows.append(rest_rows)
    return Ranked(tuple(names), tuple(numbers), tuple(rows), plain(sums.sum()) or 0.0, len(rest))


def _split(
    order: list[int], value: dict[int, float], limit: int, smallest: float
) -> tuple[list[int], list[int]]:
    total = sum(value.values())
    large = [index for index in order if smallest == 0 or total <= 0 or value[index] >= smallest * total]
    keep = len(large) if len(order) - len(large) >= 2 else len(order)
    if keep > limit or (keep == limit and keep < len(order)):
        keep = limit - 1
    return order[:keep], order[keep:]


def keep_largest(levels: Levels, values: Numbers, limit: int, other: str, *, additive: bool) -> Levels:
    """The levels with the `limit` largest values, in that order, the rest as one level called `other`."""
    ranked = by_category(levels, values, other, additive=additive, limit=limit + 1, smallest=SMALLEST)
    kept = ranked.names[:-1] if ranked.other else ranked.names
    place = {name: position for position, name in enumerate(kept)}
    rest = len(kept)
    mapping = np.array([place.get(name, rest) for name in levels.names] + [-1], dtype=np.int64)
    names = kept + ((other,) if ranked.other else ())
    return Levels(mapping[levels.codes], names)


def by_period_and_category(
    sheet: Sheet, date: str, measure: str, levels: Levels, grain: str
) -> tuple[Periods, dict[str, tuple[float | None, ...]]]:
    """The whole series and one series per level, all over the same periods; a level without rows has None."""
    whole = by_period(sheet, date, measure, grain)
    parts = {}
    for code, name in enumerate(levels.names):
        values = np.where(levels.codes == code, sheet.numeric[measure], np.nan)
        if not (np.isfinite(values) & sheet.dates[date].notna().to_numpy()).any():
            continue
        series = aggregate(sheet.dates[date], values, grain, additive=sheet.additive(measure))
        known = {
            _iso(start, grain): plain(value)
            for start, value in zip(series.starts, series.values, strict=True)
        }
        parts[name] = tuple(known.get(start) for start in whole.starts)
    return whole, parts
