"""Whether a rate, or any category, differs between groups."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from mesh.tabular.plain import plain, ratio
from mesh.tabular.sheet import Levels

from .effect_size import Interval, Z
from .multiplicity import holm
from .outcome import outcome
from .target import positive_level

MIN_GROUP = 3
MIN_EXPECTED = 5.0
RESAMPLES = 9999
SEED = 20_240_101
Table = npt.NDArray[np.float64]


def compare_rates(
    levels: Levels, target: Levels, positive: str, *, pairs: bool = False
) -> dict[str, Any] | None:
    """The share of `positive` in each group of at least `MIN_GROUP` known rows, and whether it differs.

    Two groups: z test of two proportions, or Fisher's exact test where a count below 5 is expected; the difference
    (first less second group) with Newcombe's (1998) interval, odds ratio, and Cohen's h. More groups: chi², or its
    permutation where the table is too thin for it (Cochran 1954), with Cramér's V. None below two groups, or when
    all rows are alike. With `pairs` every pair is tested too, corrected by Holm.
    """
    table, names = count_table(levels, target, positive)
    if len(names) < 2 or not table.sum(axis=0).all():
        return None
    record = _two_rates(table) if len(names) == 2 else chi_squared(table)
    return record | {
        "positive": positive,
        "left_out": sorted(set(levels.names) - set(names)),
        "assumptions": {
            "smallest_expected": plain(_expected(table).min()),
            "independent_rows": "assumed",
        },
        "groups": [_group_record(name, *row) for name, row in zip(names, table, strict=True)],
        "pairs": _pairs(table, names) if pairs and len(names) > 2 else [],
    }


def compare_categories(levels: Levels, target: Levels, called: str = "") -> dict[str, Any] | None:
    """As `compare_rates` for a two-valued `target`; for one of more values chi² of the whole table, and the cell that
    departs most from independence by its adjusted residual (Haberman 1973). `called` is the name of the target."""
    if len(target.names) == 2:
        return compare_rates(levels, target, positive_level(target, called), pairs=True)
    known = (levels.codes >= 0) & (target.codes >= 0)
    width = len(target.names)
    cells = np.bincount(
        levels.codes[known] * width + target.codes[known], minlength=len(levels.names) * width
    )
    table = cells.reshape(len(levels.names), width).astype(np.float64)
    rows, columns = np.flatnonzero(table.sum(axis=1) >= MIN_GROUP), np.flatnonzero(table.sum(axis=0))
    table = table[np.ix_(rows, columns)]
    if min(table.shape) < 2:
        return None
    row, column = np.unravel_index(np.argmax(np.abs(adjusted_residuals(table))), table.shape)
    shares = table / table.sum(axis=1, keepdims=True)
    return chi_squared(table) | {
        "left_out": [levels.names[i] for i in range(len(levels.names)) if i not in rows],
        "assumptions": {"smallest_expected": plain(_expected(table).min()), "independent_rows": "assumed"},
        "groups": [
            {
                "name": levels.names[i],
                "n": int(counts.sum()),
                "count": int(counts[column]),
                "rate": plain(share[column]),
            }
            for i, counts, share in zip(rows, table, shares, strict=True)
        ],
        "positive": target.names[columns[column]],
        "stands_out": levels.names[rows[row]],
        "pairs": [],
    }


def adjusted_residuals(table: Table) -> Table:
    """How far each cell lies from independence, in standard errors. Source: Haberman (1973)."""
    expected, n = _expected(table), table.sum()
    rows, columns = table.sum(axis=1, keepdims=True) / n, table.sum(axis=0, keepdims=True) / n
    return np.asarray((table - expected) / np.sqrt(expected * (1 - rows) * (1 - columns)))


def count_table(levels: Levels, target: Levels, positive: str) -> tuple[Table, list[str]]:
    """Rows with and without `positive` (two columns) by group, and the groups' names; thin groups are left out."""
    known = (levels.codes >= 0) & (target.codes >= 0)
    hit = target.codes[known] == target.names.index(positive)
    sizes = np.bincount(levels.codes[known], minlength=len(levels.names))
    hits = np.bincount(levels.codes[known], weights=hit, minlength=len(levels.names))
    kept = [index for index in range(len(levels.names)) if sizes[index] >= MIN_GROUP]
    return np.column_stack([hits[kept], sizes[kept] - hits[kept]]), [levels.names[index] for index in kept]


