"""Texts that do not agree with each other: words among numbers, dates in several notations, damaged characters."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .issues import Issue, Report
from .tables import Integers, Mask, Series, shortened, spread

SCREENED = 2_000
SCREEN_SHARE = 0.02
LEVEL_SHARE = 0.01
"""A text with digits that so many rows have is a level of its own, such as `3+` among 0, 1 and 2."""
VOCABULARY, RARE_SHARE = 0.9, 0.005
_NUMBER = r"^\s*[(₩$€£¥+-]*\d[\d,]*(?:\.\d+)?\s?(?:%|원)?\)?\s*$"
_DATES = (
    ("YYYY-MM-DD", r"^\s*\d{4}-\d{1,2}-\d{1,2}(?:[T ].*)?$"),
    ("YYYY/MM/DD", r"^\s*\d{4}/\d{1,2}/\d{1,2}(?: .*)?$"),
    ("YYYY.MM.DD", r"^\s*\d{4}\. ?\d{1,2}\. ?\d{1,2}\.?$"),
    ("DD/MM/YYYY", r"^\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}$"),
    ("YYYY년 M월 D일", r"^\s*\d{4}년 ?\d{1,2}월 ?\d{1,2}일$"),
    (
        "Month D, YYYY",
        r"(?i)^\s*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2},? \d{4}$",
    ),
    (
        "D Month YYYY",
        r"(?i)^\s*\d{1,2}[ -](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[ -]\d{4}$",
    ),
)


def text_issues(series: Series, ignored: Mask, report: Report) -> list[Issue]:
    """Inconsistencies of a text column in rows that are not `ignored`."""
    if series.kind != "string" or not series.distinct_count:
        return []
    found = [
        _mixed(series, ignored, report),
        _numbers_among_words(series, ignored, report),
        _date_forms(series, report),
        _damaged(series, report),
    ]
    return [issue for issue in found if issue is not None]


def _matches(series: Series, pattern: str) -> Mask:
    """Which distinct values match, shape (distinct,)."""
    return np.asarray(
        pc.match_substring_regex(series.distinct.values, pattern).to_numpy(zero_copy_only=False), np.bool_
    )


def _some(series: Series, patterns: list[str]) -> bool:
    """May most values match one of the patterns? A screen on evenly spread distinct values saves hopeless full scans."""
    values = series.distinct.values
    screened = values.take(pa.array(spread(len(values), SCREENED)))
    hits = [
        pc.match_substring_regex(screened, pattern).to_numpy(zero_copy_only=False) for pattern in patterns
    ]
    return bool(np.logical_or.reduce(hits).mean() >= SCREEN_SHARE)


def _mixed(series: Series, ignored: Mask, report: Report) -> Issue | None:
    """Words among numbers: most values of a text column are numbers, some are not."""
    if series.is_("identifier", "text") or _are_codes(series):
        return None
    if not _some(series, [_NUMBER]):
        return None
    number = _matches(series, _NUMBER)
    levels = (series.distinct.counts >= LEVEL_SHARE * series.rows) & _matches(series, "[0-9]")
    words = series.distinct.rows_of(np.flatnonzero(~number & ~levels)) & ~ignored
    share = float(series.distinct.counts[number].sum() / series.distinct.counts.sum())
    if share < 0.6 or not words.any():
        return None
    return report.issue(
        "mixed_types",
        series,
        words,
        severity="high",
        dimension="consistency",
        certainty=0.8,
        en="{count:,} {values} of {column} {are} text while {numbers:.1%} are numbers, so it could not be read as a number.",
        ko="{column} 열은 {numbers:.1%}가 숫자인데 값 {count:,}개가 숫자가 아니어서 숫자 열로 읽을 수 없습니다.",
        numbers=share,
    )


def _numbers_among_words(series: Series, ignored: Mask, report: Report) -> Issue | None:
    """Numbers among words: nearly all rows hold one of a few repeated words without digits, a few hold a number."""
    if series.is_("identifier", "text") or series.distinct_count < 3:
        return None
    counts = series.distinct.counts
    words = ~_matches(series, "[0-9]")
    rare = counts <= max(2, RARE_SHARE * series.rows)
    if counts[words & ~rare].sum() < VOCABULARY * counts.sum():
        return None
    numbers = series.distinct.rows_of(np.flatnonzero(rare & _matches(series, _NUMBER))) & ~ignored
    if not numbers.any():
        return None
    return report.issue(
        "mixed_types",
        series,
        numbers,
        severity="medium",
        dimension="consistency",
        certainty=0.9,
        en="{count:,} {values} of {column} {are} numbers, while the rest are words such as '{word}'.",
        ko="{column} 열은 '{word}' 같은 글자로 되어 있는데 값 {count:,}개가 숫자입니다.",
        word=shortened(series.distinct.values[int(np.flatnonzero(words)[0])].as_py()),
    )


def _are_codes(series: Series) -> bool:
    """Numbers of one length with leading zeros are codes, among which letters are no surprise."""
    return bool(_matches(series, r"^0\d+$").any())


def _date_forms(series: Series, report: Report) -> Issue | None:
    """Dates that could not become a date column: several notations, or values that are no dates."""
    if len(series.distinct.counts) < 2:
        return None
    if not _some(series, [pattern for _, pattern in _DATES]):
        return None
    forms: dict[str, Mask] = {}
    for name, pattern in _DATES:
        hits = _matches(series, pattern)
        if hits.any():
            forms[name] = hits
    if not forms:
        return None
    any_form = np.logical_or.reduce(list(forms.values()))
    counts = series.distinct.counts
    share = float(counts[any_form].sum() / counts.sum())
    if share < 0.6:
        return None
    usual = max(forms, key=lambda name: int(counts[forms[name]].sum()))
    affected = series.distinct.rows_of(np.flatnonzero(~forms[usual]))
    impossible = _impossible_dates(series, any_form)
    affected |= series.distinct.rows_of(impossible)
    if not affected.any():
        return None
    shown = [series.distinct.values[int(i)].as_py() for i in impossible[:3]]
    tail_en = " No calendar has {impossible}." if shown else ""
    tail_ko = " {impossible}(은/는) 달력에 없는 날짜입니다." if shown else ""
    return report.issue(
        "mixed_dates",
        series,
        affected,
        severity="high",
        dimension="consistency",
        certainty=0.9,
        en="{column} holds dates in {forms:,} notations, {count:,} of them not written as {usual} or not valid."
        + tail_en,
        ko="{column} 열의 날짜 표기가 {forms:,}가지이고, {count:,}개는 {usual} 형식이 아니거나 유효하지 않습니다."
        + tail_ko,
        forms=len(forms),
        usual=usual,
        impossible=", ".join(shown),
        notations=sorted(forms),
    )


def _impossible_dates(series: Series, written_as_date: Mask) -> Integers:
    """Positions of values written as year-month-day whose month is over 12 or whose day is over 31."""
    parts = pc.extract_regex(
        series.distinct.values, pattern=r"^\s*\d{4}[-/.] ?(?P<m>\d{1,2})[-/.] ?(?P<d>\d{1,2})"
    )
    month, day = (
        pc.cast(part, pa.int32()).fill_null(1).to_numpy(zero_copy_only=False) for part in parts.flatten()
    )
    wrong = written_as_date & ((month > 12) | (month < 1) | (day > 31) | (day < 1))
    return np.asarray(np.flatnonzero(wrong), np.int64)


def _damaged(series: Series, report: Report) -> Issue | None:
    hits = _matches(series, "\ufffd|Ã[\u0080-\u00bf]|â€")
    if not hits.any():
        return None
    return report.issue(
        "damaged_text",
        series,
        series.distinct.rows_of(np.flatnonzero(hits)),
        severity="medium",
        dimension="consistency",
        certainty=0.9,
        en="{count:,} {values} of {column} {hold} damaged characters, a sign of a wrong encoding.",
        ko="{column} 열의 값 {count:,}개에 깨진 글자가 있습니다. 인코딩이 잘못되었을 가능성이 있습니다.",
    )
