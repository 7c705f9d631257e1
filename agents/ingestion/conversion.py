"""Raw text columns to typed Arrow columns, as a `Reading` says."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import markers, shapes
from .moments import moments_of
from .numerals import plain_digits
from .reading import Reading

ARROW_TYPES: dict[str, pa.DataType] = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
    "string": pa.string(),
}


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
    in_words = shaped.positions("hangul_units")
    texts = pc.replace_substring_regex(texts, pattern=r"[ \x{00a0}\x{202f}+'’]", replacement="")
    texts = pc.replace_substring(texts, pattern="−", replacement="-")
    if reading.decimal == ",":
        texts = pc.replace_substring(pc.replace_substring(texts, pattern=".", replacement=""), ",", ".")
    else:
        texts = pc.replace_substring(texts, pattern=",", replacement="")
    texts = pc.if_else(pa.array(readable), texts, pa.scalar(None, pa.string()))
    if reading.type == "integer":
        texts = pc.replace_substring_regex(texts, pattern=r"\.0$", replacement="")
    if len(in_words):
        texts = _spelled_out(texts, values, in_words)
    if reading.type == "integer":
        whole = pc.match_substring_regex(texts, r"^-?\d{1,18}$")
        texts = pc.if_else(whole, texts, pa.scalar(None, pa.string()))
    return texts.cast(ARROW_TYPES[reading.type])


def _spelled_out(
    texts: pa.Array, values: pa.Array, in_words: "np.ndarray[Any, np.dtype[np.int64]]"
) -> pa.Array:
    """The texts with `1억 2천만` and its like at the positions `in_words` written in digits."""
    mask = np.zeros(len(texts), np.bool_)
    mask[in_words] = True
    digits = [plain_digits(text) for text in values.take(pa.array(in_words)).to_pylist()]
    return pc.replace_with_mask(texts, pa.array(mask), pa.array(digits, pa.string()))


def _without_affixes(texts: pa.Array, shaped: shapes.Shaped) -> pa.Array:
    parts = pc.extract_regex(texts, pattern=shapes.AFFIXED)
    minus = pc.is_in(parts.field("sign"), value_set=pa.array(["-", "−", "△"]))
    negative = pc.or_(
        pc.or_(pc.not_equal(parts.field("open"), ""), minus), pc.equal(parts.field("after"), "-")
    )
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
    return pa.array(moments_of(values, reading), pa.timestamp("us")).cast(
        ARROW_TYPES[reading.type], safe=False
    )


_CONVERTERS = {
    "integer": _numbers,
    "number": _numbers,
    "boolean": _booleans,
    "date": _dates,
    "datetime": _dates,
}
