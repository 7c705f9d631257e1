"""Rows whose values stand one column too far to the right or left: each fits the neighbouring column and not its own.

Of a row with several surprising values every value is held against two columns. What it says for the shift is the logarithm of
how much more usual it is in the neighbour than in its own column; values next to each other that say so together make the row
shifted.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from .cells import Marks
from .issues import Issue, Report
from .tables import Integers, Mask, Numbers, Series, Table, quantile

LEAST_SURPRISES, SUSPECTS, MAX_COLUMNS = 2, 5_000, 200
TAIL = 0.002
"""A number is surprising beyond these quantiles of its column, a text that occurs no more than twice among repeated ones."""
BINS = 32
LEAST_CELLS, LEAST_EVIDENCE = 3, 6.0
"""So many values at least must say so, together so much more than the logarithm of the number of rows."""


Surprises = npt.NDArray[np.uint16]


def surprising(series: Series) -> Mask:
    """Which rows hold a value that is unlike the rest of their column, shape (rows,)."""
    if series.kind in ("integer", "number") and len(series.ordered):
        low, high = quantile(series.ordered, TAIL), quantile(series.ordered, 1 - TAIL)
        with np.errstate(invalid="ignore"):
            return np.asarray((series.numbers < low) | (series.numbers > high), np.bool_)
    if series.kind == "string" and series.distinct_count:
        rare = series.distinct.counts <= 2
        if series.distinct.counts[rare].sum() <= 0.1 * series.rows:
            return series.distinct.rows_of(np.flatnonzero(rare))
    return np.zeros(series.rows, np.bool_)


@dataclass(frozen=True)
class _Usual:
    """How usual a value is in a column of `rows` rows: a text by how many hold it, a number by its place in `edges`.

    `reach` is how far beyond the edges a value of the column's own may lie and still be its tail.
    """

    counts: dict[Any, int]
    rows: int
    singles: float = 0.0
    edges: Numbers | None = None
    reach: float = 0.0

    def chance(self, value: Any, *, own: bool) -> float:
        """The chance of the value in the column, left out itself when it is one of the column's `own`."""
        least = 0.5 / self.rows
        if self.edges is None:
            held = self.counts.get(value, 0) - own
            return held / self.rows if held > 0 else max(least, self.singles)
        if not isinstance(value, float):
            return least
        reach = self.reach if own else 0.0
        return 1 / BINS if self.edges[0] - reach <= value <= self.edges[-1] + reach else least


def _usual(series: Series) -> _Usual | None:
    """What is usual in a column of numbers or texts; None of others and of those without values."""
    if series.kind in ("integer", "number") and len(series.ordered):
        edges = np.array([quantile(series.ordered, share) for share in (TAIL, 0.25, 0.75, 1 - TAIL)])
        return _Usual({}, series.rows, 0.0, edges[[0, 3]], float(edges[2] - edges[1]))
    if series.kind == "string" and series.distinct_count:
        counts = series.distinct.counts
        repeated = series.distinct.values[: int((counts > 1).sum())].to_pylist()
        named = {_value(text): int(count) for text, count in zip(repeated, counts, strict=False)}
        return _Usual(named, series.rows, float((counts == 1).sum() / series.rows))
    return None


def _value(cell: Any) -> Any:
    """A cell as a number if it is or reads as one, whatever its column holds."""
    try:
        return float(cell)
    except (TypeError, ValueError):
        return cell


