"""The built-in planner: from a question and the cards' skills to a plan, without a language model."""

from collections.abc import Mapping, Sequence
from typing import Any

from mesh.analysis import Plan, PlanStep
from mesh.code_blocks import without_code
from mesh.errors import NeedsInputError
from mesh.language import Language

from .assembly import Assembly
from .choosing import Wanted, choose
from .follow_up import Previous, follow_up
from .given import Given
from .graph import Node, to_ref
from .matching import Matcher
from .mentions import about
from .params import params_from
from .skills import ANSWER, DATASET, SOURCE, SkillView
from .small_talk import is_about_the_mesh
from .wording import (
    asked_because,
    asked_the_data,
    cannot,
    carries_on,
    helpful,
    introduction,
    left_out,
    left_unread,
    narrowed,
    needs,
    supplies,
)


def usable(skills: Sequence[SkillView]) -> list[SkillView]:
    """The skills a plan may use now."""
    return [skill for skill in skills if skill.plannable and skill.available]


def build_plan(
    question: str,
    language: Language,
    given: Sequence[Given],
    skills: Sequence[SkillView],
    params: Mapping[str, Any] | None = None,
    previous: Sequence[Previous] = (),
) -> Plan:
    """The smallest plan that answers the question; deterministic, the order of `skills` does not matter.

    Args: `given` what steps may take from the order; `params` values the order sets by name, for every skill
    that has such a field; `previous` the conversation before, newest first, which the question may carry on.
    Returns: a plan whose steps stand in an order in which they can run. Without steps when no skill fits the
    question: its one warning then says so and lists what can be done; with a `reply` when the question is about the mesh.
    Raises: NeedsInputError, with the question to the person, when skills fit but the data they work on is not
    given.
    """
    candidates = usable(skills)
    if is_about_the_mesh(question):
        reply = introduction(candidates, language)
        return Plan(goal=question, language=language, planner="built-in", steps=[], reply=reply)
    given = about(question, given)
    columns = [column.name for item in given for column in item.columns]
    matcher = Matcher(candidates, columns)
    wanted = choose(question, matcher)
    carried = follow_up(question, wanted, previous, candidates, columns)
    if carried is not None:
        wanted, given = carried.wanted, [*given, *carried.given]
    if not wanted:
        return Plan(
            goal=question,
            language=language,
            planner="built-in",
            steps=[],
            warnings=[cannot(candidates, language)],
        )
    return _plan_of(wanted, question, language, given, matcher, params)


def ask_the_data(
    question: str,
    language: Language,
    given: Sequence[Given],
    skills: Sequence[SkillView],
    params: Mapping[str, Any] | None = None,
) -> Plan | None:
    """The plan for a question that fits no skill but came with data: whoever answers questions looks there.

    Such a skill gives an `answer` to any question about a dataset or says that the data do not hold it, which the planner, who
    knows cards only, cannot tell. None without data or without such a skill.
    """
    candidates = usable(skills)
    given = about(question, given)
    answering = [skill for skill in candidates if skill.gives(ANSWER) and DATASET in skill.signature()[0]]
    if not answering or not any(item.type in (SOURCE, DATASET) for item in given):
        return None
    skill = min(answering, key=lambda skill: skill.key)
    wanted = [Wanted(skill, question, 0.0)]
    plan = _plan_of(wanted, question, language, given, Matcher(candidates), params)
    return plan.model_copy(update={"warnings": [asked_the_data(language), *plan.warnings]})


