import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.planner_quality import CARDS, load_skills
from orchestrator.planning.given import Given
from orchestrator.planning.planner import build_plan
from orchestrator.planning.skills import SkillView, skills_of

EXAMPLES = [
    "What is the sentiment of the reviews?",
    "Classify the tone of customer comments",
    "리뷰의 감성을 분석해줘",
    "고객 의견이 긍정인지 부정인지 알려줘",
]
TAGS = ["sentiment", "tone", "감성", "긍정", "부정"]
QUESTIONS = ["Determine the sentiment of each comment", "리뷰 감성을 분석해 주세요", "analyse the sentiment"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_card_with_dataflow_is_planned_like_any_other(
    question: str,
    skills: list[SkillView],
    source: list[Given],
    make_card: Any,
) -> None:
    card = make_card(
        "Sentiment",
        "score_sentiment",
        EXAMPLES,
        TAGS,
        [{"name": "dataset", "type": "dataset", "required": True}],
        [{"name": "sentiment", "type": "sentiment_report"}],
    )
    plan = build_plan(question, "en", source, [*skills, *skills_of(card)])
    assert [step.id for step in plan.steps] == ["load_dataset", "score_sentiment"]
    without = build_plan(question, "en", source, skills)
    assert "score_sentiment" not in [step.id for step in without.steps]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_bare_card_is_called_with_the_goal_and_the_file(
    question: str,
    skills: list[SkillView],
    source: list[Given],
    make_card: Any,
) -> None:
    card = make_card("Sentiment", "score_sentiment", EXAMPLES, TAGS)
    plan = build_plan(question, "en", source, [*skills, *skills_of(card)])
    (step,) = plan.steps
    assert (step.agent, step.goal) == ("Sentiment", question)
    assert [ref.output for ref in step.inputs["file"]] == ["source"]
    assert step.depends_on == []


def test_a_bare_card_needs_no_data(skills: list[SkillView], make_card: Any) -> None:
    card = make_card(
        "Translator",
        "translate",
        ["Translate this text into French", "이 문장을 영어로 번역해줘"],
        ["translation", "번역"],
    )
    everyone = [*skills, *skills_of(card)]
    plan = build_plan("이 문장을 프랑스어로 번역해줘", "ko", [], everyone)
    assert [(step.skill, step.inputs) for step in plan.steps] == [("translate", {})]
    assert build_plan("이 문장을 프랑스어로 번역해줘", "ko", [], skills).steps == []


def test_a_new_agent_leaves_other_questions_alone(
    skills: list[SkillView],
    source: list[Given],
    make_card: Any,
) -> None:
    extra = skills_of(make_card("Sentiment", "score_sentiment", EXAMPLES, TAGS))
    for question in ("which region sold most?", "이상치를 찾아줘", "predict churn", "Analyse this dataset"):
        before = build_plan(question, "en", source, skills)
        after = build_plan(question, "en", source, [*skills, *extra])
        assert [step.id for step in after.steps] == [step.id for step in before.steps]


def test_a_new_kind_of_chart_joins_the_overview_only_by_its_stage(
    skills: list[SkillView],
    source: list[Given],
    make_card: Any,
) -> None:
    card = make_card(
        "Maps",
        "draw_map",
        ["Draw a map of the stores", "매장을 지도에 그려줘"],
        ["map", "지도"],
        [{"name": "dataset", "type": "dataset", "required": True}],
        [{"name": "map", "type": "map"}],
        stage="visualization",
    )
    plan = build_plan("Analyse this dataset", "en", source, [*skills, *skills_of(card)])
    maps = [step for step in plan.steps if step.skill == "draw_map"]
    assert [step.optional for step in maps] == [True]


def test_the_planner_names_no_agent_and_no_skill(skills: list[SkillView]) -> None:
    root = Path(__file__).parents[3]
    everyone = [*skills, *load_skills(CARDS)]
    names = {skill.skill_id for skill in everyone} | {skill.agent for skill in everyone}
    distinct = [name for name in names if "_" in name or " " in name]
    for path in (root / "orchestrator/planning").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not [name for name in distinct if re.search(rf"\b{re.escape(name)}\b", text)], path.name
