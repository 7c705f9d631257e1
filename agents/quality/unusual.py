"""Rows that no single column betrays: a combination of values that keeps away from all other rows."""

import numpy as np
from scipy.stats import norm

from .issues import Issue, Repair, Report
from .outliers import judged, robust_z
from .tables import Integers, Mask, Numbers, Table, spread

LEAST_ROWS, MAX_ROWS, MAX_COLUMNS = 100, 200_000, 12
MOST = 0.005
LEAST_Z, LEAST_GAP = 8.0, 1.5
TREES = 200


def find_unusual_rows(table: Table, ignored: Mask) -> Mask | None:
    """Which rows are isolated among the numeric columns together, shape (rows,); None without any.

    Each column is replaced by its normal scores, so that no single column sets a row apart, and the scores are turned on the
    columns' principal axes with equal spread, so that a broken correlation is a far value. A row must both be isolated early by a
    forest of 200 random trees (Liu, Ting & Zhou 2008; fixed seed) and lie at least 8 robust z out, beyond a gap of 1.5, in its
    distance from the middle. Rows with a missing number are not judged; of more than 200,000 rows, evenly spread ones are.
    """
    columns = [s for s in table.series if judged(s) and s.distinct_count > max(20, 0.01 * table.rows)]
    columns = columns[:MAX_COLUMNS]
    if len(columns) < 2 or table.rows < LEAST_ROWS:
        return None
    rows = spread(table.rows, MAX_ROWS)
    taken = []
    for series in columns:
        taken.append(series.numbers[rows])
        table.left(series)
    values = np.column_stack(taken)
    usable = np.isfinite(values).all(axis=1) & ~ignored[rows]
    if usable.sum() < max(LEAST_ROWS, 20 * len(columns)):
        return None
    axes = _axes(values[usable])
    far = _far(axes) if axes is not None else np.zeros(0, np.int64)
    if axes is None or not len(far) or not _isolated_early(axes, far):
        return None
    found = np.zeros(table.rows, np.bool_)
    found[rows[np.flatnonzero(usable)[far]]] = True
    return found


def _axes(values: Numbers) -> Numbers | None:
    """Normal scores of the columns on their principal axes, each with spread 1; None when columns determine one another."""
    ranks = np.argsort(np.argsort(values, axis=0, kind="stable"), axis=0, kind="stable")
    scores = norm.ppf((ranks + 0.5) / len(values))
    weights, vectors = np.linalg.eigh(np.cov(scores, rowvar=False))
    kept = weights > 1e-4
    if not kept.any():
        return None
    result: Numbers = (scores @ vectors[:, kept]) / np.sqrt(weights[kept])
    return result


def _far(axes: Numbers) -> Integers:
    """Positions of the rows that are far out beyond a gap, few at most."""
    distance = np.sqrt((axes * axes).sum(axis=1))
    middle = float(np.median(distance))
    mad = float(np.median(np.abs(distance - middle)))
    if mad <= 0:
        return np.zeros(0, np.int64)
    z = robust_z(distance, middle, mad)
    order = np.argsort(z)
    start = max(len(z) - max(1, int(MOST * len(z))) - 1, 0)
    wide = np.flatnonzero((np.diff(z[order[start:]]) >= LEAST_GAP) & (z[order[start + 1 :]] >= LEAST_Z))
    if not len(wide):
        return np.zeros(0, np.int64)
    return np.sort(order[start + 1 + int(wide[0]) :]).astype(np.int64)


def _isolated_early(axes: Numbers, far: Integers) -> bool:
    """Does a forest of random trees isolate all these rows earlier than 98 % of the rest?"""
    from sklearn.ensemble import IsolationForest

    forest = IsolationForest(n_estimators=TREES, random_state=0, n_jobs=1).fit(axes)
    sampled = spread(len(axes), 5_000)
    usual = np.quantile(forest.score_samples(axes[sampled]), 0.02)
    return bool((forest.score_samples(axes[far]) <= usual).all())


def unusual_issue(found: Mask, report: Report) -> Issue:
    """The issue for rows that are unusual as a whole."""
    why = report.say(
        en="The row's numbers are each ordinary, but their combination is not.",
        ko="각 값은 평범하지만 값의 조합이 다른 행과 크게 다릅니다.",
    )
    return report.issue(
        "unusual_rows",
        None,
        found,
        severity="low",
        dimension="plausibility",
        repair=Repair(reasons=(why,)),
        en="{count:,} {rows} {hold} a combination of numbers unlike any other row, though each number alone is ordinary.",
        ko="{count:,}행은 각 값은 평범하지만 값의 조합이 다른 어떤 행과도 다릅니다.",
    )
