"""A profile of every column: counts, extent, quantiles, top values, lengths and patterns over all rows."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .tables import Series, plain_value

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
TOP_VALUES = 10


def profile_of(series: Series) -> dict[str, Any]:
    """The column's profile as JSON. Counts are exact; quantiles interpolate linearly between order statistics."""
    rows = len(series.array)
    missing = int(series.missing.sum())
    distinct = len(series.distinct.counts)
    profile: dict[str, Any] = {
        "name": series.name,
        "type": series.kind,
        "semantic": series.column.semantic,
        "unit": series.column.unit,
        "count": rows - missing,
        "missing": missing,
        "missing_share": missing / rows if rows else 0.0,
        "distinct": distinct,
        "unique_share": distinct / (rows - missing) if rows > missing else 0.0,
        "top_values": _top_values(series),
    }
    if rows == missing:
        return profile
    if series.kind in ("integer", "number"):
        profile.update(_number_profile(series))
    elif series.kind in ("date", "datetime"):
        profile.update(_date_profile(series))
    elif series.kind == "string":
        profile.update(_text_profile(series))
    return profile


def _top_values(series: Series) -> list[dict[str, Any]]:
    """The most frequent values; none when every value occurs once."""
    counts = series.distinct.counts
    if len(counts) > 1 and counts[0] == 1:
        return []
    values = series.distinct.values[:TOP_VALUES].to_pylist()
    total = int(counts.sum())
    return [
        {"value": plain_value(value), "count": int(count), "share": int(count) / total}
        for value, count in zip(values, counts.tolist(), strict=False)
    ]


def _number_profile(series: Series) -> dict[str, Any]:
    values = series.numbers[np.isfinite(series.numbers)]
    if not len(values):
        return {}
    quantiles = np.quantile(values, QUANTILES)
    deviation = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    centred = values - values.mean()
    return {
        "min": float(values.min()),
        "max": float(values.max()),
        "mean": float(values.mean()),
        "std": deviation,
        "skewness": float(np.mean((centred / deviation) ** 3)) if deviation > 0 else 0.0,
        "quantiles": {f"{q:g}": float(v) for q, v in zip(QUANTILES, quantiles.tolist(), strict=True)},
        "zeros": int((values == 0).sum()),
        "negatives": int((values < 0).sum()),
        "histogram": _histogram(values),
    }


def _histogram(values: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, list[float]]:
    """Twenty equal bins between the extremes: `edges` (21) and `counts` (20); one bin for a constant."""
    if values.min() == values.max():
        return {"edges": [float(values.min()), float(values.max())], "counts": [len(values)]}
    counts, edges = np.histogram(values, bins=20)
    return {"edges": edges.tolist(), "counts": counts.tolist()}


def _date_profile(series: Series) -> dict[str, Any]:
    days = series.days[~series.missing]
    low, high = (value.astype("datetime64[us]").item() for value in (days.min(), days.max()))
    shown = [
        value.date().isoformat() if series.kind == "date" else value.isoformat() for value in (low, high)
    ]
    return {"min": shown[0], "max": shown[1], "span_days": (high.date() - low.date()).days + 1}


def _text_profile(series: Series) -> dict[str, Any]:
    lengths = pc.utf8_length(series.array).drop_null().to_numpy(zero_copy_only=False)
    return {
        "length": {"min": int(lengths.min()), "mean": float(lengths.mean()), "max": int(lengths.max())},
        "patterns": _patterns(series),
    }


def _patterns(series: Series) -> list[dict[str, Any]]:
    """The most frequent forms: letters as `a`, `A` or `가`, digits as `9`, runs of more than four shortened to `+`."""
    forms = series.distinct.values
    for pattern, letter in ((r"[가-힣]", "가"), (r"[A-Z]", "A"), (r"[a-z]", "a"), (r"[0-9]", "9")):
        forms = pc.replace_substring_regex(forms, pattern=pattern, replacement=letter)
    for letter in "가Aa9":
        forms = pc.replace_substring_regex(forms, pattern=f"{letter}{{5,}}", replacement=f"{letter}+")
    table = pa.table({"form": forms, "n": series.distinct.counts}).group_by("form").aggregate([("n", "sum")])
    found = sorted(
        zip(table["form"].to_pylist(), table["n_sum"].to_pylist(), strict=True), key=lambda i: (-i[1], i[0])
    )
    total = int(series.distinct.counts.sum())
    return [{"pattern": form, "count": n, "share": n / total} for form, n in found[:5]]
