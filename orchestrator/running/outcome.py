"""What became of a step: as the run stores it, and as the answer tells it."""

import time
from collections.abc import Mapping
from typing import Any

from mesh.analysis import Plan, PlanStep, StepReport, StepStatus
from mesh.results import Model, SkillResult

from .failures import FOR_THE_PERSON


class StepOutcome(Model):
    """What became of a step, as it is stored."""

    step: PlanStep
    status: StepStatus
    result: SkillResult | None = None
    agent: str = ""
    skill: str = ""
    cached: bool = False
    attempts: int = 0
    seconds: float = 0.0
    reason: str = ""
    error: str | None = None
    http_status: int = 500

    @property
    def succeeded(self) -> bool:
        """Whether there is a result."""
        return self.status == "completed"

    @property
    def replaceable(self) -> bool:
        """Whether another skill might still do it: it failed for a reason that is not the person's to mend."""
        return self.status == "failed" and self.reason not in FOR_THE_PERSON

    @classmethod
    def cancelled(cls, step: PlanStep) -> "StepOutcome":
        """The outcome of a step that was not to be run any more."""
        return cls(step=step, status="cancelled", agent=step.agent, skill=step.skill, reason="cancelled")


def report_of(step: PlanStep, outcome: StepOutcome, skill_name: str) -> StepReport:
    """What became of a step, as the answer tells it."""
    result = outcome.result
    return StepReport(
        id=step.id,
        skill=outcome.skill or step.skill,
        skill_name=skill_name,
        agent=outcome.agent or step.agent,
        stage=step.stage,
        status=outcome.status,
        cached=outcome.cached,
        attempts=outcome.attempts,
        seconds=outcome.seconds,
        summary=result.summary if result else "",
        error=outcome.error,
        reason=step.reason,
        confidence=step.confidence,
        kpis=result.kpis if result else [],
        tables=result.tables if result else [],
        outputs=result.outputs if result else [],
        warnings=result.warnings if result else [],
    )


def timing_of(begun: float, outcomes: Mapping[str, StepOutcome]) -> dict[str, float]:
    """Seconds since `begun` (a time of day) and of each step."""
    total = round(time.time() - begun, 3)
    return {"total_s": total, **{f"{key}_s": item.seconds for key, item in outcomes.items()}}


def error_of_analysis(plan: Plan, status: str, outcomes: Mapping[str, StepOutcome]) -> dict[str, Any] | None:
    """The problem that a failed analysis is told with; None unless it failed."""
    if status != "failed":
        return None
    if not plan.steps:
        return {"reason": "not_possible", "status": 422, "message": " ".join(plan.warnings)}
    first = next((item for item in outcomes.values() if item.status == "failed"), None)
    if first is None:
        return {"reason": "internal", "status": 500, "message": "No step could be run."}
    return {
        "reason": first.reason,
        "status": first.http_status,
        "message": first.error or "",
        "step": first.step.id,
    }
