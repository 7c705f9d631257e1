"""A question that only changes or carries on an earlier one: which skill it is for, and the goal that says it in full."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import Field

from mesh.analysis import PlanStep
from mesh.results import Model

from .choosing import Wanted
from .follow_up_words import (
    FORMS,
    PRESENTS,
    REFERS,
    is_fragment,
    narrows,
    opens_elliptic,
    plainly_changes,
    without_groups,
    without_opening,
)
from .given import Given
from .lexicon import read
from .skills import SkillView
from .words import content_stems

REFERRED = ("chart", "answer")
"""The types of earlier results that a changed question hands on to the skill that made them."""
_LESS_SURE = 0.9
_JOINT = " — "
_OWN_WORK = frozenset({"task", "topic", "broad", "supply"})


class Previous(Model):
    """An earlier analysis of the conversation: its question, the steps that were done, and results to refer to."""

    question: str
    steps: list[PlanStep]
    given: list[Given] = Field(default_factory=list)


@dataclass(frozen=True)
class FollowUp:
    """What an elliptic question asks for: skills with full goals, the earlier results they refer to, and what it changes."""

    wanted: list[Wanted]
    given: list[Given] = field(default_factory=list)


def follow_up(
    question: str,
    chosen: Sequence[Wanted],
    previous: Sequence[Previous],
    skills: Sequence[SkillView],
    columns: Collection[str] = (),
) -> FollowUp | None:
    """The question as a change of an earlier one; None when it stands on its own.

    Args: `chosen` the skills that fit the question alone; `previous` the conversation, newest first; `columns` of the data.
    It is a change when its words say so (make it a line, 막대로 바꿔줘, 그 중 서울만), or when it begins or ends like one (and by
    region?, 서울만) and does not itself say both what to do and with what, or is a fragment that no skill fits.
    The skill is that of the earlier step, unless the question names other work that refers to it (plot that). The goal is
    the earlier goal, a dash, and the question.
    """
    if not previous or not _is_elliptic(question, chosen, columns):
        return None
    meant = _meant(question, previous, skills)
    if meant is None:
        return None
    turn, asked = meant
    own = {skill.key for skill, _ in asked}
    other = [item for item in chosen if item.skill.key not in own]
    if other and len(other) == len(chosen) and _names_work(question):
        if not REFERS.search(question):
            return None
        goal = asked[-1][1].goal or turn.question
        return FollowUp([_wanted(item.skill, goal, question, item.confidence) for item in other])
    wanted = [
        _wanted(skill, step.goal or turn.question, question, step.confidence * _LESS_SURE, step.params)
        for skill, step in asked
    ]
    types = {flow.type for skill, _ in asked for flow in skill.consumes}
    return FollowUp(wanted, [item for item in turn.given if item.type in types])


def _wanted(
    skill: SkillView, goal: str, change: str, confidence: float, kept: dict[str, Any] | None = None
) -> Wanted:
    return Wanted(
        skill, f"{goal}{_JOINT}{change.strip()}", confidence, change=change, kept=kept or {}, changes=goal
    )


def _is_elliptic(question: str, chosen: Sequence[Wanted], columns: Collection[str]) -> bool:
    if plainly_changes(question):
        return True
    if chosen and _is_complete(question, columns):
        return False
    refers = bool(REFERS.search(question)) and "task" in read(question).kinds()
    return opens_elliptic(question) or refers or (not chosen and is_fragment(question, columns))


def _is_complete(question: str, columns: Collection[str]) -> bool:
    """Whether the question says both what to do, or asks for something, and what with."""
    rest = without_opening(question)
    reading, what = read(rest), read(without_groups(rest))
    stems = {stem for column in columns for stem in content_stems(column)}
    subject = "business" in what.concepts or bool(stems & set(content_stems(without_groups(rest))))
    if "ask" in reading.concepts:
        return subject or "measure" in reading.concepts
    measured = "measure" in what.concepts and bool(content_stems(what.rest))
    if (subject or measured) and PRESENTS.search(rest) and not narrows(rest):
        return True
    works = bool(reading.kinds() & _OWN_WORK)
    return works and (subject or not (REFERS.search(question) or _only_draws(rest)))


def _only_draws(text: str) -> bool:
    """Whether the one work that a text names is to draw: without a subject that says how, not what."""
    return {name for name in read(text).concepts if name not in ("table", "time", "look")} <= {
        "draw",
        "measure",
    }


def _names_work(question: str) -> bool:
    """Whether the question names work of its own, such as drawing or forecasting."""
    return bool(read(without_opening(question)).kinds() & _OWN_WORK)


def _meant(
    question: str, previous: Sequence[Previous], skills: Sequence[SkillView]
) -> tuple[Previous, list[tuple[SkillView, PlanStep]]] | None:
    """The latest turn that the question can be about, and its steps: those that drew when it speaks of a drawing, else all
    that were asked for."""
    views = {skill.key: skill for skill in skills}
    turns = [(turn, _asked(turn, views)) for turn in previous]
    if FORMS.search(question):
        for turn, asked in turns:
            drawn = [(skill, step) for skill, step in asked if skill.gives("chart") is not None]
            if drawn:
                return turn, drawn
    return next(((turn, asked) for turn, asked in turns if asked), None)


def _asked(turn: Previous, views: dict[tuple[str, str], SkillView]) -> list[tuple[SkillView, PlanStep]]:
    """The steps of a turn that no other step needed, so that they were for the person."""
    needed = {
        ref.step
        for step in turn.steps
        for flow in (views[step.agent, step.skill].consumes if (step.agent, step.skill) in views else [])
        if flow.required
        for ref in step.inputs.get(flow.name, [])
    }
    return [
        (views[step.agent, step.skill], step)
        for step in turn.steps
        if step.id not in needed and (step.agent, step.skill) in views
    ]
