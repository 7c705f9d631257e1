"""Whether a plan can run: known skills, types that fit, nothing missing, no cycle."""

from collections import Counter
from collections.abc import Mapping, Sequence

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from mesh.analysis import InputRef, Plan, PlanStep
from mesh.errors import BadInputError

from .skills import Flow, SkillView


class PlanInvalid(BadInputError):  # noqa: N818 - a verdict with a list, named as the contract of the planner names it
    """A plan that cannot run; `problems` lists everything that is wrong with it, one sentence each."""

    title = "The plan cannot run"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("The plan cannot run: " + " ".join(problems), problems=list(problems))
        self.problems = list(problems)


def validate_plan(plan: Plan, skills: Sequence[SkillView], given_types: Mapping[str, str]) -> None:
    """Checks a plan against the skills there are and what the order gives.

    Args: `given_types` the type of each thing the order gives, by the name that an InputRef without a step uses.
    An output that a skill may leave out counts as given: whether it comes, only the run can tell.
    Raises: PlanInvalid with all problems: duplicate ids, an unknown or unavailable skill, an unknown or
    missing input, a type that does not fit, parameters its schema refuses, a cycle, a wrong order.
    """
    known = {skill.key: skill for skill in skills if skill.available and skill.plannable}
    steps = {step.id: step for step in plan.steps}
    problems = [
        f"Step id {step_id!r} is used {count} times; every step needs its own."
        for step_id, count in Counter(step.id for step in plan.steps).items()
        if count > 1
    ]
    for step in plan.steps:
        skill = known.get((step.agent, step.skill))
        if skill is None:
            problems.append(_unknown(step, known))
            continue
        problems += _input_problems(step, skill, steps, known, given_types)
        problems += _param_problems(step, skill)
    problems += _order_problems(plan.steps, steps)
    if problems:
        raise PlanInvalid(problems)


def cycle_of(dependencies: Mapping[str, Sequence[str]]) -> list[str]:
    """The ids along one cycle, the first one repeated at the end; [] when there is none."""
    finished: set[str] = set()

    def search(node: str, path: list[str]) -> list[str]:
        if node in path:
            return [*path[path.index(node) :], node]
        if node in finished:
            return []
        for following in dependencies.get(node, ()):
            found = search(following, [*path, node])
            if found:
                return found
        finished.add(node)
        return []

    for node in dependencies:
        found = search(node, [])
        if found:
            return found
    return []


def _unknown(step: PlanStep, known: Mapping[tuple[str, str], SkillView]) -> str:
    if not any(agent == step.agent for agent, _ in known):
        return f"Step {step.id!r} names the agent {step.agent!r}, which is unknown or not available."
    return f"Step {step.id!r} names the skill {step.skill!r}, which the agent {step.agent!r} does not offer."


def _input_problems(
    step: PlanStep,
    skill: SkillView,
    steps: Mapping[str, PlanStep],
    known: Mapping[tuple[str, str], SkillView],
    given_types: Mapping[str, str],
) -> list[str]:
    problems = []
    flows = {flow.name: flow for flow in skill.consumes}
    for name, flow in flows.items():
        if flow.required and not step.inputs.get(name):
            problems.append(f"Step {step.id!r} lacks its required input {name!r} of type {flow.type!r}.")
    for name, refs in step.inputs.items():
        if name not in flows:
            problems.append(f"Step {step.id!r} has the input {name!r}, which {step.skill!r} does not take.")
            continue
        if len(refs) > 1 and not flows[name].many:
            problems.append(f"Step {step.id!r} has {len(refs)} values for {name!r}, which takes one.")
        for ref in refs:
            problems += _ref_problems(step, flows[name], ref, steps, known, given_types)
    return problems


def _ref_problems(
    step: PlanStep,
    flow: Flow,
    ref: InputRef,
    steps: Mapping[str, PlanStep],
    known: Mapping[tuple[str, str], SkillView],
    given_types: Mapping[str, str],
) -> list[str]:
    where = f"Step {step.id!r}, input {flow.name!r}"
    if ref.step is None:
        type_ = given_types.get(ref.output)
        if type_ is None:
            return [f"{where}: the order gives no {ref.output!r}."]
    else:
        source = steps.get(ref.step)
        if source is None:
            return [f"{where}: there is no step {ref.step!r}."]
        giver = known.get((source.agent, source.skill))
        if giver is None:
            return []
        output = next((item for item in giver.produces if item.name == ref.output), None)
        if output is None:
            return [f"{where}: step {ref.step!r} has no output {ref.output!r}."]
        type_ = output.type
    if type_ != flow.type:
        return [f"{where}: takes the type {flow.type!r}, but {ref.output!r} is of type {type_!r}."]
    return []


def _param_problems(step: PlanStep, skill: SkillView) -> list[str]:
    if not skill.params_schema:
        return [f"Step {step.id!r} has parameters, but {step.skill!r} takes none."] if step.params else []
    try:
        Draft202012Validator.check_schema(skill.params_schema)
    except SchemaError as error:
        return [f"The parameter schema of {step.skill!r} is itself invalid: {error.message}."]
    errors = Draft202012Validator(skill.params_schema).iter_errors(step.params)
    return [
        f"Step {step.id!r}, parameter {'.'.join(str(part) for part in error.absolute_path) or 'object'}: {error.message}."
        for error in sorted(errors, key=lambda error: error.json_path)
    ]


def _order_problems(plan_steps: Sequence[PlanStep], steps: Mapping[str, PlanStep]) -> list[str]:
    problems = []
    dependencies: dict[str, list[str]] = {}
    for step in plan_steps:
        taken = [ref.step for refs in step.inputs.values() for ref in refs if ref.step in steps]
        dependencies[step.id] = [*step.depends_on, *[name for name in taken if name is not None]]
        problems += [
            f"Step {step.id!r} depends on {name!r}, which is no step."
            for name in step.depends_on
            if name not in steps
        ]
        problems += [
            f"Step {step.id!r} takes an output of {name!r} but does not depend on it."
            for name in dict.fromkeys(taken)
            if name not in step.depends_on
        ]
    cycle = cycle_of(dependencies)
    if cycle:
        return [*problems, f"The steps wait for each other in a circle: {' → '.join(cycle)}."]
    place = {step.id: index for index, step in enumerate(plan_steps)}
    return problems + [
        f"Step {step_id!r} stands before {name!r}, on which it depends."
        for step_id, names in dependencies.items()
        for name in dict.fromkeys(names)
        if name in place and place[name] > place[step_id]
    ]
