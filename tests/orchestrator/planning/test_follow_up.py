"""Elliptic follow-ups: what they are for, what they say in full, and questions after an answer that stand on their own."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.planner_quality import CARDS, answered_types, load_questions, load_skills
from mesh.analysis import InputRef, Plan, PlanStep
from mesh.errors import NeedsInputError
from mesh.language import detect_language
from mesh.results import Column
from orchestrator.planning.follow_up import Previous
from orchestrator.planning.given import Given
from orchestrator.planning.planner import build_plan
from orchestrator.planning.skills import Flow, SkillView
from orchestrator.planning.validate import validate_plan

ROWS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "follow_ups.json").read_text(encoding="utf-8")
)
COLUMNS = ("date", "region", "product", "quantity", "revenue")
DATASET = Given(
    name="dataset",
    type="dataset",
    title="sales",
    columns=[Column(name=name, type="string") for name in COLUMNS],
)
EARLIER = {
    "chart": Given(name="earlier-charts", type="chart"),
    "answer": Given(name="earlier-answer", type="answer"),
}


@pytest.fixture(scope="module")
def all_skills() -> list[SkillView]:
    return load_skills(CARDS)


def turn(question: str, skills: list[SkillView]) -> Previous:
    """The turn that a question on its own makes."""
    plan = build_plan(question, detect_language(question), [DATASET], skills)
    assert plan.steps
    views = {skill.key: skill for skill in skills}
    made = {flow.type for step in plan.steps for flow in views[step.agent, step.skill].produces}
    given = [item for type_, item in EARLIER.items() if type_ in made]
    return Previous(question=question, steps=plan.steps, given=given)


def follow(question: str, skills: list[SkillView], *earlier: str) -> Plan:
    """The plan of a question in a conversation, newest question first."""
    previous = [turn(item, skills) for item in earlier]
    plan = build_plan(question, detect_language(question), [DATASET], skills, previous=previous)
    given = {DATASET.name: "dataset"} | {item.name: item.type for one in previous for item in one.given}
    validate_plan(plan, skills, given)
    return plan


def test_the_labelled_follow_ups_are_balanced() -> None:
    korean = sum(detect_language(row["question"]) == "ko" for row in ROWS)
    assert len(ROWS) >= 60
    assert 0.4 <= korean / len(ROWS) <= 0.6
    assert sum(row["held_out"] for row in ROWS) >= 0.2 * len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['after']} > {row['question']}")
def test_a_follow_up_is_for_what_it_refers_to(row: dict[str, Any], all_skills: list[SkillView]) -> None:
    plan = follow(row["question"], all_skills, row["after"])
    assert answered_types(plan, all_skills) == set(row["expect"])
    goals = {step.goal for step in plan.steps}
    if row["elliptic"]:
        assert goals == {f"{row['after']} — {row['question']}"}
    else:
        assert not any("—" in goal for goal in goals)


def test_questions_with_complete_wording_are_planned_as_without_a_conversation(
    all_skills: list[SkillView],
) -> None:
    earlier = [
        turn("Draw monthly revenue by region", all_skills),
        turn("어느 지역의 매출이 가장 높은가요?", all_skills),
    ]
    changed = []
    rows = load_questions()
    for row in rows:
        try:
            alone = build_plan(row["question"], row["language"], [DATASET], all_skills)
            talked = build_plan(row["question"], row["language"], [DATASET], all_skills, previous=earlier)
        except NeedsInputError:
            continue
        if alone.steps and [step.skill for step in alone.steps] != [step.skill for step in talked.steps]:
            changed.append(row["question"])
    assert len(changed) <= 0.01 * len(rows), changed


def test_a_change_of_a_change_keeps_everything_said(all_skills: list[SkillView]) -> None:
    first = turn("Draw revenue by region", all_skills)
    second = follow("make it a line", all_skills, "Draw revenue by region")
    earlier = [Previous(question="make it a line", steps=second.steps, given=[EARLIER["chart"]]), first]
    plan = build_plan("only 2023", "en", [DATASET], all_skills, previous=earlier)
    assert plan.steps[0].goal == "Draw revenue by region — make it a line — only 2023"


def test_the_latest_drawing_is_meant_when_the_words_are_about_drawing(all_skills: list[SkillView]) -> None:
    plan = follow("make the bars horizontal", all_skills, "Which region sold most?", "Draw revenue by region")
    assert [step.skill for step in plan.steps] == ["draw_charts"]
    plan = follow("그 중 서울만", all_skills, "어느 지역의 매출이 가장 높은가요?", "지역별 매출을 그려줘")
    assert [step.skill for step in plan.steps] == ["answer_question"]


def test_the_earlier_result_goes_to_a_skill_that_takes_it_and_to_no_fresh_question(
    skills: list[SkillView],
) -> None:
    able = [
        skill.model_copy(
            update={
                "consumes": [*skill.consumes, Flow(name="chart", type="chart", required=False, many=True)]
            }
        )
        if skill.skill_id == "draw_charts"
        else skill
        for skill in skills
    ]
    edited = follow("막대그래프로 바꿔줘", able, "지역별 매출을 선그래프로 그려줘")
    (step,) = edited.steps
    assert step.inputs["chart"] == [InputRef(output="earlier-charts")]
    fresh = follow("Draw a histogram of the quantity", able, "지역별 매출을 선그래프로 그려줘")
    assert "chart" not in fresh.steps[0].inputs


def test_what_was_set_stays_and_what_the_change_says_wins() -> None:
    schema = {"type": "object", "properties": {"kind": {"enum": ["bar", "line"]}, "top": {"type": "integer"}}}
    drawer = SkillView(
        agent="Drawer",
        skill_id="draw",
        name="Draw",
        examples=["Draw a chart of sales", "차트를 그려줘"],
        consumes=[Flow(name="dataset", type="dataset")],
        produces=[Flow(name="chart", type="chart")],
        params_schema=schema,
    )
    step = PlanStep(
        id="draw",
        skill="draw",
        agent="Drawer",
        stage="draw",
        goal="Draw a bar chart of sales",
        params={"kind": "bar", "top": 5},
    )
    previous = [Previous(question=step.goal, steps=[step])]
    plan = build_plan("make it a line", "en", [DATASET], [drawer], previous=previous)
    assert plan.steps[0].params == {"kind": "line", "top": 5}


@pytest.mark.parametrize("question", ["make it a line", "그 중 서울만", "And by region?"])
def test_without_a_conversation_a_fragment_means_nothing(question: str, all_skills: list[SkillView]) -> None:
    plan = build_plan(question, "en", [DATASET], all_skills)
    assert not any("—" in step.goal for step in plan.steps)
