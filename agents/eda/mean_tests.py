"""Tests that compare means without taking the groups' variances to be equal."""

from typing import Any

import numpy as np
from scipy import optimize, stats

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Numbers

from .effect_size import hedges_g, hedges_interval, omega_squared, share_interval
from .outcome import outcome


def welch_t(a: Numbers, b: Numbers) -> dict[str, Any]:
    """Welch's t test with Hedges' g, positive when `a` is larger, and the difference of the means with its
    interval."""
    found = stats.ttest_ind(a, b, equal_var=False)
    interval = found.confidence_interval(0.95)
    effect = hedges_g(a, b)
    record = outcome(
        "welch_t", found.statistic, found.pvalue, effect, "hedges_g", hedges_interval(effect, a.size, b.size)
    )
    return record | {
        "freedom": plain(found.df),
        "difference": plain(a.mean() - b.mean()),
        "difference_low": plain(interval.low),
        "difference_high": plain(interval.high),
    }


def welch_anova(samples: list[Numbers]) -> dict[str, Any]:
    """Welch's one-way test of means with η² (the share of variance between groups) and ω². Source: Welch (1951).

    The effect sizes and their interval are those of the classical decomposition, which assumes equal variances.
    """
    sizes = np.array([s.size for s in samples], dtype=np.float64)
    means = np.array([s.mean() for s in samples])
    weights = sizes / np.array([s.var(ddof=1) for s in samples])
    count = len(samples)
    centre = (weights * means).sum() / weights.sum()
    tail = ((1 - weights / weights.sum()) ** 2 / (sizes - 1)).sum()
    numerator = (weights * (means - centre) ** 2).sum() / (count - 1)
    f = numerator / (1 + 2 * (count - 2) / (count**2 - 1) * tail)
    freedom = (count**2 - 1) / (3 * tail)
    classic = one_way(samples)
    total = int(sizes.sum())
    interval = share_interval(classic["f"], count - 1, total - count)
    record = outcome(
        "welch_anova", f, stats.f.sf(f, count - 1, freedom), classic["eta_squared"], "eta_squared", interval
    )
    omega = omega_squared(classic["f"], count - 1, total)
    return record | {"freedom": plain(freedom), "omega_squared": plain(omega)}


def one_way(samples: list[Numbers]) -> dict[str, float]:
    """The classical analysis of variance: sums of squares `between` and `within`, `f` and `eta_squared`.

    Deviations are taken from the grand mean before anything is squared, so that large constants lose no digits.
    """
    sizes = np.array([s.size for s in samples])
    start = float(samples[0][0])
    moved = [s - start for s in samples]
    every = np.concatenate(moved)
    middle = every.mean()
    means = np.array([(s - middle).mean() for s in moved])
    between = float((sizes * means**2).sum())
    within = float(sum((((s - middle) - m) ** 2).sum() for s, m in zip(moved, means, strict=True)))
    groups, total = len(samples), int(sizes.sum())
    f = (between / (groups - 1)) / (within / (total - groups)) if within > 0 else float("inf")
    whole = between + within
    return {
        "between": between,
        "within": within,
        "f": f,
        "eta_squared": between / whole if whole > 0 else 0.0,
    }


def games_howell(samples: list[Numbers]) -> list[tuple[int, int, float, float, float, float]]:
    """Every pair after Welch's test: (i, j, difference of the means, low, high, corrected p). Source: Games & Howell (1976)."""
    pairs = [(i, j) for i in range(len(samples)) for j in range(i + 1, len(samples))]
    errors = [sample.var(ddof=1) / sample.size for sample in samples]
    freedoms = {
        (i, j): float(
            (errors[i] + errors[j]) ** 2
            / (errors[i] ** 2 / (samples[i].size - 1) + errors[j] ** 2 / (samples[j].size - 1))
        )
        for i, j in pairs
    }
    found, start = {}, float(stats.norm.ppf(0.975) * np.sqrt(2))
    for i, j in sorted(pairs, key=lambda pair: -freedoms[pair]):
        error = float(np.sqrt((errors[i] + errors[j]) / 2))
        difference = float(samples[i].mean() - samples[j].mean())
        chance = stats.studentized_range.sf(abs(difference) / error, len(samples), freedoms[i, j])
        start = _studentized_limit(len(samples), freedoms[i, j], start)
        half = start * error
        found[i, j] = (i, j, difference, difference - half, difference + half, float(min(1.0, chance)))
    return [found[pair] for pair in pairs]


def _studentized_limit(groups: int, freedom: float, start: float) -> float:
    """The 95 % quantile of the studentized range, found by secants from a neighbour's (its own `ppf` takes ten times as long)."""

    def excess(value: float) -> float:
        return float(stats.studentized_range.sf(value, groups, freedom)) - 0.05

    return float(optimize.newton(excess, start, x1=1.02 * start, tol=1e-8, rtol=1e-8))
