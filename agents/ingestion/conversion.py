"""Raw text columns to typed Arrow columns, as a `Reading` says."""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from . import markers, shapes
from .interpretation import Reading

ARROW_TYPES: dict[str, pa.DataType] = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
    "string": pa.string(),
}

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def convert(column: pa.Array, reading: Reading) -> pa.Array:
    """Typed values of a raw text column, shape (n,); markers of missing and unreadable values are null.

    Text that stays text keeps its own white space; only markers and blank strings become null.
    """
    if reading.uniform:
        cast = _cast(column, reading)
        if cast is not None:
            return cast
    if reading.type == "string":
        return _keep_text(column, keep_na=reading.keep_na)
    encoded = pc.utf8_trim_whitespace(column).dictionary_encode()
    values = _without_markers(encoded.dictionary, markers.EVERY)
    converted = _CONVERTERS[reading.type](values, reading)
    return converted.take(encoded.indices)


def _cast(column: pa.Array, reading: Reading) -> pa.Array | None:
    """The column by Arrow's own cast, which reads ordinary notations fast; None when some value is not so ordinary."""
    if reading.type == "string":
        return column
    try:
        return pc.utf8_trim_whitespace(column).cast(ARROW_TYPES[reading.type])
    except pa.ArrowInvalid:
        return None


def _keep_text(column: pa.Array, *, keep_na: bool) -> pa.Array:
    recognised = markers.ALWAYS if keep_na else markers.ALWAYS | markers.CODE_LIKE
    return _without_markers(column, recognised)


def _without_markers(column: pa.Array, recognised: frozenset[str]) -> pa.Array:
    lowered = pc.utf8_lower(pc.utf8_trim_whitespace(column))
    missing = pc.is_in(lowered, value_set=pa.array(sorted(recognised), pa.string()))
    return pc.if_else(missing, pa.scalar(None, pa.string()), column)


def _numbers(values: pa.Array, reading: Reading) -> pa.Array:
    texts = values.fill_null("")
    shaped = shapes.shape_of(texts)
    readable = np.isin(shaped.codes, [shapes.NAMES.index(shape) for shape in shapes.NUMBERS])
    if shaped.units:
        texts = _without_affixes(texts, shaped)
    texts = pc.replace_substring_regex(texts, pattern=r"[ \x{00a0}\x{202f}+]", replacement="")
    if reading.decimal == ",":
        texts = pc.replace_substring(pc.replace_substring(texts, pattern=".", replacement=""), ",", ".")
    else:
        texts = pc.replace_substring(texts, pattern=",", replacement="")
    texts = pc.if_else(pa.array(readable), texts, pa.scalar(None, pa.string()))
    if reading.type == "integer":
        texts = pc.replace_substring_regex(texts, pattern=r"\.0$", replacement="")
    return texts.cast(ARROW_TYPES[reading.type])


def _without_affixes(texts: pa.Array, shaped: shapes.Shaped) -> pa.Array:
    parts = pc.extract_regex(texts, pattern=shapes.AFFIXED)
    negative = pc.or_(pc.not_equal(parts.field("open"), ""), pc.equal(parts.field("sign"), "-"))
    sign = pc.if_else(negative, "-", "")
    bare = pc.binary_join_element_wise(sign, parts.field("core"), "")
    affixed = np.zeros(len(texts), np.bool_)
    affixed[list(shaped.units)] = True
    return pc.if_else(pa.array(affixed), bare, texts)


def _booleans(values: pa.Array, reading: Reading) -> pa.Array:
    del reading
    lowered = pc.utf8_lower(values)
    true_words = pa.array(["true", "t", "yes", "y", "예", "네", "참", "o"], pa.string())
    return pc.if_else(
        pc.is_valid(values), pc.is_in(lowered, value_set=true_words), pa.scalar(None, pa.bool_())
    )


def _dates(values: pa.Array, reading: Reading) -> pa.Array:
    stamps = _stamps(values, reading)
    return pa.array(stamps, pa.timestamp("us")).cast(ARROW_TYPES[reading.type])


def _stamps(values: pa.Array, reading: Reading) -> "np.ndarray[Any, np.dtype[Any]]":
    """Each distinct text as datetime64[us], NaT where unreadable."""
    out = np.full(len(values), np.datetime64("NaT"), "datetime64[us]")
    texts = values.fill_null("")
    if reading.format in ("YYYYMMDD", "YYYYMM"):
        pattern = shapes.COMPACT_DAY if reading.format == "YYYYMMDD" else shapes.COMPACT_MONTH
        at = np.flatnonzero(shapes.matching(texts, pattern))
        out[at] = _parse(texts.take(pa.array(at)), "%Y%m%d" if reading.format == "YYYYMMDD" else "%Y%m")
        return out
    shaped = shapes.shape_of(texts)
    for shape in shapes.DAYS | shapes.MONTHS | shapes.MOMENTS:
        at = shaped.positions(shape)
        if len(at):
            out[at] = _parse_shape(texts.take(pa.array(at)), shape, reading)
    return out


