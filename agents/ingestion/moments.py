"""Dates and times of day in text to points in time, each shape by its own rule."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from . import shapes
from .reading import Reading

Stamps = np.ndarray[tuple[int], np.dtype[Any]]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EXCEL_EPOCH = np.datetime64("1899-12-30", "us")
_DAY_US = 86_400_000_000
_COMPACT = {
    "YYYYMMDD": (shapes.COMPACT_DAY, "%Y%m%d"),
    "YYYYMM": (shapes.COMPACT_MONTH, "%Y%m"),
    "YYYY.MM": (shapes.DOTTED_MONTH, "%Y.%m"),
    "YYYYMMDDhhmmss": (shapes.COMPACT_MOMENT, "%Y%m%d%H%M%S"),
}
_ORDERS = {"day first": "%d-%m", "month first": "%m-%d"}
_YEAR_FIRST = "%Y-%m-%d"
_PARTS = (
    r"^(?P<date>.*?\d(?:일|\.)?(?: ?\([^)]*\)\.?)?)[T ,]{1,2}(?P<half>오전|오후|[AaPp]\.?[Mm]\.?)? ?"
    r"(?P<h>\d{1,2})(?::|시 ?)(?P<min>\d{0,2})[:분]? ?(?P<s>\d{0,2})초?[.,]?(?P<f>\d*)"
    r" ?(?P<after>[AaPp]\.?[Mm]\.?)? ?(?P<zone>Z|UTC|GMT|KST|[+-]\d{2}:?\d{2})?$"
)


def moments_of(values: pa.Array, reading: Reading) -> Stamps:
    """Each text as datetime64[us], NaT where it is null or unreadable, shape (n,)."""
    out: Stamps = np.full(len(values), np.datetime64("NaT"), "datetime64[us]")
    texts = values.fill_null("")
    if reading.format in _COMPACT:
        pattern, form = _COMPACT[reading.format]
        texts = pc.replace_substring_regex(texts, r"[ T_-]", "")
        at = np.flatnonzero(shapes.matching(texts, pattern))
        out[at] = _parse(texts.take(pa.array(at)), form)
        return out
    if reading.format in ("epoch s", "epoch ms", "Excel serial"):
        return _counted(texts, reading.format, out)
    shaped = shapes.shape_of(texts)
    for shape in sorted(shapes.DAYS | shapes.MONTHS | shapes.MOMENTS):
        at = shaped.positions(shape)
        if len(at):
            out[at] = _of_shape(texts.take(pa.array(at)), shape, reading)
    return out


def _counted(texts: pa.Array, form: str, out: Stamps) -> Stamps:
    """Seconds or milliseconds since 1970 in UTC, or days since 1899-12-30."""
    numeric = shapes.matching(texts, r"^\d+(?:\.\d+)?$")
    numbers = np.array([float(text) for text in texts.filter(pa.array(numeric)).to_pylist()], np.float64)
    if form == "Excel serial":
        micros = np.rint(numbers * _DAY_US / 1000) * 1000
        out[numeric] = _EXCEL_EPOCH + micros.astype("timedelta64[us]")
    else:
        scale = 1_000_000 if form == "epoch s" else 1000
        out[numeric] = np.datetime64(0, "us") + (numbers * scale).astype("timedelta64[us]")
    return out


def _of_shape(texts: pa.Array, shape: str, reading: Reading) -> Stamps:
    if shape == "compact_moment":
        return _parse(pc.replace_substring_regex(texts, r"[ T_-]", ""), "%Y%m%d%H%M%S")
    if shape not in shapes.MOMENTS:
        return _days(texts, shape, reading)
    parts = pc.extract_regex(texts, pattern=_PARTS)
    out: Stamps = _days(parts.field("date"), shape.removesuffix("_time"), reading) + _time_of_day(parts)
    if reading.offset == "UTC":
        out -= _offsets(parts.field("zone"))
    return out


def _time_of_day(parts: pa.StructArray) -> Any:
    """Hours, minutes, seconds and fraction as timedelta64[us]; NaT where there is no such time."""
    hour, minute, second = (_integers(parts.field(name)) for name in ("h", "min", "s"))
    half = pc.utf8_lower(pc.binary_join_element_wise(parts.field("half"), parts.field("after"), ""))
    after_noon = _matches(half, "^(?:오후|p)")
    halved = after_noon | _matches(half, "^(?:오전|a)")
    wrong = (hour > np.where(halved, 12, 23)) | (minute > 59) | (second > 59)
    hour = np.where(halved, hour % 12, hour) + np.where(after_noon & (hour <= 12), 12, 0)
    fraction = pc.utf8_slice_codeunits(pc.utf8_rpad(parts.field("f"), 6, "0"), 0, 6)
    micros = (hour * 3600 + minute * 60 + second) * 1_000_000 + _integers(fraction)
    out = micros.astype("timedelta64[us]")
    out[wrong] = np.timedelta64("NaT")
    return out


def _days(texts: pa.Array, shape: str, reading: Reading) -> Stamps:
    texts = pc.replace_substring_regex(texts, r" ?\([^)]*\)\.?$", "")
    if shape in ("day_month_name", "month_name_day", "month_name_year", "year_month_name"):
        return _named(texts, shape)
    if shape == "week":
        return _parse(pc.replace_substring_regex(texts, r"(?i)[ -]?W(\d\d)$", r"-\1-1"), "%G-%V-%u")
    if shape == "quarter":
        return _parse(pa.array([_first_month(text) for text in texts.to_pylist()], pa.string()), "%Y-%m")
    if shape in ("dmy", "short"):
        texts = pc.replace_substring_regex(texts, r"[/.-]", "-")
        if shape == "short":
            if reading.short_order == "year first":
                return _parse(_with_century(texts, "^{}-"), _YEAR_FIRST)
            return _parse(_with_century(texts, "-{}$"), f"{_ORDERS[reading.short_order]}-%Y")
        return _parse(texts, f"{_ORDERS['day first' if reading.day_first else 'month first']}-%Y")
    texts = pc.replace_substring_regex(texts, pattern=r"[^0-9]+", replacement="-")
    texts = pc.replace_substring_regex(texts, pattern=r"^-|-$", replacement="")
    if shape in ("month_year", "short_month"):
        return _parse(_with_century(texts, "-{}$"), "%m-%Y")
    return _parse(_with_century(texts, "^{}-"), "%Y-%m" if shape in shapes.MONTHS else _YEAR_FIRST)


def _with_century(texts: pa.Array, place: str) -> pa.Array:
    """Years of two digits at a place such as `^{}-` in four, as spreadsheets have it: 50 to 99 are of the twentieth century."""
    for century, years in (("19", r"([5-9]\d)"), ("20", r"(\d\d)")):
        texts = pc.replace_substring_regex(
            texts, place.format(years), place.strip("^$").format(rf"{century}\1")
        )
    return texts


def _first_month(quarter: str) -> str:
    """The year and first month of `1998 Q2`, `Q21998`, `2Q98` or `98년 2분기`: the quarter is the shorter number."""
    first, second = re.findall(r"\d+", re.sub(r"(?i)^Q([1-4])", r"\1 ", quarter))[:2]
    number, year = sorted((first, second), key=len)
    century = "" if len(year) == 4 else "19" if year >= "50" else "20"
    return f"{century}{year}-{3 * int(number) - 2}"


def _named(texts: pa.Array, shape: str) -> Stamps:
    texts = pc.replace_substring_regex(
        pc.utf8_lower(texts), r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? ", ""
    )
    texts = pc.replace_substring_regex(texts, r"(\d)(?:st|nd|rd|th)\b", r"\1")
    for number, month in enumerate(_MONTHS, start=1):
        texts = pc.replace_substring_regex(texts, pattern=rf"{month}[a-z]*\.?", replacement=f" {number} ")
    texts = pc.replace_substring_regex(pc.utf8_trim_whitespace(texts), pattern=r"[ ,'-]+", replacement="-")
    if shape == "year_month_name":
        return _parse(texts, "%Y-%m")
    form = {"day_month_name": "%d-%m-%Y", "month_name_day": "%m-%d-%Y", "month_name_year": "%m-%Y"}
    return _parse(_with_century(texts, "-{}$"), form[shape])


def _offsets(zones: pa.Array) -> Any:
    """UTC offsets such as `+09:00` as timedelta64[us]; `KST` is one, none, `Z`, `UTC` and `GMT` are zero."""
    zones = pc.if_else(pc.equal(zones, "KST"), "+09:00", zones)
    parts = pc.extract_regex(zones, pattern=r"^(?P<sign>[+-])(?P<h>\d\d):?(?P<m>\d\d)$")
    minutes = _integers(parts.field("h").fill_null("")) * 60 + _integers(parts.field("m").fill_null(""))
    negative = pc.equal(parts.field("sign"), "-").fill_null(fill_value=False).to_numpy(zero_copy_only=False)
    return np.where(negative, -minutes, minutes).astype("timedelta64[m]").astype("timedelta64[us]")


def _integers(texts: pa.Array) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Digits as int64; an empty text is 0."""
    return np.asarray(
        pc.if_else(pc.equal(texts, ""), "0", texts).cast(pa.int64()).to_numpy(zero_copy_only=False), np.int64
    )


def _matches(texts: pa.Array, pattern: str) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    return np.asarray(shapes.matching(texts, pattern))


def _parse(texts: pa.Array, form: str) -> Stamps:
    parsed: Stamps = pd.to_datetime(
        pd.Series(texts.to_pylist(), dtype="str"), format=form, errors="coerce"
    ).to_numpy()
    return parsed.astype("datetime64[us]")