def shifted_issue(table: Table, surprises: Surprises, report: Report) -> Issue | None:
    """The rows whose values are shifted, with every such value as a wrong cell; None without any.

    Args: `surprises` counts the surprising values of each row. The first `SUSPECTS` rows with several are looked at.
    """
    rows = np.flatnonzero(surprises >= LEAST_SURPRISES)[:SUSPECTS]
    columns = table.series[:MAX_COLUMNS]
    if not len(rows) or len(columns) < LEAST_CELLS + 1:
        return None
    usual: list[_Usual | None] = []
    cells: list[list[Any]] = []
    for series in columns:
        usual.append(_usual(series))
        cells.append([_value(cell) for cell in series.array.take(pa.array(rows)).to_pylist()])
        table.left(series)
    found: dict[int, tuple[int, int, int]] = {}
    least = LEAST_EVIDENCE + math.log(table.rows)
    for place, row in enumerate(rows.tolist()):
        values = [column[place] for column in cells]
        spans = [(*_best_span(_evidence(values, usual, step)), step) for step in (1, -1)]
        evidence, first, last, step = max(spans)
        if (
            evidence >= least
            and last - first + 1 >= LEAST_CELLS
            and _has_text(columns[first : last + 1], values[first : last + 1])
        ):
            found[row] = (first, last, step)
    return _issue(table, found, report) if found else None


def _has_text(columns: Sequence[Series], values: Sequence[Any]) -> bool:
    """Is a value in a column of texts among them? Numbers alone also fit a neighbour where columns are alike, as pixels are."""
    return any(s.kind == "string" and value is not None for s, value in zip(columns, values, strict=True))


def _evidence(values: list[Any], usual: Sequence[_Usual | None], step: int) -> list[float]:
    """How much each value speaks for standing `step` columns too far to the right."""
    said = []
    for at, value in enumerate(values):
        own, meant = usual[at], usual[at - step] if 0 <= at - step < len(usual) else None
        if value is None or own is None or meant is None:
            said.append(0.0 if 0 <= at - step < len(usual) else -math.inf)
        else:
            said.append(math.log(meant.chance(value, own=False) / own.chance(value, own=True)))
    return said


def _best_span(said: list[float]) -> tuple[float, int, int]:
    """The neighbouring values that say most together: their sum, and the first and last of them."""
    best, total, start = (0.0, 0, -1), 0.0, 0
    for at, much in enumerate(said):
        if total <= 0:
            total, start = 0.0, at
        total += much
        if total > best[0]:
            best = (total, start, at)
    return best


def _issue(table: Table, found: dict[int, tuple[int, int, int]], report: Report) -> Issue:
    affected = np.zeros(table.rows, np.bool_)
    affected[list(found)] = True
    names = [series.name for series in table.series]
    first, last, step = next(iter(found.values()))
    issue = report.issue(
        "shifted_rows",
        None,
        affected,
        severity="high",
        dimension="consistency",
        en="The values of {count:,} {rows} {stand} one column too far to the {side}, as in row {row:,} from {first} to {last}.",
        ko="{count:,}행의 값이 한 열씩 {side_ko}으로 밀려 있습니다(예: {row:,}행의 {first} 열부터 {last} 열까지).",
        row=next(iter(found)) + 1,
        first=names[first],
        last=names[last],
        side="right" if step == 1 else "left",
        side_ko="오른쪽" if step == 1 else "왼쪽",
    )
    marks = []
    for position, series in enumerate(table.series):
        rows = np.array([row for row, (a, b, _) in found.items() if a <= position <= b], np.int64)
        rows = rows[~series.missing[rows]] if len(rows) else rows
        if len(rows):
            marks.append(_marks(series, names[position - found[int(rows[0])][2]], rows, report))
        table.left(series)
    issue.cells = tuple(marks)
    return issue


def _marks(series: Series, meant: str, rows: Integers, report: Report) -> Marks:
    why = report.say(
        en="The row's values are shifted by one column: this one fits {meant}, not {column}.",
        ko="행의 값이 한 열씩 밀려 있습니다. 이 값은 {column} 열이 아니라 {meant} 열에 맞습니다.",
        meant=meant,
        column=series.name,
    )
    values = series.array.take(pa.array(rows))
    sure, none = np.full(len(rows), 0.9, np.float32), np.zeros(len(rows), np.float32)
    at = np.zeros(len(rows), np.int64)
    return Marks(
        series.name, "shifted_rows", rows, values, (why,), at, sure, pa.nulls(len(rows), values.type), none
    )
