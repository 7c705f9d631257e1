from hypothesis import given, settings
from hypothesis import strategies as st

from mesh.analysis import Plan
from mesh.errors import NeedsInputError
from orchestrator.planning.assembly import Assembly
from orchestrator.planning.choosing import Wanted
from orchestrator.planning.given import Given
from orchestrator.planning.planner import build_plan, steps_of
from orchestrator.planning.skills import Flow, SkillView
from orchestrator.planning.validate import validate_plan

TYPES = ["source", "dataset", "model", "chart", "report", "text"]


def no_preference(_: SkillView) -> float:
    return 0.5


@st.composite
def skill_sets(draw: st.DrawFn) -> list[SkillView]:
    flow = st.builds(
        Flow, name=st.sampled_from(TYPES), type=st.just(""), required=st.booleans(), many=st.booleans()
    )

    def flows() -> list[Flow]:
        found = draw(st.lists(flow, max_size=3, unique_by=lambda item: item.name))
        return [item.model_copy(update={"type": item.name}) for item in found]

    return [
        SkillView(
            agent=f"agent {index}", skill_id=f"skill_{index}", name="", consumes=flows(), produces=flows()
        )
        for index in range(draw(st.integers(1, 12)))
    ]


@settings(max_examples=300, deadline=None)
@given(skills=skill_sets(), data=st.data())
def test_whatever_the_cards_say_the_graph_is_valid(skills: list[SkillView], data: st.DataObject) -> None:
    wanted = data.draw(st.lists(st.sampled_from(skills), max_size=5, unique_by=lambda skill: skill.key))
    given_ = [Given(name="source", type="source")]
    assembly = Assembly(skills, given_, no_preference)
    nodes = assembly.build([Wanted(skill, "goal", 1.0) for skill in wanted])
    assert len(assembly.unreachable) + sum(node.wanted is not None for node in nodes) == len(wanted)
    steps = steps_of(nodes, "goal", "en", {})
    plan = Plan(goal="goal", language="en", planner="built-in", steps=steps)
    validate_plan(plan, skills, {"source": "source"})
    places = {step.id: index for index, step in enumerate(steps)}
    assert all(places[name] < places[step.id] for step in steps for name in step.depends_on)


@settings(max_examples=100, deadline=None)
@given(question=st.text(max_size=120))
def test_any_question_ends_in_a_valid_plan_or_a_question_back(question: str, skills: list[SkillView]) -> None:
    for given_ in ([], [Given(name="source", type="source")]):
        try:
            plan = build_plan(question, "en", given_, skills)
        except NeedsInputError:
            continue
        validate_plan(plan, skills, {item.name: item.type for item in given_})
        assert plan.steps or plan.warnings


def test_many_skills_that_change_tables_do_not_stall_the_search(skills: list[SkillView]) -> None:
    changers = [
        SkillView(
            agent=f"changer {index}",
            skill_id=f"change_{index}",
            name="",
            consumes=[Flow(name="dataset", type="dataset")],
            produces=[Flow(name="dataset", type="dataset")],
        )
        for index in range(60)
    ]
    plan = build_plan("predict churn", "en", [Given(name="source", type="source")], [*changers, *skills])
    assert [step.id for step in plan.steps] == ["load_dataset", "train_model"]


def test_a_skill_that_can_do_without_data_takes_what_the_person_brought() -> None:
    load = SkillView(
        agent="a",
        skill_id="load",
        name="Load",
        consumes=[Flow(name="source", type="source")],
        produces=[Flow(name="dataset", type="dataset")],
    )
    run = SkillView(
        agent="b",
        skill_id="run",
        name="Run",
        consumes=[Flow(name="dataset", type="dataset", required=False, many=True)],
        produces=[Flow(name="result", type="result")],
    )
    for given_, planned in (([], ["run"]), ([Given(name="source", type="source")], ["load", "run"])):
        nodes = Assembly([load, run], given_, no_preference).build([Wanted(run, "run this", 1.0)])
        assert [node.skill.skill_id for node in nodes] == planned
