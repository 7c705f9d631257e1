"""A plan as a language model writes it, and its way into the mesh's own form."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from mesh.analysis import InputRef, Plan, PlanStep
from mesh.language import Language
from mesh.results import Model

from .given import Given
from .params import params_from
from .skills import SkillView
from .validate import PlanInvalid, cycle_of, validate_plan


class DraftInput(Model):
    """One value of one input, as the language model writes it."""

    name: str
    from_step: str | None
    output: str


class DraftStep(Model):
    """One step, as the language model writes it."""

    id: str
    agent: str
    skill: str
    goal: str
    inputs: list[DraftInput]
    params_json: str
    reason: str
    confidence: float = Field(ge=0, le=1)
    optional: bool


class PlanDraft(Model):
    """A plan, as the language model writes it."""

    steps: list[DraftStep]
    cannot: str | None


def plan_of(
    draft: PlanDraft,
    question: str,
    language: Language,
    given: Sequence[Given],
    skills: Sequence[SkillView],
    params: Mapping[str, Any] | None = None,
) -> Plan:
    """The draft as a plan, its steps brought into an order in which they can run.

    Args: `params` values the order sets by name; they replace the draft's.
    Raises: PlanInvalid with everything that is wrong with it.
    """
    steps, problems = steps_of_draft(draft, skills, params or {})
    if not steps and not draft.cannot:
        problems.append("There are no steps, and cannot does not say why.")
    plan = Plan(
        goal=question,
        language=language,
        planner="llm",
        steps=in_order(steps),
        warnings=[draft.cannot] if draft.cannot else [],
    )
    try:
        validate_plan(plan, skills, {item.name: item.type for item in given})
    except PlanInvalid as error:
        problems += error.problems
    if problems:
        raise PlanInvalid(problems)
    return plan


def steps_of_draft(
    draft: PlanDraft, skills: Sequence[SkillView], ordered: Mapping[str, Any] | None = None
) -> tuple[list[PlanStep], list[str]]:
    """The draft's steps in the mesh's form, as they stand, and what is wrong with their parameters.

    Args: `ordered` values set by name, which replace the draft's where the skill has such a parameter.
    """
    views = {skill.key: skill for skill in skills}
    steps, problems = [], []
    for item in draft.steps:
        try:
            params = json.loads(item.params_json or "{}")
        except json.JSONDecodeError as error:
            params = {}
            problems.append(f"Step {item.id!r}: params_json is no JSON: {error.msg}.")
        if not isinstance(params, dict):
            params = {}
            problems.append(f"Step {item.id!r}: params_json is no JSON object.")
        skill = views.get((item.agent, item.skill))
        if skill is not None:
            params |= params_from("", skill.params_schema, ordered or {})
        steps.append(_step(item, params, skill))
    return steps, problems


def _step(item: DraftStep, params: dict[str, Any], skill: SkillView | None) -> PlanStep:
    inputs: dict[str, list[InputRef]] = {}
    for value in item.inputs:
        inputs.setdefault(value.name, []).append(InputRef(step=value.from_step, output=value.output))
    sources = [value.from_step for value in item.inputs if value.from_step is not None]
    return PlanStep(
        id=item.id,
        skill=item.skill,
        agent=item.agent,
        stage=skill.stage if skill else "",
        goal=item.goal,
        inputs=inputs,
        params=params,
        depends_on=list(dict.fromkeys(sources)),
        reason=item.reason,
        confidence=item.confidence,
        optional=item.optional,
        weight=skill.weight if skill else 1.0,
    )


def in_order(steps: Sequence[PlanStep]) -> list[PlanStep]:
    """Each step after those it depends on; as they are when that is impossible, for the validator to say why."""
    by_id = {step.id: step for step in steps}
    if len(by_id) < len(steps) or cycle_of({step.id: step.depends_on for step in steps}):
        return list(steps)
    done: dict[str, PlanStep] = {}

    def visit(step: PlanStep) -> None:
        if step.id in done:
            return
        for name in step.depends_on:
            if name in by_id:
                visit(by_id[name])
        done[step.id] = step

    for step in steps:
        visit(step)
    return list(done.values())
