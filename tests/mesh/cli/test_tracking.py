"""Steps' fractions from the progress of the whole."""

from datetime import UTC, datetime

import pytest

from mesh.analysis import Analysis, Plan, PlanStep, ProgressEvent, StepReport, StepStatus
from mesh.cli.tracking import Tracker

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def event(seq: int, progress: float, step: str | None, message: str = "m") -> ProgressEvent:
    return ProgressEvent(
        analysis_id="a",
        seq=seq,
        stage="st",
        agent="ag",
        progress=progress,
        message=message,
        step=step,
        time=NOW,
    )


def analysis(**statuses: StepStatus) -> Analysis:
    steps = [
        PlanStep(id=name, skill="k", agent="ag", stage="st", weight=weight)
        for name, weight in (("a", 1), ("b", 3))
    ]
    return Analysis(
        id="a",
        status="running",
        query="q",
        language="en",
        planner="built-in",
        session_id="s",
        plan=Plan(goal="g", language="en", planner="built-in", steps=steps),
        steps=[
            StepReport(id=name, skill="k", agent="ag", stage="st", status=status, seconds=2.0)
            for name, status in statuses.items()
        ],
        created_at=NOW,
    )


def test_what_the_whole_gains_is_its_steps_work_by_weight() -> None:
    tracker = Tracker()
    tracker.learn(analysis(a="running", b="running"))
    tracker.see(event(1, 12.5, "a"))
    tracker.see(event(2, 50.0, "b"))
    assert tracker.steps["a"].fraction == pytest.approx(0.5)
    assert tracker.steps["b"].fraction == pytest.approx(0.5)


def test_progress_never_goes_back_and_never_exceeds_the_step() -> None:
    tracker = Tracker()
    tracker.learn(analysis(a="running"))
    tracker.see(event(1, 60.0, "a"))
    tracker.see(event(2, 40.0, "a"))
    assert (tracker.overall, tracker.steps["a"].fraction) == (60.0, 1.0)


def test_a_pending_step_is_not_shown_and_an_ended_one_is_whole() -> None:
    tracker = Tracker()
    tracker.learn(analysis(a="completed", b="pending"))
    assert list(tracker.steps) == ["a"]
    assert (tracker.steps["a"].fraction, tracker.steps["a"].seconds) == (1.0, 2.0)


def test_a_message_without_a_step_belongs_to_the_whole() -> None:
    tracker = Tracker()
    tracker.see(event(1, 1.0, None, "planning"))
    assert (tracker.message, tracker.steps) == ("planning", {})
