"""The use cases around the steps of an analysis: plan it, find a way around a failure, put the answer together."""

from collections.abc import Mapping
from datetime import UTC, datetime

import structlog

from mesh.analysis import Analysis, AnalyzeOrder, Plan
from mesh.language import detect_language, say
from mesh.llm.model import LanguageModel
from mesh.settings import MeshSettings
from orchestrator.clients import SessionClient
from orchestrator.discovery.discovery import Discovery
from orchestrator.planning.detour import Setback
from orchestrator.planning.given import given_of
from orchestrator.planning.planning import make_detour, make_plan
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

from .earlier import Earlier
from .outcome import StepOutcome, error_of_analysis, report_of, timing_of
from .telling import PLANNED, Teller

_log = structlog.get_logger(__name__)


class Analyst:
    """Plans analyses and writes their answers."""

    def __init__(
        self,
        settings: MeshSettings,
        store: Store,
        discovery: Discovery,
        sessions: SessionClient,
        earlier: Earlier,
        teller: Teller,
        llm: LanguageModel | None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._discovery = discovery
        self._sessions = sessions
        self._earlier = earlier
        self._teller = teller
        self._llm = llm

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
            await self._teller.planning(
                order,
                1.0,
                say(language, en="Understanding the question.", ko="질문을 이해하고 있습니다."),
            )
        given = given_of(
            await self._earlier.sources(order),
            await self._earlier.kept(order),
            share_rows=self._settings.llm_share_rows,
        )
        plan = await make_plan(
            order.query,
            language,
            given,
            self._discovery.skills(),
            self._llm,
            params=order.params,
            previous=await self._earlier.turns(order),
            deadline_s=self._settings.llm_timeout_s,
        )
        if announce and plan.steps:
            text = say(
                language,
                en="Planned {count} steps: {names}.",
                ko="{count}개 단계로 계획했습니다: {names}.",
                count=len(plan.steps),
                names=", ".join(self._teller.name_of(step, language) for step in plan.steps),
            )
            await self._teller.planning(order, PLANNED, text)
        return plan

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
        await self._teller.planning(order, 0.0, text)
        replaced = {step.id for step in steps} | set(failed)
        kept = [step for step in plan.steps if step.id not in replaced]
        return plan.model_copy(update={"steps": [*kept, *steps], "warnings": [*plan.warnings, *warnings]})

    async def answer(
        self, order: AnalyzeOrder, plan: Plan, outcomes: Mapping[str, StepOutcome], begun: float
    ) -> Analysis:
        """The finished analysis."""
        self._teller.forget(order.analysis_id)
        reports = [
            report_of(step, outcomes[step.id], self._teller.name_of(step, plan.language))
            for step in plan.steps
            if step.id in outcomes
        ]
        findings = {key: item.result.findings for key, item in outcomes.items() if item.result}
        status = status_of(reports, plan)
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
            links=links_of(order.analysis_id),
            timing=timing_of(begun, outcomes),
            created_at=datetime.fromtimestamp(begun, UTC),
            finished_at=datetime.now(UTC),
            error=error_of_analysis(plan, status, outcomes),
        )
        if self._llm is not None and status in ("completed", "partial"):
            worded = await worded_summary(self._llm, analysis, self._settings.llm_timeout_s)
            analysis = analysis.model_copy(update={"summary": worded}) if worded else analysis
        await self._sessions.append(
            order.session_id, f"{order.analysis_id}-answer", "assistant", analysis.summary, order.analysis_id
        )
        return analysis


def links_of(analysis_id: str) -> dict[str, str]:
    """Where the gateway serves what belongs to an analysis."""
    base = f"/analyses/{analysis_id}"
    return {
        "self": base,
        "report": f"{base}/report",
        "notebook": f"{base}/report?format=ipynb",
        "archive": f"{base}/report?format=zip",
        "lineage": f"{base}/lineage",
        "events": f"{base}/events",
    }
