"""What a question asks for: the skills it wants, each for a clause of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mesh.code_blocks import without_code

from .clauses import clauses, opening_verbs
from .lexicon import read
from .matching import CHOSEN, Match, Matcher
from .skills import TEXT, SkillView
from .vocabulary import OVERVIEW_FACETS
from .words import content_stems

_VERY_SURE = 0.99
"""A clause that fits another skill so well (analyse the time series) is no open-ended look at the data."""
_RESIDUAL = 0.12
"""A skill whose own work a clause names beside that of the best skill needs this confidence only."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A skill that the question asks for, or (`optional`) that an open-ended question profits from.

    `goal` is the part of the question it answers, `part` the very clause; `example` the card's example that it resembles.
    Of a follow-up, `changes` is the earlier goal and `change` what the question says; `kept` are the parameters that were set
    before.
    """

    skill: SkillView
    goal: str
    confidence: float
    example: str = ""
    optional: bool = False
    part: str = ""
    changes: str = ""
    change: str = ""
    kept: Mapping[str, Any] = field(default_factory=dict)


def choose(question: str, matcher: Matcher) -> list[Wanted]:
    """The skills a question asks for, in the order of its clauses; [] when no skill fits any part of it.

    An open-ended clause (analyse the data) wants every skill whose stage is part of an overview: the best of
    each kind. Any other clause wants its best skill, and others whose own work it names too (draw the
    forecast).
    Fenced code is left aside when the question is read, and is in the goal of every skill that is wanted.
    """
    asked = without_code(question)
    parts = clauses(asked, opening_verbs([text for skill in matcher.skills for text in skill.examples]))
    found: list[Wanted] = []
    for part in parts:
        for wanted in _for_clause(part, matcher):
            goal = _goal(wanted, part, question, len(parts)) if asked == question else question
            _add(found, replace(wanted, goal=goal, part=part))
    if not found and len(parts) > 1:
        return [replace(wanted, goal=question) for wanted in _for_clause(asked, matcher)]
    return found


def interchangeable(left: SkillView, right: SkillView) -> bool:
    """Whether one can stand in for the other: the same skill id, or the same types in and out (free text says nothing)."""
    if left.skill_id == right.skill_id:
        return True
    gives = left.signature()[1]
    described = left.has_dataflow and right.has_dataflow
    return described and bool(gives - {TEXT}) and left.signature() == right.signature()


def _for_clause(clause: str, matcher: Matcher) -> list[Wanted]:
    matches = matcher.matches(clause)
    if not matches:
        return []
    if _is_open_ended(clause, matches, matcher):
        overview = _overview(clause, matches)
        if overview:
            return overview
    best = matches[0]
    if best.confidence < CHOSEN:
        return []
    chosen = [best]
    for match in matches[1:]:
        own = [matcher.own_tasks(clause, match.skill, other.skill) for other in chosen]
        replaced = any(interchangeable(match.skill, other.skill) for other in chosen)
        if match.confidence >= _RESIDUAL and not replaced and all(own):
            chosen.append(match)
    return [Wanted(match.skill, clause, match.confidence, match.example) for match in chosen]


def _is_open_ended(clause: str, matches: Sequence[Match], matcher: Matcher) -> bool:
    reading = read(clause)
    kinds = reading.kinds()
    if "broad" not in kinds or kinds & {"task", "topic", "measure", "object"}:
        return False
    rest = content_stems(reading.rest)
    specific = any(
        matcher.is_own_tag(stem, match.skill) and not facets_of(match.skill)
        for match in matches
        for stem in rest
    )
    sure = matches[0].confidence >= _VERY_SURE and not facets_of(matches[0].skill)
    about_data = "analyse" in reading.concepts or "noun" in kinds or not rest
    return about_data and not specific and not sure


def facets_of(skill: SkillView) -> set[str]:
    """The parts of an overview that a skill's stage names."""
    if not skill.has_dataflow:
        return set()
    return set(OVERVIEW_FACETS) & read(skill.stage.replace("_", " ").replace("-", " ")).concepts


def _overview(clause: str, matches: Sequence[Match]) -> list[Wanted]:
    """The parts of an overview, each as sure as the surest: the clause asks for all of them or for none."""
    found: list[Wanted] = []
    for facet in OVERVIEW_FACETS:
        for match in matches:
            if facet in facets_of(match.skill):
                asked = match.confidence >= CHOSEN
                _add(found, Wanted(match.skill, clause, match.confidence, match.example, optional=not asked))
    if not found:
        return []
    best = max(found, key=lambda wanted: wanted.confidence)
    asked_for = [replace(wanted, confidence=best.confidence) for wanted in found]
    if all(wanted.optional for wanted in found):
        asked_for[found.index(best)] = replace(best, optional=False)
    return asked_for


def _add(found: list[Wanted], wanted: Wanted) -> None:
    """Adds a skill once; a better stand-in takes the place of the one found before.

    Two skills of one agent are no stand-ins for each other: their card tells them apart (analyse this; is the difference real?).
    """
    for index, other in enumerate(found):
        siblings = wanted.skill.agent == other.skill.agent and wanted.skill.skill_id != other.skill.skill_id
        if siblings or not interchangeable(wanted.skill, other.skill):
            continue
        better = max(wanted, other, key=lambda item: (not item.optional, item.confidence))
        goal = (
            other.goal
            if wanted.optional or wanted.goal in other.goal
            else wanted.goal
            if other.optional
            else f"{other.goal}, {wanted.goal}"
        )
        part = ", ".join(dict.fromkeys([other.part, wanted.part]))
        found[index] = replace(better, goal=goal, part=part, optional=wanted.optional and other.optional)
        return
    found.append(wanted)


def _goal(wanted: Wanted, part: str, question: str, parts: int) -> str:
    """The clause when it says on its own what the work is about (draw monthly sales), else the whole question."""
    if parts == 1 or wanted.optional:
        return question
    reading = read(part)
    says_what = content_stems(reading.rest) or reading.concepts & {"business", "measure"}
    return part if says_what else question