def _parse_shape(texts: pa.Array, shape: str, reading: Reading) -> "np.ndarray[Any, np.dtype[Any]]":
    if shape == "ymd_time":
        return _parse_moments(texts, reading)
    if shape in ("day_month_name", "month_name_day"):
        texts = pc.utf8_lower(texts)
        for number, month in enumerate(_MONTHS, start=1):
            texts = pc.replace_substring_regex(texts, pattern=rf"{month}[a-z]*\.?", replacement=f" {number} ")
        texts = pc.replace_substring_regex(pc.utf8_trim_whitespace(texts), pattern=r"[ ,-]+", replacement="-")
        return _parse(texts, "%d-%m-%Y" if shape == "day_month_name" else "%m-%d-%Y")
    if shape in shapes.ORDERED:
        first_two = "%d-%m" if reading.day_first else "%m-%d"
        texts = pc.replace_substring_regex(texts, pattern=r"^(\d+)[/.-](\d+)[/.-]", replacement=r"\1-\2-")
        if shape == "dmy_short":
            return _parse(texts, f"{first_two}-%y")
        if shape == "dmy_time":
            texts = pc.replace_substring_regex(texts, pattern=r"^(.* \d+:\d+)$", replacement=r"\1:00")
            return _parse(texts, f"{first_two}-%Y %H:%M:%S")
        return _parse(texts, f"{first_two}-%Y")
    texts = pc.replace_substring_regex(texts, pattern=r"[^0-9]+", replacement="-")
    texts = pc.replace_substring_regex(texts, pattern=r"-$", replacement="")
    return _parse(texts, "%Y-%m" if shape in shapes.MONTHS else "%Y-%m-%d")


def _parse_moments(texts: pa.Array, reading: Reading) -> "np.ndarray[Any, np.dtype[Any]]":
    pattern = (
        r"^(?P<y>\d{4})[-/.] ?(?P<m>\d+)[-/.] ?(?P<d>\d+)\.?[T ](?P<h>\d+):(?P<min>\d+):?(?P<s>\d*)[.,]?(?P<f>\d*)"
        r" ?(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?$"
    )
    parts = pc.extract_regex(texts, pattern=pattern)
    day = pc.binary_join_element_wise(parts.field("y"), parts.field("m"), parts.field("d"), "-")
    number = {name: _integers(parts.field(name)) for name in ("h", "min", "s")}
    fraction = pc.utf8_slice_codeunits(pc.utf8_rpad(parts.field("f"), 6, "0"), 0, 6)
    seconds = number["h"] * 3600 + number["min"] * 60 + number["s"]
    micros = seconds * 1_000_000 + _integers(fraction)
    out: np.ndarray[Any, np.dtype[Any]] = _parse(day, "%Y-%m-%d") + micros.astype("timedelta64[us]")
    out[(number["h"] > 23) | (number["min"] > 59) | (number["s"] > 59)] = np.datetime64("NaT")
    if reading.offset == "UTC":
        out -= _offsets(parts.field("zone"))
    return out


def _offsets(zones: pa.Array) -> "np.ndarray[Any, np.dtype[Any]]":
    """UTC offsets such as `+09:00` as timedelta64[us]; none, `Z` and `UTC` are zero."""
    parts = pc.extract_regex(zones, pattern=r"^(?P<sign>[+-])(?P<h>\d\d):?(?P<m>\d\d)$")
    minutes = _integers(parts.field("h").fill_null("")) * 60 + _integers(parts.field("m").fill_null(""))
    negative = pc.equal(parts.field("sign"), "-").fill_null(fill_value=False).to_numpy(zero_copy_only=False)
    return np.where(negative, -minutes, minutes).astype("timedelta64[m]").astype("timedelta64[us]")


def _integers(texts: pa.Array) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Digits as int64; an empty text is 0."""
    return np.asarray(
        pc.if_else(pc.equal(texts, ""), "0", texts).cast(pa.int64()).to_numpy(zero_copy_only=False), np.int64
    )


def _parse(texts: pa.Array, form: str) -> "np.ndarray[Any, np.dtype[Any]]":
    parsed: np.ndarray[Any, np.dtype[Any]] = pd.to_datetime(
        pd.Series(texts.to_pylist(), dtype="str"), format=form, errors="coerce"
    ).to_numpy()
    return parsed.astype("datetime64[us]")


_CONVERTERS = {
    "integer": _numbers,
    "number": _numbers,
    "boolean": _booleans,
    "date": _dates,
    "datetime": _dates,
}
