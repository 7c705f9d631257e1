"""How strongly two columns go together: two numbers, two categories, a category and a number."""

from itertools import combinations
from typing import Any

import numpy as np
from scipy import stats

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Codes, Levels, Numbers, Sheet

from .multiplicity import benjamini_hochberg

MAX_NUMERIC = 12
MAX_CATEGORICAL = 14
MAX_LEVELS = 50
MIN_ROWS = 8


def correlate(sheet: Sheet, names: list[str]) -> list[dict[str, Any]]:
    """Pearson and Spearman correlation of every pair of `names`, on the rows where both are known, strongest
    first.

    `p` is two-sided from Student's t with n - 2 degrees of freedom, `p_adjusted` its Benjamini-Hochberg
    correction over all rows of the result. Pairs with a constant column or fewer than `MIN_ROWS` rows are
    left out.
    """
    ranks: dict[str, Numbers] = {}
    complete = {name: bool(np.isfinite(sheet.numeric[name]).all()) for name in names}
    found: list[dict[str, Any]] = []
    for a, b in combinations(names, 2):
        x, y = sheet.numeric[a], sheet.numeric[b]
        whole = complete[a] and complete[b]
        known = np.isfinite(x) & np.isfinite(y)
        if whole:
            for name in (a, b):
                ranks.setdefault(name, stats.rankdata(sheet.numeric[name]))
            pairs = {"pearson": (x, y), "spearman": (ranks[a], ranks[b])}
        else:
            x, y = x[known], y[known]
            pairs = {"pearson": (x, y), "spearman": (stats.rankdata(x), stats.rankdata(y))}
        for method, (left, right) in pairs.items():
            record = _correlation(left, right)
            if record is not None:
                found.append({"a": a, "b": b, "method": method} | record)
    return ranked(found)


def _correlation(x: Numbers, y: Numbers) -> dict[str, Any] | None:
    n = int(x.size)
    if n < MIN_ROWS:
        return None
    dx, dy = x - x.mean(), y - y.mean()
    spread = float(np.sqrt((dx * dx).sum() * (dy * dy).sum()))
    if spread <= 1e-12 * max(1.0, float(np.abs(x).max() * np.abs(y).max())):
        return None
    r = float(np.clip((dx * dy).sum() / spread, -1.0, 1.0))
    if 1 - abs(r) < 1e-12:
        r = float(np.sign(r))
    t = r * np.sqrt((n - 2) / max(1e-300, 1 - r * r))
    return {"value": plain(r), "p": plain(2 * stats.t.sf(abs(t), n - 2)), "n": n}


def associate(sheet: Sheet, categories: list[str], numbers: list[str]) -> list[dict[str, Any]]:
    """Cramér's V of category pairs and the correlation ratio of category-number pairs, strongest first.

    Columns with more than `MAX_LEVELS` levels are left out: such tables are too thin to say anything.
    """
    usable = [name for name in categories if 2 <= len(sheet.levels[name].names) <= MAX_LEVELS]
    found: list[dict[str, Any]] = []
    for a, b in combinations(usable, 2):
        record = cramers_v(sheet.levels[a], sheet.levels[b])
        if record is not None:
            found.append({"a": a, "b": b, "method": "cramers_v"} | record)
    for category in usable:
        for number in numbers:
            record = correlation_ratio(sheet.levels[category].codes, sheet.numeric[number])
            if record is not None:
                found.append({"a": category, "b": number, "method": "correlation_ratio"} | record)
    return ranked(found)


def cramers_v(a: Levels, b: Levels) -> dict[str, Any] | None:
    """Bias-corrected Cramér's V in [0, 1] with the p of Pearson's chi², None when a margin has one level.

    Source: Bergsma (2013), "A bias-correction for Cramér's V and Tschuprow's T".
    """
    known = (a.codes >= 0) & (b.codes >= 0)
    width = len(b.names)
    cells = np.bincount(a.codes[known] * width + b.codes[known], minlength=len(a.names) * width)
    table = cells.reshape(len(a.names), width).astype(np.float64)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    n = float(table.sum())
    rows, columns = table.shape
    if n < MIN_ROWS or rows < 2 or columns < 2:
        return None
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    chi2 = float(((table - expected) ** 2 / expected).sum())
    freedom = (rows - 1) * (columns - 1)
    phi2 = max(0.0, chi2 / n - freedom / (n - 1))
    smaller = min(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)) - 1
    value = min(1.0, float(np.sqrt(phi2 / smaller))) if smaller > 0 else 0.0
    return {"value": plain(value), "p": plain(stats.chi2.sf(chi2, freedom)), "n": int(n)}


def correlation_ratio(codes: Codes, values: Numbers) -> dict[str, Any] | None:
    """Correlation ratio eta in [0, 1]: the square root of the share of variance between groups, with the F
    test's p.

    Source: Fisher (1925), section 45. None for constant values, one group, or fewer than `MIN_ROWS` rows.
    """
    known = (codes >= 0) & np.isfinite(values)
    group, y = codes[known], values[known]
    if y.size < MIN_ROWS:
        return None
    counts = np.bincount(group)
    present = counts > 0
    groups = int(present.sum())
    total = float(((y - y.mean()) ** 2).sum())
    if groups < 2 or groups >= y.size or total <= 0:
        return None
    means = np.bincount(group, weights=y - y.mean())[present] / counts[present]
    between = min(total, float((counts[present] * means**2).sum()))
    within = total - between
    freedom = (groups - 1, int(y.size) - groups)
    f = (between / freedom[0]) / (within / freedom[1]) if within > 1e-12 * total else np.inf
    p = float(stats.f.sf(f, *freedom)) if np.isfinite(f) else 0.0
    return {"value": plain(np.sqrt(between / total)), "p": plain(p), "n": int(y.size)}


def ranked(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records with `p_adjusted` (Benjamini-Hochberg), strongest first, ties by name; those whose value or p
    cannot be computed are left out."""
    found = [record for record in found if record["value"] is not None and record["p"] is not None]
    for record, adjusted in zip(found, benjamini_hochberg([r["p"] for r in found]), strict=True):
        record["p_adjusted"] = plain(adjusted)
    return sorted(found, key=lambda r: (-abs(r["value"]), r["a"], r["b"], r["method"]))
