"""A way around failed steps: other skills that reach the same types of output."""

from collections.abc import Collection, Mapping, Sequence

from mesh.analysis import InputRef, Plan, PlanStep, StepStatus

from .assembly import Assembly
from .choosing import Wanted
from .given import Given
from .graph import Node
from .planner import steps_of, usable
from .skills import Flow, SkillView

OF_STEP = "\x1f"
"""Between the output and the step, in the name of a thing that a completed step gave."""


def replan(
    plan: Plan,
    failed_step_ids: Collection[str],
    outcomes: Mapping[str, StepStatus],
    skills_without_failed: Sequence[SkillView],
    failed_skills: Sequence[SkillView] = (),
) -> list[PlanStep]:
    """Steps that reach what the failed ones were to give, by other skills.

    Args: `outcomes` the status of each step so far; outputs of completed steps are used, not made again.
    `failed_skills` the views of the failed steps' skills, for what a step without followers was to give; a
    skill with the same id or stage stands in for it.
    Returns: new steps, then all steps waiting for the failed ones, under their old ids and taking the new outputs;
    in an order in which they can run. [] when some type cannot be reached by another skill, and for one of several steps
    of a skill: what the others give is no substitute for it.
    """
    failed = [step for step in plan.steps if step.id in failed_step_ids]
    gone = {(step.agent, step.skill) for step in failed}
    if any(sum((other.agent, other.skill) == one for other in plan.steps) > 1 for one in gone):
        return []
    skills = [skill for skill in usable(skills_without_failed) if skill.key not in gone]
    views = {skill.key: skill for skill in [*failed_skills, *skills_without_failed]}
    waiting = waiting_for(plan, failed_step_ids)
    types = {step.id: types_given(step, waiting, views, skills) for step in failed}
    given = at_hand(plan, outcomes, views)
    nodes = _route(failed, types, skills, given, views)
    if nodes is None:
        return []
    made = steps_of(nodes, plan.goal, plan.language, params={}, taken=[step.id for step in plan.steps])
    made = [step.model_copy(update=landed(step.inputs, step.depends_on)) for step in made]
    outputs = _outputs(nodes, made) | {item.type: _ref(item.name) for item in reversed(given)}
    rewired = [_rewire(step, types, views, outputs) for step in waiting]
    if None in rewired:
        return []
    taking = [step for step in rewired if step is not None]
    return [*made, *taking, *followers(plan, [step.id for step in waiting], failed_step_ids)]


def followers(plan: Plan, waiting: Collection[str], failed: Collection[str]) -> list[PlanStep]:
    """The steps that wait for the waiting ones, unchanged, in the plan's order."""
    reached = set(waiting)
    found = []
    for step in plan.steps:
        if step.id not in reached and step.id not in failed and reached & set(step.depends_on):
            reached.add(step.id)
            found.append(step)
    return found


def waiting_for(plan: Plan, failed_step_ids: Collection[str]) -> list[PlanStep]:
    """The steps that directly take something of a failed one, in the plan's order."""
    return [
        step
        for step in plan.steps
        if step.id not in failed_step_ids
        and any(ref.step in failed_step_ids for refs in step.inputs.values() for ref in refs)
    ]


def types_given(
    step: PlanStep,
    waiting: Sequence[PlanStep],
    views: Mapping[tuple[str, str], SkillView],
    skills: Sequence[SkillView],
) -> list[str]:
    """The types others take of the step; of a step that nobody takes from, the types its skill always gives."""
    taken = [
        flow.type
        for other in waiting
        for flow in _flows(other, views)
        for ref in other.inputs.get(flow.name, [])
        if ref.step == step.id
    ]
    own = (
        views.get((step.agent, step.skill))
        or next((skill for skill in skills if skill.skill_id == step.skill), None)
        or next((skill for skill in skills if skill.stage == step.stage), None)
    )
    always = [flow.type for flow in own.produces if flow.required][:1] if own else []
    return list(dict.fromkeys([*taken, *([] if taken else always)]))


def _flows(step: PlanStep, views: Mapping[tuple[str, str], SkillView]) -> list[Flow]:
    skill = views.get((step.agent, step.skill))
    return skill.consumes if skill else []


