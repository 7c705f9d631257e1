"""A way around failed steps as a language model finds it, held to what the built-in way is held to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from mesh.analysis import InputRef, Plan, PlanStep, StepStatus
from mesh.llm.model import LanguageModel

from .draft import PlanDraft, in_order, steps_of_draft
from .drafting import RULES, cards_of, drafted, facts_of_given
from .given import Given
from .planner import usable
from .replanning import OF_STEP, at_hand, followers, landed, types_given, waiting_for
from .skills import Flow, SkillView
from .validate import PlanInvalid, validate_plan

_SYSTEM = f"""You repair a data analysis that is under way. You get the question, the plan with the state of each step, \
why steps failed, the results that are at hand, and the skills of the agents that are left. Answer with the steps that \
are still to be run: new ones that give what the failed ones were to give, by other skills, then every step that waits \
for a failed one, under its old id, taking the new outputs.

{RULES}
- Steps that are completed are not run again; take their outputs by their id.
- When there is no other way, steps is empty and cannot says so; else cannot is null."""


@dataclass(frozen=True)
class Setback:
    """What a run has come to: the plan, the state of each step, and who is left to do the rest.

    `failed` are the ids to find a way around, `why` says what went wrong with each; `skills` are those without the failed
    ones, `failed_skills` the views of these.
    """

    plan: Plan
    failed: Collection[str]
    statuses: Mapping[str, StepStatus]
    skills: Sequence[SkillView]
    failed_skills: Sequence[SkillView] = ()
    why: Mapping[str, str] = field(default_factory=dict)

    @property
    def views(self) -> dict[tuple[str, str], SkillView]:
        """Every skill that the plan or its continuation may name."""
        return {skill.key: skill for skill in [*self.failed_skills, *self.skills]}


async def llm_detour(llm: LanguageModel, setback: Setback, deadline_s: float) -> list[PlanStep]:
    """Steps as `replan` returns them; [] when the model says that there is no other way.

    Raises: LlmUnavailableError, LlmDeadlineError; LlmAnswerError when the repaired answer is still wrong.
    """
    given = at_hand(setback.plan, setback.statuses, setback.views)
    facts = {
        "question": setback.plan.goal,
        "language": setback.plan.language,
        "plan": [_described(step, setback) for step in setback.plan.steps],
        "at_hand": facts_of_given([item for item in given if OF_STEP not in item.name]) + _results(given),
        "skills": cards_of(usable(setback.skills)),
    }
    return await drafted(llm, _SYSTEM, facts, deadline_s, lambda draft: detour_of(draft, setback, given))


def detour_of(draft: PlanDraft, setback: Setback, given: Sequence[Given]) -> list[PlanStep]:
    """The draft as steps to run, in an order in which they can run.

    Raises: PlanInvalid with everything that is wrong with it, a failed step's outputs that it does not replace included.
    """
    if not draft.steps and draft.cannot:
        return []
    skills = usable(setback.skills)
    done = {step.id for step in setback.plan.steps if setback.statuses.get(step.id) == "completed"}
    steps, problems = steps_of_draft(draft, skills)
    problems += [f"Step {step.id!r} is completed already." for step in steps if step.id in done]
    steps = in_order([_afloat(step, done) for step in steps])
    plan = setback.plan.model_copy(update={"steps": steps})
    try:
        validate_plan(plan, skills, {item.name: item.type for item in given})
    except PlanInvalid as error:
        problems += error.problems
    problems += _left_open(steps, setback, given)
    if problems:
        raise PlanInvalid(problems)
    return [step.model_copy(update=landed(step.inputs, step.depends_on)) for step in steps]


def _afloat(step: PlanStep, done: Collection[str]) -> PlanStep:
    """The step with what it takes of completed steps as things that are given."""
    inputs = {
        name: [
            InputRef(step=None, output=f"{ref.output}{OF_STEP}{ref.step}") if ref.step in done else ref
            for ref in refs
        ]
        for name, refs in step.inputs.items()
    }
    depends_on = [name for name in step.depends_on if name not in done]
    return step.model_copy(update={"inputs": inputs, "depends_on": depends_on})


def _left_open(steps: Sequence[PlanStep], setback: Setback, given: Sequence[Given]) -> list[str]:
    """What the failed steps and those after them were to do and the new steps do not."""
    views, by_id = setback.views, {step.id: step for step in steps}
    waiting = waiting_for(setback.plan, setback.failed)
    behind = [*waiting, *followers(setback.plan, [step.id for step in waiting], setback.failed)]
    open_ = [
        f"Step {step.id!r} ({step.skill}) waits for a failed one and is missing."
        for step in behind
        if step.id not in by_id or by_id[step.id].skill != step.skill
    ]
    new = [step for step in steps if step.id not in {item.id for item in behind}]
    reached = {flow.type for step in new for flow in _produces(step, views)} | {item.type for item in given}
    for step in setback.plan.steps:
        if step.id in setback.failed:
            lacking = set(types_given(step, waiting, views, list(views.values()))) - reached
            open_ += [f"Nothing gives the {type_!r} that step {step.id!r} was to give." for type_ in lacking]
    return open_


def _produces(step: PlanStep, views: Mapping[tuple[str, str], SkillView]) -> list[Flow]:
    skill = views.get((step.agent, step.skill))
    return skill.produces if skill else []


def _described(step: PlanStep, setback: Setback) -> dict[str, object]:
    described = step.model_dump(mode="json", include={"id", "agent", "skill", "goal", "inputs"})
    described["status"] = setback.statuses.get(step.id, "pending")
    if step.id in setback.why:
        described["why"] = setback.why[step.id]
    return described


def _results(given: Sequence[Given]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for item in given:
        output, _, step = item.name.partition(OF_STEP)
        if step:
            found.append({"from_step": step, "output": output, "type": item.type})
    return found
