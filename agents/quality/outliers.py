"""Values far from the rest of their column, judged on the scale on which the column is about symmetric."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.stats import norm

from .figures import Figure
from .issues import Issue, Repair, Report, Severity, row_contexts
from .tables import Mask, Numbers, Series, Table, quantile

MIN_VALUES = 12
MIN_DISTINCT = 8
ROBUST_Z = 3.5
FACTOR = 0.6745
"""Makes the median absolute deviation of normal values comparable with their standard deviation."""
FALSE_ALARMS = 0.05
"""Expected number of values of a whole column of normal values that would be called outliers."""
FENCE_IQRS = 3.0
LEAST_GAP = 0.75
HEAVY_TAIL_SHARE = 0.01
TOTAL_SHARE = 0.1
SKEWED = 0.15
MIN_POSITIVE = 0.98

Scale = Literal["linear", "square root", "cube root", "log"]


@dataclass(frozen=True)
class Outliers:
    """Outliers of one column: `rows` marks them; fences and the extent of the `rest` are in the column's own unit."""

    series: Series
    rows: Mask
    z: Numbers
    scale: Scale
    cut_off: float
    median: float
    mad: float
    quartiles: tuple[float, float]
    fences: tuple[float, float]
    rest: tuple[float, float]

    @property
    def heavy_tailed(self) -> bool:
        """So many that they are the shape of the column rather than errors."""
        return float(self.rows.mean()) > HEAVY_TAIL_SHARE and int(self.rows.sum()) > 3


def robust_z(values: Numbers, median: float, mad: float) -> Numbers:
    """Distance of each value from the median, in scaled median absolute deviations.

    Args: values of one unit, shape (n,), NaN allowed; `mad` > 0 is the unscaled median absolute deviation.
    Returns: shape (n,), dimensionless, NaN where the input is NaN.
    Source: Iglewicz & Hoaglin (1993), factor 0.6745, cut-off 3.5.
    """
    result: Numbers = FACTOR * (values - median) / mad
    return result


def quantile_skewness(ordered: Numbers) -> float:
    """Kelly's skewness of ascending values from the 10 %, 50 % and 90 % quantiles, in [-1, 1]; 0 when they coincide."""
    low, middle, high = (quantile(ordered, share) for share in (0.1, 0.5, 0.9))
    return (high + low - 2 * middle) / (high - low) if high > low else 0.0


def find_outliers(series: Series, ignored: Mask) -> Outliers | None:
    """Values beyond both the cut-off of the robust z and Tukey's outer fence of 3 interquartile ranges; None without any.

    The cut-off is 3.5, or higher in long columns so that normal values give 0.05 false alarms in a whole column (Bonferroni).
    Values are judged on the scale that makes them most symmetric, logarithms of the positive values and roots of the
    non-negative ones included, and there only high values count: a naturally skewed column has no outliers for being skewed.
    `ignored` rows do not count.
    Source: Tukey (1977), outer fences; Iglewicz & Hoaglin (1993), modified z-score.
    """
    excluded = ignored & np.isfinite(series.numbers)
    present = (
        np.sort(series.numbers[np.isfinite(series.numbers) & ~ignored]) if excluded.any() else series.ordered
    )
    if len(present) < MIN_VALUES or series.distinct_count < MIN_DISTINCT:
        return None
    usual = _usual_value(present)
    if usual is not None:
        ignored = ignored | (series.numbers == usual)
        present = present[present != usual]
        if len(present) < MIN_VALUES or series.distinct_count <= MIN_DISTINCT:
            return None
    scale = best_scale(present)
    ordered = _TO_SCALE[scale](present)
    if scale != "linear":
        ordered = ordered[~np.isnan(ordered)]
    median = quantile(ordered, 0.5)
    mad = float(np.median(np.abs(ordered - median), overwrite_input=True))
    first, third = quantile(ordered, 0.25), quantile(ordered, 0.75)
    spread = FENCE_IQRS * (third - first)
    if not mad > 0 or not spread > 0:
        return None
    cut_off = max(ROBUST_Z, float(norm.isf(FALSE_ALARMS / (2 * len(present)))))

    def beyond(scaled: Numbers, z: Numbers) -> Mask:
        with np.errstate(invalid="ignore"):
            far = (z > cut_off) & (scaled > third + spread)
            return far | (z < -cut_off) & (scaled < first - spread) if scale == "linear" else far

    extremes = ordered[[0, -1]]
    if not beyond(extremes, robust_z(extremes, median, mad)).any():
        return None
    values = np.where(ignored | ~np.isfinite(series.numbers), np.nan, series.numbers)
    scaled = _TO_SCALE[scale](values)
    z = robust_z(scaled, median, mad)
    rows = beyond(scaled, z)
    rows &= _isolated(z, rows, ordered, median, mad)
    if not rows.any():
        return None
    back = _FROM_SCALE[scale]
    return Outliers(
        series,
        rows,
        z,
        scale,
        cut_off,
        back(median),
        mad,
        (back(first), back(third)),
        (back(first - spread), back(third + spread)),
        (float(np.nanmin(values[~rows])), float(np.nanmax(values[~rows]))),
    )


