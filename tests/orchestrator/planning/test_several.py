"""Several sources in one question: each loaded once, handed on by what the cards say, or one chosen with a word about it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.planner_quality import CARDS, load_skills
from mesh.analysis import Plan, PlanStep
from mesh.results import Column
from orchestrator.planning.assembly import Assembly
from orchestrator.planning.choosing import Wanted
from orchestrator.planning.given import Given
from orchestrator.planning.planner import build_plan, steps_of
from orchestrator.planning.replanning import replan
from orchestrator.planning.skills import Flow, SkillView
from orchestrator.planning.validate import validate_plan
from tests.orchestrator.planning.test_assembly import no_preference, skill_sets

LOAD, COMBINE = "load_dataset", "combine_tables"
COMBINER = SkillView(
    agent="Joiner",
    skill_id=COMBINE,
    name="Combine tables",
    tags=["join", "combine", "merge", "결합", "합치기"],
    examples=["Join these two tables", "Combine the files", "두 테이블을 결합해줘", "파일을 합쳐줘"],
    stage="combination",
    consumes=[Flow(name="dataset", type="dataset", many=True)],
    produces=[
        Flow(name="dataset", type="dataset"),
        Flow(name="combination", type="combination", required=False),
    ],
)
DRIFT = SkillView(
    agent="Drift",
    skill_id="find_drift",
    name="Find drift",
    tags=["drift", "드리프트"],
    examples=["Is there drift between the two files?", "두 파일 사이에 드리프트가 있는지 봐줘"],
    stage="drift",
    consumes=[Flow(name="reference", type="dataset"), Flow(name="dataset", type="dataset")],
    produces=[Flow(name="drift_report", type="drift_report")],
)


def sources(*names: str) -> list[Given]:
    found = [Given(name=f"source-{place}", type="source", title=name) for place, name in enumerate(names, 1)]
    return [found[0].model_copy(update={"name": "source"}), *found[1:]]


def dataset(name: str, title: str, *columns: str, **fields: Any) -> Given:
    return Given(
        name=name,
        type="dataset",
        title=title,
        columns=[Column(name=column, type="string") for column in columns],
        **fields,
    )


def plan_for(question: str, given_: list[Given], skills: list[SkillView]) -> Plan:
    plan = build_plan(question, "ko" if question > "가" else "en", given_, skills)
    validate_plan(plan, skills, {item.name: item.type for item in given_})
    return plan


def of(plan: Plan, skill: str) -> list[PlanStep]:
    return [step for step in plan.steps if step.skill == skill]


def taken(step: PlanStep, name: str = "dataset") -> list[tuple[str | None, str]]:
    return [(ref.step, ref.output) for ref in step.inputs[name]]


BIKES = ("bike_sales_data.csv", "bike_model_specs.csv")


@pytest.mark.parametrize(
    "question", ["Which bike category sold most?", "어떤 자전거 종류가 가장 많이 팔렸나요?"]
)
def test_a_skill_for_one_table_takes_what_is_combined_of_all(question: str, skills: list[SkillView]) -> None:
    plan = plan_for(question, sources(*BIKES), [*skills, COMBINER])
    loads = of(plan, LOAD)
    assert [taken(step, "source") for step in loads] == [[(None, "source")], [(None, "source-2")]]
    (combined,), (asked,) = of(plan, COMBINE), of(plan, "answer_question")
    assert taken(combined) == [(step.id, "dataset") for step in loads]
    assert taken(asked) == [(combined.id, "dataset")]
    assert not plan.warnings


def test_several_skills_share_one_combination(skills: list[SkillView]) -> None:
    plan = plan_for("Analyse the data and build a forecast", sources(*BIKES), [*skills, COMBINER])
    assert len(of(plan, LOAD)) == 2
    (combined,) = of(plan, COMBINE)
    takers = [step for step in plan.steps if step.skill not in (LOAD, COMBINE) and "dataset" in step.inputs]
    assert len(takers) >= 4
    assert all(taken(step) == [(combined.id, "dataset")] for step in takers)


@pytest.mark.parametrize(
    "question",
    [
        "What is the average msrp in bike_model_specs.csv?",
        "What is the highest weight in bike_model_specs",
        "What is the average price in the specs file?",
        "bike_model_specs.csv에서 평균 무게는 얼마인가요?",
        "specs 파일에서 가장 비싼 모델은 무엇인가요?",
    ],
)
def test_a_question_about_one_file_by_name_loads_that_one(question: str, skills: list[SkillView]) -> None:
    plan = plan_for(question, sources(*BIKES), [*skills, COMBINER])
    (load,) = of(plan, LOAD)
    assert taken(load, "source") == [(None, "source-2")]
    assert not of(plan, COMBINE)


@pytest.mark.parametrize(
    "question",
    [
        "How many orders did customers make per city?",
        "도시별 orders 수를 알려줘",
        "Which customer has most orders?",
    ],
)
def test_a_plain_word_of_a_name_names_no_file(question: str, skills: list[SkillView]) -> None:
    plan = plan_for(question, sources("orders.csv", "customers.csv"), [*skills, COMBINER])
    assert len(of(plan, LOAD)) == 2


def test_both_named_are_both_loaded(skills: list[SkillView]) -> None:
    question = "Join bike_sales_data.csv with bike_model_specs.csv"
    plan = plan_for(question, sources(*BIKES), [*skills, COMBINER])
    assert [step.skill for step in plan.steps] == [LOAD, LOAD, COMBINE]


def test_loading_alone_loads_each(skills: list[SkillView]) -> None:
    plan = plan_for("Load these files", sources("a.csv", "b.csv", "c.csv"), [*skills, COMBINER])
    assert [step.id for step in plan.steps] == [LOAD, f"{LOAD}-2", f"{LOAD}-3"]


@pytest.mark.parametrize("optional", ["", "reference"])
def test_two_inputs_of_a_type_take_the_first_two_in_order(optional: str, skills: list[SkillView]) -> None:
    flows = [flow.model_copy(update={"required": flow.name != optional}) for flow in DRIFT.consumes]
    drift = DRIFT.model_copy(update={"consumes": flows})
    question = "Is there drift between the files?"
    plan = plan_for(question, sources("old.csv", "new.csv", "other.csv"), [*skills, drift, COMBINER])
    (step,) = of(plan, "find_drift")
    first, second = of(plan, LOAD)
    assert taken(step, "reference") == [(first.id, "dataset")]
    assert taken(step) == [(second.id, "dataset")]
    assert not of(plan, COMBINE)
    assert plan.warnings == ["No step of the plan reads other.csv."]


def test_an_optional_twin_stays_free_with_one_source(skills: list[SkillView]) -> None:
    flows = [flow.model_copy(update={"required": flow.name == "dataset"}) for flow in DRIFT.consumes]
    drift = DRIFT.model_copy(update={"consumes": flows})
    plan = plan_for("Is there drift in the file?", sources("one.csv"), [*skills, drift])
    assert set(of(plan, "find_drift")[0].inputs) == {"dataset"}


def test_without_a_combiner_the_table_spoken_of_is_taken_and_said(skills: list[SkillView]) -> None:
    given_ = [
        dataset("dataset", "orders", "amount", "day"),
        dataset("dataset-2", "weather", "humidity", "wind"),
    ]
    plan = plan_for("What is the average humidity?", given_, skills)
    assert taken(of(plan, "answer_question")[0]) == [(None, "dataset-2")]
    (warning,) = plan.warnings
    assert "weather" in warning
    assert "orders" in warning


def test_without_a_combiner_and_a_word_about_either_the_first_is_taken(skills: list[SkillView]) -> None:
    plan = plan_for("데이터 품질을 점검해줘", sources("가.csv", "나.csv"), skills)
    (step,) = of(plan, "assess_quality")
    assert taken(step) == [(LOAD, "dataset")]
    assert "나.csv 없이 가.csv만" in plan.warnings[0]


def test_a_follow_up_takes_what_was_combined_before(skills: list[SkillView]) -> None:
    given_ = [
        dataset("dataset", "bike_sales_data"),
        dataset("dataset-2", "bike_model_specs"),
        dataset("dataset-3", "joined", part="combined"),
        dataset("dataset-4", "predictions", part="derived"),
    ]
    plan = plan_for("Draw a bar chart of sales by category", given_, [*skills, COMBINER])
    assert [step.skill for step in plan.steps] == ["draw_charts"]
    assert taken(plan.steps[0]) == [(None, "dataset-3")]
    named = plan_for("Check the data quality of the bike_model_specs table", given_, [*skills, COMBINER])
    assert taken(named.steps[0]) == [(None, "dataset-2")]


def test_a_derived_dataset_is_no_second_source(skills: list[SkillView]) -> None:
    given_ = [dataset("dataset", "sales"), dataset("dataset-2", "predictions", part="derived")]
    plan = plan_for("Which region sold most?", given_, [*skills, COMBINER])
    assert [taken(step) for step in plan.steps] == [[(None, "dataset")]]


def test_a_bare_agent_gets_all_files(skills: list[SkillView]) -> None:
    greeter = SkillView(
        agent="Greeter",
        skill_id="greet",
        name="Greet",
        tags=["greeting"],
        examples=["Greet the team warmly"],
        consumes=[Flow(name="file", type="source", required=False, many=True)],
        produces=[Flow(name="text", type="text")],
        has_dataflow=False,
    )
    plan = plan_for("Greet the team warmly", sources("a.csv", "b.csv"), [*skills, greeter])
    assert taken(plan.steps[0], "file") == [(None, "source"), (None, "source-2")]


def test_what_another_source_gives_is_no_way_around_a_failed_load(skills: list[SkillView]) -> None:
    plan = plan_for("Which bike category sold most?", sources(*BIKES), [*skills, COMBINER])
    left = [skill for skill in [*skills, COMBINER] if skill.skill_id != LOAD]
    failed = [skill for skill in skills if skill.skill_id == LOAD]
    outcomes = {LOAD: "completed", f"{LOAD}-2": "failed"}
    assert replan(plan, [f"{LOAD}-2"], outcomes, left, failed) == []  # type: ignore[arg-type]


@settings(max_examples=200, deadline=None)
@given(skills=skill_sets(), count=st.integers(2, 4), data=st.data())
def test_whatever_the_cards_say_the_graph_of_several_sources_is_valid(
    skills: list[SkillView], count: int, data: st.DataObject
) -> None:
    wanted = data.draw(st.lists(st.sampled_from(skills), max_size=4, unique_by=lambda skill: skill.key))
    given_ = sources(*(f"{place}.csv" for place in range(count)))
    nodes = Assembly(skills, given_, no_preference).build([Wanted(skill, "goal", 1.0) for skill in wanted])
    plan = Plan(goal="g", language="en", planner="built-in", steps=steps_of(nodes, "g", "en", {}))
    validate_plan(plan, skills, {item.name: item.type for item in given_})


@pytest.mark.parametrize(
    "question",
    ["train a model on A.csv and predict B.csv", "A.csv로 모델을 학습하고 그 모델로 B.csv를 예측해줘"],
)
def test_a_clause_that_names_a_file_takes_that_file(question: str) -> None:
    plan = plan_for(question, sources("A.csv", "B.csv"), load_skills(CARDS))
    loads = {step.id: step.inputs["source"][0].output for step in of(plan, LOAD)}
    (train,), (predict,) = of(plan, "train_model"), of(plan, "predict")
    assert [loads[str(step_id)] for step_id, _ in taken(train)] == ["source"]
    assert [loads[str(step_id)] for step_id, _ in taken(predict)] == ["source-2"]
    assert taken(predict, "model") == [(train.id, "model")]
    assert plan.warnings == []
