"""Tests that compare ranks: for values far from normal, or on a scale of which only the order counts."""

from typing import Any

import numpy as np
from scipy import stats

from mesh.tabular.sheet import Numbers

from .effect_size import rank_biserial_interval, share_interval
from .multiplicity import holm
from .outcome import outcome


def mann_whitney(a: Numbers, b: Numbers) -> dict[str, Any]:
    """Mann-Whitney U (normal approximation, tie-corrected) with the rank-biserial correlation, positive when
    `a` is larger."""
    found = stats.mannwhitneyu(a, b, alternative="two-sided", method="asymptotic")
    effect = 2 * float(found.statistic) / (a.size * b.size) - 1
    interval = rank_biserial_interval(effect, a.size, b.size)
    return outcome("mann_whitney", found.statistic, found.pvalue, effect, "rank_biserial", interval)


def kruskal(samples: list[Numbers]) -> dict[str, Any]:
    """Kruskal-Wallis H with epsilon² = H / (n - 1). Source: Tomczak & Tomczak (2014)."""
    found = stats.kruskal(*samples)
    total = sum(s.size for s in samples)
    effect = float(found.statistic) / (total - 1)
    between, within = len(samples) - 1, total - len(samples)
    f = effect / between / ((1 - effect) / within) if effect < 1 else np.inf
    interval = share_interval(f, between, within)
    return outcome("kruskal_wallis", found.statistic, found.pvalue, effect, "epsilon_squared", interval)


def dunn(samples: list[Numbers]) -> list[tuple[int, int, float, float]]:
    """Dunn's comparison of every pair after Kruskal-Wallis: (i, j, z, Holm-corrected p), z positive when i ranks
    higher. Ties are corrected for. Source: Dunn (1964).
    """
    every = np.concatenate(samples)
    total = every.size
    ranks = np.split(stats.rankdata(every), np.cumsum([s.size for s in samples])[:-1])
    _, counts = np.unique(every, return_counts=True)
    ties = float((counts.astype(np.float64) ** 3 - counts).sum()) / (12 * (total - 1))
    variance = total * (total + 1) / 12 - ties
    pairs = [(i, j) for i in range(len(samples)) for j in range(i + 1, len(samples))]
    scores = []
    for i, j in pairs:
        error = np.sqrt(variance * (1 / samples[i].size + 1 / samples[j].size))
        scores.append(float((ranks[i].mean() - ranks[j].mean()) / error))
    corrected = holm([float(2 * stats.norm.sf(abs(z))) for z in scores])
    return [(i, j, z, p) for (i, j), z, p in zip(pairs, scores, corrected, strict=True)]
