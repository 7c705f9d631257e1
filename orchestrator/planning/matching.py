"""How well each skill fits a text, as a confidence in [0, 1]."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from .profiles import Profiles, terms
from .skills import SkillView
from .vectors import Vector, cosine, inverse_frequency, vector
from .vocabulary import KIND_OF
from .words import content_stems, is_korean

CHOSEN = 0.5
"""From here on a skill answers a text."""

_KIND_WEIGHT = {
    "task": 1.0,
    "supply": 1.0,
    "topic": 0.85,
    "broad": 0.7,
    "ask": 0.4,
    "measure": 0.5,
    "object": 0.25,
    "noun": 0.12,
}
_TAG_WEIGHT = 0.8
_OWN_WORD_WEIGHT = 0.45
_WORD_WEIGHT = 0.2
_UNKNOWN_WEIGHT = 0.12
_IDLE_ASK_WEIGHT = 0.1
"""A question word says little where nothing is counted and no table is spoken of (what is the capital of France)."""
_ASIDE_WEIGHT = 0.1
"""Where something else is asked for, loading is only spoken of (analyse the file I uploaded)."""
_ADJECTIVE_WEIGHT = 0.1
"""In an order, a measure only describes its object (deploy the best model)."""
_ENOUGH_EVIDENCE = 0.6
_COVERAGE_SHARE = 0.6
_VERBATIM = 0.95
"""A text this near to an example is that example, however common its words are."""
_SLOPE, _MIDDLE = 12.0, 0.37


_TABULAR = {"c:measure", "c:business", "c:table"}


@dataclass(frozen=True, slots=True)
class Match:
    """A skill and how well it fits. `example` is the card's example nearest to the text ("" when it has none)."""

    skill: SkillView
    confidence: float
    example: str


class Matcher:
    """Scores texts against a fixed set of skills; building it reads every card's texts once.

    `columns` are names of the data's columns, as far as they are known: they name something in the data at hand, no work.
    """

    def __init__(self, skills: Sequence[SkillView], columns: Collection[str] = ()) -> None:
        self._nouns = {f"w:{stem}" for column in columns for stem in content_stems(column)}
        self.skills = sorted(skills, key=lambda skill: skill.key)
        self._profiles = Profiles(self.skills)
        by_id = {skill.skill_id: skill.examples for skill in self.skills}
        self._weights = inverse_frequency(by_id.values())
        self._unknown = math.log(1 + max(1, len(by_id)))
        self._examples: dict[tuple[str, str], list[tuple[str, Vector]]] = {
            skill.key: [(text, vector(text, self._weights, self._unknown)) for text in skill.examples]
            for skill in self.skills
        }

    def matches(self, text: str) -> list[Match]:
        """Every skill with its confidence for this text, best first; ties in the order of (agent, skill)."""
        weights = self._weigh(terms(text))
        query = vector(text, self._weights, self._unknown)
        korean = is_korean(text)
        found = [self._match(skill, weights, query, korean=korean) for skill in self.skills]
        return sorted(found, key=lambda match: -match.confidence)

    def own_tasks(self, text: str, skill: SkillView, other: SkillView) -> list[str]:
        """The work named in the text that is this skill's own and no part of the other's: task concepts and card tags."""
        return [
            term
            for term in sorted(terms(text))
            if self._names_task(term)
            and self._profiles.share(term, skill) >= 0.8
            and self._profiles.share(term, other) < 0.4
        ]

    def is_own_tag(self, stem: str, skill: SkillView) -> bool:
        """Whether the stem is a tag, or a word of the name, of this skill alone."""
        term = f"w:{stem}"
        return self._names_task(term) and self._profiles.share(term, skill) > 0

    def _weigh(self, found: set[str]) -> dict[str, float]:
        """The weight of each term, given what else the text says."""
        weights = {term: self._term_weight(term) for term in sorted(found)}
        kinds = {KIND_OF[term[2:]] for term in found if term.startswith("c:")}
        weights |= dict.fromkeys(self._nouns & found, 0.0)
        if not found & (_TABULAR | self._nouns):
            weights |= dict.fromkeys({"c:ask"} & found, _IDLE_ASK_WEIGHT)
        if "task" in kinds and "ask" not in kinds:
            weights |= dict.fromkeys({"c:measure"} & found, _ADJECTIVE_WEIGHT)
        if kinds & {"task", "topic", "broad", "ask", "measure"}:
            weights |= dict.fromkeys({"c:load"} & found, _ASIDE_WEIGHT)
        return weights

    def _is_task(self, term: str) -> bool:
        return term.startswith("c:") and KIND_OF[term[2:]] == "task"

    def _names_task(self, term: str) -> bool:
        if term.startswith("c:"):
            return self._is_task(term)
        return self._profiles.is_tag(term) and self._profiles.owner_count(term) == 1

    def _term_weight(self, term: str) -> float:
        if term.startswith("c:"):
            return _KIND_WEIGHT[KIND_OF[term[2:]]]
        if not self._profiles.knows(term):
            return _UNKNOWN_WEIGHT
        if self._profiles.owner_count(term) > 2:
            return _WORD_WEIGHT
        return _TAG_WEIGHT if self._profiles.is_tag(term) else _OWN_WORD_WEIGHT

    def _match(self, skill: SkillView, weights: dict[str, float], query: Vector, *, korean: bool) -> Match:
        total = sum(weights.values())
        evidence = sum(weight * self._profiles.share(term, skill) for term, weight in weights.items())
        nearness, example = self._nearest(skill, query, korean=korean)
        coverage = evidence / total if total else 0.0
        enough = min(1.0, evidence / _ENOUGH_EVIDENCE)
        score = enough * (_COVERAGE_SHARE * coverage + (1 - _COVERAGE_SHARE) * nearness)
        if nearness >= _VERBATIM:
            score = max(score, nearness)
        return Match(skill, 1 / (1 + math.exp(-_SLOPE * (score - _MIDDLE))), example)

    def _nearest(self, skill: SkillView, query: Vector, *, korean: bool) -> tuple[float, str]:
        """How near the nearest example is, and the example to show: one in the text's language when there is one as near."""
        scored = [(cosine(query, example), text) for text, example in self._examples[skill.key]]
        nearness, nearest = max(scored, key=lambda item: item[0], default=(0.0, ""))
        alike = [item for item in scored if is_korean(item[1]) == korean and item[0] >= 0.6 * nearness]
        return nearness, max(alike, key=lambda item: item[0])[1] if alike else nearest
