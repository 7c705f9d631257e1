"""The answer, put together from what steps said."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.analysis import Plan, PlanStep, StepReport, StepStatus
from mesh.results import DatasetRef, Finding, Output
from orchestrator.synthesis.answer import (
    charts_of,
    datasets_of,
    findings_of,
    model_of,
    status_of,
    summary_of,
    warnings_of,
)


def plan(*steps: dict[str, Any], warnings: list[str] | None = None) -> Plan:
    made = [PlanStep.model_validate({"skill": "k", "agent": "A", "stage": "x", **item}) for item in steps]
    return Plan(goal="g", language="en", planner="built-in", steps=made, warnings=warnings or [])


def done(id_: str, status: str = "completed", **more: Any) -> StepReport:
    return StepReport.model_validate(
        {"id": id_, "skill": "k", "agent": "A", "stage": "x", "status": status, **more}
    )


TWO = plan({"id": "load"}, {"id": "answer", "depends_on": ["load"]})


@pytest.mark.parametrize(
    ("load", "answer", "status"),
    [
        ("completed", "completed", "completed"),
        ("completed", "failed", "failed"),
        ("failed", "skipped", "failed"),
        ("completed", "cancelled", "cancelled"),
    ],
)
def test_an_analysis_is_as_far_as_the_steps_that_answer(load: str, answer: str, status: str) -> None:
    assert status_of([done("load", load), done("answer", answer)], TWO) == status


def test_some_answers_are_a_partial_answer_and_optional_steps_do_not_count() -> None:
    three = plan({"id": "load"}, {"id": "a", "depends_on": ["load"]}, {"id": "b", "depends_on": ["load"]})
    assert status_of([done("load"), done("a"), done("b", "failed")], three) == "partial"
    optional = plan(
        {"id": "load"},
        {"id": "a", "depends_on": ["load"]},
        {"id": "b", "depends_on": ["load"], "optional": True},
    )
    assert status_of([done("load"), done("a"), done("b", "failed")], optional) == "completed"


@given(st.lists(st.sampled_from(get_args(StepStatus)), min_size=2, max_size=2))
def test_completed_means_that_everything_is(states: list[str]) -> None:
    steps = [done("load", states[0]), done("answer", states[1])]
    assert (status_of(steps, TWO) == "completed") == (set(states) == {"completed"})


def test_findings_are_ranked_marked_and_said_once() -> None:
    found = {
        "load": [Finding(text="same", importance=0.2), Finding(text="small", importance=0.1)],
        "answer": [Finding(text="same", importance=0.9), Finding(text="big", importance=0.8)],
    }
    ranked = findings_of([done("load"), done("answer")], found)
    assert [(item.text, item.step) for item in ranked] == [
        ("big", "answer"),
        ("same", "load"),
        ("small", "load"),
    ]
    many = {"load": [Finding(text=str(n), importance=n / 100) for n in range(40)]}
    assert [item.text for item in findings_of([done("load")], many)] == [str(n) for n in range(39, 24, -1)]


def test_what_answers_comes_first_and_what_only_feeds_it_is_left_out() -> None:
    steps = [done("load", summary="1.5 rows loaded."), done("answer", summary="Seoul leads. It has 3.2 %.")]
    assert summary_of(TWO, steps, "en") == "Seoul leads. It has 3.2 %."
    assert summary_of(TWO, [steps[0], done("answer", "failed", error="No luck.")], "en") == (
        "The question could not be answered. No luck."
    )


def test_the_better_match_speaks_first_and_nobody_twice() -> None:
    both = plan(
        {"id": "load"},
        {"id": "a", "depends_on": ["load"]},
        {"id": "b", "depends_on": ["load"]},
    )
    steps = [
        done("load", summary="Loaded."),
        done("a", summary="A. Same.", confidence=0.5),
        done("b", summary="B. Same.", confidence=0.9),
    ]
    assert summary_of(both, steps, "en") == "B. Same. A."


def test_when_nothing_worked_the_answer_says_why_in_the_language_asked() -> None:
    steps = [done("load", "failed", error="파일이 없습니다."), done("answer", "skipped")]
    assert summary_of(TWO, steps, "ko") == "질문에 답하지 못했습니다. 파일이 없습니다."
    assert summary_of(TWO, steps, "en").startswith("The question could not be answered.")
    assert summary_of(plan(warnings=["Ask something."]), [], "en") == "Ask something."


def test_each_step_without_a_result_is_a_warning_and_none_is_said_twice() -> None:
    steps = [
        done("load", warnings=["Two rows were mended."], summary="x"),
        done(
            "answer", "failed", skill_name="Explore", error="Out of time.", warnings=["Two rows were mended."]
        ),
    ]
    warned = plan({"id": "load"}, {"id": "answer"}, warnings=["No model of words."])
    assert warnings_of(warned, steps, "en") == [
        "No model of words.",
        "Two rows were mended.",
        "“Explore” gave no result: Out of time.",
    ]


def test_charts_models_and_datasets_are_collected_from_all_steps() -> None:
    ref = DatasetRef(id="d", name="n", uri="u", columns=[], rows=1, bytes=1, sha256="s")
    table = Output(name="dataset", type="dataset", dataset=ref)
    first, second = Output(name="c1", type="chart"), Output(name="c2", type="chart")
    model = Output(name="m", type="model", data={"metric": "mae"})
    steps = [done("load", outputs=[table, first]), done("answer", outputs=[second, model])]
    assert charts_of(steps) == [first, second]
    assert model_of(steps) == model
    assert datasets_of(steps) == [table]
    assert model_of([done("load")]) is None


def test_a_cancelled_analysis_without_results_says_that_it_was_cancelled() -> None:
    steps = [done("load", "cancelled"), done("answer", "cancelled")]
    assert "cancelled" in summary_of(TWO, steps, "en")
    assert "취소" in summary_of(TWO, steps, "ko")


def test_a_by_product_does_not_push_a_step_forward() -> None:
    both = plan(
        {"id": "load"}, {"id": "check", "depends_on": ["load"]}, {"id": "explore", "depends_on": ["load"]}
    )
    checked = [
        Output(name="q", type="quality_report", data={}),
        Output(name="c", type="cell_errors", data={}),
    ]
    steps = [
        done("load", outputs=[LOADED]),
        done("check", summary="The score is 99.", outputs=checked),
        done("explore", summary="Revenue rose.", outputs=[Output(name="e", type="eda_report", data={})]),
    ]
    assert summary_of(both, steps, "en") == "Revenue rose. The score is 99."


ABSTAINED = Output(name="a", type="answer", data={"abstained": True})
LOADED = Output(name="r", type="load_report", data={})
TRAINED = Output(name="m", type="model", data={"task": "classification"})
THREE = plan({"id": "load"}, {"id": "ask", "depends_on": ["load"]}, {"id": "train", "depends_on": ["load"]})


def test_a_step_that_abstains_is_silent_when_another_answers() -> None:
    steps = [
        done("load", outputs=[LOADED]),
        done("ask", summary="Not answered.", warnings=["Only the past."], outputs=[ABSTAINED]),
        done("train", summary="It can be predicted.", outputs=[TRAINED]),
    ]
    found = {"ask": [Finding(text="Not answered.")], "train": [Finding(text="It can be predicted.")]}
    assert summary_of(THREE, steps, "en") == "It can be predicted."
    assert [item.text for item in findings_of(steps, found)] == ["It can be predicted."]
    assert warnings_of(THREE, steps, "en") == []


@pytest.mark.parametrize("training", ["failed", "skipped"])
def test_a_step_that_abstains_is_heard_when_no_other_answers(training: str) -> None:
    steps = [
        done("load", outputs=[LOADED]),
        done("ask", summary="Not answered.", warnings=["Only the past."], outputs=[ABSTAINED]),
        done("train", training, error="No target."),
    ]
    assert summary_of(THREE, steps, "en").startswith("Not answered.")
    assert "Only the past." in warnings_of(THREE, steps, "en")


def test_what_only_supplied_the_answer_is_left_out_of_the_summary() -> None:
    steps = plan(
        {"id": "first"},
        {"id": "second"},
        {"id": "join", "depends_on": ["first", "second"]},
        {"id": "answer", "depends_on": ["join"]},
    )

    def gave(type_: str) -> list[Output]:
        return [Output(name=type_, type=type_, data={"x": 1})]

    reports = [
        done("first", summary="Loaded one.", outputs=gave("dataset")),
        done("second", summary="Loaded two.", outputs=gave("dataset")),
        done("join", summary="Joined.", outputs=gave("dataset")),
        done("answer", summary="City sold most: 12.", outputs=gave("answer")),
    ]
    assert summary_of(steps, reports, "en") == "City sold most: 12."


def test_a_reply_without_steps_is_a_complete_answer() -> None:
    plan = Plan(goal="help", language="en", planner="built-in", steps=[], reply="Ask me about data.")
    assert status_of([], plan) == "completed"
    assert summary_of(plan, [], "en") == "Ask me about data."
    assert status_of([], plan.model_copy(update={"reply": ""})) == "failed"
