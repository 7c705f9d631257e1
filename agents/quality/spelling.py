"""Several spellings of one value, and rare values that are one typing error away from a frequent one."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from .issues import Issue, Repair, Report
from .places import canonical_place
from .tables import Integers, Mask, Series, shortened

MAX_SPELLINGS = 50_000
MAX_CHARS = 2_000_000
MAX_TEXT_SHARE = 0.2
"""Texts that are repeated more often than this are a choice of sentences rather than free text."""
FREQUENT = 4
MOST_UNIQUE = 0.5
"""Where more of the values are different, as names are, two spellings that are equally frequent may be two things."""
RATIO, SURE_RATIO = 8, 50
"""A value is a typing error of another only when that is so many times as frequent; from the second on it may be repeated."""
CLOSED = 0.9
NATURAL_NEIGHBOURS = 0.05
"""Where more of the frequent values than this are one letter apart from one of like frequency (Iran, Iraq), that says nothing."""
MIN_BIGRAMS = 60
_SIGNED = re.compile(r"[-−]\w")
_JOINTS = re.compile(r"(?<!\d)[-_.'’]+|[-_.'’]+(?!\d)")


def spelling_issues(series: Series, ignored: Mask, report: Report) -> list[Issue]:
    """Variants and typing errors of a text column, rows that are `ignored` apart."""
    if series.kind != "string" or not 2 <= series.distinct_count <= MAX_SPELLINGS:
        return []
    if series.is_("text") and series.distinct_count > MAX_TEXT_SHARE * series.rows:
        return []
    texts = series.distinct.values.to_pylist()
    if sum(map(len, texts)) > MAX_CHARS:
        return []
    variants = _variants(series, texts)
    found = [_variant_issue(series, texts, variants, report)] if variants else []
    known = {position for group in variants for position in group[1:]}
    codes = series.distinct.codes[ignored]
    known |= set(np.unique(codes[codes >= 0]).tolist())
    typos = find_typos(texts, series.distinct.counts, known)
    if typos:
        found.append(_typo_issue(series, texts, typos, report))
    return found


def folded(text: str) -> str:
    """The text without differences of case, width, accents, white space and joining punctuation outside numbers.

    A leading minus sign stays.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    if not plain.isascii():
        parts = unicodedata.normalize("NFD", plain)
        plain = unicodedata.normalize("NFC", "".join(c for c in parts if not "\u0300" <= c <= "\u036f"))
    sign = "-" if _SIGNED.match(plain) else ""
    return sign + "".join(_JOINTS.sub("", plain).split())


def _variants(series: Series, texts: list[str]) -> list[list[int]]:
    """Groups of positions of spellings of one value, the most frequent spelling first."""
    if series.is_("identifier"):
        return []
    by_fold: dict[str, list[int]] = defaultdict(list)
    for position, text in enumerate(texts):
        by_fold[folded(text)].append(position)
    counts = series.distinct.counts
    places = canonical_place({fold: int(counts[members].sum()) for fold, members in by_fold.items()})
    merged: dict[str, list[int]] = defaultdict(list)
    for fold, positions in by_fold.items():
        merged[places.get(fold, fold)] += positions
    groups = [sorted(members) for fold, members in merged.items() if len(members) > 1 and fold]
    if len(texts) > MOST_UNIQUE * counts.sum():
        groups = [members for members in groups if counts[members[0]] > counts[members[1]]]
    return groups


def _variant_issue(series: Series, texts: list[str], groups: list[list[int]], report: Report) -> Issue:
    usual = {rarer: members[0] for members in groups for rarer in members[1:]}
    spelled = [[shortened(texts[i]) for i in members] for members in groups]
    shown = " / ".join(f"'{spelling}'" for spelling in spelled[0][:3])
    affected, repair = _replacing(series, texts, usual, report, 0.9, _VARIANT)
    return report.issue(
        "string_variants",
        series,
        affected,
        severity="medium",
        dimension="consistency",
        certainty=0.88,
        repair=repair,
        en="{column} spells {groups:,} of its values in more than one way ({shown}); {count:,} {rows} {use} a rarer spelling.",
        ko="{column} 열에서 값 {groups:,}개가 여러 표기로 적혀 있습니다({shown}). 드문 표기를 쓴 행은 {count:,}개입니다.",
        examples=[{"spellings": group} for group in spelled[: report.max_examples]],
        groups=len(groups),
        shown=shown,
    )


