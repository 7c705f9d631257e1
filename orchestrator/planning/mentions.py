"""Which of several given things a question is about, by their names and columns."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from .given import Given
from .skills import DATASET, SOURCE
from .words import content_stems

_PLAIN_WORD = re.compile(r"[^\W\d_]+")
_NOUNS_EN = r"files?|tables?|sheets?|csv|excel|data ?sets?"
_NOUNS_KO = r"파일|테이블|시트|표|데이터 ?셋|엑셀"
_COLUMN_WEIGHT = 0.5


def about(question: str, given: Sequence[Given]) -> list[Given]:
    """What is left of the given things when the question names some of them as files or tables.

    Named is a thing by its file's name (orders.csv, bike_sales_data) or by a word of it before a word for a table (the
    orders table, 주문 파일). A plain word of it in the question (how many orders) names nothing. Without a name, and when
    all are named, everything is left.
    """
    things = [item for item in given if item.type in (SOURCE, DATASET)]
    named = [item for item in things if _named(question, item, things)]
    titles = {item.called for item in named}
    if not named or titles == {item.called for item in things if item.part != "combined"}:
        return list(given)
    return [item for item in given if item.type not in (SOURCE, DATASET) or item.called in titles]


@dataclass(frozen=True, slots=True)
class Mention:
    """The thing that one input takes of several: its place, and whether the question speaks of it."""

    place: int
    spoken_of: bool


def spoken_of(question: str, things: Sequence[Given]) -> Mention:
    """The thing whose name, or else columns, share most words with the question; the first when none does."""
    asked = set(content_stems(question))
    scores = [
        len(asked & _stems([_stem(item)]))
        + _COLUMN_WEIGHT * len(asked & _stems(column.name for column in item.columns))
        for item in things
    ]
    best = max(scores)
    return Mention(scores.index(best), spoken_of=best > 0 and scores.count(best) == 1)


def _named(question: str, item: Given, things: Sequence[Given]) -> bool:
    stem = _stem(item)
    if not stem:
        return False
    said = question.lower()
    whole = [item.called.lower()] if item.called.lower() != stem else []
    whole += [] if _PLAIN_WORD.fullmatch(stem) or " " in stem else [stem]
    if any(re.search(rf"(?<![\w.]){re.escape(name)}(?![a-z0-9_])", said) for name in whole):
        return True
    others = [_words(_stem(other)) for other in things if other.called != item.called]
    own = [word for word in _words(stem) if not any(word in words for words in others)]
    names = "|".join(re.escape(name) for name in [stem, *own])
    return bool(re.search(rf"(?<!\w)(?:{names})[ _]?(?:(?:{_NOUNS_EN})\b|(?:{_NOUNS_KO}))", said))


def _stem(item: Given) -> str:
    name = PurePosixPath(item.called.replace("\\", "/")).name.lower()
    while (suffix := PurePosixPath(name).suffix) and 1 < len(suffix) <= 8 and not suffix[1:].isdigit():
        name = name.removesuffix(suffix)
    return name


def _words(stem: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", stem) if len(word) > 1]


def _stems(names: Iterable[str]) -> set[str]:
    return {stem for name in names for stem in content_stems(name.replace("_", " "))}
