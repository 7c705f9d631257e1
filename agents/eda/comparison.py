"""Whether a number differs between groups: the test that the data allow, its effect size and its
intervals."""

from typing import Any

import numpy as np
from scipy import stats

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Levels, Numbers, Sheet

from .distribution import describe_group
from .mean_tests import games_howell, welch_anova, welch_t
from .multiplicity import holm
from .normality import near_normal
from .rank_tests import dunn, kruskal, mann_whitney

MIN_GROUP = 5
MAX_GROUPS = 30
MAX_PAIRED_GROUPS = 8
ALPHA = 0.05


def compare_groups(sheet: Sheet, pairs: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """One test per (category, number) pair, with p-values corrected by Holm over all of them, largest effect
    first; pairs whose p or effect cannot be computed are left out."""
    found = []
    for group, measure in pairs:
        record = compare(sheet.levels[group], sheet.numeric[measure])
        if record is not None and record["p"] is not None and record["effect"] is not None:
            found.append({"group": group, "measure": measure} | record)
    return correct(found)


def correct(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The tests with `p_adjusted` (Holm over all of them), largest effect first."""
    for record, adjusted in zip(found, holm([r["p"] for r in found]), strict=True):
        record["p_adjusted"] = plain(adjusted)
    return sorted(found, key=lambda r: (-abs(r["effect"]), r["group"], r["measure"]))


def compare(levels: Levels, values: Numbers, *, pairs: bool = False) -> dict[str, Any] | None:
    """The comparison of `values` between the levels that have at least `MIN_GROUP` known values.

    Means are compared (Welch) when every group is close enough to normal for its size, ranks otherwise;
    equal variances are never assumed. None when fewer than 2 or more than `MAX_GROUPS` groups are large
    enough, or nothing varies. With `pairs`, up to `MAX_PAIRED_GROUPS` groups that differ are also compared with each other:
    Games-Howell after means, Dunn with Holm after ranks.
    """
    groups = _groups(levels, values)
    if not 2 <= len(groups) <= MAX_GROUPS:
        return None
    samples = list(groups.values())
    if all(float(s.min()) == float(s.max()) for s in samples):
        return None
    normal = all(near_normal(sample) for sample in samples)
    by_means = normal and all(float(s.var(ddof=1)) > 0 for s in samples)
    if len(samples) == 2:
        record = welch_t(*samples) if by_means else mann_whitney(*samples)
    else:
        record = welch_anova(samples) if by_means else kruskal(samples)
    compared = pairs and 2 < len(samples) <= MAX_PAIRED_GROUPS and float(record["p"] or 0.0) < ALPHA
    return record | {
        "assumptions": {
            "near_normal": normal,
            "equal_variances_p": plain(stats.levene(*samples, center="median").pvalue),
            "independent_rows": "assumed",
        },
        "left_out": sorted(set(levels.names) - set(groups)),
        "groups": [describe_group(name, sample) for name, sample in groups.items()],
        "pairs": _pairs(list(groups), samples, by_means=by_means) if compared else [],
    }


def _pairs(names: list[str], samples: list[Numbers], *, by_means: bool) -> list[dict[str, Any]]:
    if by_means:
        return [
            {
                "a": names[i],
                "b": names[j],
                "difference": plain(difference),
                "difference_low": plain(low),
                "difference_high": plain(high),
                "p_adjusted": plain(p),
            }
            for i, j, difference, low, high, p in games_howell(samples)
        ]
    medians = [float(np.median(sample)) for sample in samples]
    return [
        {
            "a": names[i],
            "b": names[j],
            "difference": plain(medians[i] - medians[j]),
            "z": plain(z),
            "p_adjusted": plain(p),
        }
        for i, j, z, p in dunn(samples)
    ]


def _groups(levels: Levels, values: Numbers) -> dict[str, Numbers]:
    known = (levels.codes >= 0) & np.isfinite(values)
    codes, kept = levels.codes[known], values[known]
    order = np.lexsort((kept, codes))
    counts = np.bincount(codes, minlength=len(levels.names))
    parts = np.split(kept[order], np.cumsum(counts)[:-1])
    return {name: part for name, part in zip(levels.names, parts, strict=True) if part.size >= MIN_GROUP}