_VARIANT = {
    "en": "'{value}' is another spelling of '{usual}', which is more frequent.",
    "ko": "'{value}'(은/는) 더 자주 쓰인 '{usual}'의 다른 표기입니다.",
}
_TYPO = {
    "en": "'{value}' is one typing error away from '{usual}', which is far more frequent.",
    "ko": "'{value}'(은/는) 훨씬 자주 쓰인 '{usual}'에서 한 글자가 어긋난 값입니다.",
}


def _replacing(
    series: Series,
    texts: list[str],
    usual: dict[int, int],
    report: Report,
    confidence: float,
    why: dict[str, str],
) -> tuple[Mask, Repair]:
    """The rows that hold one of the values in `usual`, and their repair by the value it names."""
    positions = np.array(sorted(usual), np.int64)
    affected = series.distinct.rows_of(positions)
    rank = np.zeros(series.distinct_count, np.int64)
    rank[positions] = np.arange(len(positions))
    reason_of = rank[series.distinct.codes[affected]]
    proposed = pa.array([texts[usual[int(p)]] for p in positions], pa.string())
    reasons = tuple(
        report.say(en=why["en"], ko=why["ko"], value=shortened(texts[p]), usual=shortened(texts[usual[p]]))
        for p in positions.tolist()
    )
    return affected, Repair(proposed.take(pa.array(reason_of)), confidence, reasons, reason_of)


def _typo_issue(series: Series, texts: list[str], typos: dict[int, int], report: Report) -> Issue:
    affected, repair = _replacing(series, texts, typos, report, 0.85, _TYPO)
    rare, usual = next(iter(sorted(typos.items())))
    return report.issue(
        "possible_typo",
        series,
        affected,
        severity="low",
        dimension="consistency",
        certainty=0.85,
        repair=repair,
        en="{count:,} {rows} of {column} may hold typing errors, such as '{rare}' for '{usual}'.",
        ko="{column} 열의 {count:,}행은 오타로 보입니다(예: '{usual}' 대신 '{rare}').",
        examples=[
            {"value": texts[r], "usual": texts[u]} for r, u in sorted(typos.items())[: report.max_examples]
        ],
        rare=texts[rare],
        usual=texts[usual],
    )


@dataclass(frozen=True)
class _Vocabulary:
    """What is known of a column's spellings: is it closed, and which pairs of neighbouring letters occur in frequent values."""

    closed: bool
    bigrams: frozenset[str]


def find_typos(texts: list[str], counts: Integers, known: set[int]) -> dict[int, int]:
    """Positions of rare values that are typing errors, and of the frequent values that they should be.

    One letter is missing, added, other or swapped with its neighbour in a word of at least three letters, digits apart, and the
    frequent value is `RATIO` times as frequent. That alone is no error: it must also be the rule among the rare values of a
    closed vocabulary, or leave pairs of letters that no frequent value has.
    """
    frequent = [i for i in range(len(texts)) if counts[i] >= FREQUENT and i not in known]
    near: dict[int, int] = {}
    deletions = _deletions(texts, frequent)
    for rare in range(len(texts)):
        if rare in known or counts[rare] * RATIO > counts[0]:
            continue
        usual = _neighbour(rare, texts, counts, deletions)
        if usual is not None:
            near[rare] = usual
    vocabulary = _vocabulary(texts, counts, frequent, near, deletions, known)
    return {rare: usual for rare, usual in near.items() if _is_typo(texts, counts, rare, usual, vocabulary)}


