"""The wire models of an analysis: the order, the plan, the progress events and the answer."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from .language import Language
from .results import FileRef, Finding, Kpi, Model, Output, Table

PlannerName = Literal["llm", "built-in"]
AnalysisStatus = Literal["queued", "running", "completed", "partial", "failed", "cancelled"]
StepStatus = Literal["pending", "running", "completed", "failed", "skipped", "cancelled"]
MAX_SOURCES = 20


class AnalyzeOrder(Model):
    """What the gateway asks of the orchestrator. `analysis_id` makes it idempotent.

    `sources` is the data that the question brought, in the order in which the person named it.
    """

    analysis_id: str
    query: str
    sources: list[FileRef] = Field(default_factory=list, max_length=MAX_SOURCES)
    session_id: str
    parent_id: str | None = None
    params: dict[str, Any] = Field(default_factory=dict)


class InputRef(Model):
    """Where a step's input comes from: the output `output` of `step`, or (`step` is None) of what the order gave."""

    step: str | None = None
    output: str


class PlanStep(Model):
    """One skill call. `confidence` in [0, 1] is how well the skill fits what was asked."""

    id: str
    skill: str
    agent: str
    stage: str
    goal: str = ""
    inputs: dict[str, list[InputRef]] = Field(default_factory=dict)
    params: dict[str, Any] = Field(default_factory=dict)
    depends_on: list[str] = Field(default_factory=list)
    reason: str = ""
    confidence: float = Field(default=1.0, ge=0, le=1)
    optional: bool = False
    weight: float = 1.0


class Plan(Model):
    """A validated DAG of steps, in an order in which they can run.

    `reply` answers a question about the mesh itself; such a plan has no steps.
    """

    goal: str
    language: Language
    planner: PlannerName
    steps: list[PlanStep]
    warnings: list[str] = Field(default_factory=list)
    reply: str = ""


class ProgressEvent(Model):
    """One line of an analysis' event log. `seq` is gap-free from 1; `progress` in [0, 100] never goes back."""

    analysis_id: str
    seq: int
    stage: str
    agent: str
    progress: float
    message: str
    step: str | None = None
    time: datetime
    final: bool = False


class StepReport(Model):
    """What became of a step."""

    id: str
    skill: str
    skill_name: str = ""
    agent: str
    stage: str
    status: StepStatus
    cached: bool = False
    attempts: int = 0
    seconds: float | None = None
    summary: str = ""
    error: str | None = None
    reason: str = ""
    confidence: float = 1.0
    kpis: list[Kpi] = Field(default_factory=list)
    tables: list[Table] = Field(default_factory=list)
    outputs: list[Output] = Field(default_factory=list)
    warnings: list[str] = Field(default_factory=list)


class Analysis(Model):
    """The answer to a question, complete or partial."""

    id: str
    status: AnalysisStatus
    query: str
    language: Language
    planner: PlannerName
    session_id: str
    parent_id: str | None = None
    summary: str = ""
    findings: list[Finding] = Field(default_factory=list)
    charts: list[Output] = Field(default_factory=list)
    model: Output | None = None
    datasets: list[Output] = Field(default_factory=list)
    plan: Plan | None = None
    steps: list[StepReport] = Field(default_factory=list)
    warnings: list[str] = Field(default_factory=list)
    cached: bool = False
    links: dict[str, str] = Field(default_factory=dict)
    timing: dict[str, float] = Field(default_factory=dict)
    created_at: datetime
    finished_at: datetime | None = None
    error: dict[str, Any] | None = None