def _usual_value(ordered: Numbers) -> float | None:
    """The value of half of the rows or more, such as 0 where most have none of it: the others are judged among themselves."""
    value, half = quantile(ordered, 0.5), len(ordered) / 2
    count = np.searchsorted(ordered, value, "right") - np.searchsorted(ordered, value, "left")
    return value if count >= half else None


def _isolated(z: Numbers, rows: Mask, ordered: Numbers, median: float, mad: float) -> Mask:
    """Which rows lie beyond a gap of `LEAST_GAP` in robust z: values that follow on each other are the tail of the column."""
    beyond = np.zeros(len(z), np.bool_)
    for sign in (1.0, -1.0):
        heights = sign * z
        marked = heights[rows & (heights > 0)]
        if not len(marked):
            continue
        last = int((heights >= marked.min()).sum()) + 1
        side = sign * robust_z(ordered[-last:] if sign > 0 else ordered[:last][::-1], median, mad)
        wide = np.flatnonzero(np.diff(side) >= LEAST_GAP)
        if len(wide):
            beyond |= heights >= side[int(wide[0]) + 1]
    return beyond


def best_scale(present: Numbers) -> Scale:
    """The scale on which the values are most symmetric; linear unless another is clearly better.

    Args: ascending values without NaN, shape (n,). Roots need values of 0 and more (the cube root makes exponential and
    gamma values nearly normal: Wilson & Hilferty 1931), logarithms nearly only positive ones.
    """
    skewness: dict[Scale, float] = {"linear": quantile_skewness(present)}
    if skewness["linear"] <= SKEWED:
        return "linear"
    positive = present[present > 0]
    if present[0] >= 0:
        skewness["square root"] = abs(quantile_skewness(np.sqrt(present)))
        skewness["cube root"] = abs(quantile_skewness(np.cbrt(present)))
    if len(positive) >= MIN_POSITIVE * len(present):
        skewness["log"] = abs(quantile_skewness(np.log(positive)))
    return min(skewness, key=lambda scale: skewness[scale])


def _log(values: Numbers) -> Numbers:
    with np.errstate(divide="ignore", invalid="ignore"):
        result: Numbers = np.where(values > 0, np.log(values), np.nan)
    return result


def _root(values: Numbers) -> Numbers:
    with np.errstate(invalid="ignore"):
        result: Numbers = np.sqrt(np.where(values >= 0, values, np.nan))
    return result


_TO_SCALE: dict[Scale, Callable[[Numbers], Numbers]] = {
    "linear": np.asarray,
    "square root": _root,
    "cube root": np.cbrt,
    "log": _log,
}
_FROM_SCALE: dict[Scale, Callable[[float], float]] = {
    "linear": float,
    "square root": lambda value: float(max(value, 0.0) ** 2),
    "cube root": lambda value: float(max(value, 0.0) ** 3),
    "log": lambda value: float(np.exp(value)),
}


