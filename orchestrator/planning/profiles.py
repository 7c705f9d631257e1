"""Which words and meanings belong to which skill, as far as the cards' own texts show."""

from collections.abc import Sequence
from dataclasses import dataclass

from .lexicon import read
from .skills import SkillView
from .words import content_stems

_IN_EXAMPLES = 1.3
_IN_TAGS = 0.5
_IN_NAME = 0.4
_IN_DESCRIPTION = 0.15
_FLOOR = 0.35
"""A word that even its strongest skill hardly uses (one mention in a description) is owned by nobody."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How strongly each term is a skill's own, from 0 up. Terms are `c:` concepts and `w:` stems."""

    strengths: dict[str, float]
    tags: frozenset[str]


class Profiles:
    """The profiles of all skills, and how a term's strength in one compares with the others."""

    def __init__(self, skills: Sequence[SkillView]) -> None:
        self._profiles = {skill.key: profile_of(skill) for skill in skills}
        self._strongest: dict[str, float] = {}
        self._owners: dict[str, set[str]] = {}
        self._tags: set[str] = set()
        for (_, skill_id), profile in self._profiles.items():
            self._tags |= profile.tags
            for term, strength in profile.strengths.items():
                self._strongest[term] = max(strength, self._strongest.get(term, 0.0))
                self._owners.setdefault(term, set()).add(skill_id)

    def share(self, term: str, skill: SkillView) -> float:
        """The term's strength in this skill against its strongest, in [0, 1]; 0 for a term of no card."""
        strength = self._profiles[skill.key].strengths.get(term, 0.0)
        return strength / max(self._strongest[term], _FLOOR) if strength else 0.0

    def is_tag(self, term: str) -> bool:
        """Whether some skill has the term among its tags or in its name."""
        return term in self._tags

    def knows(self, term: str) -> bool:
        """Whether any card uses the term."""
        return term in self._strongest

    def owner_count(self, term: str) -> int:
        """How many different skills use the term."""
        return len(self._owners.get(term, ()))


def terms(text: str) -> set[str]:
    """The terms of a text."""
    reading = read(text)
    return {f"c:{name}" for name in reading.concepts} | {f"w:{stem}" for stem in content_stems(reading.rest)}


def profile_of(skill: SkillView) -> Profile:
    """What a skill's examples, tags, name, stage, outputs and description say about it."""
    names = " ; ".join(
        [skill.name, skill.skill_id, skill.stage, *(flow.type for flow in skill.produces if flow.required)]
    )
    tags, name = terms(" ; ".join(skill.tags)), terms(names.replace("_", " ").replace("-", " "))
    strengths: dict[str, float] = dict.fromkeys(tags, _IN_TAGS)
    for term in name:
        strengths[term] = strengths.get(term, 0.0) + _IN_NAME
    for term in terms(skill.description):
        strengths[term] = strengths.get(term, 0.0) + _IN_DESCRIPTION
    for example in skill.examples:
        for term in terms(example):
            strengths[term] = strengths.get(term, 0.0) + _IN_EXAMPLES / len(skill.examples)
    own = frozenset(term for term in tags | terms(skill.name) if term.startswith("w:"))
    return Profile(strengths, own)
