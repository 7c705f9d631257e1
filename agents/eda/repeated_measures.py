"""Whether a number differs between several measurements of the same subjects."""

from itertools import combinations
from typing import Any

import numpy as np
from scipy import stats

from mesh.tabular.plain import plain

from .comparison import ALPHA, MAX_PAIRED_GROUPS
from .distribution import describe_group, mean_interval
from .effect_size import share_interval
from .matched_rows import Matched, Matrix
from .multiplicity import holm
from .normality import near_normal
from .outcome import outcome
from .paired_comparison import compare_pairs


def compare_matched(matched: Matched) -> dict[str, Any] | None:
    """The paired test of two groups, or the test of more for repeated measures; pairs of those that differ, corrected by Holm.

    Analysis of variance for repeated measures where what subjects and groups leave is near normal, with the degrees of freedom of
    Greenhouse & Geisser (1959) and partial η²; else Friedman's (1937) test with Kendall's W. None where nothing varies.
    """
    values = matched.values
    if values.shape[1] == 2:
        pair = compare_pairs(values[:, 0], values[:, 1], (matched.names[0], matched.names[1]))
        return pair | {"subject": matched.subject, "left_out_subjects": matched.left_out} if pair else None
    rest = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + values.mean()
    if not (np.abs(rest) > 1e-12 * np.abs(values).max()).any():
        return None
    normal = near_normal(np.sort(rest.ravel()))
    record = _repeated_anova(values, rest) if normal else _friedman(values)
    compared = record["p"] is not None and record["p"] < ALPHA and len(matched.names) <= MAX_PAIRED_GROUPS
    return record | {
        "assumptions": {"near_normal": normal, "paired": True},
        "subject": matched.subject,
        "left_out_subjects": matched.left_out,
        "left_out": [],
        "groups": [
            describe_group(name, column) for name, column in zip(matched.names, values.T, strict=True)
        ],
        "pairs": _pairs(matched, normal=normal) if compared else [],
    }


def _repeated_anova(values: Matrix, rest: Matrix) -> dict[str, Any]:
    subjects, groups = values.shape
    between = subjects * float(((values.mean(axis=0) - values.mean()) ** 2).sum())
    error = float((rest**2).sum())
    freedom, error_freedom = groups - 1, (groups - 1) * (subjects - 1)
    f = between / freedom / (error / error_freedom)
    epsilon = _sphericity(values)
    p = float(stats.f.sf(f, epsilon * freedom, epsilon * error_freedom))
    share = between / (between + error)
    interval = share_interval(f, freedom, error_freedom)
    record = outcome("repeated_anova", f, p, share, "partial_eta_squared", interval)
    return record | {"freedom": plain(epsilon * error_freedom), "epsilon": plain(epsilon)}


def _sphericity(values: Matrix) -> float:
    """Greenhouse and Geisser's epsilon: 1 where all differences vary alike, 1 / (groups - 1) at least."""
    groups = values.shape[1]
    covariance = np.cov(values, rowvar=False)
    centred = (
        covariance - covariance.mean(axis=0) - covariance.mean(axis=1, keepdims=True) + covariance.mean()
    )
    spread = float((centred**2).sum())
    return float(np.trace(centred) ** 2 / ((groups - 1) * spread)) if spread > 0 else 1.0


def _friedman(values: Matrix) -> dict[str, Any]:
    found = stats.friedmanchisquare(*values.T)
    subjects, groups = values.shape
    agreement = float(found.statistic) / (subjects * (groups - 1))
    return outcome("friedman", found.statistic, found.pvalue, agreement, "kendalls_w", (None, None))


def _pairs(matched: Matched, *, normal: bool) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for i, j in combinations(range(len(matched.names)), 2):
        change = matched.values[:, i] - matched.values[:, j]
        if not change.any():
            continue
        low, high = mean_interval(change)
        p = stats.ttest_1samp(change, 0.0).pvalue if normal else stats.wilcoxon(change).pvalue
        middle = change.mean() if normal else np.median(change)
        found.append(
            {"a": matched.names[i], "b": matched.names[j], "difference": plain(middle), "p": float(p)}
            | ({"difference_low": low, "difference_high": high} if normal else {})
        )
    for record, adjusted in zip(found, holm([float(r["p"]) for r in found]), strict=True):
        record["p_adjusted"] = plain(adjusted)
    return found
