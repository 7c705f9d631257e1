"""Of the skills that give an `eda_report`, the one that the question asks for is planned."""

import pytest

from benchmarks.planner_quality import CARDS, load_questions, load_skills
from orchestrator.planning.given import Given
from orchestrator.planning.planner import build_plan

ROWS = [row for row in load_questions(name="eda") if "skill" in row]


@pytest.mark.parametrize("held_out", [False, True])
def test_the_skill_that_was_asked_for_is_planned(*, held_out: bool) -> None:
    skills = load_skills(CARDS)
    rows = [row for row in ROWS if row["held_out"] == held_out]
    wrong = []
    for row in rows:
        plan = build_plan(row["question"], row["language"], [Given(name="source", type="source")], skills)
        if row["skill"] not in {step.skill for step in plan.steps}:
            wrong.append(row["question"])
    assert len(wrong) <= 0.1 * len(rows), wrong


@pytest.mark.parametrize(
    "question",
    ["이 데이터를 분석해줘", "Analyse the sales data", "매출 데이터를 분석하고 예측 모델을 만들어주세요"],
)
def test_an_open_question_is_explored(question: str) -> None:
    plan = build_plan(question, "ko", [Given(name="source", type="source")], load_skills(CARDS))
    assert "explore_data" in {step.skill for step in plan.steps}
