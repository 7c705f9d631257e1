"""Missing values: plain ones, ones in disguise (`unknown`, 999), and ones that another column explains."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import domains
from .issues import Issue, Report, by_share
from .tables import Integers, Mask, Numbers, Series, Table, quantile

HIGH_SHARE, MEDIUM_SHARE = 0.30, 0.05
MOST_DISGUISED = 0.5
EXPLAINED = 0.95
"""A value explains missing ones when it goes with this share of them and they with this share of its rows."""

_DISGUISES = """
    n/a | na | n.a. | nan | null | nil | - | -- | --- | ? | ?? | unknown | unk | not available | not specified
    | missing | undefined | tbd | xxx | #n/a | #value!
    | 없음 | 해당없음 | 해당 없음 | 미상 | 모름 | 알수없음 | 알 수 없음 | 결측 | 미입력 | 무응답 | 미확인
"""
DISGUISES = frozenset(word.strip() for word in _DISGUISES.split("|"))
_SENTINELS = (-1.0, -9.0, -99.0, -999.0, -9999.0, 99.0, 999.0, 9999.0, 99999.0, 999999.0, 9999999.0)
_MAX_EXPLAINING_VALUES = 500


def missing_issues(table: Table, report: Report) -> list[Issue]:
    """One issue per column with rows that have no value."""
    found = []
    for series in table.series:
        if series.missing_count:
            found.append(_plain_issue(table, series, report))
            table.left(series)
    return found


def disguised_issue(series: Series, report: Report) -> Issue | None:
    """The values of a column that stand for a missing one; None without any."""
    disguised = _disguised_text(series) if series.kind == "string" else _sentinels(series)
    return _disguised_issue(series, report, *disguised) if disguised else None


def _plain_issue(table: Table, series: Series, report: Report) -> Issue:
    missing = series.missing
    share = float(missing.mean())
    if share == 1:
        return report.issue(
            "missing",
            series,
            missing,
            severity="high",
            dimension="completeness",
            en="{column} has no value in any row.",
            ko="{column} 열에는 값이 하나도 없습니다.",
        )
    cause = _explanation(table, series)
    if cause is not None:
        every = cause["explained"] == int(missing.sum())
        return report.issue(
            "missing",
            series,
            missing,
            severity="low",
            dimension="completeness",
            en="{column} is missing in {count:,} {rows} ({share:.2%}), "
            + (
                "all of them where {by} is {value}"
                if every
                else "{explained:,} of them where {by} is {value}"
            )
            + ": a rule of the data rather than chance.",
            ko="{column} 값이 {count:,}행({share:.2%})에서 비어 있으며, "
            + (
                "모두 {by} 값이 {value}인 행입니다. "
                if every
                else "그중 {explained:,}행은 {by} 값이 {value}입니다. "
            )
            + "우연이 아니라 데이터의 규칙으로 보입니다.",
            **cause,
        )
    return report.issue(
        "missing",
        series,
        missing,
        severity=by_share(share, high=HIGH_SHARE, medium=MEDIUM_SHARE),
        dimension="completeness",
        en="{column} is missing in {count:,} {rows} ({share:.2%}).",
        ko="{column} 값이 {count:,}행({share:.2%})에서 비어 있습니다.",
    )


def _explanation(table: Table, series: Series) -> dict[str, Any] | None:
    """The value of another column that nearly all missing rows share and that nearly always goes with missing."""
    missing = series.missing
    total = int(missing.sum())
    if total < 5 or total > 0.9 * len(missing):
        return None
    for other in table.series:
        if other is series or other.kind in ("number", "date", "datetime"):
            continue
        if not 2 <= other.distinct_count <= _MAX_EXPLAINING_VALUES:
            continue
        distinct = other.levels
        table.left(other)
        if distinct is None:
            continue
        codes = distinct.codes[missing]
        within: Integers = np.bincount(codes[codes >= 0], minlength=len(distinct.counts))
        top = int(within.argmax())
        if within[top] >= EXPLAINED * total and within[top] >= EXPLAINED * distinct.counts[top]:
            return {"by": other.name, "value": distinct.values[top].as_py(), "explained": int(within[top])}
    return None


def _disguised_text(series: Series) -> tuple[Mask, list[str]] | None:
    values = series.distinct.values
    lowered = pc.utf8_lower(pc.utf8_trim_whitespace(values))
    hits = pc.is_in(lowered, value_set=pa.array(sorted(DISGUISES), pa.string())).to_numpy(
        zero_copy_only=False
    )
    blank = pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(values)), 0).to_numpy(zero_copy_only=False)
    if hits.any() and _are_codes(series):
        hits = hits & ~pc.equal(lowered, "na").to_numpy(zero_copy_only=False)
    hits &= series.distinct.counts <= MOST_DISGUISED * series.rows
    positions = np.flatnonzero(hits | blank)
    if not len(positions) or len(positions) == len(values):
        return None
    return series.distinct.rows_of(positions), values.take(pa.array(positions)).to_pylist()[:5]


def _are_codes(series: Series) -> bool:
    """Are nearly all values short upper-case codes, among which `NA` is a name?"""
    codes = pc.match_substring_regex(series.distinct.values, "^[A-Z]{2,5}$").to_numpy(zero_copy_only=False)
    return bool(series.distinct.counts[codes].sum() >= 0.9 * series.distinct.counts.sum())


def _sentinels(series: Series) -> tuple[Mask, list[float]] | None:
    """Rows whose number is a usual code for "missing" and lies far from all other values of the column.

    Far is more than 3 interquartile ranges outside the quartiles of the rest, and beyond the rest's extremes.
    """
    if series.kind not in ("integer", "number") or series.is_("identifier", "boolean", "geo"):
        return None
    found: list[float] = []
    present = series.ordered
    for code in _SENTINELS:
        if abs(code) < 99 and series.is_("category"):
            continue
        first, last = np.searchsorted(present, code, "left"), np.searchsorted(present, code, "right")
        count = int(last - first)
        if count == 0 or len(present) - count < 4:
            continue
        rest = np.delete(present, np.s_[first:last])
        low, high = quantile(rest, 0.25), quantile(rest, 0.75)
        spread = 3 * max(high - low, 1e-12)
        above = code > rest[-1] and code > high + spread and code > 3 * abs(rest[-1])
        below = code < 0 <= rest[0] and (code < low - spread or count >= _least_count(code))
        if above or below:
            found.append(code)
            present = rest
    if domains.is_never_zero(series) and _zero_is_apart(present):
        found.append(0.0)
    return (np.isin(series.numbers, found), found) if found else None


def _least_count(code: float) -> float:
    """How often a negative code must occur among values of 0 and more to stand out by itself."""
    return 2 if code <= -99 else 3 if code == -1 else np.inf


def _zero_is_apart(present: Numbers) -> bool:
    """Are some values 0 although all others lie well above: the least of them above a tenth of their median?"""
    positive = present[np.searchsorted(present, 0.0, "right") :]
    zeros = len(present) - len(positive)
    return bool(
        zeros
        and len(positive) > len(present) / 2
        and present[0] == 0
        and positive[0] > 0.1 * np.median(positive)
    )


def _code(value: float) -> str:
    """A number that stands for something else, as it is written: `-999`, without separators."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:g}"


def _disguised_issue(series: Series, report: Report, affected: Mask, spellings: list[Any]) -> Issue:
    shown = ", ".join(_code(s) if isinstance(s, float) else f"'{s}'" for s in spellings)
    return report.issue(
        "disguised_missing",
        series,
        affected,
        severity=by_share(float(affected.mean()), high=0.2, medium=0.005),
        dimension="completeness",
        certainty=0.95,
        en="{count:,} {values} of {column} ({share:.2%}) {stand} for a missing one: {spellings}.",
        ko="{column} 열의 값 {count:,}개({share:.2%})는 결측을 뜻하는 표기입니다: {spellings}",
        spellings=shown,
        codes=spellings,
    )
