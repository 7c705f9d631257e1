import json
import random
from typing import Any

import anyio
import pytest

from mesh.analysis import InputRef, Plan
from mesh.errors import NeedsInputError
from mesh.language import Language
from mesh.results import Column
from orchestrator.planning.given import Given
from orchestrator.planning.planner import build_plan
from orchestrator.planning.planning import make_plan
from orchestrator.planning.skills import SkillView, skills_of
from orchestrator.planning.validate import validate_plan


def by_skill(plan: Plan) -> dict[str, list[str]]:
    return {step.id: step.depends_on for step in plan.steps}


def test_analysis_and_model_run_side_by_side_before_the_charts(
    skills: list[SkillView], source: list[Given]
) -> None:
    plan = build_plan("매출 데이터를 분석하고 예측 모델을 만들어주세요", "ko", source, skills)
    load = ["load_dataset"]
    assert by_skill(plan) == {
        "load_dataset": [],
        "assess_quality": load,
        "explore_data": load,
        "train_model": load,
        "draw_charts": ["load_dataset", "explore_data", "assess_quality", "train_model"],
    }
    charts = plan.steps[-1]
    assert charts.inputs["forecast"] == [InputRef(step="train_model", output="forecast")]
    assert {step.id: step.optional for step in plan.steps if step.optional} == {
        "assess_quality": True,
        "draw_charts": True,
    }
    validate_plan(plan, skills, {"source": "source"})


@pytest.mark.parametrize(
    ("question", "steps"),
    [
        ("which region sold most?", ["load_dataset", "answer_question"]),
        ("이상치를 찾아줘", ["load_dataset", "assess_quality"]),
        ("predict churn", ["load_dataset", "train_model"]),
        ("draw monthly sales by region", ["load_dataset", "draw_charts"]),
        ("Register the model in MLflow", ["load_dataset", "train_model", "register_model"]),
    ],
)
def test_a_narrow_question_gets_the_smallest_plan(
    question: str, steps: list[str], skills: list[SkillView], source: list[Given]
) -> None:
    plan = build_plan(question, "en", source, skills)
    assert [step.id for step in plan.steps] == steps
    assert not any(step.optional for step in plan.steps)


def test_what_the_order_gives_is_not_made_again(skills: list[SkillView]) -> None:
    given = [Given(name="sales", type="dataset"), Given(name="best", type="model")]
    plan = build_plan("Register this model", "en", given, skills)
    assert [step.id for step in plan.steps] == ["register_model"]
    assert plan.steps[0].inputs == {"model": [InputRef(step=None, output="best")]}


def test_a_new_model_that_was_asked_for_is_preferred_to_an_old_one(skills: list[SkillView]) -> None:
    given = [Given(name="dataset", type="dataset"), Given(name="model", type="model")]
    plan = build_plan("Train a churn model and register it in MLflow", "en", given, skills)
    assert [step.id for step in plan.steps] == ["train_model", "register_model"]
    assert plan.steps[1].inputs["model"] == [InputRef(step="train_model", output="model")]


@pytest.mark.parametrize("question", ["book me a flight", "오늘 날씨 어때"])
def test_an_unrelated_question_is_refused_with_what_can_be_done(
    question: str, skills: list[SkillView], source: list[Given]
) -> None:
    language: Language = "ko" if question.startswith("오늘") else "en"
    plan = build_plan(question, language, source, skills)
    assert plan.steps == []
    (warning,) = plan.warnings
    assert all(skill.called(language) in warning for skill in skills)
    assert 1 <= warning.count("\n- ") <= 5


def test_what_fits_no_skill_is_asked_of_the_data(skills: list[SkillView], source: list[Given]) -> None:
    question = "서울에서 3월에 팔린 커피 수량은?"
    assert build_plan(question, "ko", source, skills).steps == []
    plan = anyio.run(make_plan, question, "ko", source, skills, None)
    assert [step.skill for step in plan.steps] == ["load_dataset", "answer_question"]
    assert plan.steps[-1].goal == question
    assert "데이터에서 답을" in plan.warnings[0]
    assert anyio.run(make_plan, question, "ko", [], skills, None).steps == []


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What can you do?", "en"),
        ("hello", "en"),
        ("Hi, help me please", "en"),
        ("Which agents are running?", "en"),
        ("어떤 에이전트가 있어?", "ko"),
        ("너는 뭘 할 수 있어?", "ko"),
        ("안녕하세요! 무엇을 할 수 있나요?", "ko"),
        ("사용법 알려줘", "ko"),
    ],
)
def test_a_question_about_the_mesh_is_answered_by_what_it_can_do(
    question: str, language: Language, skills: list[SkillView], source: list[Given]
) -> None:
    for given in ([], source):
        plan = anyio.run(make_plan, question, language, given, skills, None)
        assert (plan.steps, plan.warnings) == ([], [])
        assert all(skill.called(language) in plan.reply for skill in skills)


