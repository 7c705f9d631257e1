"""Simpson's paradox: a relation that turns round when a category is held fixed."""

from typing import Any

import numpy as np
from scipy import stats

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Levels, Numbers, Sheet

MIN_GROUP = 20
MIN_CORRELATION = 0.1
MAX_P = 0.01


def find_reversals(
    sheet: Sheet, correlations: list[dict[str, Any]], dimensions: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Pairs whose Spearman correlation has one sign overall and clearly the other one inside the levels of a
    dimension.

    `within` is the correlation of the ranks after subtracting each level's mean rank. Source: Simpson (1951).
    """
    found = []
    ranks: dict[str, Numbers] = {}
    for record in correlations:
        if record["method"] != "spearman" or abs(record["value"]) < MIN_CORRELATION or record["p"] > MAX_P:
            continue
        for name in (record["a"], record["b"]):
            if name not in ranks:
                ranks[name] = stats.rankdata(sheet.numeric[name], nan_policy="omit")
        for dimension in dimensions:
            within = within_correlation(sheet.levels[dimension], ranks[record["a"]], ranks[record["b"]])
            if within is None:
                continue
            value, p = within
            if value * record["value"] < 0 and abs(value) >= MIN_CORRELATION and p <= MAX_P:
                found.append(
                    {
                        "a": record["a"],
                        "b": record["b"],
                        "dimension": dimension,
                        "overall": record["value"],
                        "within": plain(value),
                        "p": plain(p),
                    }
                )
    return found


def within_correlation(levels: Levels, x: Numbers, y: Numbers) -> tuple[float, float] | None:
    """Correlation of ranks `x` and `y` inside levels of at least `MIN_GROUP` rows and its p; None without two such
    levels."""
    known = (levels.codes >= 0) & np.isfinite(x) & np.isfinite(y)
    counts = np.bincount(levels.codes[known], minlength=len(levels.names))
    known &= (counts >= MIN_GROUP)[levels.codes]
    groups = int((counts >= MIN_GROUP).sum())
    if groups < 2:
        return None
    codes = levels.codes[known]
    centred = []
    for values in (x[known], y[known]):
        means = np.bincount(codes, weights=values, minlength=len(levels.names)) / np.maximum(
            1, np.bincount(codes, minlength=len(levels.names))
        )
        centred.append(values - means[codes])
    left, right = centred
    spread = float(np.sqrt((left * left).sum() * (right * right).sum()))
    freedom = int(codes.size) - groups - 1
    if spread <= 1e-9 * codes.size or freedom < 1:
        return None
    r = float(np.clip((left * right).sum() / spread, -1, 1))
    t = r * np.sqrt(freedom / max(1e-300, 1 - r * r))
    return r, float(2 * stats.t.sf(abs(t), freedom))
