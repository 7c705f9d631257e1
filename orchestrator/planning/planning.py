"""Making a plan, and a way around a failure: the language model first when there is one, the built-in planner otherwise."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from mesh.analysis import Plan, PlanStep
from mesh.errors import MeshError
from mesh.language import Language
from mesh.llm.model import LanguageModel

from .detour import Setback, llm_detour
from .follow_up import Previous
from .given import Given
from .llm import LlmPlanner
from .planner import ask_the_data, build_plan
from .replanning import replan
from .skills import SkillView
from .small_talk import is_about_the_mesh
from .wording import fallback, fallback_detour, unused

_log = structlog.get_logger(__name__)


async def make_plan(
    question: str,
    language: Language,
    given: Sequence[Given],
    skills: Sequence[SkillView],
    llm: LanguageModel | None,
    *,
    params: Mapping[str, Any] | None = None,
    previous: Sequence[Previous] = (),
    deadline_s: float = 30.0,
) -> Plan:
    """A plan that can run; `plan.planner` says who made it, and a warning when the model was to and could not.

    Args: `given` what the order gives; `params` values it sets by name; `previous` the conversation before, newest first;
    `deadline_s` for the model, repair included.
    Returns: a plan without steps, with one warning, when no skill fits a question without data, or a model says so; a warning
    names parameters of the order that no step takes, be it that none has them or that their value is refused.
    Raises: NeedsInputError when skills fit but the data is not given.
    """
    if llm is None or is_about_the_mesh(question):
        return _with_unused(_built(question, language, given, skills, params, previous), params)
    try:
        plan = await LlmPlanner(llm, deadline_s).plan(question, language, given, skills, params, previous)
    except MeshError as error:
        _log.warning("llm_planning_failed", reason=error.reason, detail=error.message)
        built = _built(question, language, given, skills, params, previous)
        plan = built.model_copy(update={"warnings": [fallback(error, language), *built.warnings]})
    return _with_unused(plan, params)


def _built(
    question: str,
    language: Language,
    given: Sequence[Given],
    skills: Sequence[SkillView],
    params: Mapping[str, Any] | None,
    previous: Sequence[Previous],
) -> Plan:
    """The built-in planner's plan. What fits no skill is asked of the data that came with it."""
    plan = build_plan(question, language, given, skills, params, previous)
    if plan.steps or plan.reply:
        return plan
    return ask_the_data(question, language, given, skills, params) or plan


async def make_detour(
    setback: Setback, llm: LanguageModel | None, deadline_s: float = 30.0
) -> tuple[list[PlanStep], list[str]]:
    """The steps still to be run after a failure, as `replan` describes them, and what the person must know of how they came.

    Without steps when there is no other way.
    """
    warnings = []
    if llm is not None:
        try:
            steps = await llm_detour(llm, setback, deadline_s)
        except MeshError as error:
            _log.warning("llm_replanning_failed", reason=error.reason, detail=error.message)
            warnings = [fallback_detour(error, setback.plan.language)]
        else:
            if steps:
                return steps, []
    steps = replan(setback.plan, setback.failed, setback.statuses, setback.skills, setback.failed_skills)
    return steps, warnings if steps else []


def _with_unused(plan: Plan, params: Mapping[str, Any] | None) -> Plan:
    names = [name for name in params or {} if not any(name in step.params for step in plan.steps)]
    if not names or not plan.steps:
        return plan
    return plan.model_copy(update={"warnings": [*plan.warnings, unused(names, plan.language)]})
