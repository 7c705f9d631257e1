"""The card and the class say the same."""

import pytest

from agents.quality.executor import QualityAgent, QualityParams
from benchmarks.planner_quality import CARDS, load_skills
from mesh.analysis import InputRef, PlanStep
from mesh.cards import read_card, skill_flows
from mesh.language import Language
from mesh.settings import MeshSettings, bundled
from orchestrator.planning.given import Given
from orchestrator.planning.planner import build_plan


def test_the_card_lists_what_the_class_implements() -> None:
    card = read_card(bundled("agent_cards") / "quality.json")
    agent = QualityAgent("quality", card, MeshSettings())

    assert set(agent.skills) == {item["id"] for item in card["skills"]}
    assert agent.skills["assess_quality"].params is QualityParams


def test_the_card_describes_every_parameter() -> None:
    flow = skill_flows(read_card(bundled("agent_cards") / "quality.json"))["assess_quality"]

    assert set(flow.params["properties"]) == set(QualityParams.model_fields)
    assert [(f.name, f.type, f.required) for f in flow.consumes] == [
        ("dataset", "dataset", True),
        ("load_report", "load_report", False),
    ]
    assert [f.type for f in flow.produces] == ["quality_report", "cell_errors", "row_set", "page"]


def planned(question: str, language: Language) -> dict[str, PlanStep]:
    plan = build_plan(question, language, [Given(name="source", type="source")], load_skills(CARDS))
    return {step.skill: step for step in plan.steps}


@pytest.mark.parametrize(
    ("question", "language", "later"),
    [
        ("Clean the data and then forecast sales", "en", ["train_model"]),
        ("데이터를 정제한 뒤 매출을 예측해줘", "ko", ["train_model"]),
        ("Clean the data and analyse it", "en", ["assess_quality", "explore_data", "draw_charts"]),
        ("중복을 제거하고 지역별 매출을 그려줘", "ko", ["draw_charts"]),
    ],
)
def test_later_steps_take_the_cleaned_dataset(question: str, language: Language, later: list[str]) -> None:
    steps = planned(question, language)

    for skill in later:
        assert steps[skill].inputs["dataset"] == [InputRef(step="clean_data", output="dataset")]
    assert steps["clean_data"].inputs["dataset"][0].step == "load_dataset"


@pytest.mark.parametrize(
    ("question", "language"),
    [("Analyse the sales data", "en"), ("매출 데이터를 분석하고 예측 모델을 만들어주세요", "ko")],
)
def test_a_plain_analysis_cleans_nothing(question: str, language: Language) -> None:
    assert "clean_data" not in planned(question, language)


def test_an_assessment_is_given_what_loading_made_of_the_cells() -> None:
    steps = planned("데이터 품질 점검해줘", "ko")

    assert steps["assess_quality"].inputs["load_report"] == [
        InputRef(step="load_dataset", output="load_report")
    ]
