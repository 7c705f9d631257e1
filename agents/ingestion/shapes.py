"""The surface shape of a text value: which grammar of numbers, dates or booleans it is written in.

Shapes are exclusive and say nothing about meaning: whether `1,234` is a thousand or a decimal fraction, and whether
`01/02/2024` begins with the day, is decided for a whole column in `interpretation`.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_MM = r"(?:0?[1-9]|1[0-2])"
_DD = r"(?:0?[1-9]|[12]\d|3[01])"
_YYYY = r"(?:1[5-9]|20|21)\d\d"
_YY = rf"(?:{_YYYY}|'?\d\d)"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?|\d{1,2}시(?: ?\d{1,2}분(?: ?\d{1,2}초)?)?"
_HALF = r"(?:오전|오후|[AaPp]\.?[Mm]\.?)"
_ZONE = r"(?:Z|UTC|GMT|KST|[+-]\d{2}:?\d{2})"
_WEEKDAY = r"(?: ?\((?:[월화수목금토일](?:요일)?|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)\)\.?)?"
_YMD = rf"{_YYYY}(?:-{_MM}-{_DD}|/{_MM}/{_DD}|\. ?{_MM}\. ?{_DD}\.?){_WEEKDAY}"
_DMY = rf"(?:{_DD}/{_DD}|{_DD}\.{_DD}|{_DD}-{_DD})[/.-]{_YYYY}"
_SHORT = r"\d{1,2}(?:/\d{1,2}/|\.\d{1,2}\.|-\d{1,2}-)\d{2}"
_KOREAN = rf"{_YY}년 ?{_MM}월 ?{_DD}일{_WEEKDAY}"
_DAY_NAME = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? )?"
_DAY_MONTH = rf"{_DAY_NAME}{_DD}(?:st|nd|rd|th)?[ -]{_MONTH}\.?[ -],? ?{_YYYY}"
_MONTH_DAY = rf"{_DAY_NAME}{_MONTH}\.? {_DD}(?:st|nd|rd|th)?,? {_YYYY}"
_TIME = rf"[T ,]{{1,2}}(?:{_HALF} ?)?(?:{_CLOCK})(?: ?{_HALF})?(?: ?{_ZONE})?"
_GAP = r"[ \x{00a0}\x{202f}]"
_HANGUL_UNIT = r"(?:[조억만천백십]|백만|천만|십만)"

SHAPES: dict[str, str] = {
    "integer": r"^[+-]?(?:0|[1-9]\d{0,17})$",
    "code": r"^(?:0\d+|\d{19,})$",
    "whole": r"^[+-]?(?:0|[1-9]\d{0,14})\.0$",
    "dot_three": r"^[+-]?[1-9]\d{0,2}\.\d{3}$",
    "decimal": r"^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$",
    "comma_three": r"^[+-]?[1-9]\d{0,2},\d{3}$",
    "comma_groups": r"^[+-]?[1-9]\d{0,2}(?:,\d{3}){2,}$",
    "comma_fraction": r"^[+-]?[1-9]\d{0,2}(?:,\d{3})+\.\d+$",
    "decimal_comma": rf"^[+-]?(?:\d+|[1-9]\d{{0,2}}(?:\.\d{{3}})+|[1-9]\d{{0,2}}(?:{_GAP}\d{{3}})+),\d+$",
    "dot_groups": r"^[+-]?[1-9]\d{0,2}(?:\.\d{3}){2,}$",
    "space_groups": rf"^[+-]?[1-9]\d{{0,2}}(?:{_GAP}\d{{3}})+$",
    "space_fraction": rf"^[+-]?[1-9]\d{{0,2}}(?:{_GAP}\d{{3}})+\.\d+$",
    "mark_groups": r"^[+-]?[1-9]\d{0,2}(?:['’]\d{3})+$",
    "mark_fraction": r"^[+-]?[1-9]\d{0,2}(?:['’]\d{3})+\.\d+$",
    "hangul_units": rf"^[+-]?[₩￦]? ?(?:\d[\d,]*(?:\.\d+)? ?{_HANGUL_UNIT}+ ?)+(?:\d[\d,]*)? ?원?$",
    "boolean": r"(?i)^(?:true|false|yes|no|y|n|t|f|o|x|예|아니오|아니요|네|참|거짓)$",
    "ymd": rf"(?i)^{_YMD}$",
    "ymd_time": rf"(?i)^{_YMD}{_TIME}$",
    "korean": rf"(?i)^{_KOREAN}$",
    "korean_time": rf"(?i)^{_KOREAN}{_TIME}$",
    "dmy": rf"^{_DMY}$",
    "dmy_time": rf"^{_DMY}{_TIME}$",
    "short": rf"^{_SHORT}$",
    "short_time": rf"^{_SHORT}{_TIME}$",
    "day_month_name": rf"(?i)^{_DAY_MONTH}$",
    "day_month_name_time": rf"(?i)^{_DAY_MONTH}{_TIME}$",
    "month_name_day": rf"(?i)^{_MONTH_DAY}$",
    "month_name_day_time": rf"(?i)^{_MONTH_DAY}{_TIME}$",
    "year_month": rf"^{_YYYY}[-/](?:0[1-9]|1[0-2])$",
    "korean_month": rf"^{_YYYY}년 ?{_MM}월$",
    "month_year": rf"^{_MM}[/-]{_YYYY}$",
    "short_month": rf"^{_MM}/\d\d$",
    "year_month_name": rf"(?i)^{_YYYY}[ -]{_MONTH}\.?$",
    "quarter": rf"(?i)^(?:{_YYYY}[ ./-]?Q[1-4]|{_YYYY}[ ./-][1-4]Q|Q[1-4](?:[ ./'-]{{1,2}}{_YY}|{_YYYY})"
    rf"|[1-4]Q[ ./'-]{{0,2}}{_YY}|{_YY}(?:년 ?|[ ./-])[1-4](?:/4)? ?분기)$",
    "week": rf"(?i)^{_YYYY}[ -]?W(?:0[1-9]|[1-4]\d|5[0-3])$",
    "month_name_year": rf"(?i)^{_MONTH}\.?[ -],? ?{_YY}$",
    "compact_moment": rf"^{_YYYY}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ T_-](?:[01]\d|2[0-3])[0-5]\d[0-5]\d$",
}

INTEGERS = frozenset(
    {"integer", "whole", "comma_three", "comma_groups", "space_groups", "mark_groups", "code"}
)
FRACTIONS = frozenset({"dot_three", "decimal", "comma_fraction", "space_fraction", "mark_fraction"})
COMMA_NUMBERS = frozenset({"decimal_comma", "dot_groups"})
NUMBERS = INTEGERS | FRACTIONS | COMMA_NUMBERS | {"hangul_units"}
DAYS = frozenset({"ymd", "korean", "dmy", "short", "day_month_name", "month_name_day"})
MONTHS = frozenset(
    {"year_month", "month_year", "short_month", "korean_month", "month_name_year", "year_month_name"}
    | {"quarter", "week"}
)
"""Spans of several days; the date of one is its first day."""
MOMENTS = frozenset(f"{day}_time" for day in DAYS) | {"compact_moment"}
ORDERED = frozenset({"dmy", "dmy_time"})
SHORT = frozenset({"short", "short_time"})

ISO = r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?$"
COMPACT_DAY = r"^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$"
COMPACT_MONTH = r"^(?:19|20)\d{2}(?:0[1-9]|1[0-2])$"
COMPACT_MOMENT = r"^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d$"
DOTTED_MONTH = r"^(?:19|20)\d{2}\.(?:0[1-9]|1[0-2])$"
EPOCH_SECONDS = r"^(?:9[5-9]\d{7}|1\d{9}|20[0-4]\d{7})$"
EPOCH_MILLIS = r"^(?:9[5-9]\d{10}|1\d{12}|20[0-4]\d{10})$"
EXCEL_SERIAL = r"^[2-5]\d{4}(?:\.\d+)?$"
HANGUL_TEAM = r"^\d{1,2}조$"
"""Trillions, or the teams of a course: a column of nothing else is taken for teams."""
MIDNIGHT = r"[T ](?:00?:00(?::00(?:[.,]0+)?)?)$"

_PREFIXES = {
    "₩": "KRW",
    "￦": "KRW",
    "\\": "KRW",
    "$": "USD",
    "US$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
}
_WORDS = {
    "%": "%",
    "％": "%",
    "원": "KRW",
    "달러": "USD",
    "유로": "EUR",
    "엔": "JPY",
    "위안": "CNY",
    "°C": "℃",
    "€": "EUR",
    "$": "USD",
}
_SUFFIXES = (
    "%|％|원|달러|유로|엔|위안|개|명|건|회|대|권|병|잔|세|살|개월|일|시간|분|초"
    "|kg|mg|km|cm|mm|ml|kWh|kW|GB|MB|℃|°C|°F|€|\\$|USD|KRW|EUR|JPY|GBP|CNY|CHF"
)
AFFIXED = (
    r"^(?P<open>\()?(?P<sign>[+−△-])? ?(?P<prefix>US\$|[₩￦\\$€£¥]|(?:KRW|USD|EUR|JPY|GBP|CNY|CHF) ?)? ?"
    rf"(?P<core>[+-]?\d[\d., '’]*)(?: ?(?P<suffix>{_SUFFIXES}))?(?P<close>\))?(?P<after>-)?$"
)


TEXT = "text"
NAMES: tuple[str, ...] = (*SHAPES, TEXT)
_CODE = {name: code for code, name in enumerate(NAMES)}


@dataclass(frozen=True)
class Shaped:
    """Of an array of n values: `codes`, int8 positions in `NAMES`, shape (n,); `units` of the values that carry one."""

    codes: "np.ndarray[tuple[int], np.dtype[np.int8]]"
    units: dict[int, str]

    def positions(self, shape: str) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        """Where the values of one shape are, ascending."""
        return np.flatnonzero(self.codes == _CODE[shape])


def shape_of(values: pa.Array) -> Shaped:
    """Shape and unit of each value; `values` are trimmed, non-null strings, shape (n,). Unrecognised ones are `text`."""
    shaped = Shaped(_codes(values), {})
    left = shaped.positions(TEXT)
    if len(left):
        _assign_affixed(values.take(pa.array(left)), left, shaped)
    return shaped


def matching(values: pa.Array, pattern: str) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Does each value match the RE2 pattern, shape (n,); a null does not."""
    hits: np.ndarray[tuple[int], np.dtype[np.bool_]] = (
        pc.match_substring_regex(values, pattern=pattern)
        .fill_null(fill_value=False)
        .to_numpy(zero_copy_only=False)
    )
    return hits


