"""Texts that do not agree with each other: several spellings of one value, numbers or dates among words, damaged characters."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .issues import Issue, Report
from .missing import disguised_rows
from .tables import Integers, Mask, Series, Table, shortened

MAX_SPELLINGS = 50_000
SCREENED = 2_000
SCREEN_SHARE = 0.02
_SIGNED = re.compile(r"[-−]\w")
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


def text_issues(table: Table, report: Report) -> list[Issue]:
    """Inconsistencies of every text column."""
    found: list[Issue | None] = []
    for series in table.series:
        if series.kind == "string" and len(series.distinct.counts):
            found += [_mixed(series, report), _date_forms(series, report), _damaged(series, report)]
            if len(series.distinct.counts) <= MAX_SPELLINGS and not series.is_("text", "identifier"):
                found += [_variants(series, report), _typos(series, report)]
    return [issue for issue in found if issue is not None]


def _matches(series: Series, pattern: str) -> Mask:
    """Which distinct values match, shape (distinct,)."""
    return np.asarray(
        pc.match_substring_regex(series.distinct.values, pattern).to_numpy(zero_copy_only=False), np.bool_
    )


def _some(series: Series, patterns: list[str]) -> bool:
    """May most values match one of the patterns? A screen on evenly spread distinct values saves hopeless full scans."""
    values = series.distinct.values
    spread = np.unique(np.linspace(0, len(values) - 1, SCREENED).astype(np.int64))
    screened = values.take(pa.array(spread))
    hits = [
        pc.match_substring_regex(screened, pattern).to_numpy(zero_copy_only=False) for pattern in patterns
    ]
    return bool(np.logical_or.reduce(hits).mean() >= SCREEN_SHARE)


def _mixed(series: Series, report: Report) -> Issue | None:
    """Words among numbers: most values of a text column are numbers, some are not."""
    if series.is_("identifier", "text") or _are_codes(series):
        return None
    if not _some(series, [_NUMBER]):
        return None
    number = _matches(series, _NUMBER)
    words = series.distinct.rows_of(np.flatnonzero(~number)) & ~disguised_rows(series)
    share = float(series.distinct.counts[number].sum() / series.distinct.counts.sum())
    if share < 0.6 or not words.any():
        return None
    return report.issue(
        "mixed_types",
        series,
        words,
        severity="high",
        dimension="consistency",
        certainty=0.9,
        en="{count:,} {values} of {column} {are} text while {numbers:.1%} are numbers, so it could not be read as a number.",
        ko="{column} 열은 {numbers:.1%}가 숫자인데 값 {count:,}개가 숫자가 아니어서 숫자 열로 읽을 수 없습니다.",
        numbers=share,
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


def folded(text: str) -> str:
    """The text without differences of case, width, white space and joining punctuation; a leading minus sign stays."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    sign = "-" if _SIGNED.match(plain) else ""
    return sign + "".join(char for char in plain if not char.isspace() and char not in "-_.'’")


def _variants(series: Series, report: Report) -> Issue | None:
    """Spellings that differ only in case, width, white space or joining punctuation; rarer ones are affected."""
    minority, groups = _minority(series, folded)
    if not len(minority):
        return None
    shown = " / ".join(f"'{spelling}'" for spelling in groups[0][:3])
    return report.issue(
        "string_variants",
        series,
        series.distinct.rows_of(minority),
        severity="medium",
        dimension="consistency",
        certainty=0.85,
        en="{column} spells {groups:,} of its values in more than one way ({shown}); {count:,} {rows} {use} a rarer spelling.",
        ko="{column} 열에서 값 {groups:,}개가 여러 표기로 적혀 있습니다({shown}). 드문 표기를 쓴 행은 {count:,}개입니다.",
        examples=[{"spellings": group} for group in groups[: report.max_examples]],
        groups=len(groups),
        shown=shown,
    )


def _minority(series: Series, fold: Callable[[str], str]) -> tuple[Integers, list[list[str]]]:
    """Positions of the rarer spellings, and the groups of spellings, most frequent spelling first."""
    by_fold: dict[str, list[int]] = defaultdict(list)
    spellings = series.distinct.values.to_pylist()
    for position, spelling in enumerate(spellings):
        by_fold[fold(spelling)].append(position)
    groups = [members for key, members in by_fold.items() if len(members) > 1 and key]
    rarer = [position for members in groups for position in members[1:]]
    return np.array(rarer, np.int64), [[shortened(spellings[i]) for i in members] for members in groups]


def _typos(series: Series, report: Report) -> Issue | None:
    """Rare values that are one letter away from a value at least fifty times as frequent."""
    counts = series.distinct.counts
    if not 2 <= len(counts) <= 300 or not series.is_("category", "geo"):
        return None
    texts = series.distinct.values.to_pylist()
    found: list[tuple[int, str, str]] = []
    for rare in range(1, len(texts)):
        for frequent in range(rare):
            if counts[frequent] < 50 * counts[rare]:
                break
            if _one_letter_apart(texts[rare], texts[frequent]) and folded(texts[rare]) != folded(
                texts[frequent]
            ):
                found.append((rare, texts[rare], texts[frequent]))
                break
    if not found:
        return None
    return report.issue(
        "possible_typo",
        series,
        series.distinct.rows_of([position for position, _, _ in found]),
        severity="low",
        dimension="consistency",
        certainty=0.8,
        en="{count:,} {rows} of {column} may hold typing errors, such as '{rare}' for '{usual}'.",
        ko="{column} 열의 {count:,}행은 오타로 보입니다(예: '{usual}' 대신 '{rare}').",
        examples=[{"value": rare, "usual": usual} for _, rare, usual in found[: report.max_examples]],
        rare=found[0][1],
        usual=found[0][2],
    )


def _one_letter_apart(one: str, other: str) -> bool:
    """One letter more, less, different or swapped with its neighbour, in words of five letters and more without digits."""
    if (
        min(len(one), len(other)) < 5
        or abs(len(one) - len(other)) > 1
        or any(c.isdigit() for c in one + other)
    ):
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a == b[1:] or a[1:] == b or (a[:2] == b[1::-1] and a[2:] == b[2:])