def _plan_of(
    wanted: Sequence[Wanted],
    question: str,
    language: Language,
    given: Sequence[Given],
    matcher: Matcher,
    params: Mapping[str, Any] | None,
) -> Plan:
    goal = wanted[0].goal if wanted[0].changes else question
    ranks = {match.skill.key: match.confidence for match in matcher.matches(without_code(question))}
    assembly = Assembly(matcher.skills, given, lambda skill: ranks[skill.key], question)
    nodes = assembly.build(wanted)
    if not nodes:
        lacking = [item.type for item in assembly.unreachable]
        raise NeedsInputError(needs(SOURCE if SOURCE in lacking else lacking[0], language))
    warnings = [
        left_out(item.wanted.skill, item.type, language)
        for item in assembly.unreachable
        if not item.wanted.optional
    ]
    warnings += [
        narrowed(item.skill, item.taken.called, [thing.called for thing in item.left], language)
        for item in assembly.narrowed
    ]
    if unread := _unread(nodes, given, [thing for item in assembly.narrowed for thing in item.left]):
        warnings.append(left_unread(unread, language))
    return Plan(
        goal=question,
        language=language,
        planner="built-in",
        steps=steps_of(nodes, goal, language, params or {}),
        warnings=warnings,
    )


def _unread(nodes: Sequence[Node], given: Sequence[Given], told: Sequence[Given]) -> list[str]:
    """The sources that no step takes though steps take others, without those told of already."""
    taken = {
        name for node in nodes for inputs in node.inputs.values() for source, name in inputs if source is None
    }
    sources = [item for item in given if item.type == SOURCE]
    unread = [item.called for item in sources if item.name not in taken and item not in told]
    return unread if len(unread) < len(sources) else []


def step_ids(nodes: Sequence[Node], taken: Sequence[str] = ()) -> dict[int, str]:
    """A readable id for each node, by `id(node)`: the skill's id, numbered when it is used already."""
    used, ids = set(taken), {}
    for node in nodes:
        name, number = node.skill.skill_id, 2
        while name in used:
            name, number = f"{node.skill.skill_id}-{number}", number + 1
        used.add(name)
        ids[id(node)] = name
    return ids


def steps_of(
    nodes: Sequence[Node],
    question: str,
    language: Language,
    params: Mapping[str, Any],
    taken: Sequence[str] = (),
) -> list[PlanStep]:
    """The wire form of a graph; `taken` are step ids that must not be used again."""
    ids = step_ids(nodes, taken)
    return [_step(node, nodes, ids, question, language, params) for node in nodes]


def _step(
    node: Node,
    nodes: Sequence[Node],
    ids: dict[int, str],
    question: str,
    language: Language,
    params: Mapping[str, Any],
) -> PlanStep:
    skill = node.skill
    goal = node.wanted.goal if node.wanted else question
    return PlanStep(
        id=ids[id(node)],
        skill=skill.skill_id,
        agent=skill.agent,
        stage=skill.stage,
        goal=goal,
        inputs={name: [to_ref(item, ids) for item in taken] for name, taken in node.inputs.items()},
        params=_params(node, goal, params),
        depends_on=list(dict.fromkeys(ids[id(source)] for source in node.sources)),
        reason=_reason(node, nodes, language),
        confidence=round(_confidence(node, nodes), 4),
        optional=node.optional,
        weight=skill.weight,
    )


def _params(node: Node, goal: str, ordered: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a step; of a follow-up what was set before, unless the change or the order says otherwise."""
    if node.wanted is None or not node.wanted.change:
        return params_from(goal, node.skill.params_schema, ordered)
    return {**node.wanted.kept, **params_from(node.wanted.change, node.skill.params_schema, ordered)}


def _confidence(node: Node, nodes: Sequence[Node]) -> float:
    if node.wanted is not None:
        return node.wanted.confidence
    return max((_confidence(other, nodes) for other in nodes if node in other.sources), default=1.0)


def _reason(node: Node, nodes: Sequence[Node], language: Language) -> str:
    if node.wanted is not None and node.wanted.changes:
        return carries_on(node.wanted.changes, language)
    if node.wanted is not None:
        return helpful(language) if node.wanted.optional else asked_because(node.wanted.example, language)
    served = [other for other in nodes if node in other.sources]
    types = [
        flow.type
        for other in served
        for flow in other.skill.consumes
        if any(source is node for source, _ in other.inputs.get(flow.name, []))
    ]
    names = [other.skill.called(language) for other in sorted(served, key=lambda other: other.optional)]
    return supplies(list(dict.fromkeys(types)), names, language)