@pytest.mark.parametrize(
    "question", ["What can you do to raise revenue?", "도와줘 매출이 왜 떨어졌지", "hello world csv"]
)
def test_a_question_that_only_begins_politely_is_not_about_the_mesh(
    question: str, skills: list[SkillView], source: list[Given]
) -> None:
    assert build_plan(question, "en", source, skills).reply == ""


def test_a_question_without_data_asks_for_it(skills: list[SkillView]) -> None:
    with pytest.raises(NeedsInputError, match="Send a file"):
        build_plan("predict churn", "en", [], skills)
    with pytest.raises(NeedsInputError, match="파일"):
        build_plan("이상치를 찾아줘", "ko", [], skills)


def test_without_any_agent_the_plan_says_so(source: list[Given]) -> None:
    plan = build_plan("predict churn", "en", source, [])
    assert plan.steps == []
    assert "No agent is available" in plan.warnings[0]


def test_a_part_that_cannot_be_done_is_left_out_with_a_warning(
    skills: list[SkillView], source: list[Given]
) -> None:
    without = [skill for skill in skills if skill.skill_id != "train_model"]
    plan = build_plan("Find outliers and register the model in MLflow", "en", source, without)
    assert [step.id for step in plan.steps] == ["load_dataset", "assess_quality"]
    assert "Register a model was left out: it needs a model" in plan.warnings[0]


def test_the_plan_does_not_depend_on_the_order_of_the_cards(
    skills: list[SkillView], source: list[Given]
) -> None:
    shuffled = list(skills)
    random.Random(7).shuffle(shuffled)
    for question in ("Analyse the data and forecast sales", "이상치를 찾고 매출을 그려줘"):
        first = build_plan(question, "en", source, skills)
        assert build_plan(question, "en", source, shuffled) == first


def test_unavailable_and_unplannable_skills_are_never_planned(
    skills: list[SkillView], source: list[Given]
) -> None:
    for gone in ({"available": False}, {"plannable": False}):
        changed = [
            skill.model_copy(update=gone) if skill.skill_id == "draw_charts" else skill for skill in skills
        ]
        plan = build_plan("Analyse this dataset", "en", source, changed)
        assert [step.id for step in plan.steps] == ["load_dataset", "assess_quality", "explore_data"]


def test_of_two_agents_with_the_same_skill_the_better_fit_is_planned(
    skills: list[SkillView], source: list[Given]
) -> None:
    twin = next(skill for skill in skills if skill.skill_id == "train_model").model_copy(
        update={
            "agent": "Churn Lab",
            "examples": ["Predict churn of subscribers", "predict churn", "고객 이탈 예측"],
        }
    )
    plan = build_plan("predict churn", "en", source, [*skills, twin])
    assert [step.agent for step in plan.steps] == ["Data Ingestion", "Churn Lab"]


def test_a_step_that_changes_the_table_stands_before_those_that_use_it(
    skills: list[SkillView],
    source: list[Given],
    make_card: Any,
) -> None:
    card = make_card(
        "Imputer",
        "impute_values",
        ["Impute the table", "Fill in the holes by imputation", "값을 대체해줘"],
        ["impute", "imputation", "대체"],
        [{"name": "table", "type": "dataset", "required": True}],
        [{"name": "imputed", "type": "dataset"}],
    )
    plan = build_plan("Impute the table and train a model", "en", source, [*skills, *skills_of(card)])
    assert by_skill(plan) == {
        "load_dataset": [],
        "impute_values": ["load_dataset"],
        "train_model": ["impute_values"],
    }
    assert plan.steps[2].inputs["dataset"] == [InputRef(step="impute_values", output="imputed")]


def test_parameters_of_the_order_reach_the_skills_that_have_them(
    skills: list[SkillView], source: list[Given]
) -> None:
    plan = build_plan("predict churn", "en", source, skills, {"target": "left", "seed": 3, "unknown": 1})
    assert plan.steps[0].params == {}
    assert plan.steps[1].params == {"target": "left", "seed": 3}


def test_a_column_of_the_given_data_makes_a_question_one_about_it(skills: list[SkillView]) -> None:
    unknown = [Given(name="t", type="dataset", columns=[Column(name="width", type="number")])]
    known = [Given(name="t", type="dataset", columns=[Column(name="humidity", type="number")])]
    question = "what humidity was it there?"
    assert build_plan(question, "en", unknown, skills).steps == []
    assert [step.id for step in build_plan(question, "en", known, skills).steps] == ["answer_question"]


def test_a_plan_survives_its_wire_form(skills: list[SkillView], source: list[Given]) -> None:
    plan = build_plan("이 데이터를 분석해줘", "ko", source, skills)
    assert Plan.model_validate(json.loads(plan.model_dump_json())) == plan
    assert all(step.reason for step in plan.steps)
