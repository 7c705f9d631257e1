"""A profile of every column: counts, extent, quantiles, top values, lengths and patterns over all rows."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .tables import Integers, Numbers, Series, plain_value, quantile, shortened

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
TOP_VALUES = 10


def profile_of(series: Series) -> dict[str, Any]:
    """The column's profile as JSON. Counts are exact; quantiles interpolate linearly between order statistics."""
    rows, missing = series.rows, series.missing_count
    distinct = series.distinct_count
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
    if series.is_exact:
        numbers, counts = series.runs
        if len(counts) > 1 and counts.max() == 1:
            return []
        order = _most_frequent(counts)
        values, top = numbers[order].tolist(), counts[order].tolist()
        values = [int(v) for v in values] if series.kind == "integer" else values
    else:
        counts = series.distinct.counts
        values, top = series.distinct.values[:TOP_VALUES].to_pylist(), counts[:TOP_VALUES].tolist()
    if len(counts) > 1 and top[0] == 1:
        return []
    total = int(counts.sum())
    return [
        {"value": plain_value(value), "count": int(count), "share": int(count) / total}
        for value, count in zip(values, top, strict=True)
    ]


def _most_frequent(counts: Integers) -> Integers:
    """Positions of the largest counts, descending, ties in order of position."""
    if len(counts) > TOP_VALUES:
        least = np.partition(counts, -TOP_VALUES)[-TOP_VALUES]
        above, ties = np.flatnonzero(counts > least), np.flatnonzero(counts == least)
        candidates = np.sort(np.r_[above, ties[:TOP_VALUES]])
    else:
        candidates = np.arange(len(counts))
    return candidates[np.argsort(-counts[candidates], kind="stable")][:TOP_VALUES]


def _number_profile(series: Series) -> dict[str, Any]:
    values = series.ordered
    if not len(values):
        return {}
    mean = float(values.mean())
    centred = values - mean
    squares = centred * centred
    deviation = float(np.sqrt(squares.sum() / (len(values) - 1))) if len(values) > 1 else 0.0
    squares *= centred
    negatives, positives_from = np.searchsorted(values, 0.0, "left"), np.searchsorted(values, 0.0, "right")
    return {
        "min": float(values[0]),
        "max": float(values[-1]),
        "mean": mean,
        "std": deviation,
        "skewness": float(squares.mean()) / deviation**3 if deviation > 0 else 0.0,
        "quantiles": {f"{q:g}": quantile(values, q) for q in QUANTILES},
        "zeros": int(positives_from - negatives),
        "negatives": int(negatives),
        "histogram": _histogram(values),
    }


def _histogram(ordered: Numbers) -> dict[str, list[float]]:
    """Twenty equal bins between the extremes: `edges` (21) and `counts` (20); one bin for a constant."""
    low, high = float(ordered[0]), float(ordered[-1])
    if low == high or not np.isfinite(high - low):
        return {"edges": [low, high], "counts": [len(ordered)]}
    edges = np.linspace(low, high, 21)
    below = np.searchsorted(ordered, edges[1:-1], side="left")
    return {"edges": edges.tolist(), "counts": np.diff([0, *below, len(ordered)]).tolist()}


def _date_profile(series: Series) -> dict[str, Any]:
    days = series.days[~series.missing]
    low, high = (value.astype("datetime64[us]").item() for value in (days.min(), days.max()))
    shown = [
        value.date().isoformat() if series.kind == "date" else value.isoformat() for value in (low, high)
    ]
    return {"min": shown[0], "max": shown[1], "span_days": (high.date() - low.date()).days + 1}


def _text_profile(series: Series) -> dict[str, Any]:
    lengths = pc.utf8_length(series.distinct.values).to_numpy()
    counts = series.distinct.counts
    mean = int((lengths * counts).sum()) / int(counts.sum())
    return {
        "length": {"min": int(lengths.min()), "mean": mean, "max": int(lengths.max())},
        "patterns": _patterns(series),
    }


def _patterns(series: Series) -> list[dict[str, Any]]:
    """The most frequent forms: letters as `a`, `A` or `가`, digits as `9`, runs of more than four shortened to `+`."""
    forms = _classes(series.distinct.values).dictionary_encode()
    counts = np.bincount(forms.indices.to_numpy(), weights=series.distinct.counts).astype(np.int64)
    forms = forms.dictionary
    for letter in "가Aa9":
        forms = pc.replace_substring_regex(forms, pattern=f"{letter}{{5,}}", replacement=f"{letter}+")
    table = pa.table({"form": forms, "n": counts}).group_by("form").aggregate([("n", "sum")])
    found = sorted(
        zip(table["form"].to_pylist(), table["n_sum"].to_pylist(), strict=True), key=lambda i: (-i[1], i[0])
    )
    total = int(series.distinct.counts.sum())
    return [{"pattern": shortened(form), "count": n, "share": n / total} for form, n in found[:5]]


_ASCII_CLASSES = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", b"A" * 26 + b"a" * 26 + b"9" * 10
)


def _classes(values: pa.Array) -> pa.Array:
    """The texts with each letter and digit replaced by its class; ASCII is done on the bytes of all texts at once."""
    _, offsets, data = values.buffers()
    if data is None:
        return values
    translated = pa.py_buffer(data.to_pybytes().translate(_ASCII_CLASSES))
    classes = pa.StringArray.from_buffers(len(values), offsets, translated, offset=values.offset)
    if not data.to_pybytes().isascii():
        classes = pc.replace_substring_regex(classes, pattern="[가-힣]", replacement="가")
    return classes