def at_hand(
    plan: Plan, outcomes: Mapping[str, StepStatus], views: Mapping[tuple[str, str], SkillView]
) -> list[Given]:
    """What completed steps gave (named `output<US>step`), then what the order gives, as far as the plan used it."""
    found: dict[str, Given] = {}
    for step in plan.steps:
        skill = views.get((step.agent, step.skill))
        if outcomes.get(step.id) == "completed" and skill is not None:
            for flow in skill.produces:
                if flow.required:
                    name = f"{flow.name}{OF_STEP}{step.id}"
                    found[name] = Given(name=name, type=flow.type)
    for step in plan.steps:
        for flow in _flows(step, views):
            for ref in step.inputs.get(flow.name, []):
                if ref.step is None:
                    found.setdefault(ref.output, Given(name=ref.output, type=flow.type))
    return list(found.values())


def _route(
    failed: Sequence[PlanStep],
    types: Mapping[str, Sequence[str]],
    skills: Sequence[SkillView],
    given: Sequence[Given],
    views: Mapping[tuple[str, str], SkillView],
) -> list[Node] | None:
    """The graph that makes what is not at hand; None when some of it cannot be made.

    A step that changed a thing of one type into another of that type has no way around it: the unchanged thing is no substitute.
    """
    at_hand = {item.type for item in given}
    wanted: list[Wanted] = []
    for step in failed:
        changed = {flow.type for flow in _flows(step, views) if flow.required} & set(types[step.id])
        if changed or not types[step.id]:
            return None
        for type_ in types[step.id]:
            if type_ in at_hand or any(item.skill.gives(type_) for item in wanted):
                continue
            producer = Assembly(skills, given, _no_preference).producer(type_)
            if producer is None:
                return None
            wanted.append(Wanted(producer, step.goal, step.confidence, optional=step.optional))
    return Assembly(skills, given, _no_preference).build(wanted)


def _no_preference(skill: SkillView) -> float:
    return 0.5 if skill.has_dataflow else 0.0


def _ref(name: str) -> InputRef:
    output, _, step = name.partition(OF_STEP)
    return InputRef(step=step or None, output=output)


def landed(inputs: Mapping[str, Sequence[InputRef]], depends_on: Sequence[str]) -> dict[str, object]:
    """Inputs with references to completed steps as such, and the dependencies that follow."""
    landed = {
        name: [_ref(ref.output) if ref.step is None else ref for ref in refs] for name, refs in inputs.items()
    }
    steps = [ref.step for refs in landed.values() for ref in refs if ref.step is not None]
    return {"inputs": landed, "depends_on": list(dict.fromkeys([*depends_on, *steps]))}


def _outputs(nodes: Sequence[Node], steps: Sequence[PlanStep]) -> dict[str, InputRef]:
    """Where each type comes from now."""
    found: dict[str, InputRef] = {}
    for node, step in zip(nodes, steps, strict=True):
        for flow in sorted(node.skill.produces, key=lambda flow: not flow.required):
            found.setdefault(flow.type, InputRef(step=step.id, output=flow.name))
    return found


def _rewire(
    step: PlanStep,
    types: Mapping[str, Sequence[str]],
    views: Mapping[tuple[str, str], SkillView],
    outputs: Mapping[str, InputRef],
) -> PlanStep | None:
    """The waiting step with its failed inputs replaced; None when a required one has no replacement."""
    inputs: dict[str, list[InputRef]] = {}
    for flow in _flows(step, views):
        refs = step.inputs.get(flow.name, [])
        kept = [ref for ref in refs if ref.step not in types]
        if len(kept) < len(refs) and flow.type in outputs:
            kept.append(outputs[flow.type])
        if not kept and flow.required:
            return None
        if kept:
            inputs[flow.name] = kept
    depends = [ref.step for refs in inputs.values() for ref in refs if ref.step is not None]
    others = [name for name in step.depends_on if name not in types]
    return step.model_copy(update={"inputs": inputs, "depends_on": list(dict.fromkeys([*depends, *others]))})
