"""How far two samples of one column are apart: effect sizes that say how much, tests that say whether chance explains it."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from .sheet import Numbers

Integers = npt.NDArray[np.int64]

BINS = 10
EMPTY_SHARE = 1e-4
"""What an empty bin counts as in the PSI, which is infinite for a true zero."""
MIN_EXPECTED = 5.0
"""Rarer categories are pooled for the chi-squared test (Cochran 1954)."""
MODERATE, MAJOR = 0.1, 0.25
"""From here on a change counts: of the PSI (Siddiqi 2006), and of the share of rows that would have to change category."""
SMALL_EFFECT = 0.2
"""A share has changed from this Cohen's h on (Cohen 1988: a small effect)."""
EXACT_PAIRS = 10_000


@dataclass(frozen=True)
class Test:
    """A test of "both samples come from one distribution": its name, statistic and p-value."""

    name: str
    statistic: float
    p: float


def bin_edges(reference: Numbers) -> Numbers:
    """The inner edges of the bins that two samples are counted in; a bin is open on the left, closed on the right.

    Bins hold equal shares of the reference, up to `BINS` of them, and end half way between two of its values, so that a price
    list that rises a little stays in its bins. A value that takes up several bins gets one of its own; so does each of up to
    `BINS` distinct values, with further bins beyond the outermost.
    Args: ascending finite values, shape (n,), n >= 1.
    """
    values = np.unique(reference)
    if len(values) == 1:
        return np.array([np.nextafter(values[0], -np.inf), values[0]])
    between = (values[1:] + values[:-1]) / 2
    if len(values) <= BINS:
        outside = np.nextafter(2 * values[0] - between[0], -np.inf), 2 * values[-1] - between[-1]
        return np.concatenate([outside[:1], between, outside[1:]])
    deciles = np.quantile(reference, np.arange(1, BINS) / BINS, method="inverted_cdf")
    inner, counts = np.unique(deciles, return_counts=True)
    above = np.searchsorted(values, inner)
    below = np.searchsorted(values, inner[counts > 1]) - 1
    chosen = np.union1d(above, below)
    return between[chosen[(chosen >= 0) & (chosen < len(between))]]


def bin_counts(values: Numbers, edges: Numbers) -> Integers:
    """How many values fall into each bin, shape (len(edges) + 1,). Args: finite values in any order."""
    return np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1).astype(np.int64)


def psi(reference: Integers, current: Integers) -> float:
    """The population stability index Σ (c - r)·ln(c / r) of two counts over the same bins, in [0, ∞).

    Source: Siddiqi (2006), Credit Risk Scorecards: below 0.1 is no change worth a word, from 0.25 on a major one.
    """
    expected = np.maximum(reference / reference.sum(), EMPTY_SHARE)
    actual = np.maximum(current / current.sum(), EMPTY_SHARE)
    return float(np.sum((actual - expected) * np.log(actual / expected)))


def total_variation(reference: Integers, current: Integers) -> float:
    """The share of rows that would have to change their category to make the two alike, in [0, 1]."""
    return float(np.abs(reference / reference.sum() - current / current.sum()).sum() / 2)


def kolmogorov_smirnov(reference: Numbers, current: Numbers) -> Test:
    """The two-sample Kolmogorov-Smirnov test; exact for small samples. The statistic is the widest gap of the two CDFs."""
    method = "exact" if len(reference) * len(current) <= EXACT_PAIRS else "asymp"
    found = stats.ks_2samp(reference, current, method=method)
    return Test("Kolmogorov-Smirnov", float(found.statistic), float(found.pvalue))


def chi_squared(reference: Integers, current: Integers) -> Test:
    """Pearson's test of homogeneity of two counts over the same categories, rare ones pooled; p = 1 with one category."""
    table = np.stack([reference, current])
    expected = table.sum(axis=0) * table.sum(axis=1).min() / table.sum()
    rare = expected < MIN_EXPECTED
    pooled = np.column_stack([table[:, ~rare], table[:, rare].sum(axis=1)])
    pooled = pooled[:, pooled.sum(axis=0) > 0]
    if pooled.shape[1] < 2:
        return Test("chi-squared", 0.0, 1.0)
    found = stats.chi2_contingency(pooled, correction=False)
    return Test("chi-squared", float(found.statistic), float(found.pvalue))


def cohens_h(before: float, after: float) -> float:
    """The difference of two shares on the arcsine scale, in [-π, π]. Source: Cohen (1988); 0.2 is a small effect."""
    return 2 * math.asin(math.sqrt(after)) - 2 * math.asin(math.sqrt(before))


def fisher(before: int, of_before: int, after: int, of_after: int) -> Test:
    """Fisher's exact test of two shares, given as counts of totals; the statistic is their difference."""
    table = [[before, of_before - before], [after, of_after - after]]
    found = stats.fisher_exact(table)
    return Test("Fisher's exact", after / of_after - before / of_before, float(found.pvalue))


def holm(p_values: list[float]) -> list[float]:
    """The p-values corrected for their number, in the order given. Source: Holm (1979)."""
    from statsmodels.stats.multitest import multipletests

    if not p_values:
        return []
    return [float(p) for p in multipletests(p_values, method="holm")[1]]
