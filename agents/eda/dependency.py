"""How much one column tells about another, whatever the shape of the relation."""

from itertools import combinations
from typing import Any

import numpy as np
from scipy import stats

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Codes, Numbers, Sheet

from .multiplicity import benjamini_hochberg

MAX_BINS = 10
MIN_ROWS = 50
MIN_PER_CELL = 5


def find_dependencies(sheet: Sheet, numbers: list[str], categories: list[str]) -> list[dict[str, Any]]:
    """The mutual information of every pair of columns, strongest first.

    Numbers are cut into bins of equal frequency, as many as leave about five rows a cell, ten at most. `value` is the information
    (Miller's 1955 bias taken off) over the geometric mean of the entropies, in [0, 1]; `correlation` is the correlation that a
    normal pair with this information would have (Linfoot 1957); `p` is of the G test, `p_adjusted` its
    Benjamini-Hochberg correction. Pairs with fewer than `MIN_ROWS` common rows are left out.
    """
    bins = {name: into_bins(sheet.numeric[name]) for name in numbers}
    bins |= {name: sheet.levels[name].codes for name in categories}
    found = []
    for a, b in combinations(bins, 2):
        record = mutual_information(bins[a], bins[b])
        if record is not None:
            found.append({"a": a, "b": b} | record)
    for record, adjusted in zip(found, benjamini_hochberg([r["p"] for r in found]), strict=True):
        record["p_adjusted"] = plain(adjusted)
    return sorted(found, key=lambda r: (-r["value"], r["a"], r["b"]))


def into_bins(values: Numbers) -> Codes:
    """Bins of about equal frequency, -1 where a value is missing."""
    known = np.isfinite(values)
    count = int(np.clip(np.sqrt(known.sum() / MIN_PER_CELL), 2, MAX_BINS))
    edges = (
        np.unique(np.quantile(values[known], np.linspace(0, 1, count + 1)[1:-1]))
        if known.any()
        else np.array([])
    )
    return np.where(known, np.searchsorted(edges, values, side="right"), -1).astype(np.int64)


def mutual_information(a: Codes, b: Codes) -> dict[str, Any] | None:
    """Information, normalised information and G test of two columns of codes; None with too few rows or one level."""
    known = (a >= 0) & (b >= 0)
    n = int(known.sum())
    if n < MIN_ROWS:
        return None
    width = int(b.max()) + 1
    table = np.bincount(a[known] * width + b[known], minlength=(int(a.max()) + 1) * width)
    table = table.reshape(-1, width).astype(np.float64)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    rows, columns = table.shape
    if rows < 2 or columns < 2:
        return None
    joint, left, right = table / n, table.sum(axis=1) / n, table.sum(axis=0) / n
    held = joint > 0
    raw = float((joint[held] * np.log((joint / np.outer(left, right))[held])).sum())
    freedom = (rows - 1) * (columns - 1)
    information = max(0.0, raw - freedom / (2 * n))
    entropy = float(np.sqrt(stats.entropy(left) * stats.entropy(right)))
    return {
        "value": plain(min(1.0, information / entropy)),
        "correlation": plain(np.sqrt(1 - np.exp(-2 * information))),
        "p": plain(stats.chi2.sf(2 * n * max(0.0, raw), freedom)),
        "n": n,
    }


def find_curves(
    dependencies: list[dict[str, Any]], correlations: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Pairs of numbers that go together clearly more than their rank correlation says: not in one direction."""
    ranks = {frozenset((c["a"], c["b"])): c["value"] for c in correlations if c["method"] == "spearman"}
    found = []
    for record in dependencies:
        rank = ranks.get(frozenset((record["a"], record["b"])))
        if rank is None or record["p_adjusted"] > 0.001:
            continue
        if record["correlation"] >= 0.3 and record["correlation"] - abs(rank) >= 0.2:
            found.append(record | {"rank_correlation": rank})
    return found