def _vocabulary(
    texts: list[str],
    counts: Integers,
    frequent: list[int],
    near: dict[int, int],
    deletions: dict[str, list[int]],
    known: set[int],
) -> _Vocabulary:
    tail = [i for i in range(len(texts)) if counts[i] <= max(2, 0.001 * counts.sum()) and i not in known]
    natural = sum(
        i not in near and _neighbour(i, texts, counts, deletions, least_ratio=1 / RATIO) is not None
        for i in frequent
    )
    covered = float(counts[frequent].sum()) + float(counts[list(near)].sum())
    closed = covered >= CLOSED * counts.sum() and sum(i in near for i in tail) > 0.5 * len(tail)
    closed = closed and natural <= NATURAL_NEIGHBOURS * len(frequent)
    return _Vocabulary(closed, frozenset(pair for i in frequent for pair in _bigrams(texts[i])))


def _is_typo(texts: list[str], counts: Integers, rare: int, usual: int, vocabulary: _Vocabulary) -> bool:
    if vocabulary.closed and (counts[rare] <= 2 or counts[usual] >= SURE_RATIO * counts[rare]):
        return len(texts[rare]) >= 4 or counts[usual] >= SURE_RATIO * counts[rare]
    new = set(_bigrams(texts[rare])) - set(_bigrams(texts[usual]))
    return (
        len(texts[rare]) >= 6
        and bool(new)
        and len(vocabulary.bigrams) >= MIN_BIGRAMS
        and not new & vocabulary.bigrams
    )


def _bigrams(text: str) -> Iterator[str]:
    padded = f" {text.lower()} "
    return (padded[i : i + 2] for i in range(len(padded) - 1))


def _deletions(texts: list[str], frequent: list[int]) -> dict[str, list[int]]:
    """Frequent values, most frequent first, by themselves and by what is left when one letter is taken away."""
    found: dict[str, list[int]] = defaultdict(list)
    for position in frequent:
        for form in _shortened_by_one(texts[position]):
            found[form].append(position)
    return found


def _shortened_by_one(text: str) -> set[str]:
    return {text, *(text[:i] + text[i + 1 :] for i in range(len(text)))} if len(text) >= 3 else set()


def _neighbour(
    rare: int, texts: list[str], counts: Integers, deletions: dict[str, list[int]], least_ratio: float = RATIO
) -> int | None:
    """The most frequent value one typing error away that is frequent enough; None without one."""
    candidates: Counter[int] = Counter()
    for form in _shortened_by_one(texts[rare]):
        for position in deletions.get(form, ()):
            if position != rare and counts[position] >= least_ratio * counts[rare]:
                candidates[position] = int(counts[position])
    for usual, _ in candidates.most_common():
        if one_error_apart(texts[rare], texts[usual]):
            return usual
    return None


def one_error_apart(one: str, other: str) -> bool:
    """Is a letter missing, added, other or swapped with its neighbour, in a word of three letters at least, digits apart?"""
    size = min(len(one), len(other))
    if abs(len(one) - len(other)) > 1 or one == other or folded(one) == folded(other):
        return False
    start = next((i for i in range(size) if one[i] != other[i]), size)
    a, b = one[start:], other[start:]
    swapped = len(a) > 1 and a[:2] == b[1::-1] and a[2:] == b[2:]
    if not (a[1:] == b[1:] or a == b[1:] or a[1:] == b or swapped):
        return False
    changed = {a[:1], b[:1]} if len(one) == len(other) else {a[:1] if len(one) > len(other) else b[:1]}
    if all(c.isdigit() for c in changed) or (swapped and any(c.isdigit() for c in changed)):
        return False
    return _word_length(other, min(start, len(other) - 1)) >= 3


def _word_length(text: str, position: int) -> int:
    """Length of the word of letters around a position."""
    left, right = position, position
    while left > 0 and text[left - 1].isalpha():
        left -= 1
    while right < len(text) and text[right].isalpha():
        right += 1
    return right - left
