"""Weak segments: kinds of rows on which the model errs clearly more than on the rest."""

from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mesh.tabular.drift import holm

from .holdout import HoldOut

SIGNIFICANCE = 0.05
SHOWN = 8
BINS = 4
LEAST_ROWS = 20
_PAIRED = 4
_LEAST_RATIO = 1.1


@dataclass(frozen=True)
class _Part:
    """Rows where one column lies in a range or has a value."""

    condition: dict[str, Any]
    rows: np.ndarray


def weak_segments(holdout: HoldOut, ranked: list[str]) -> dict[str, Any]:
    """Segments whose mean error is higher than that of all other rows, the most harmful first.

    Segments are values of categories, quarters of numbers, and both of two among the first columns of `ranked` (the most
    important ones), of at least 20 rows. The error is the absolute error, or whether the class is wrong. One-sided tests, Welch's
    for a regression and Fisher's for classes, at 5 % after Holm's correction over all segments tried. `harm` is the error above
    that of the rest, times the rows. A segment within one already found is kept when it errs a tenth more, another one when it
    is weak also without the rows of those found.
    """
    wrong = holdout.wrong
    singles = {name: _parts(name, holdout.frame[name]) for name in holdout.frame.columns}
    parts = [[part] for name in singles for part in singles[name]]
    paired = [name for name in ranked if name in singles][:_PAIRED]
    for first, second in combinations(paired, 2):
        parts += [[a, b] for a in singles[first] for b in singles[second]]
    tried = [(pair, np.logical_and.reduce([part.rows for part in pair])) for pair in parts]
    tried = [(pair, rows) for pair, rows in tried if LEAST_ROWS <= rows.sum() <= len(wrong) - LEAST_ROWS]
    if not tried:
        return {"tried": 0, "segments": [], "error": float(wrong.mean())}
    p_values = [_p_value(wrong[rows], wrong[~rows], classes=bool(holdout.classes)) for _, rows in tried]
    corrected = holm(p_values)
    weak = [
        (_segment(pair, rows, wrong, p), rows)
        for (pair, rows), p in zip(tried, corrected, strict=True)
        if p < SIGNIFICANCE
    ]
    weak.sort(key=lambda item: (-item[0]["harm"], len(item[0]["where"])))
    return {
        "tried": len(tried),
        "segments": _distinct(weak, wrong, classes=bool(holdout.classes)),
        "error": float(wrong.mean()),
    }


def _parts(name: str, values: pd.Series) -> list[_Part]:
    if not pd.api.types.is_numeric_dtype(values):
        counts = values.value_counts()
        return [
            _Part({"feature": name, "value": str(level)}, (values == level).to_numpy())
            for level in sorted(counts.index)
            if counts[level] >= LEAST_ROWS
        ]
    known = values.dropna()
    if known.nunique() <= BINS:
        return [
            _Part({"feature": name, "value": float(v)}, (values == v).to_numpy())
            for v in np.sort(known.unique())
        ]
    edges = np.unique(known.quantile(np.linspace(0, 1, BINS + 1)))
    found = []
    for number, (low, high) in enumerate(pairwise(edges)):
        above = values >= low if number == 0 else values > low
        condition = {"feature": name, "low": float(low), "high": float(high), "first": number == 0}
        found.append(_Part(condition, (above & (values <= high)).to_numpy()))
    return found


def _p_value(inside: np.ndarray, outside: np.ndarray, *, classes: bool) -> float:
    if float(inside.mean()) <= float(outside.mean()):
        return 1.0
    if classes:
        table = [[inside.sum(), len(inside) - inside.sum()], [outside.sum(), len(outside) - outside.sum()]]
        return float(stats.fisher_exact(table, alternative="greater").pvalue)
    if np.ptp(inside) == 0 and np.ptp(outside) == 0:
        return 0.0
    return float(stats.ttest_ind(inside, outside, equal_var=False, alternative="greater").pvalue)


def _segment(parts: list[_Part], rows: np.ndarray, wrong: np.ndarray, p: float) -> dict[str, Any]:
    inside, outside = float(wrong[rows].mean()), float(wrong[~rows].mean())
    return {
        "where": [part.condition for part in parts],
        "rows": int(rows.sum()),
        "share": float(rows.mean()),
        "error": inside,
        "rest": outside,
        "p_adjusted": p,
        "harm": (inside - outside) * int(rows.sum()),
    }


def _distinct(
    weak: list[tuple[dict[str, Any], np.ndarray]], wrong: np.ndarray, *, classes: bool
) -> list[dict[str, Any]]:
    """Without segments that only err because they share rows with one already kept."""
    kept: list[tuple[dict[str, Any], np.ndarray]] = []
    covered = np.zeros(len(wrong), dtype=bool)
    for segment, rows in weak:
        around = [k for k, other in kept if (rows & other).sum() >= 0.5 * rows.sum()]
        if around:
            news = all(segment["error"] > _LEAST_RATIO * other["error"] for other in around)
        else:
            own, rest = rows & ~covered, ~rows & ~covered
            enough = min(own.sum(), rest.sum()) >= LEAST_ROWS
            news = enough and _p_value(wrong[own], wrong[rest], classes=classes) < SIGNIFICANCE / len(weak)
        if news:
            kept.append((segment, rows))
            covered |= rows
    return [segment for segment, _ in kept[:SHOWN]]
