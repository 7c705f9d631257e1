"""How large a difference is, with its 95 % confidence interval."""

import numpy as np
from scipy import optimize, stats

from mesh.tabular.sheet import Numbers

Interval = tuple[float | None, float | None]

CONFIDENCE = 0.95
Z = float(stats.norm.ppf((1 + CONFIDENCE) / 2))
MAX_NONCENTRALITY_N = 100_000
"""Beyond this many rows the noncentral F distribution is not inverted: the interval is narrower than a digit."""


def hedges_g(a: Numbers, b: Numbers) -> float:
    """Standardised mean difference, pooled standard deviation, small-sample corrected; positive when `a` is larger.

    Source: Hedges (1981).
    """
    freedom = a.size + b.size - 2
    pooled = np.sqrt(((a.size - 1) * a.var(ddof=1) + (b.size - 1) * b.var(ddof=1)) / freedom)
    return float((a.mean() - b.mean()) / pooled * small_sample_factor(freedom))


def small_sample_factor(freedom: int) -> float:
    """The factor that takes the bias out of a standardised difference. Source: Hedges (1981)."""
    return 1 - 3 / (4 * freedom - 1)


def hedges_interval(g: float, n_a: int, n_b: int) -> Interval:
    """The large-sample interval of Hedges' g. Source: Hedges & Olkin (1985), equation 15 of chapter 5."""
    half = Z * float(np.sqrt((n_a + n_b) / (n_a * n_b) + g * g / (2 * (n_a + n_b))))
    return g - half, g + half


def paired_interval(d: float, n: int) -> Interval:
    """The large-sample interval of a standardised mean change over `n` pairs. Source: Becker (1988)."""
    half = Z * float(np.sqrt(1 / n + d * d / (2 * n)))
    return d - half, d + half


def correlation_interval(r: float, error: float) -> Interval:
    """The interval of a correlation-like effect in (-1, 1) by Fisher's z with standard error `error`; at -1 and 1 z has none."""
    if abs(r) >= 1:
        return None, None
    low, high = np.tanh(np.arctanh(r) + np.array([-Z, Z]) * error)
    return float(low), float(high)


def rank_biserial_interval(r: float, n_a: int, n_b: int) -> Interval:
    """The interval of a rank-biserial correlation by Fisher's z, with the standard error of U without a difference.

    Source: Kerby (2014) for the effect; the variance is Mann & Whitney's (1947).
    """
    return correlation_interval(r, float(np.sqrt((n_a + n_b + 1) / (3 * n_a * n_b))))


def signed_rank_interval(r: float, n: int) -> Interval:
    """The interval of a matched-pairs rank-biserial correlation by Fisher's z, with the standard error of the
    signed-rank sum without a change. Source: Kerby (2014); Wilcoxon (1945) for the variance.
    """
    return correlation_interval(r, float(np.sqrt(2 * (2 * n + 1) / (3 * n * (n + 1)))))


def share_interval(f: float, between: int, within: float) -> Interval:
    """The interval of a share of variance between groups (η², or ε² with the F of the ranks).

    It is where the noncentral F puts `f` at its upper and lower 2.5 %. (None, None) where that cannot be computed.
    Source: Steiger (2004).
    """
    if not np.isfinite(f) or within <= 0 or within > MAX_NONCENTRALITY_N:
        return None, None
    total = between + within + 1
    tails = ((1 + CONFIDENCE) / 2, (1 - CONFIDENCE) / 2)
    found = [_noncentrality(f, between, within, tail) for tail in tails]
    if any(value is None for value in found):
        return None, None
    low, high = (float(value or 0.0) / (float(value or 0.0) + total) for value in found)
    return low, high


def _noncentrality(f: float, between: int, within: float, tail: float) -> float | None:
    """The noncentrality at which the chance of at most `f` is `tail`; 0 when even none is too much."""

    def excess(value: float) -> float:
        return float(stats.ncf.cdf(f, between, within, value)) - tail

    if stats.f.cdf(f, between, within) <= tail:
        return 0.0
    upper = max(10.0, 2.0 * f * between)
    while excess(upper) > 0:
        upper *= 2
        if upper > 1e8:
            return None
    root = optimize.brentq(excess, 1e-12, upper, xtol=1e-10)
    return float(root) if np.isfinite(root) else None


def omega_squared(f: float, between: int, total: int) -> float:
    """The share of variance between groups without the upward bias of η²; 0 at least. Source: Hays (1963)."""
    return max(0.0, between * (f - 1) / (between * (f - 1) + total)) if np.isfinite(f) else 1.0
