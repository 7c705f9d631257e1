"""Values of a regular time series that are far from what season and trend make expect, though not from the column as a whole."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.stats import norm

from .gaps import Calendar
from .issues import Issue, Repair, Report
from .outliers import robust_z
from .tables import Mask, Numbers, Series, Table

PERIODS = {"day": 7, "business day": 5, "week": 52, "month": 12}
CYCLES = 4
LEAST_Z = 8.0
SEASONS_SMOOTHED = 35
"""Seasons that are smoothed together: with few, STL follows the values and leaves nothing to be unexpected."""
MOST = 0.01


@dataclass(frozen=True)
class Unexpected:
    """`rows` are far from `expected` (in row order, NaN where the series has no value)."""

    rows: Mask
    expected: Numbers


def find_unexpected(table: Table, calendar: Calendar, series: Series, ignored: Mask) -> Unexpected | None:
    """The values whose remainder after season and trend is at least 8 robust z (more in long series); None without any.

    The table must have one row for each period. Seasons are weeks of daily and years of weekly and monthly series, and four of
    them at least are needed. Positive values must be far on the logarithmic scale, too. More than 1 % are the nature of the
    series and not reported.
    Source: STL with robust weights (Cleveland et al. 1990), z by Iglewicz & Hoaglin (1993).
    """
    period = PERIODS[calendar.frequency]
    days = calendar.series.days.astype("datetime64[D]")
    usable = ~np.isnat(days)
    numbers = np.where(ignored, np.nan, series.numbers)
    if len(np.unique(days[usable])) != usable.sum() or usable.sum() < CYCLES * period:
        return None
    order = np.flatnonzero(usable)[np.argsort(days[usable], kind="stable")]
    values = numbers[order]
    known = np.isfinite(values)
    if known.sum() < max(CYCLES * period, 0.9 * len(values)):
        return None
    filled = np.interp(np.arange(len(values)), np.flatnonzero(known), values[known])
    far, expected = _far(filled, known, period)
    if filled.min() > 0 and far.any():
        far &= _far(np.log(filled), known, period)[0]
    if not far.any() or far.mean() > MOST:
        return None
    rows, by_row = np.zeros(table.rows, np.bool_), np.full(table.rows, np.nan)
    rows[order[far]] = True
    by_row[order] = expected
    return Unexpected(rows, by_row)


def _far(values: Numbers, known: Mask, period: int) -> tuple[Mask, Numbers]:
    """Which known values have a remainder that is far from the others, and what trend and season make expect."""
    from statsmodels.tsa.seasonal import STL

    fitted = STL(values, period=period, seasonal=SEASONS_SMOOTHED, robust=True).fit()
    middle = float(np.median(fitted.resid[known]))
    mad = float(np.median(np.abs(fitted.resid[known] - middle)))
    extent = float(np.median(np.abs(values - np.median(values))))
    cut_off = max(LEAST_Z, float(norm.isf(0.05 / (2 * len(values)))))
    if mad <= 1e-6 * extent:
        return np.zeros(len(values), np.bool_), fitted.trend + fitted.seasonal
    return known & (np.abs(robust_z(fitted.resid, middle, mad)) > cut_off), fitted.trend + fitted.seasonal


def contextual_issue(calendar: Calendar, series: Series, found: Unexpected, report: Report) -> Issue:
    """The issue for values that do not fit their time, with what was expected."""
    rows = np.flatnonzero(found.rows)
    examples: list[dict[str, Any]] = [
        {
            "row": int(row) + 1,
            "date": str(calendar.series.days[row].astype("datetime64[D]")),
            "value": series.value_at(int(row)),
            "expected": float(found.expected[row]),
        }
        for row in rows[: report.max_examples]
    ]
    first = examples[0]
    why = report.say(
        en="Far from what season and trend of {column} make expect at this time.",
        ko="{column} 열의 계절성과 추세로 볼 때 이 시점의 값으로는 크게 벗어납니다.",
        column=series.name,
    )
    return report.issue(
        "contextual_outliers",
        series,
        found.rows,
        severity="medium",
        dimension="plausibility",
        certainty=0.7,
        repair=Repair(pa.nulls(len(rows), series.array.type), 0.0, (why,)),
        en="{count:,} {values} of {column} {do} not fit the season and trend around {them}, such as {value} on {date}, where "
        "about {expected} was to be expected.",
        ko="{column} 열의 값 {count:,}개가 그 시점의 계절성과 추세에 맞지 않습니다. 예를 들어 {date}의 값은 {value}인데 "
        "{expected} 정도가 예상됩니다.",
        examples=examples,
        value=float(first["value"]),
        date=first["date"],
        expected=first["expected"],
        them="it" if len(rows) == 1 else "them",
        do="does" if len(rows) == 1 else "do",
    )
