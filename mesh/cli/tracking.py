"""Which steps run and how far they are, from the events of an analysis."""

from dataclasses import dataclass

from mesh.analysis import Analysis, ProgressEvent, StepStatus


@dataclass
class StepLine:
    """One step as it is shown. `fraction` in [0, 1]; `seconds` once it has ended."""

    id: str
    stage: str
    agent: str
    message: str = ""
    fraction: float = 0.0
    status: StepStatus = "running"
    seconds: float | None = None
    cached: bool = False


class Tracker:
    """Fed with events and, now and then, with the analysis itself.

    An event carries the progress of the whole; what it adds is the work of its own step, so with the plan's weights the
    step's fraction follows.
    """

    def __init__(self) -> None:
        self.overall = 0.0
        self.message = ""
        self.steps: dict[str, StepLine] = {}
        self._weights: dict[str, float] = {}

    def see(self, event: ProgressEvent) -> None:
        """Take in one event."""
        gained = max(0.0, event.progress - self.overall) / 100
        self.overall = max(self.overall, event.progress)
        if event.step is None:
            self.message = event.message
            return
        line = self.steps.setdefault(event.step, StepLine(event.step, event.stage, event.agent))
        line.message = event.message or line.message
        weight = self._weights.get(event.step, 0.0)
        if weight > 0 and line.status == "running":
            line.fraction = min(1.0, line.fraction + gained * sum(self._weights.values()) / weight)

    def learn(self, analysis: Analysis) -> None:
        """Take in the plan's weights and what has become of the steps."""
        if analysis.plan is not None:
            self._weights = {step.id: step.weight for step in analysis.plan.steps}
        for report in analysis.steps:
            if report.status in ("pending", "skipped"):
                continue
            line = self.steps.setdefault(report.id, StepLine(report.id, report.stage, report.agent))
            line.status, line.seconds, line.cached = report.status, report.seconds, report.cached
            if report.status == "completed":
                line.fraction = 1.0