def chi_squared(table: Table) -> dict[str, Any]:
    """Pearson's chi² of a table of counts, with Cramér's V (bias-corrected, Bergsma 2013) as the effect.

    Where more than a fifth of the cells expect fewer than 5, or one fewer than 1, p comes from tables drawn at random
    with the same margins.
    """
    expected = _expected(table)
    thin = bool((expected < MIN_EXPECTED).mean() > 0.2 or expected.min() < 1)
    found = stats.chi2_contingency(table, correction=False)
    p = float(found.pvalue)
    if thin:
        method = stats.PermutationMethod(n_resamples=RESAMPLES, rng=np.random.default_rng(SEED))
        p = float(stats.chi2_contingency(table.astype(np.int64), correction=False, method=method).pvalue)
    n, (rows, columns) = float(table.sum()), table.shape
    freedom = (rows - 1) * (columns - 1)
    phi2 = max(0.0, float(found.statistic) / n - freedom / (n - 1))
    smaller = min(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)) - 1
    effect = min(1.0, float(np.sqrt(phi2 / smaller))) if smaller > 0 else 0.0
    name = "chi_squared_permuted" if thin else "chi_squared"
    return outcome(name, float(found.statistic), p, effect, "cramers_v", _v_interval(table, found.statistic))


def _v_interval(table: Table, statistic: float) -> Interval:
    """The interval of Cramér's V by the noncentral chi². Source: Smithson (2003), chapter 4."""
    rows, columns = table.shape
    freedom, scale = (rows - 1) * (columns - 1), float(table.sum()) * (min(rows, columns) - 1)

    def limit(tail: float) -> float:
        if stats.chi2.cdf(statistic, freedom) <= tail:
            return 0.0
        upper = 4 * statistic + 100
        root = optimize.brentq(lambda x: stats.ncx2.cdf(statistic, freedom, x) - tail, 1e-12, upper)
        return float(root)

    low, high = (np.sqrt(limit(tail) / scale) for tail in (0.975, 0.025))
    return float(low), min(1.0, float(high))


def _two_rates(table: Table) -> dict[str, Any]:
    (hit_a, miss_a), (hit_b, miss_b) = table
    n_a, n_b = hit_a + miss_a, hit_b + miss_b
    rate_a, rate_b = hit_a / n_a, hit_b / n_b
    pooled = (hit_a + hit_b) / (n_a + n_b)
    z = float((rate_a - rate_b) / np.sqrt(pooled * (1 - pooled) * (1 / n_a + 1 / n_b)))
    exact = bool(_expected(table).min() < MIN_EXPECTED)
    p = float(stats.fisher_exact(table).pvalue) if exact else float(2 * stats.norm.sf(abs(z)))
    effect = float(2 * np.arcsin(np.sqrt(rate_a)) - 2 * np.arcsin(np.sqrt(rate_b)))
    half = Z * float(np.sqrt(1 / n_a + 1 / n_b))
    low, high = confint_proportions_2indep(hit_a, n_a, hit_b, n_b, method="newcomb", compare="diff")
    record = outcome(
        "fisher_exact" if exact else "two_proportions_z",
        z,
        p,
        effect,
        "cohens_h",
        (effect - half, effect + half),
    )
    return record | {
        "difference": plain(rate_a - rate_b),
        "difference_low": plain(low),
        "difference_high": plain(high),
        **odds_ratio(table),
    }


def odds_ratio(table: Table) -> dict[str, float | None]:
    """The odds ratio of a 2 x 2 table with Woolf's (1955) interval; half a row is added to each cell when one is
    empty (Haldane 1956)."""
    cells = table + 0.5 if (table == 0).any() else table
    value = float(cells[0, 0] * cells[1, 1] / (cells[0, 1] * cells[1, 0]))
    half = Z * float(np.sqrt((1 / cells).sum()))
    return {
        "odds_ratio": plain(value),
        "odds_ratio_low": plain(value * np.exp(-half)),
        "odds_ratio_high": plain(value * np.exp(half)),
    }


def _expected(table: Table) -> Table:
    return np.asarray(np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum())


def _group_record(name: str, hits: float, misses: float) -> dict[str, Any]:
    n = int(hits + misses)
    low, high = proportion_confint(hits, n, method="wilson")
    return {
        "name": name,
        "n": n,
        "count": int(hits),
        "rate": ratio(hits, n),
        "ci_low": plain(low),
        "ci_high": plain(high),
    }


def _pairs(table: Table, names: list[str]) -> list[dict[str, Any]]:
    found = []
    for i in range(len(names)):
        for j in range(i + 1, len(names)):
            if table[[i, j]].sum(axis=0).all():
                record = _two_rates(table[[i, j]])
                keys = ("difference", "difference_low", "difference_high", "p")
                found.append({"a": names[i], "b": names[j]} | {key: record[key] for key in keys})
    for record, adjusted in zip(found, holm([r["p"] for r in found]), strict=True):
        record["p_adjusted"] = plain(adjusted)
    return found