def judged(series: Series) -> bool:
    """Is it a quantity whose values can be far from the rest: no code, category, flag or place?"""
    return series.kind in ("integer", "number") and series.is_("measure", "intensive", "count", "unknown")


def outlier_issue(found: Outliers, report: Report, examples: list[dict[str, Any]]) -> Issue:
    """The issue for outliers that are few enough to be looked at one by one."""
    distances = np.abs(found.z[found.rows])
    why = report.say(
        en="Far from the rest of {column}, which runs from {low} to {high} (median {median}).",
        ko="{column} 열의 나머지 값 범위({low}~{high}, 중앙값 {median})에서 크게 벗어납니다.",
        column=found.series.name,
        low=Figure(found.rest[0]),
        high=Figure(found.rest[1]),
        median=Figure(found.median),
    )
    return report.issue(
        "outliers",
        found.series,
        found.rows,
        severity=_severity(found),
        dimension="plausibility",
        certainty=np.clip(0.5 + (distances - found.cut_off) / 40, 0.5, 0.95).astype(np.float32),
        repair=Repair(reasons=(why,)),
        en="{count:,} {values} of {column} {lie} far from the rest, which runs from {low} to {high} (median "
        "{median}); the farthest is {extreme}.",
        ko="{column} 열의 값 {count:,}개가 나머지 값의 범위({low}~{high}, 중앙값 {median})에서 크게 "
        "벗어납니다. 가장 먼 값은 {extreme}입니다.",
        examples=examples,
        low=found.rest[0],
        high=found.rest[1],
        median=found.median,
        extreme=float(found.series.numbers[_farthest(found, 1)[0]]),
    )


def _severity(found: Outliers) -> Severity:
    """High when the outliers of an amount make up a tenth of its total, medium when one is very far, else low."""
    numbers = np.abs(found.series.numbers)
    if found.series.is_("measure", "count") and numbers[found.rows].sum() >= TOTAL_SHARE * np.nansum(numbers):
        return "high"
    return "medium" if float(np.nanmax(np.abs(found.z[found.rows]))) >= 8.0 else "low"


def examples_of(found: Outliers, table: Table, limit: int) -> list[dict[str, Any]]:
    """The farthest values first: row (numbered from 1), value, robust z, and what names the row."""
    rows = _farthest(found, limit)
    return [
        {
            "row": row + 1,
            "value": found.series.value_at(row),
            "z": float(found.z[row]),
            "record": record,
        }
        for row, record in zip(rows, row_contexts(table, rows), strict=True)
    ]


def _farthest(found: Outliers, limit: int) -> list[int]:
    rows = np.flatnonzero(found.rows)
    order = np.argsort(-np.abs(found.z[rows]), kind="stable")[:limit]
    return [int(row) for row in rows[order]]


def outliers_data(found: Outliers, table: Table, limit: int) -> dict[str, Any]:
    """The report's entry for one column, also for a heavy tail that is no issue."""
    return {
        "column": found.series.name,
        "treated_as": "heavy_tail" if found.heavy_tailed else "outliers",
        "method": f"|robust z| > {found.cut_off:.2f} and outside {FENCE_IQRS:g} interquartile ranges, {found.scale} scale",
        "scale": found.scale,
        "cut_off": found.cut_off,
        "count": int(found.rows.sum()),
        "share": float(found.rows.mean()),
        "median": found.median,
        "scaled_mad": found.mad,
        "q1": found.quartiles[0],
        "q3": found.quartiles[1],
        "lower_fence": found.fences[0],
        "upper_fence": found.fences[1],
        "rest_min": found.rest[0],
        "rest_max": found.rest[1],
        "above": int((found.rows & (found.z > 0)).sum()),
        "below": int((found.rows & (found.z < 0)).sum()),
        "examples": examples_of(found, table, limit),
    }
