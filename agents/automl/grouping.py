"""Which columns a question wants a forecast split by: `by region`, `per product and store`, `지역별로`, `제품·지역별`."""

import re

from mesh.results import Column
from mesh.tabular.lexicon import CONCEPTS, concepts_of, mentions, says

MAX_COLUMNS = 2
_ENGLISH = re.compile(r"\b(?:by|per|for each|for every|each)\s+(.{2,60})")
_END = re.compile(r"\b(?:for|over|in|with|next|using|until|from)\b|[.?!\d]")
_KOREAN = re.compile(r"((?:[가-힣a-z_]+\s*(?:·|,|×|/|및)\s*|[가-힣a-z_]+(?:와|과)\s+)*[가-힣a-z_]+)별")


def asked_groups(question: str, columns: list[Column]) -> list[str]:
    """At most two grouping columns in the order of the table; none when the question names no split that it holds.

    A column that is named itself goes before one that only stands for the same thing.
    """
    text = " ".join(question.lower().split())
    parts = [_END.split(match[1])[0] for match in _ENGLISH.finditer(text)]
    parts += [match[1] for match in _KOREAN.finditer(text)]
    fit = [c.name for c in columns if c.semantic in {"category", "identifier", "geo"}]
    found: list[str] = []
    for part in parts:
        named = [name for name in fit if mentions(part, name)]
        known = {concept for name in named for concept in concepts_of(name)}
        for name in fit:
            concepts = set(concepts_of(name))
            if name not in named and not concepts & known and _means(part, concepts):
                named.append(name)
                known |= concepts
        found += [name for name in named if name not in found]
    return [name for name in fit if name in found[:MAX_COLUMNS]]


def _means(part: str, concepts: set[str]) -> bool:
    return any(says(part, term) for concept in concepts for term in CONCEPTS[concept][0])
