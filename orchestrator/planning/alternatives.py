"""Who else can do a step: for failover to another agent before anything is planned anew."""

from collections.abc import Sequence

from mesh.analysis import PlanStep

from .choosing import interchangeable
from .skills import SkillView


def alternatives(step: PlanStep, skills: Sequence[SkillView]) -> list[tuple[str, str]]:
    """The (agent, skill id) pairs that can take the step's place, with the same inputs, best first.

    First the same skill of other agents, then skills that take and give the same types; each group in the order of (weight,
    agent, skill). Empty when the step's own skill is not among `skills`, except for the same skill id.
    """
    usable = [skill for skill in skills if skill.available and skill.plannable]
    own = next((skill for skill in skills if skill.key == (step.agent, step.skill)), None)
    others = sorted(
        (skill for skill in usable if skill.key != (step.agent, step.skill)),
        key=lambda skill: (skill.weight, skill.key),
    )
    same_skill = [skill for skill in others if skill.skill_id == step.skill]
    same_types = [
        skill
        for skill in others
        if own is not None and skill.skill_id != step.skill and interchangeable(own, skill)
    ]
    return [skill.key for skill in [*same_skill, *same_types] if _takes(skill, step)]


def _takes(skill: SkillView, step: PlanStep) -> bool:
    """Whether the step gives the skill everything it requires, under the names it uses."""
    return all(step.inputs.get(flow.name) for flow in skill.consumes if flow.required)
