"""The common labelled questions on these tests' own cards, and all of them on the release's cards."""

import json

import pytest

from benchmarks.planner_quality import CARDS, judge, load_questions, load_skills, quality
from orchestrator.planning.skills import SkillView

ROWS = load_questions(name="common")
ALL_ROWS = load_questions()
DEVELOPMENT = [row for row in ROWS if not row["held_out"]]
HELD_OUT = [row for row in ROWS if row["held_out"]]
STAGES = {
    "data_loading",
    "quality_check",
    "eda_analysis",
    "visualization",
    "model_training",
    "model_registry",
    "notebook",
    "question_answering",
    "stream_analysis",
}


def test_the_questions_are_balanced() -> None:
    korean = sum(row["language"] == "ko" for row in ROWS)
    assert len(ROWS) >= 80
    assert 0.45 <= korean / len(ROWS) <= 0.55
    assert len(HELD_OUT) >= 0.2 * len(ROWS)
    assert len({row["question"] for row in ALL_ROWS}) == len(ALL_ROWS)


@pytest.mark.parametrize("row", DEVELOPMENT, ids=lambda row: row["question"])
def test_a_question_gets_what_it_asks_for(row: dict[str, object], skills: list[SkillView]) -> None:
    verdict = judge(row, skills)
    assert verdict.right, f"planned {verdict.planned}, missing {verdict.missing}, extra {verdict.extra}"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_unseen_questions_are_mostly_right(language: str, skills: list[SkillView]) -> None:
    rows = [row for row in HELD_OUT if row["language"] == language]
    measured = quality([judge(row, skills) for row in rows], rows)
    assert measured["precision"] >= 0.85
    assert measured["recall"] >= 0.85


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_cards_of_the_release_plan_as_well(language: str) -> None:
    skills = load_skills(CARDS)
    if not {skill.stage for skill in skills if skill.plannable} >= STAGES:
        pytest.skip("not all cards of the release are there")
    rows = [row for row in ALL_ROWS if row["language"] == language]
    verdicts = [judge(row, skills) for row in rows]
    measured = quality(verdicts, rows)
    wrong = [json.dumps(vars(item), ensure_ascii=False) for item in verdicts if not item.right]
    assert measured["precision"] >= 0.9, "\n".join(wrong)
    assert measured["recall"] >= 0.9, "\n".join(wrong)
