"""How the values of one column are distributed."""

from typing import Any

import numpy as np
from scipy import stats

from mesh.tabular.plain import plain, ratio
from mesh.tabular.sheet import Levels, Numbers, Sheet

MAX_TOP = 20
BINS = 24
CONFIDENCE = 0.95


def describe_columns(sheet: Sheet) -> list[dict[str, Any]]:
    """One record per column: name, type, semantic, missing, distinct, and the statistics that fit its
    meaning."""
    records = []
    for column in sheet.columns:
        name = column.name
        record: dict[str, Any] = {
            "name": name,
            "type": column.type,
            "semantic": column.semantic,
            "missing": sheet.missing[name],
            "distinct": sheet.distinct[name],
        }
        if name in sheet.numeric:
            record |= describe_numbers(sheet.numeric[name])
        elif name in sheet.levels:
            record |= describe_levels(sheet.levels[name])
        elif name in sheet.dates and sheet.dates[name].notna().any():
            dates = sheet.dates[name]
            record |= {"first": dates.min().isoformat(), "last": dates.max().isoformat()}
        records.append(record)
    return records


def describe_numbers(values: Numbers) -> dict[str, Any]:
    """Location, spread and shape of one column, in its own unit; missing values are left out.

    `skew` is the bias-adjusted Fisher-Pearson coefficient G1 and `excess_kurtosis` G2 (Joanes & Gill 1998);
    both are None below 4 values or without spread. `outside_fences` counts values beyond 1.5 IQR (Tukey
    1977).
    """
    known = np.sort(values[np.isfinite(values)])
    if known.size == 0:
        return {"n": 0}
    q05, q25, median, q75, q95 = (plain(q) for q in np.quantile(known, [0.05, 0.25, 0.5, 0.75, 0.95]))
    varied = known.size > 3 and known[0] != known[-1]
    low, high = mean_interval(known)
    fence = 1.5 * float(np.subtract(*np.quantile(known, [0.75, 0.25])))
    outside = (known < np.quantile(known, 0.25) - fence) | (known > np.quantile(known, 0.75) + fence)
    return {
        "n": int(known.size),
        "mean": plain(known.mean()),
        "mean_low": low,
        "mean_high": high,
        "median": median,
        "std": plain(known.std(ddof=1)) if known.size > 1 else None,
        "min": plain(known[0]),
        "q05": q05,
        "q25": q25,
        "q75": q75,
        "q95": q95,
        "max": plain(known[-1]),
        "sum": plain(known.sum()),
        "zeros": int((known == 0).sum()),
        "negatives": int((known < 0).sum()),
        "skew": plain(stats.skew(known, bias=False)) if varied else None,
        "excess_kurtosis": plain(stats.kurtosis(known, bias=False)) if varied else None,
        "outside_fences": int(outside.sum()),
        "histogram": histogram(known),
    }


def histogram(known: Numbers) -> dict[str, Any] | None:
    """Counts in `BINS` bins of equal width between `low` and `high`; None without spread."""
    if known[0] == known[-1]:
        return None
    counts, edges = np.histogram(known, bins=BINS)
    return {"low": plain(edges[0]), "high": plain(edges[-1]), "counts": counts.tolist()}


def mean_interval(known: Numbers) -> tuple[float | None, float | None]:
    """The 95 % confidence interval of the mean by Student's t; (None, None) below 2 values."""
    if known.size < 2:
        return None, None
    half = stats.t.ppf((1 + CONFIDENCE) / 2, known.size - 1) * known.std(ddof=1) / np.sqrt(known.size)
    return plain(known.mean() - half), plain(known.mean() + half)


def describe_group(name: str, values: Numbers) -> dict[str, Any]:
    """One group of a comparison, without missing values: its size, mean with its 95 % interval, median and deviation."""
    low, high = mean_interval(values)
    return {
        "name": name,
        "n": int(values.size),
        "mean": plain(values.mean()),
        "ci_low": low,
        "ci_high": high,
        "median": plain(np.median(values)),
        "std": plain(values.std(ddof=1)),
    }


def describe_levels(levels: Levels) -> dict[str, Any]:
    """The most frequent levels with count and share of the known values, at most `MAX_TOP`."""
    counts = np.bincount(levels.codes[levels.codes >= 0], minlength=len(levels.names))
    total = int(counts.sum())
    order = sorted(range(len(levels.names)), key=lambda index: (-int(counts[index]), levels.names[index]))
    top = [
        {
            "name": levels.names[index],
            "count": int(counts[index]),
            "share": ratio(float(counts[index]), total),
        }
        for index in order[:MAX_TOP]
    ]
    return {"n": total, "top": top}
