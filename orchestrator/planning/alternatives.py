"""Who else can do a step: for failover to another agent before anything is planned anew."""

from collections.abc import Sequence

from mesh.analysis import InputRef, PlanStep

from .choosing import interchangeable
from .skills import SkillView


def alternatives(step: PlanStep, skills: Sequence[SkillView]) -> list[tuple[str, str]]:
    """The (agent, skill id) pairs that can take the step's place, best first.

    First the same skill of other agents, then skills that take and give the same types; each group in the order
    of (weight, agent, skill). The second group is empty when the step's own skill is not among `skills`.
    """
    own = _find(skills, step.agent, step.skill)
    others = sorted(
        (skill for skill in skills if skill.available and skill.plannable and skill is not own),
        key=lambda skill: (skill.weight, skill.key),
    )
    same_skill = [skill for skill in others if skill.skill_id == step.skill]
    same_types = [
        skill
        for skill in others
        if own is not None and skill.skill_id != step.skill and interchangeable(own, skill)
    ]
    return [skill.key for skill in [*same_skill, *same_types]]


def step_on(step: PlanStep, agent: str, skill_id: str, skills: Sequence[SkillView]) -> PlanStep:
    """The same step on another skill: inputs under the names that skill uses, matched by type, and the parameters it has.

    Raises: LookupError when the skill is not among `skills`.
    """
    other = _find(skills, agent, skill_id)
    if other is None:
        raise LookupError(f"{agent} offers no skill {skill_id!r}")
    own = _find(skills, step.agent, step.skill)
    by_type: dict[str, list[InputRef]] = {}
    for flow in own.consumes if own else []:
        by_type.setdefault(flow.type, step.inputs.get(flow.name, []))
    inputs = {flow.name: by_type.get(flow.type, step.inputs.get(flow.name, [])) for flow in other.consumes}
    fields = other.params_schema.get("properties", {})
    return step.model_copy(
        update={
            "agent": agent,
            "skill": skill_id,
            "stage": other.stage,
            "weight": other.weight,
            "inputs": {name: refs for name, refs in inputs.items() if refs},
            "params": {name: value for name, value in step.params.items() if name in fields},
        }
    )


def _find(skills: Sequence[SkillView], agent: str, skill_id: str) -> SkillView | None:
    return next((skill for skill in skills if skill.key == (agent, skill_id)), None)
