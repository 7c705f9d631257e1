"""A question that asks for several things, taken apart into clauses that ask for one each."""

import re
from collections.abc import Collection

from .lexicon import read
from .words import words

_VERB_LIST = (
    "add aggregate analyse analyze answer assess augment build calculate chart check classify clean "
    "cluster compare compute convert count create "
    "deploy describe detect diagnose draw enrich estimate evaluate examine explain explore export "
    "extract find fit flag forecast generate get give group "
    "identify import infer investigate join label list load look make mask merge model monitor optimise "
    "optimize plot predict prepare profile produce promote publish rank "
    "read recommend register remove rename render report run save score search segment send show "
    "simulate split store stream suggest summarise summarize tell test "
    "track train transcribe transform translate understand upload validate verify visualise visualize "
    "what where which who why how write"
)
_VERBS = frozenset(_VERB_LIST.split())
_BREAK = re.compile(
    r"[.?!;]\s+|\n+|,\s*(?:and\s+)?(?:then|also|after that|finally)\s+|\s+and\s+then\s+|\s+then\s+|"
    r"\s+and\s+also\s+|\s+after(?:wards| that),?\s+"
    r"|(?<=[가-힣])(?<![을를도로]),?\s+(?:그리고|그런 ?다음|그 ?다음에?|그 ?후에?|이어서|또한)\s+"
    r"|(?<=[한은인])\s*(?:뒤에?|다음에?|후에?)(?=[\s,]),?\s*",
    re.IGNORECASE,
)
_SOFT = re.compile(r"(,\s*(?:and\s+)?|\s+(?:and|plus|&)\s+)([a-z]+)", re.IGNORECASE)
_CONNECTIVE = re.compile(r"(?<=[가-힣])(?:하고|고|해서|하여|하며|면서|며|아서|어서|여서)[\s,]+")
_OBJECT_OF_CONNECTIVE = re.compile(r"[을를도로]\s+그리$")


def clauses(question: str, verbs: Collection[str] = ()) -> list[str]:
    """The clauses of a question, in order; the question itself when it asks for one thing.

    `and` and commas split only before a verb: one of English, or of `verbs` (words that cards' examples begin
    with). Korean splits after a connective ending (분석하고, 만들어서) of a word that names some work.
    """
    parts = [question]
    parts = [piece for part in parts for piece in _at_breaks(part)]
    parts = [piece for part in parts for piece in _before_verbs(part, {*_VERBS, *verbs})]
    parts = [piece for part in parts for piece in _after_connectives(part)]
    found = [part.strip(" ,.") for part in parts]
    return [part for part in found if words(part)] or [question.strip()]


def opening_verbs(examples: Collection[str]) -> set[str]:
    """The first words of English examples: verbs, as people give orders."""
    first = (words(example)[:1] for example in examples)
    return {
        word[0] for word in first if word and word[0].isascii() and word[0].isalpha() and len(word[0]) > 2
    }


def _at_breaks(text: str) -> list[str]:
    return [part for part in _BREAK.split(text) if part]


def _before_verbs(text: str, verbs: Collection[str]) -> list[str]:
    parts, start = [], 0
    for match in _SOFT.finditer(text):
        if match.group(2).lower() in verbs and words(text[start : match.start()]):
            parts.append(text[start : match.start()])
            start = match.start(2)
    return [*parts, text[start:]]


def _after_connectives(text: str) -> list[str]:
    parts, start = [], 0
    for match in _CONNECTIVE.finditer(text):
        before = text[start : match.start()]
        if _OBJECT_OF_CONNECTIVE.search(before) or _names_work(before.split()[-1:]):
            parts.append(text[start : match.end()])
            start = match.end()
    return [*parts, text[start:]]


def _names_work(last: list[str]) -> bool:
    """Whether the word before the ending is a verb stem, not a noun joined by `하고` (지역하고 상품)."""
    if not last:
        return False
    reading = read(last[0])
    nouns = {"table", "time", "business", "model"}
    return bool(reading.concepts - nouns) or not reading.concepts
