"""Reading a text with the vocabulary: which meanings it has, and which words remain."""

import functools
from dataclasses import dataclass

from .concept import Kind
from .vocabulary import CONCEPTS, KIND_OF


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the lexicon reads it: the names of its concepts, and the text with those words taken out."""

    concepts: frozenset[str]
    rest: str

    def kinds(self) -> set[Kind]:
        """The kinds of its concepts."""
        return {KIND_OF[concept] for concept in self.concepts}


_TAKEN_OUT_LAST = ("train", "season", "ask")
"""These reach over words that mean something themselves (build a *forecast* model; a season is a trend too)."""


@functools.lru_cache(maxsize=4096)
def read(text: str) -> Reading:
    """The concepts of a text. Task words are taken out first, so that a word counts once, for its most telling sense."""
    rest = text.lower()
    found = set()
    for concept in CONCEPTS:
        if concept.pattern.search(rest):
            found.add(concept.name)
            if concept.name not in _TAKEN_OUT_LAST:
                rest = concept.pattern.sub(" ", rest)
    for concept in CONCEPTS:
        if concept.name in _TAKEN_OUT_LAST:
            rest = concept.pattern.sub(" ", rest)
    return Reading(frozenset(found), rest)
