"""Which of the categories that a question names is the outcome, and which ones divide the rows into groups."""

import re

from mesh.tabular.lexicon import CONCEPTS, alludes, concepts_of, words

_BEFORE_GROUP = re.compile(
    r"\b(?:by|between|across|among|per|depends? on|due to|after|with|for|to|of different)\s+(?:the |their |different |own )*$"
)
_AFTER_GROUP = re.compile(r"^\s?(?:별|간|사이|마다|에 따라|에 따른|에 의한|유형)")
_BEFORE_OUTCOME = re.compile(
    r"\b(?:likely to(?: be| have| get)?|chances? of|probability of|rates? of|shares? of|proportions? of|"
    r"differ(?:ences?)? in|support for|more|less|fewer)\s+(?:the |their |being )*$"
)
_AFTER_OUTCOME = re.compile(r"^\s?(?:rates?\b|률|율| ?비율| ?확률)")


def by_role(goal: str, names: list[str], outcomes: frozenset[str], groups: frozenset[str]) -> list[str]:
    """The names, the one most like an outcome first: by the words around it, then by its own name.

    Args: `outcomes` and `groups` are words that columns of outcomes and of groups are called by.
    """
    return sorted(names, key=lambda name: -_outcome_score(goal, name, outcomes, groups))


def _outcome_score(goal: str, name: str, outcomes: frozenset[str], groups: frozenset[str]) -> int:
    lowered = goal.lower()
    spans = _spans(lowered, name)
    said = sum(
        (
            2 * any(_BEFORE_OUTCOME.search(lowered[:start]) for start, _ in spans),
            2 * any(_AFTER_OUTCOME.search(lowered[end:]) for _, end in spans),
            -2 * any(_BEFORE_GROUP.search(lowered[:start]) for start, _ in spans),
            -2 * any(_AFTER_GROUP.search(lowered[end:]) for _, end in spans),
        )
    )
    own = set(words(name))
    return said + bool(own & outcomes) - bool(own & groups or "gender" in concepts_of(name))


def _spans(lowered: str, name: str) -> list[tuple[int, int]]:
    """Where a question speaks of a column, in whatever form."""
    terms = {name.lower(), " ".join(words(name))}
    terms |= {term for concept in concepts_of(name) for term in CONCEPTS[concept][0]}
    terms |= {word for word in re.findall(r"[a-z]+", lowered) if alludes(word, name)}
    terms |= {name[:-2]} if alludes(name[:-2], name) else set()
    return [match.span() for term in terms if term for match in re.finditer(re.escape(term), lowered)]
