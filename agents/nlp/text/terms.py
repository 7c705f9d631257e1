"""The words that a text is about: Korean nouns and adjectives, words but for the small ones of other languages, phrases."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from .languages import small_words
from .morphemes import Morpheme, split_korean
from .personal_scan import find_personal

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LINK = re.compile(r"https?://\S+|www\.\S+|@\w+")
_KO_SHORT = frozenset("맛값색향양옷책방물줄힘불빛질앱팀집차돈폰천끈컵뷰룸")
_KO_EMPTY_LIST = (
    "때문 정도 경우 생각 사람 이번 다음 오늘 어제 내일 처음 마지막 하나 이것 그것 저것 여기 거기 누구 "
    "무엇 부분 자체 이거 그거 저거 우리 저희 본인 모두 전부 자기 이상 이하 지금 현재 최근 나중 이전 이후 "
    "사실 진짜 정말 완전 보통 그냥 얼마 동안 하루 이틀 일주일 이유 관련 대부분 마찬가지 있 없 같 그렇 "
    "이렇 저렇 어떻 많 적 좋 크 작"
)
_EN_EMPTY_LIST = (
    "really just get got getting would could also one much even like it's i'm don't didn't can't doesn't "
    "wasn't i've isn't won't im ive dont didnt thing things lot way make made go going went say said us "
    "use used using still since back two first time day well will every anything everything something "
    "nothing always never"
)
_KO_EMPTY = frozenset(_KO_EMPTY_LIST.split())
_EN_EMPTY = frozenset(_EN_EMPTY_LIST.split())
MIN_PHRASE = 3
MIN_ASSOCIATION = 0.35
"""A phrase occurs in three texts or more, and its words more often together than apart: normalised pointwise mutual information
from 0.35 on. Source: Bouma (2009)."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase, and where it begins and ends in its text."""

    word: str
    start: int
    end: int


@dataclass
class Reading:
    """A text read closely: its terms in order, and its morphemes when it is Korean."""

    terms: list[Term]
    morphemes: list[Morpheme] = field(default_factory=list)


def read_texts(
    texts: Sequence[str], languages: Sequence[str], progress: Callable[[float], None] | None = None
) -> dict[str, Reading]:
    """Every different text with its terms; plural forms and phrases are those of all texts together.

    Web addresses, mentions and personal data are left out of the terms.
    """
    distinct = dict(zip(texts, languages, strict=True))
    korean = [text for text, language in distinct.items() if language == "ko"]
    readings: dict[str, Reading] = {}
    for done, (text, morphemes) in enumerate(zip(korean, split_korean(korean), strict=True)):
        readings[text] = Reading(_without_private(text, list(_korean_terms(morphemes))), morphemes)
        if progress and done % 1000 == 0:
            progress(done / len(korean))
    for text, language in distinct.items():
        if language != "ko":
            readings[text] = Reading(_without_private(text, list(_other_terms(text, language))))
    _fold_plurals(readings)
    _join_phrases(readings)
    return readings


def _korean_terms(morphemes: Sequence[Morpheme]) -> Iterator[Term]:
    for item in morphemes:
        word = item.form.lower()
        if item.tag == "VA":
            word, keep = f"{item.form}다", item.form not in _KO_EMPTY
        else:
            keep = (item.noun or item.tag == "XR") and (len(word) > 1 or word in _KO_SHORT)
        if keep and word not in _KO_EMPTY and word not in _EN_EMPTY:
            yield Term(word, item.start, item.end)


def _other_terms(text: str, language: str) -> Iterator[Term]:
    empty = _english_empty() if language == "en" else small_words(language)
    for match in _WORD.finditer(text):
        word = match.group().lower().replace("’", "'")
        if (len(word) > 2 or not word.isascii()) and word not in empty:
            yield Term(word, match.start(), match.end())


@cache
def _english_empty() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(ENGLISH_STOP_WORDS | _EN_EMPTY)


def _without_private(text: str, terms: list[Term]) -> list[Term]:
    hidden = [match.span() for match in _LINK.finditer(text)]
    hidden += [(span.start, span.end) for span in find_personal(text)]
    if not hidden:
        return terms
    return [term for term in terms if not any(start < term.end and term.start < end for start, end in hidden)]


def _fold_plurals(readings: dict[str, Reading]) -> None:
    """English plurals become the singular when the texts use it too."""
    seen = {term.word for reading in readings.values() for term in reading.terms}
    folded = {word: single for word in seen if (single := _singular(word)) in seen and single != word}
    for reading in readings.values():
        reading.terms = [
            Term(folded[term.word], term.start, term.end) if term.word in folded else term
            for term in reading.terms
        ]


def _singular(word: str) -> str:
    if not word.isascii() or len(word) < 4 or word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("ches", "shes", "xes", "sses")) else word[:-1]


def _join_phrases(readings: dict[str, Reading]) -> None:
    """Two neighbouring words that belong together become one term, from the left."""
    words: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for text, reading in readings.items():
        words.update({term.word for term in reading.terms})
        pairs.update({(a.word, b.word) for a, b in _neighbours(text, reading.terms)})
    phrases = {pair for pair, count in pairs.items() if _belongs(pair, count, words, len(readings))}
    if phrases:
        for text, reading in readings.items():
            reading.terms = _joined(text, reading.terms, phrases)


def _belongs(pair: tuple[str, str], count: int, words: Counter[str], total: int) -> bool:
    if count < MIN_PHRASE or pair[0] == pair[1] or count >= total:
        return False
    together = count / total
    information = math.log(together / (words[pair[0]] / total * words[pair[1]] / total))
    return information / -math.log(together) >= MIN_ASSOCIATION


def _neighbours(text: str, terms: Sequence[Term]) -> Iterator[tuple[Term, Term]]:
    for first, second in pairwise(terms):
        if first.end <= second.start and not text[first.end : second.start].strip(" "):
            yield first, second


def _joined(text: str, terms: Sequence[Term], phrases: set[tuple[str, str]]) -> list[Term]:
    found: list[Term] = []
    skip = False
    for place, term in enumerate(terms):
        if skip:
            skip = False
            continue
        after = terms[place + 1] if place + 1 < len(terms) else None
        if after and (term.word, after.word) in phrases and not text[term.end : after.start].strip(" "):
            found.append(Term(f"{term.word} {after.word}", term.start, after.end))
            skip = True
        else:
            found.append(term)
    return found
