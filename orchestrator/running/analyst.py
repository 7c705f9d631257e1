"""The use cases behind an analysis: plan it, run one step of it, find a way around a failure, put the answer together."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import anyio
import structlog

from mesh.analysis import Analysis, AnalyzeOrder, Plan, PlanStep, StepReport, StepStatus
from mesh.calls import Inputs
from mesh.errors import MeshError
from mesh.language import Language, detect_language, say
from mesh.results import Model, Output, SkillResult
from mesh.settings import MeshSettings
from orchestrator.clients import HubClient, SessionClient
from orchestrator.discovery.discovery import Discovery
from orchestrator.events import EventLog
from orchestrator.llm.model import LanguageModel
from orchestrator.planning.detour import Setback
from orchestrator.planning.given import given_of
from orchestrator.planning.planning import make_detour, make_plan
from orchestrator.planning.skills import SkillView
from orchestrator.store import Store
from orchestrator.synthesis.answer import (
    charts_of,
    datasets_of,
    findings_of,
    model_of,
    status_of,
    summary_of,
    warnings_of,
)
from orchestrator.synthesis.writer import worded_summary

from .attempt import Job
from .calling import StepCaller, needs_person
from .failures import told
from .flow import cache_key, resolve_inputs

_log = structlog.get_logger(__name__)
_PLANNED = 3.0
_STEPS_DONE = 97.0
_NAME = "orchestrator"


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
        return self.status == "failed" and self.reason not in (
            "bad_input",
            "not_found",
            "forbidden",
            "needs_input",
            "too_large",
        )

    @classmethod
    def cancelled(cls, step: PlanStep) -> "StepOutcome":
        """The outcome of a step that was not to be run any more."""
        return cls(step=step, status="cancelled", agent=step.agent, skill=step.skill, reason="cancelled")


class Analyst:
    """Plans, runs steps and writes answers; keeps nothing between calls but how far running steps are."""

    def __init__(
        self,
        settings: MeshSettings,
        store: Store,
        events: EventLog,
        discovery: Discovery,
        caller: StepCaller,
        hub: HubClient,
        sessions: SessionClient,
        llm: LanguageModel | None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._events = events
        self._discovery = discovery
        self._caller = caller
        self._hub = hub
        self._sessions = sessions
        self._llm = llm
        self._fractions: dict[str, dict[str, float]] = {}

    async def plan(self, order: AnalyzeOrder, *, announce: bool = True) -> Plan:
        """The validated plan for an order.

        Raises: NeedsInputError when the question fits skills but the data is missing.
        """
        language = detect_language(order.query)
        if announce:
            await self._store.set_status(order.analysis_id, "running")
            await self._sessions.append(
                order.session_id, f"{order.analysis_id}-question", "user", order.query, order.analysis_id
            )
            await self._say(
                order,
                "planning",
                1.0,
                say(language, en="Understanding the question.", ko="질문을 이해하고 있습니다."),
            )
        given = given_of(
            order.source,
            (await self._earlier(order)).values(),
            share_rows=self._settings.llm_share_rows,
        )
        plan = await make_plan(
            order.query,
            language,
            given,
            self._discovery.skills(),
            self._llm,
            params=order.params,
            deadline_s=self._settings.llm_timeout_s,
        )
        if announce:
            text = say(
                language,
                en="Planned {count} steps: {names}.",
                ko="{count}개 단계로 계획했습니다: {names}.",
                count=len(plan.steps),
                names=", ".join(self._name_of(step, language) for step in plan.steps),
            )
            await self._say(order, "planning", _PLANNED, text)
        return plan

    async def run_step(
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
        skill = self._skill_of(step)
        types = {flow.name: flow.type for flow in skill.consumes} if skill else {}
        inputs, missing = resolve_inputs(step, await self._given(order), results, types)
        unmet = self._unmet(step, missing, outcomes)
        if unmet:
            return StepOutcome(
                step=step, status="skipped", agent=step.agent, skill=step.skill, reason="unmet", error=unmet
            )
        goal = step.goal or plan.goal
        begun = time.monotonic()
        key = self._key(step, inputs, goal, plan)
        known = await self._hub.cached(key) if key else None
        await self._step_said(order, plan, step, outcomes, 0.0, self._beginning(step, plan))
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
        await self._step_said(
            order, plan, step, outcomes, 1.0, self._ending(outcome, plan), agent=outcome.agent
        )
        return outcome

    async def replan(
        self, order: AnalyzeOrder, plan: Plan, outcomes: Mapping[str, StepOutcome]
    ) -> Plan | None:
        """The plan with a way around the failed steps, or None when there is none."""
        failed = [key for key, item in outcomes.items() if item.replaceable]
        gone = {(outcomes[key].step.agent, outcomes[key].step.skill) for key in failed}
        skills = self._discovery.skills()
        setback = Setback(
            plan=plan,
            failed=failed,
            statuses={key: item.status for key, item in outcomes.items()},
            skills=[skill for skill in skills if skill.key not in gone],
            failed_skills=[skill for skill in skills if skill.key in gone],
            why={key: outcomes[key].error or "" for key in failed},
        )
        steps, warnings = await make_detour(setback, self._llm, self._settings.llm_timeout_s)
        if not steps:
            return None
        _log.info(
            "replanned", analysis_id=order.analysis_id, failed=failed, steps=[step.id for step in steps]
        )
        text = say(
            plan.language,
            en="Found another way after a failure.",
            ko="실패한 단계를 대신할 다른 방법을 찾았습니다.",
        )
        await self._say(order, "planning", 0.0, text)
        replaced = {step.id for step in steps} | set(failed)
        kept = [step for step in plan.steps if step.id not in replaced]
        return plan.model_copy(update={"steps": [*kept, *steps], "warnings": [*plan.warnings, *warnings]})

    async def answer(
        self, order: AnalyzeOrder, plan: Plan, outcomes: Mapping[str, StepOutcome], begun: float
    ) -> Analysis:
        """The finished analysis."""
        self._fractions.pop(order.analysis_id, None)
        reports = [
            self._report(step, outcomes[step.id], plan.language) for step in plan.steps if step.id in outcomes
        ]
        findings = {key: item.result.findings for key, item in outcomes.items() if item.result}
        status = status_of(reports, plan) if plan.steps else "failed"
        analysis = Analysis(
            id=order.analysis_id,
            status=status,
            query=order.query,
            language=plan.language,
            planner=plan.planner,
            session_id=order.session_id,
            parent_id=order.parent_id,
            summary=summary_of(plan, reports, plan.language),
            findings=findings_of(reports, findings),
            charts=charts_of(reports),
            model=model_of(reports),
            datasets=datasets_of(reports),
            plan=plan,
            steps=reports,
            warnings=warnings_of(plan, reports, plan.language),
            cached=bool(reports) and all(item.cached for item in outcomes.values()),
            links=self.links(order.analysis_id),
            timing=_timing(begun, outcomes),
            created_at=datetime.fromtimestamp(begun, UTC),
            finished_at=datetime.now(UTC),
            error=_error_of(plan, status, outcomes),
        )
        if self._llm is not None and status in ("completed", "partial"):
            worded = await worded_summary(self._llm, analysis, self._settings.llm_timeout_s)
            analysis = analysis.model_copy(update={"summary": worded}) if worded else analysis
        await self._sessions.append(
            order.session_id, f"{order.analysis_id}-answer", "assistant", analysis.summary, order.analysis_id
        )
        return analysis

    @staticmethod
    def links(analysis_id: str) -> dict[str, str]:
        """Where the gateway serves what belongs to an analysis."""
        base = f"/analyses/{analysis_id}"
        return {
            "self": base,
            "report": f"{base}/report",
            "notebook": f"{base}/report?format=ipynb",
            "lineage": f"{base}/lineage",
            "events": f"{base}/events",
        }

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
            await self._step_said(
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
                http_status=error.status if needs_person(error) else 503 if error.retryable else 500,
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
        """The cache key of a step; None for agents whose card does not say what they take and give."""
        skill = self._skill_of(step)
        if skill is None or not skill.has_dataflow:
            return None
        return cache_key(step, self._discovery.registry.get(step.agent).version, inputs, goal, plan.language)

    def _unmet(self, step: PlanStep, missing: list[str], outcomes: Mapping[str, StepOutcome]) -> str | None:
        """Why the step cannot run: a required input that no step gave."""
        skill = self._skill_of(step)
        required = {flow.name for flow in skill.consumes if flow.required} if skill else set(missing)
        lacking = sorted(required & set(missing))
        if not lacking:
            return None
        causes = [
            outcomes[ref.step].error or outcomes[ref.step].status
            for name in lacking
            for ref in step.inputs[name]
            if ref.step is not None and ref.step in outcomes
        ]
        return causes[0] if causes else f"nothing gave {', '.join(lacking)}"

    def _report(self, step: PlanStep, outcome: StepOutcome, language: Language) -> StepReport:
        result = outcome.result
        return StepReport(
            id=step.id,
            skill=outcome.skill or step.skill,
            skill_name=self._name_of(step, language),
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

    def _skill_of(self, step: PlanStep) -> SkillView | None:
        return next(
            (skill for skill in self._discovery.skills() if skill.key == (step.agent, step.skill)), None
        )

    def _name_of(self, step: PlanStep, language: Language) -> str:
        skill = self._skill_of(step)
        return skill.called(language) if skill else step.skill

    async def _earlier(self, order: AnalyzeOrder) -> dict[str, Output]:
        """What the analysis this one follows up on has produced, by name."""
        if order.parent_id is None:
            return {}
        parent = await self._store.get_analysis(order.parent_id)
        if parent is None or parent.answer is None:
            return {}
        if (
            order.source is not None
            and parent.order.source is not None
            and order.source.uri != parent.order.source.uri
        ):
            return {}
        found: dict[str, Output] = {}
        for step in parent.answer.steps:
            for output in step.outputs:
                if output.type not in ("chart", "text", "answer"):
                    found.setdefault(output.name, output)
        return found

    async def _given(self, order: AnalyzeOrder) -> dict[str, Output]:
        given = await self._earlier(order)
        if order.source is not None:
            given["source"] = Output(name="source", type="source", file=order.source)
        return given

    async def _say(self, order: AnalyzeOrder, stage: str, progress: float, message: str) -> None:
        await self._events.write(
            order.analysis_id, stage=stage, agent=_NAME, progress=progress, message=message
        )

    async def _step_said(
        self,
        order: AnalyzeOrder,
        plan: Plan,
        step: PlanStep,
        outcomes: Mapping[str, StepOutcome],
        fraction: float,
        message: str,
        *,
        agent: str = "",
        fine: bool = False,
    ) -> None:
        self._fractions.setdefault(order.analysis_id, {})[step.id] = fraction
        done = self._fractions[order.analysis_id]
        total = sum(item.weight for item in plan.steps) or 1.0
        share = sum(
            item.weight * (1.0 if item.id in outcomes else done.get(item.id, 0.0)) for item in plan.steps
        )
        await self._events.write(
            order.analysis_id,
            stage=step.stage or step.skill,
            agent=agent or step.agent,
            progress=_PLANNED + (_STEPS_DONE - _PLANNED) * share / total,
            message=message,
            step=step.id,
            fine=fine,
        )

    def _beginning(self, step: PlanStep, plan: Plan) -> str:
        return say(
            plan.language,
            en="{name}: started.",
            ko="{name}: 시작했습니다.",
            name=self._name_of(step, plan.language),
        )

    def _ending(self, outcome: StepOutcome, plan: Plan) -> str:
        name = self._name_of(outcome.step, plan.language)
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


def _timing(begun: float, outcomes: Mapping[str, StepOutcome]) -> dict[str, float]:
    total = round(time.time() - begun, 3)
    return {"total_s": total, **{f"{key}_s": item.seconds for key, item in outcomes.items()}}


def _error_of(plan: Plan, status: str, outcomes: Mapping[str, StepOutcome]) -> dict[str, Any] | None:
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
