"""What a running analysis says of itself: each step's progress as progress of the whole, in the language of the question."""

from collections.abc import Mapping

from mesh.analysis import AnalyzeOrder, Plan, PlanStep
from mesh.language import Language, say
from orchestrator.discovery.discovery import Discovery
from orchestrator.events import EventLog

from .outcome import StepOutcome

PLANNED = 3.0
_STEPS_DONE = 97.0
_NAME = "orchestrator"


class Teller:
    """Writes the event log; remembers how far running steps are."""

    def __init__(self, events: EventLog, discovery: Discovery) -> None:
        self._events = events
        self._discovery = discovery
        self._fractions: dict[str, dict[str, float]] = {}

    async def planning(self, order: AnalyzeOrder, progress: float, message: str) -> None:
        """Something about the plan."""
        await self._events.write(
            order.analysis_id, stage="planning", agent=_NAME, progress=progress, message=message
        )

    async def began(
        self, order: AnalyzeOrder, plan: Plan, step: PlanStep, outcomes: Mapping[str, StepOutcome]
    ) -> None:
        """A step has begun."""
        name = self.name_of(step, plan.language)
        message = say(plan.language, en="{name}: started.", ko="{name}: 시작했습니다.", name=name)
        await self.progressed(order, plan, step, outcomes, 0.0, message, agent=step.agent)

    async def ended(
        self, order: AnalyzeOrder, plan: Plan, outcome: StepOutcome, outcomes: Mapping[str, StepOutcome]
    ) -> None:
        """A step has ended."""
        message = self._ending(outcome, plan)
        await self.progressed(order, plan, outcome.step, outcomes, 1.0, message, agent=outcome.agent)

    async def progressed(
        self,
        order: AnalyzeOrder,
        plan: Plan,
        step: PlanStep,
        outcomes: Mapping[str, StepOutcome],
        fraction: float,
        message: str,
        *,
        agent: str,
        fine: bool = False,
    ) -> None:
        """A step is `fraction` done; `fine` events may be dropped when they come too fast."""
        done = self._fractions.setdefault(order.analysis_id, {})
        done[step.id] = fraction
        total = sum(item.weight for item in plan.steps) or 1.0
        share = sum(
            item.weight * (1.0 if item.id in outcomes else done.get(item.id, 0.0)) for item in plan.steps
        )
        await self._events.write(
            order.analysis_id,
            stage=step.stage or step.skill,
            agent=agent or step.agent,
            progress=PLANNED + (_STEPS_DONE - PLANNED) * share / total,
            message=message,
            step=step.id,
            fine=fine,
        )

    def forget(self, analysis_id: str) -> None:
        """Drops what is remembered of an analysis that has ended."""
        self._fractions.pop(analysis_id, None)

    def name_of(self, step: PlanStep, language: Language) -> str:
        """The name of a step's skill, in this language if its card gives one."""
        skill = self._discovery.skill(step.agent, step.skill)
        return skill.called(language) if skill else step.skill

    def _ending(self, outcome: StepOutcome, plan: Plan) -> str:
        name = self.name_of(outcome.step, plan.language)
        if outcome.cached:
            return say(
                plan.language, en="{name}: taken from cache.", ko="{name}: 캐시에서 가져왔습니다.", name=name
            )
        if outcome.succeeded:
            return say(plan.language, en="{name}: done.", ko="{name}: 완료했습니다.", name=name)
        return say(
            plan.language,
            en="{name}: failed: {why}",
            ko="{name}: 실패했습니다: {why}",
            name=name,
            why=outcome.error or "",
        )
