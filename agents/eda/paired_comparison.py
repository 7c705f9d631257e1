"""Whether a number changed between two measurements of the same things."""

from typing import Any

import numpy as np
from scipy import stats

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Numbers

from .distribution import describe_group, mean_interval
from .effect_size import paired_interval, signed_rank_interval, small_sample_factor
from .normality import near_normal
from .outcome import outcome

MIN_PAIRS = 6


def compare_pairs(first: Numbers, second: Numbers, names: tuple[str, str]) -> dict[str, Any] | None:
    """The change from `first` to `second`, row by row; rows with one of them missing are left out.

    Student's paired t where the changes are near normal, with the standardised mean change (positive for a rise),
    else Wilcoxon's signed-rank test with the matched-pairs rank-biserial correlation. None below `MIN_PAIRS` pairs or
    without any change.
    """
    known = np.isfinite(first) & np.isfinite(second)
    before, after = first[known], second[known]
    change = np.sort(after - before)
    if change.size < MIN_PAIRS or not change.any():
        return None
    normal = near_normal(change)
    record = _paired_t(change) if normal else _signed_rank(change)
    low, high = mean_interval(change)
    return record | {
        "difference": plain(change.mean()),
        "difference_low": low,
        "difference_high": high,
        "difference_median": plain(np.median(change)),
        "assumptions": {"near_normal": normal, "paired": True},
        "left_out": [],
        "unpaired_rows": int(known.size - known.sum()),
        "groups": [describe_group(name, values) for name, values in zip(names, (before, after), strict=True)],
        "pairs": [],
    }


def _paired_t(change: Numbers) -> dict[str, Any]:
    found = stats.ttest_1samp(change, 0.0)
    n = change.size
    effect = float(change.mean() / change.std(ddof=1)) * small_sample_factor(n - 1)
    interval = paired_interval(effect, n)
    record = outcome("paired_t", found.statistic, found.pvalue, effect, "standardised_change", interval)
    return record | {"freedom": float(n - 1)}


def _signed_rank(change: Numbers) -> dict[str, Any]:
    moved = change[change != 0]
    ranks = stats.rankdata(np.abs(moved))
    effect = float((ranks[moved > 0].sum() - ranks[moved < 0].sum()) / ranks.sum())
    found = stats.wilcoxon(change, zero_method="wilcox")
    interval = signed_rank_interval(effect, moved.size)
    return outcome("wilcoxon", found.statistic, found.pvalue, effect, "matched_rank_biserial", interval)
