"""A measure by period of time, whole or by group: periods without rows are gaps, those covered in part are left out."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mesh.tabular.periods import aggregate, period_label
from mesh.tabular.plain import plain

from .amounts import Amount, Measure, amounts
from .keys import period_sql
from .scene import Scene

FEW_MONTHS, MONTHS_OF_A_YEAR = 4, 12
"""Data by quarter or by year have at most four months a year."""


@dataclass(frozen=True)
class Periods:
    """Values per period that the data cover in full: ISO first days, labels, values; `partial` names those left out."""

    starts: tuple[str, ...]
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    partial: tuple[str, ...]


def by_period(scene: Scene, measure: Measure, grain: str) -> Periods:
    """The measure per period, without the first or last period where the data cover it only in part.

    Periods without any row are gaps, unless most are: then the data come only so often, and what lies between is no gap.
    """
    date = scene.request.date or ""
    found = amounts(scene.table, measure, [period_sql(date, grain)])
    values = {pd.Timestamp(row.keys[0]): row.value for row in found}
    if not values:
        return Periods((), (), (), ())
    days = scene.table.known_days(date, hourly=grain == "h")
    calendar = aggregate(days, np.ones(len(days)), grain, additive=True)
    keep = calendar.complete if calendar.complete.any() else np.ones_like(calendar.complete)
    labels = [period_label(start, grain) for start in calendar.starts]
    held = np.isfinite(calendar.values)
    sparse = grain != "D" and 2 * held.sum() < len(held)
    chosen = [index for index in range(len(labels)) if keep[index] and (held[index] or not sparse)]
    return Periods(
        starts=tuple(iso(calendar.starts[index], grain) for index in chosen),
        labels=tuple(labels[index] for index in chosen),
        values=tuple(values.get(calendar.starts[index]) for index in chosen),
        partial=tuple(label for label, full in zip(labels, keep, strict=True) if not full),
    )


def by_period_and_level(
    scene: Scene, measure: Measure, grain: str, level_sql: str, levels: tuple[str, ...]
) -> tuple[Periods, dict[str, tuple[float | None, ...]]]:
    """The whole series, and one per level over the same periods; a level without any value is left out."""
    whole = by_period(scene, measure, grain)
    found = amounts(scene.table, measure, [period_sql(scene.request.date or "", grain), level_sql])
    values = {(str(row.keys[1]), iso(pd.Timestamp(row.keys[0]), grain)): row.value for row in found}
    parts = {name: tuple(values.get((name, start)) for start in whole.starts) for name in levels}
    return whole, {name: part for name, part in parts.items() if any(value is not None for value in part)}


def yearly(scene: Scene, measure: Measure) -> list[tuple[int, float]]:
    """Year and value of the calendar years that the data cover in full, without a month that has no value.

    The measure is a sum, a count or a mean: these follow from those of the months.
    """
    months = amounts(scene.table, measure, [period_sql(scene.request.date or "", "MS")])
    whole = set(by_period(scene, measure, "MS").starts)
    by_year: dict[int, list[Amount]] = {}
    for row in months:
        if iso(pd.Timestamp(row.keys[0]), "MS") in whole:
            by_year.setdefault(row.keys[0].year, []).append(row)
    most = max((len(rows) for rows in by_year.values()), default=0)
    wanted = most if most <= FEW_MONTHS else MONTHS_OF_A_YEAR
    return [(year, combined(rows, measure)) for year, rows in sorted(by_year.items()) if len(rows) == wanted]


def combined(rows: list[Amount], measure: Measure) -> float:
    """The sum, count or mean of several groups as one."""
    if measure.adds_up:
        return plain(sum(row.value for row in rows)) or 0.0
    return plain(sum(row.value * row.n for row in rows) / sum(row.n for row in rows)) or 0.0


def iso(start: pd.Timestamp, grain: str) -> str:
    """A period's first moment, as a chart's axis takes it."""
    return start.isoformat() if grain == "h" else start.date().isoformat()
