"""Runs one step of a plan: its inputs, the cache, the call, and the record of what was made of what."""

import time
from collections.abc import Mapping

import anyio
import structlog

from mesh.analysis import AnalyzeOrder, Plan, PlanStep
from mesh.calls import Inputs
from mesh.errors import MeshError
from mesh.results import SkillResult
from mesh.settings import MeshSettings
from orchestrator.clients import HubClient
from orchestrator.discovery.discovery import Discovery

from .attempt import Job
from .calling import StepCaller
from .earlier import Earlier
from .failures import FOR_THE_PERSON, told
from .flow import cache_key, may_reuse, resolve_inputs, unmet
from .outcome import StepOutcome
from .telling import Teller

_log = structlog.get_logger(__name__)


class StepRunner:
    """Runs steps to their outcomes; keeps nothing between them."""

    def __init__(
        self,
        settings: MeshSettings,
        discovery: Discovery,
        caller: StepCaller,
        hub: HubClient,
        earlier: Earlier,
        teller: Teller,
    ) -> None:
        self._settings = settings
        self._discovery = discovery
        self._caller = caller
        self._hub = hub
        self._earlier = earlier
        self._teller = teller

    async def run(
        self,
        order: AnalyzeOrder,
        plan: Plan,
        step: PlanStep,
        outcomes: Mapping[str, StepOutcome],
        cancelled: anyio.Event,
    ) -> StepOutcome:
        """Runs one step to its outcome; failures are outcomes too.

        Raises: CancelledError when the analysis was cancelled meanwhile.
        """
        results = {key: item.result for key, item in outcomes.items() if item.result is not None}
        skill = self._discovery.skill(step.agent, step.skill)
        types = {flow.name: flow.type for flow in skill.consumes} if skill else {}
        inputs, missing = resolve_inputs(step, await self._earlier.given(order), results, types)
        required = {flow.name for flow in skill.consumes if flow.required} if skill else set(missing)
        why = unmet(step, sorted(required & set(missing)), outcomes)
        if why:
            return StepOutcome(
                step=step, status="skipped", agent=step.agent, skill=step.skill, reason="unmet", error=why
            )
        goal = step.goal or plan.goal
        begun = time.monotonic()
        key = self._key(step, inputs, goal, plan)
        known = await self._hub.cached(key) if key else None
        await self._teller.began(order, plan, step, outcomes)
        if known is not None:
            outcome = StepOutcome(
                step=step,
                status="completed",
                result=SkillResult.model_validate(known["result"]),
                agent=known["agent"],
                skill=known["skill"],
                cached=True,
            )
        else:
            outcome = await self._call(order, plan, step, outcomes, inputs, goal, cancelled)
        outcome = outcome.model_copy(update={"seconds": round(time.monotonic() - begun, 3)})
        await self._record(order, step, inputs, outcome, key)
        await self._teller.ended(order, plan, outcome, outcomes)
        return outcome

    async def _call(
        self,
        order: AnalyzeOrder,
        plan: Plan,
        step: PlanStep,
        outcomes: Mapping[str, StepOutcome],
        inputs: Inputs,
        goal: str,
        cancelled: anyio.Event,
    ) -> StepOutcome:
        job = Job(
            analysis_id=order.analysis_id,
            step=step,
            goal=goal,
            language=plan.language,
            inputs=inputs,
            cancelled=cancelled,
            deadline=time.monotonic() + self._settings.step_timeout_s,
        )

        async def progressed(agent: str, fraction: float, message: str) -> None:
            await self._teller.progressed(
                order, plan, step, outcomes, min(fraction, 0.99), message, agent=agent, fine=True
            )

        try:
            called = await self._caller.call(job, progressed)
        except MeshError as error:
            if error.reason == "cancelled" and cancelled.is_set():
                raise
            _log.warning(
                "step_failed",
                analysis_id=order.analysis_id,
                step=step.id,
                reason=error.reason,
                why=error.message,
            )
            return StepOutcome(
                step=step,
                status="failed",
                agent=step.agent,
                skill=step.skill,
                reason=error.reason,
                error=told(error, plan.language),
                http_status=error.status
                if error.reason in FOR_THE_PERSON
                else 503
                if error.retryable
                else 500,
            )
        return StepOutcome(
            step=step,
            status="completed",
            result=called.result,
            agent=called.agent,
            skill=called.skill,
            attempts=called.attempts,
        )

    async def _record(
        self, order: AnalyzeOrder, step: PlanStep, inputs: Inputs, outcome: StepOutcome, key: str | None
    ) -> None:
        if outcome.result is None:
            return
        await self._hub.record_step(
            analysis_id=order.analysis_id,
            step=step.id,
            skill=outcome.skill,
            agent=outcome.agent,
            inputs=[item for items in inputs.values() for item in items],
            result=outcome.result,
            seconds=outcome.seconds,
            cached=outcome.cached,
        )
        if key and not outcome.cached and outcome.agent == step.agent:
            value = {
                "result": outcome.result.model_dump(mode="json"),
                "agent": outcome.agent,
                "skill": outcome.skill,
            }
            await self._hub.remember(key, value)

    def _key(self, step: PlanStep, inputs: Inputs, goal: str, plan: Plan) -> str | None:
        """The cache key of a step; None when no earlier result may stand for it."""
        skill = self._discovery.skill(step.agent, step.skill)
        if skill is None or not may_reuse(skill):
            return None
        version = self._discovery.registry.get(step.agent).version
        return cache_key(step, version, inputs, goal if skill.uses_goal else "", plan.language)
