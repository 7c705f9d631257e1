"""A change as the sum of what each group adds to it. Every split here adds up to the change exactly."""

from typing import Any

import numpy as np
import numpy.typing as npt

from mesh.tabular.plain import plain, ratio
from mesh.tabular.sheet import Levels, Numbers

Mask = npt.NDArray[np.bool_]
MAX_ROWS = 12
MIN_SHIFT = 0.02
"""Below this share of the total that moved between groups, no group stands out."""


def by_level(
    levels: Levels, values: Numbers, before: Mask, after: Mask, words: tuple[str, str]
) -> dict[str, Any]:
    """What each level adds to the change of the sum of `values` between the rows `before` and `after`.

    Rows without a level are a level of their own, levels beyond `MAX_ROWS` are taken together; `words` name the two.
    `share` of a row is of the whole change, None when that is zero. `shift` is the share of the total that moved between levels
    (half the sum of the differences of the levels' shares), less what rows drawn at random would show; None where a
    level's sum is negative.
    """
    missing, other = words
    sums = [_sums(levels, values, mask) for mask in (before, after)]
    counts = [_sums(levels, np.isfinite(values).astype(np.float64), mask) for mask in (before, after)]
    names = [*levels.names, missing]
    change = sums[1] - sums[0]
    total = float(change.sum())
    there = [i for i in range(len(names)) if counts[0][i] or counts[1][i]]
    order = sorted(there, key=lambda i: (-abs(plain(change[i]) or 0.0), names[i]))
    rows = [_row(names[i], float(sums[0][i]), float(sums[1][i]), total) for i in order[:MAX_ROWS]]
    rest = order[MAX_ROWS:]
    if rest:
        row = _row(other, float(sums[0][rest].sum()), float(sums[1][rest].sum()), total)
        rows.append(row | {"other": True})
    return {
        "rows": rows,
        "levels": len(there),
        "shift": _shift(sums, [values[m & np.isfinite(values)] for m in (before, after)]),
    }


def _sums(levels: Levels, values: Numbers, mask: Mask) -> Numbers:
    """The sum by level, the rows without one last."""
    known = mask & np.isfinite(values)
    width = len(levels.names)
    codes = np.where(levels.codes[known] < 0, width, levels.codes[known])
    return np.bincount(codes, weights=values[known], minlength=width + 1).astype(np.float64)


def _row(name: str, before: float, after: float, total: float) -> dict[str, Any]:
    change = after - before
    return {
        "name": name,
        "before": plain(before),
        "after": plain(after),
        "change": plain(change),
        "change_ratio": ratio(change, before) if before > 0 else None,
        "share": ratio(change, total),
    }


def _shift(sums: list[Numbers], kept: list[Numbers]) -> float | None:
    """Rows count by their weight: as many as would say as much if all were alike (Kish 1965)."""
    totals = [float(part.sum()) for part in sums]
    if min(totals) <= 0 or any((part < 0).any() for part in sums):
        return None
    p, q = sums[0] / totals[0], sums[1] / totals[1]
    n = [float(rows.sum()) ** 2 / float((rows**2).sum()) for rows in kept]
    middle = (p + q) / 2
    by_chance = np.sqrt(2 / np.pi * middle * (1 - middle) * (1 / n[0] + 1 / n[1]))
    return plain(max(0.0, 0.5 * float((np.abs(p - q) - by_chance).sum())))


def by_rows_and_mean(values: Numbers, before: Mask, after: Mask) -> dict[str, Any]:
    """The change of a sum as more or fewer rows (at the old mean) and a higher or lower mean (of the new rows)."""
    kept = [values[mask & np.isfinite(values)] for mask in (before, after)]
    (n0, n1), (m0, m1) = [k.size for k in kept], [float(k.mean()) if k.size else 0.0 for k in kept]
    return {
        "rows_before": n0,
        "rows_after": n1,
        "mean_before": plain(m0),
        "mean_after": plain(m1),
        "rows_effect": plain((n1 - n0) * m0),
        "mean_effect": plain(n1 * (m1 - m0)),
    }


def by_days(before_total: float, after_total: float, before_days: int, after_days: int) -> dict[str, Any]:
    """The change of a sum as more or fewer days (at the old daily level) and a higher or lower daily level."""
    daily = before_total / before_days
    return {
        "days_before": before_days,
        "days_after": after_days,
        "days_effect": plain((after_days - before_days) * daily),
        "daily_effect": plain(after_total - after_days * daily),
        "daily_ratio": ratio(after_total / after_days - daily, daily) if daily > 0 else None,
    }


def by_mix(
    levels: Levels, values: Numbers, before: Mask, after: Mask, words: tuple[str, str]
) -> dict[str, Any]:
    """The change of a mean as a change of the mix of levels and of the means inside them.

    The mix effect of a level is the change of its share of rows times how far its old mean lies from the old overall
    mean, the inner one its new share times the change of its mean; a level that is new or gone has only a mix effect.
    Source: the two-part form of Oaxaca (1973) and Blinder (1973).
    """
    missing, other = words
    sums = [_sums(levels, values, mask) for mask in (before, after)]
    counts = [_sums(levels, np.isfinite(values).astype(np.float64), mask) for mask in (before, after)]
    share = [part / part.sum() for part in counts]
    overall = float(sums[0].sum() / counts[0].sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        means = [np.where(c > 0, s / c, np.nan) for s, c in zip(sums, counts, strict=True)]
    start = np.where(np.isfinite(means[0]), means[0], means[1])
    end = np.where(np.isfinite(means[1]), means[1], start)
    mix = np.nan_to_num((share[1] - share[0]) * (start - overall))
    inner = np.nan_to_num(share[1] * (end - start))
    names = [*levels.names, missing]
    order = sorted(
        np.flatnonzero(counts[0] + counts[1]), key=lambda i: (-abs(plain(mix[i] + inner[i]) or 0.0), names[i])
    )
    rows = [
        {
            "name": names[i],
            "before": plain(means[0][i]),
            "after": plain(means[1][i]),
            "share_before": plain(share[0][i]),
            "share_after": plain(share[1][i]),
            "mix": plain(mix[i]),
            "inner": plain(inner[i]),
            "change": plain(mix[i] + inner[i]),
        }
        for i in order[:MAX_ROWS]
    ]
    rest = order[MAX_ROWS:]
    if rest:
        parts = {"mix": float(mix[rest].sum()), "inner": float(inner[rest].sum())}
        rows.append(
            {
                "name": other,
                "other": True,
                **{k: plain(v) for k, v in parts.items()},
                "change": plain(sum(parts.values())),
            }
        )
    return {"rows": rows, "levels": len(order), "mix": plain(mix.sum()), "inner": plain(inner.sum())}
