"""Values for missing cells: the middle or the most frequent one of the column, or a line between neighbours in time."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pyarrow as pa

from .cleaning import Edit
from .cleaning_request import Missing
from .tables import Integers, Numbers, Series, Table, plain_value

MAX_SHARE = 0.5
"""A column with more missing than this is not filled: most of it would be made up."""
CONFIDENCE = 0.5
NUMERIC = ("integer", "number")
MAX_GROUPING, MAX_NAMED = 3, 6
TELLING = 0.98
"""A date with some categories tells the rows apart when this share of them is unique."""
WEAK_MODE = 0.05


@dataclass(frozen=True)
class Refusal:
    """Why a column's missing values stay: a word of `cleaning_story.REFUSALS`."""

    column: str
    why: str
    count: int


def fill_edits(table: Table, how: Missing) -> tuple[list[Edit], list[Refusal]]:
    """The edits that treat missing values as asked, and the columns that stay as they are."""
    lacking = [series for series in table.series if series.missing.any()]
    if how == "leave":
        return [], [Refusal(s.name, "missing_left", int(s.missing.sum())) for s in lacking]
    if how == "drop_rows":
        return _drop(table, lacking), []
    edits: list[Edit] = []
    refused: list[Refusal] = []
    timeline = timeline_of(table) if how == "interpolate" and lacking else None
    for series in lacking:
        found = _interpolate(series, timeline) if how == "interpolate" else _middle(series, how)
        if isinstance(found, Edit):
            edits.append(found)
        else:
            refused.append(Refusal(series.name, found, int(series.missing.sum())))
    return edits, refused


def _drop(table: Table, lacking: list[Series]) -> list[Edit]:
    """Drops the rows with a missing value, columns that are mostly empty apart."""
    judged = [series for series in lacking if series.missing.mean() <= MAX_SHARE]
    if not judged:
        return []
    rows = np.flatnonzero(np.logical_or.reduce([series.missing for series in judged]))
    names = ", ".join(series.name for series in judged)
    if len(rows) == table.rows:
        return []
    return [
        Edit("missing", "drop_rows", None, rows, names, np.ones(len(rows)), detail=[s.name for s in judged])
    ]


def _refused(series: Series) -> str:
    if series.missing.mean() > MAX_SHARE:
        return "mostly_missing"
    return "identifier" if series.is_("identifier") else ""


def _middle(series: Series, how: Missing) -> Edit | str:
    refusal = _refused(series)
    if refusal:
        return refusal
    if series.kind in NUMERIC and not series.is_("category", "boolean", "geo"):
        number = float(np.median(series.ordered) if how == "median_mode" else series.ordered.mean())
        value = round(number) if series.kind == "integer" else number
        return _edit(series, pa.scalar(value, series.array.type), "mean" if how == "mean_mode" else "median")
    if series.kind in ("date", "datetime") or series.is_("text"):
        return "no_middle"
    if series.distinct.counts[0] < max(2, WEAK_MODE * series.distinct.counts.sum()):
        return "no_middle"
    return _edit(series, series.distinct.values[0], "mode")


def _edit(series: Series, value: pa.Scalar, why: str) -> Edit:
    rows = np.flatnonzero(series.missing)
    after = pa.repeat(value, len(rows))
    confidence = np.full(len(rows), CONFIDENCE)
    detail = plain_value(value.as_py())
    return Edit(
        "missing", "fill", series.name, rows, why, confidence, pa.nulls(len(rows), after.type), after, detail
    )


def _interpolate(series: Series, timeline: tuple[Numbers, Integers] | None) -> Edit | str:
    """A line in time between the known neighbours of the same group; beyond the first and the last nothing is filled."""
    refusal = _refused(series)
    if refusal:
        return refusal
    if series.kind not in NUMERIC or series.is_("category", "boolean", "geo"):
        return "not_a_quantity"
    if timeline is None:
        return "no_timeline"
    days, groups = timeline
    values = _between(series.numbers, days, groups)
    rows = np.flatnonzero(series.missing & np.isfinite(values))
    if not len(rows):
        return "no_neighbours"
    filled = np.rint(values[rows]) if series.kind == "integer" else values[rows]
    after = pa.array(filled).cast(series.array.type)
    confidence = np.full(len(rows), CONFIDENCE)
    before = pa.nulls(len(rows), after.type)
    return Edit("missing", "interpolate", series.name, rows, "interpolated", confidence, before, after)


def timeline_of(table: Table) -> tuple[Numbers, Integers] | None:
    """Per row its time in days and its group (-1: none), where a date alone, or with a few categories, tells rows apart.

    Returns: None when no such columns tell `TELLING` of the rows apart.
    """
    dated = [s for s in table.series if s.kind in ("date", "datetime")]
    named = [
        s
        for s in table.series
        if s.is_("category", "geo", "identifier") and 2 <= s.distinct_count <= table.rows / 2
    ]
    for date in dated:
        days = date.days.astype(np.int64) / 86_400e6
        for size in range(min(MAX_GROUPING, len(named)) + 1):
            for chosen in combinations(named[:MAX_NAMED], size):
                placed = ~np.logical_or.reduce([series.missing for series in (date, *chosen)])
                groups = np.where(placed, _groups(chosen, table.rows), -1)
                known = int(placed.sum())
                apart = len(np.unique(np.stack([groups[placed], days[placed]]), axis=1)[0]) if known else 0
                if apart >= TELLING * known and known >= (1 - MAX_SHARE) * table.rows:
                    return days, groups
    return None


def _groups(chosen: tuple[Series, ...], rows: int) -> Integers:
    groups = np.zeros(rows, np.int64)
    for series in chosen:
        _, groups = np.unique(
            groups * (len(series.distinct.counts) + 1) + series.distinct.codes + 1, return_inverse=True
        )
    return groups


def _between(values: Numbers, days: Numbers, groups: Integers) -> Numbers:
    result = np.full(len(values), np.nan)
    order = np.lexsort((days, groups))
    order = order[groups[order] >= 0]
    for part in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1):
        known = part[np.isfinite(values[part])]
        if len(known) >= 2:
            result[part] = np.interp(days[part], days[known], values[known], left=np.nan, right=np.nan)
    return result
