"""A number by the levels of a category: sums with shares where it adds up, means where it does not."""

from typing import Any

import numpy as np

from mesh.tabular.plain import plain, ratio
from mesh.tabular.sheet import Codes, Levels, Numbers, Sheet

MAX_ROWS = 20
PARETO_SHARE = 0.8


def break_down(sheet: Sheet, dimension: str, measure: str, other: str) -> dict[str, Any] | None:
    """`measure` by `dimension`, largest first; levels beyond `MAX_ROWS` become one row called `other`.

    `share` is of the total, and None where a level is negative or the measure does not add up. `pareto` says
    how many of the levels make up 80 % of the total. None when nothing is known.
    """
    levels, values = sheet.levels[dimension], sheet.numeric[measure]
    if sheet.additive(measure):
        return _sums(dimension, measure, levels, values, other)
    return _means(dimension, measure, levels, values, "mean")


def rate_by(sheet: Sheet, dimension: str, target: str, positive: str) -> dict[str, Any] | None:
    """The share of rows whose `target` is `positive`, by `dimension`, highest first."""
    outcome = sheet.levels[target]
    hit = outcome.names.index(positive)
    values = np.where(outcome.codes < 0, np.nan, (outcome.codes == hit).astype(np.float64))
    record = _means(dimension, target, sheet.levels[dimension], values, "rate")
    return record | {"positive": positive} if record is not None else None


def _tally(levels: Levels, values: Numbers) -> tuple[Codes, Numbers]:
    known = (levels.codes >= 0) & np.isfinite(values)
    counts = np.bincount(levels.codes[known], minlength=len(levels.names))
    sums = np.bincount(levels.codes[known], weights=values[known], minlength=len(levels.names))
    return counts.astype(np.int64), sums.astype(np.float64)


def _sums(dimension: str, measure: str, levels: Levels, values: Numbers, other: str) -> dict[str, Any] | None:
    counts, sums = _tally(levels, values)
    present = [index for index in range(len(levels.names)) if counts[index] > 0]
    if not present:
        return None
    total = float(sums.sum())
    shareable = total > 0 and bool((sums >= 0).all())
    order = sorted(present, key=lambda index: (-(plain(sums[index]) or 0.0), levels.names[index]))
    rows = [
        _row(levels.names[i], float(sums[i]), int(counts[i]), total if shareable else None) for i in order
    ]
    record = _record(dimension, measure, "sum", rows[:MAX_ROWS]) | {
        "total": plain(total),
        "levels": len(order),
        "pareto": _pareto(rows) if shareable else None,
        "concentration": _concentration(rows) if shareable else None,
    }
    if len(order) > MAX_ROWS:
        rest = order[MAX_ROWS:]
        record["rows"].append(
            _row(other, float(sums[rest].sum()), int(counts[rest].sum()), total if shareable else None)
            | {"other": True}
        )
    return record


def _means(
    dimension: str, measure: str, levels: Levels, values: Numbers, aggregation: str
) -> dict[str, Any] | None:
    counts, sums = _tally(levels, values)
    present = [index for index in range(len(levels.names)) if counts[index] > 0]
    if not present:
        return None
    means = {index: float(sums[index] / counts[index]) for index in present}
    order = sorted(present, key=lambda index: (-(plain(means[index]) or 0.0), levels.names[index]))
    rows = [_row(levels.names[i], means[i], int(counts[i]), None) for i in order[:MAX_ROWS]]
    overall = float(sums.sum() / counts.sum())
    for row in rows:
        row["lift"] = ratio(row["value"], overall) if aggregation == "rate" else None
    return _record(dimension, measure, aggregation, rows) | {"overall": plain(overall), "levels": len(order)}


def _row(name: str, value: float, n: int, total: float | None) -> dict[str, Any]:
    return {"name": name, "value": plain(value), "share": ratio(value, total), "n": n}


def _record(dimension: str, measure: str, aggregation: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"dimension": dimension, "measure": measure, "aggregation": aggregation, "rows": rows}


def _concentration(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Herfindahl and Hirschman's index (the sum of the squared shares) and Gini's coefficient of the levels' shares."""
    shares = np.sort([row["share"] for row in rows])
    places = np.arange(1, shares.size + 1)
    gini = float((2 * places - shares.size - 1) @ shares) / (shares.size * float(shares.sum()))
    return {"hhi": plain((shares**2).sum()), "gini": plain(gini)}


def _pareto(rows: list[dict[str, Any]]) -> dict[str, Any]:
    cumulative = 0.0
    for count, row in enumerate(rows, start=1):
        cumulative += row["share"]
        if cumulative >= PARETO_SHARE - 1e-12:
            return {"levels": count, "share_of_levels": ratio(count, len(rows)), "share": plain(cumulative)}
    return {"levels": len(rows), "share_of_levels": 1.0, "share": plain(cumulative)}