def unit_name(prefix: str, suffix: str) -> str:
    """The unit that a currency sign before or a unit word after a number stands for."""
    sign = _PREFIXES.get(prefix.strip(), prefix.strip())
    return sign or _WORDS.get(suffix, suffix)


def _codes(values: pa.Array) -> "np.ndarray[tuple[int], np.dtype[np.int8]]":
    codes = np.full(len(values), _CODE[TEXT], np.int8)
    left = np.arange(len(values))
    for shape, pattern in SHAPES.items():
        if not len(left):
            break
        hits = matching(values, pattern)
        if hits.any():
            codes[left[hits]] = _CODE[shape]
            left = left[~hits]
            values = values.filter(pa.array(~hits))
    return codes


def _assign_affixed(
    values: pa.Array, positions: "np.ndarray[tuple[int], np.dtype[np.int64]]", shaped: Shaped
) -> None:
    parts = pc.extract_regex(values, pattern=AFFIXED)
    found = np.flatnonzero(parts.is_valid().to_numpy(zero_copy_only=False))
    if not len(found):
        return
    parts = parts.take(pa.array(found))
    cores = _codes(pc.utf8_trim_whitespace(parts.field("core")))
    for position, code, part in zip(
        positions[found].tolist(), cores.tolist(), parts.to_pylist(), strict=True
    ):
        if NAMES[code] in NUMBERS and _is_affixed(part):
            shaped.codes[position] = code
            shaped.units[position] = unit_name(part["prefix"], part["suffix"]) or "()"


def _is_affixed(part: dict[str, str]) -> bool:
    signs = [part["sign"], part["after"], part["core"][:1] if part["core"][:1] in "+-" else ""]
    return bool(part["open"]) == bool(part["close"]) and sum(map(bool, signs)) <= 1
