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
    for record in correlations:
        if record["method"] != "spearman" or abs(record["value"]) < MIN_CORRELATION or record["p"] > MAX_P:
            continue
        for dimension in dimensions:
            within = within_correlation(
                sheet.levels[dimension], sheet.numeric[record["a"]], sheet.numeric[record["b"]]
            )
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
    """Correlation of ranks inside levels of at least `MIN_GROUP` rows and its p; None without two such
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
        ranks = stats.rankdata(values)
        means = np.bincount(codes, weights=ranks, minlength=len(levels.names)) / np.maximum(
            1, np.bincount(codes, minlength=len(levels.names))
        )
        centred.append(ranks - means[codes])
    spread = float(np.sqrt((centred[0] @ centred[0]) * (centred[1] @ centred[1])))
    freedom = int(codes.size) - groups - 1
    if spread <= 1e-9 * codes.size or freedom < 1:
        return None
    r = float(np.clip(centred[0] @ centred[1] / spread, -1, 1))
    t = r * np.sqrt(freedom / max(1e-300, 1 - r * r))
    return r, float(2 * stats.t.sf(abs(t), freedom))
