"""Whether a difference between groups is still there inside the levels of another column: confounding, and Simpson's paradox."""

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Levels, Numbers

ALPHA = 0.05
MAX_LEVELS = 20
Matrix = npt.NDArray[np.float64]


def hold_fixed(
    groups: Levels, strata: Levels, values: Numbers, names: tuple[str, str]
) -> dict[str, Any] | None:
    """The difference of `values` between two groups `names` overall and with `strata` held fixed, and what groups and their
    interplay with the strata explain.

    Least squares on groups and strata as categories (the two-way analysis of variance, sums of squares of type II); `p` tests all
    groups given the strata, `interaction_p` whether their differences vary between the strata (None where a combination is
    empty or has one row only). `values` may be 0 and 1: differences of rates then. None where the strata fix the groups.
    Source: Yates (1934).
    """
    known = (groups.codes >= 0) & (strata.codes >= 0) & np.isfinite(values)
    width = len(strata.names)
    cell = groups.codes[known] * width + strata.codes[known]
    shape = (len(groups.names), width)
    counts = np.bincount(cell, minlength=shape[0] * width).reshape(shape).astype(np.float64)
    used_groups = np.flatnonzero(counts.any(axis=1))
    used_strata = np.flatnonzero(counts.any(axis=0))
    if not 2 <= len(used_strata) <= MAX_LEVELS or len(used_groups) < 2:
        return None
    y = values[known] - values[known].mean()
    sums: Matrix = np.bincount(cell, weights=y, minlength=shape[0] * width).reshape(shape).astype(np.float64)
    counts, sums = counts[np.ix_(used_groups, used_strata)], sums[np.ix_(used_groups, used_strata)]
    kept = [groups.names[place] for place in used_groups]
    if not set(names) <= set(kept):
        return None
    return _fit(counts, sums, float((y**2).sum()), [kept.index(name) for name in names])


def _fit(counts: Matrix, sums: Matrix, total: float, pair: list[int]) -> dict[str, Any] | None:
    rows, columns = counts.shape
    filled = np.argwhere(counts > 0)
    weight = np.sqrt(counts[counts > 0])
    design = np.zeros((len(filled), rows + columns))
    design[np.arange(len(filled)), filled[:, 0]] = 1
    design[np.arange(len(filled)), rows + filled[:, 1]] = 1
    means = sums[counts > 0] / counts[counts > 0]
    rank = int(np.linalg.matrix_rank(design))
    if rank < rows + columns - 1:
        return None
    n, within = counts.sum(), max(0.0, total - float((weight**2 * means**2).sum()))
    scaled = design * weight[:, None]
    fitted, *_ = np.linalg.lstsq(scaled, means * weight, rcond=None)
    additive = within + float(((means * weight - scaled @ fitted) ** 2).sum())
    by_strata = sums.sum(axis=0) / counts.sum(axis=0)
    strata_only = total - float((counts.sum(axis=0) * by_strata**2).sum())
    freedom = n - rank
    if freedom < 1 or additive <= 1e-12 * max(total, 1e-300):
        return None
    explained, scale = max(0.0, strata_only - additive), additive / freedom
    contrast = np.zeros(rows + columns)
    contrast[pair[0]], contrast[pair[1]] = 1, -1
    error = float(np.sqrt(scale * contrast @ np.linalg.pinv(scaled.T @ scaled) @ contrast))
    adjusted = float(contrast @ fitted)
    crude = sums.sum(axis=1) / counts.sum(axis=1)
    half = float(stats.t.ppf(0.975, freedom)) * error
    return {
        "crude": plain(crude[pair[0]] - crude[pair[1]]),
        "difference": plain(adjusted),
        "difference_low": plain(adjusted - half),
        "difference_high": plain(adjusted + half),
        "p": plain(stats.f.sf(explained / (rows - 1) / scale, rows - 1, freedom)),
        "partial_eta_squared": plain(explained / (explained + additive)),
        "interaction_p": _interaction(counts, additive, within, rank),
    }


def _interaction(counts: Matrix, additive: float, within: float, rank: int) -> float | None:
    cells, n = counts.size, float(counts.sum())
    if (counts < 2).any() or within <= 0 or n <= cells:
        return None
    freedom = cells - rank
    f = max(0.0, additive - within) / freedom / (within / (n - cells))
    return plain(stats.f.sf(f, freedom, n - cells))


def verdict_of(record: dict[str, Any]) -> str:
    """What holding a column fixed does to a difference: `reversed`, `vanishes`, `appears`, or `stays`.

    A difference is there where its interval leaves out nought, overall that of the test; it vanishes where less than half of it
    is left as well.
    """
    shown = record["difference_low"] > 0 or record["difference_high"] < 0
    opposite = record["difference"] * record["crude"] < 0
    if record["crude_shown"] and shown and opposite:
        return "reversed"
    if (
        record["crude_shown"]
        and not shown
        and (opposite or abs(record["difference"]) < abs(record["crude"]) / 2)
    ):
        return "vanishes"
    return "appears" if shown and not record["crude_shown"] else "stays"


def derived_from(levels: Levels, values: Numbers) -> bool:
    """Whether the levels are ranges of the values themselves (a low weight, an age band): no two of them overlap."""
    parts = [values[(levels.codes == code) & np.isfinite(values)] for code in range(len(levels.names))]
    ranges = sorted((float(part.min()), float(part.max())) for part in parts if part.size)
    apart = all(one[1] <= two[0] for one, two in pairwise(ranges))
    return len(ranges) > 1 and apart and any(low < high for low, high in ranges)
