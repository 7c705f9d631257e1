"""Whether a number differs between groups: the test that the data allow, its effect size and its
intervals."""

from typing import Any

import numpy as np
from scipy import stats

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Levels, Numbers, Sheet

from .distribution import mean_interval
from .multiplicity import holm

MIN_GROUP = 5
MAX_GROUPS = 30
LARGE_GROUP = 50
SMALL_SHAPIRO_P = 0.05
MAX_SKEW = 2.0
MAX_EXCESS_KURTOSIS = 7.0


def compare_groups(sheet: Sheet, pairs: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """One test per (category, number) pair, with p-values corrected by Holm over all of them, largest effect
    first; pairs whose p or effect cannot be computed are left out."""
    found = []
    for group, measure in pairs:
        record = compare(sheet.levels[group], sheet.numeric[measure])
        if record is not None and record["p"] is not None and record["effect"] is not None:
            found.append({"group": group, "measure": measure} | record)
    for record, adjusted in zip(found, holm([r["p"] for r in found]), strict=True):
        record["p_adjusted"] = plain(adjusted)
    return sorted(found, key=lambda r: (-abs(r["effect"]), r["group"], r["measure"]))


def compare(levels: Levels, values: Numbers) -> dict[str, Any] | None:
    """The comparison of `values` between the levels that have at least `MIN_GROUP` known values.

    Means are compared (Welch) when every group is close enough to normal for its size, ranks otherwise;
    equal variances are never assumed. None when fewer than 2 or more than `MAX_GROUPS` groups are large
    enough, or nothing varies.
    """
    groups = _groups(levels, values)
    if not 2 <= len(groups) <= MAX_GROUPS:
        return None
    samples = list(groups.values())
    if all(float(s.min()) == float(s.max()) for s in samples):
        return None
    normal = all(_near_normal(sample) for sample in samples)
    spread = all(float(s.var(ddof=1)) > 0 for s in samples)
    if len(samples) == 2:
        outcome = welch_t(*samples) if normal and spread else mann_whitney(*samples)
    else:
        outcome = welch_anova(samples) if normal and spread else kruskal(samples)
    return outcome | {
        "assumptions": {
            "near_normal": normal,
            "equal_variances_p": plain(stats.levene(*samples, center="median").pvalue),
            "independent_rows": "assumed",
        },
        "left_out": sorted(set(levels.names) - set(groups)),
        "groups": [_group_record(name, sample) for name, sample in groups.items()],
    }


def _groups(levels: Levels, values: Numbers) -> dict[str, Numbers]:
    known = (levels.codes >= 0) & np.isfinite(values)
    codes, kept = levels.codes[known], values[known]
    order = np.lexsort((kept, codes))
    counts = np.bincount(codes, minlength=len(levels.names))
    parts = np.split(kept[order], np.cumsum(counts)[:-1])
    return {name: part for name, part in zip(levels.names, parts, strict=True) if part.size >= MIN_GROUP}


def _near_normal(sample: Numbers) -> bool:
    """Whether a t interval for the mean can be trusted.

    From `LARGE_GROUP` values on, absolute skew up to 2 and excess kurtosis up to 7 (West, Finch & Curran
    1995); below it, the Shapiro-Wilk test must not reject at 5 %.
    """
    if float(sample.min()) == float(sample.max()):
        return False
    if sample.size >= LARGE_GROUP:
        return bool(abs(stats.skew(sample)) <= MAX_SKEW and stats.kurtosis(sample) <= MAX_EXCESS_KURTOSIS)
    return bool(stats.shapiro(sample).pvalue > SMALL_SHAPIRO_P)


def _group_record(name: str, sample: Numbers) -> dict[str, Any]:
    low, high = mean_interval(sample)
    return {
        "name": name,
        "n": int(sample.size),
        "mean": plain(sample.mean()),
        "ci_low": low,
        "ci_high": high,
        "median": plain(np.median(sample)),
        "std": plain(sample.std(ddof=1)),
    }


def welch_t(a: Numbers, b: Numbers) -> dict[str, Any]:
    """Welch's t test with Hedges' g, positive when `a` is larger."""
    outcome = stats.ttest_ind(a, b, equal_var=False)
    return _outcome("welch_t", outcome.statistic, outcome.pvalue, hedges_g(a, b), "hedges_g")


def hedges_g(a: Numbers, b: Numbers) -> float:
    """Standardised mean difference, pooled standard deviation, small-sample corrected. Source: Hedges
    (1981)."""
    freedom = a.size + b.size - 2
    pooled = np.sqrt(((a.size - 1) * a.var(ddof=1) + (b.size - 1) * b.var(ddof=1)) / freedom)
    return float((a.mean() - b.mean()) / pooled * (1 - 3 / (4 * freedom - 1)))


def mann_whitney(a: Numbers, b: Numbers) -> dict[str, Any]:
    """Mann-Whitney U (normal approximation, tie-corrected) with the rank-biserial correlation, positive when
    `a` is larger."""
    outcome = stats.mannwhitneyu(a, b, alternative="two-sided", method="asymptotic")
    effect = 2 * float(outcome.statistic) / (a.size * b.size) - 1
    return _outcome("mann_whitney", outcome.statistic, outcome.pvalue, effect, "rank_biserial")


def welch_anova(samples: list[Numbers]) -> dict[str, Any]:
    """Welch's one-way test of means with eta² (the share of variance between groups). Source: Welch
    (1951)."""
    sizes = np.array([s.size for s in samples], dtype=np.float64)
    means = np.array([s.mean() for s in samples])
    weights = sizes / np.array([s.var(ddof=1) for s in samples])
    count = len(samples)
    centre = (weights * means).sum() / weights.sum()
    tail = ((1 - weights / weights.sum()) ** 2 / (sizes - 1)).sum()
    numerator = (weights * (means - centre) ** 2).sum() / (count - 1)
    f = numerator / (1 + 2 * (count - 2) / (count**2 - 1) * tail)
    freedom = (count**2 - 1) / (3 * tail)
    every = np.concatenate(samples)
    between = (sizes * (means - every.mean()) ** 2).sum()
    effect = between / ((every - every.mean()) ** 2).sum()
    return _outcome("welch_anova", f, stats.f.sf(f, count - 1, freedom), effect, "eta_squared")


def kruskal(samples: list[Numbers]) -> dict[str, Any]:
    """Kruskal-Wallis H with epsilon² = H / (n - 1). Source: Tomczak & Tomczak (2014)."""
    outcome = stats.kruskal(*samples)
    total = sum(s.size for s in samples)
    return _outcome(
        "kruskal_wallis",
        outcome.statistic,
        outcome.pvalue,
        float(outcome.statistic) / (total - 1),
        "epsilon_squared",
    )


def _outcome(test: str, statistic: float, p: float, effect: float, effect_name: str) -> dict[str, Any]:
    return {
        "test": test,
        "statistic": plain(statistic),
        "p": plain(p),
        "effect": plain(effect),
        "effect_name": effect_name,
    }
