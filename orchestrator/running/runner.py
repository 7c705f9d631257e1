"""Runs analyses durably: plan, DAG of skill calls, answer. The workflow engine lives here and nowhere else.

Every step of the plan is a durable step whose number is drawn before anything runs, so that steps can finish in any order and
a restarted orchestrator still finds each result where it was. What a step waits for is recorded before it waits.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy import Engine, create_engine, event, make_url

from mesh.analysis import Analysis, AnalyzeOrder, Plan, PlanStep
from mesh.errors import CancelledError, ConflictError, MeshError, NotFoundError
from mesh.language import detect_language, say
from mesh.settings import MeshSettings
from orchestrator.events import EventLog
from orchestrator.store import Store

from .analyst import Analyst, links_of
from .outcome import StepOutcome
from .stepping import StepRunner

_log = structlog.get_logger(__name__)
_APPLICATION_VERSION = "2"
_ENDED = ("completed", "partial", "failed", "cancelled")


class Runner:
    """Starts, recovers and cancels analyses."""

    def __init__(
        self, settings: MeshSettings, store: Store, events: EventLog, analyst: Analyst, steps: StepRunner
    ) -> None:
        self._settings = settings
        self._store = store
        self._events = events
        self._analyst = analyst
        self._steps = steps
        self._cancels: dict[str, anyio.Event] = {}
        self._start: Callable[..., Any] | None = None
        self._closing = False

    def launch(self) -> None:
        """Opens the workflow engine and resumes what a crash interrupted. Called in the running event loop."""
        DBOS(config=_config(self._settings))

        @DBOS.workflow(name="analysis")
        async def analysis(order: dict[str, Any]) -> str:
            return await self._run(AnalyzeOrder.model_validate(order))

        self._start = analysis
        DBOS.launch()

    def close(self) -> None:
        """Closes the engine; unfinished analyses go on at the next launch."""
        self._closing = True
        DBOS.destroy(destroy_registry=True)

    async def submit(self, order: AnalyzeOrder) -> bool:
        """Starts an analysis; False when it was known already."""
        assert self._start is not None
        fresh = await self._store.add_analysis(order)
        with SetWorkflowID(order.analysis_id):
            await DBOS.start_workflow_async(self._start, order.model_dump(mode="json"))
        return fresh

    async def cancel(self, analysis_id: str) -> None:
        """Cancels a running analysis everywhere.

        Raises: NotFoundError; ConflictError when it has already ended.
        """
        row = await self._store.get_analysis(analysis_id)
        if row is None:
            raise NotFoundError(f"There is no analysis {analysis_id}.")
        if row.status in _ENDED:
            raise ConflictError(f"The analysis {analysis_id} has already ended ({row.status}).")
        await self._store.request_cancel(analysis_id)
        self._cancel_event(analysis_id).set()

    async def _run(self, order: AnalyzeOrder) -> str:
        """The workflow. Everything it decides on is a durable step's result."""
        row = await self._store.get_analysis(order.analysis_id)
        cancelled = self._cancel_event(order.analysis_id)
        if row is not None and row.cancel_requested:
            cancelled.set()
        begun = time.time()
        try:
            planned = await DBOS.run_step_async({"name": "plan"}, self._plan, order)
            if "error" in planned:
                answer = await DBOS.run_step_async(
                    {"name": "give_up"}, self._give_up, order, planned["error"]
                )
            else:
                answer = await self._execute(order, Plan.model_validate(planned["plan"]), cancelled, begun)
            return str(answer["status"])
        except Exception as error:
            if self._closing:
                raise
            _log.error("analysis_failed", analysis_id=order.analysis_id, exc_info=error)
            await self._settle_unforeseen(order)
            raise
        finally:
            self._cancels.pop(order.analysis_id, None)

    async def _execute(
        self, order: AnalyzeOrder, plan: Plan, cancelled: anyio.Event, begun: float
    ) -> dict[str, Any]:
        outcomes: dict[str, StepOutcome] = {}
        await self._run_steps(order, plan, plan.steps, outcomes, cancelled)
        if not cancelled.is_set() and any(item.replaceable for item in outcomes.values()):
            changed = await DBOS.run_step_async({"name": "replan"}, self._replan, order, plan, outcomes)
            if changed:
                plan = Plan.model_validate(changed)
                anew = [
                    step for step in plan.steps if step.id not in outcomes or not outcomes[step.id].succeeded
                ]
                for step in anew:
                    outcomes.pop(step.id, None)
                await self._run_steps(order, plan, anew, outcomes, cancelled)
        return await DBOS.run_step_async({"name": "answer"}, self._answer, order, plan, outcomes, begun)

    async def _run_steps(
        self,
        order: AnalyzeOrder,
        plan: Plan,
        steps: list[PlanStep],
        outcomes: dict[str, StepOutcome],
        cancelled: anyio.Event,
    ) -> None:
        """Runs steps as soon as what they depend on has ended. Step numbers are drawn in plan order, before any runs."""
        ended = {step.id: anyio.Event() for step in steps}
        reserved = {step.id: DBOS.reserve_step() for step in steps}

        async def run(step: PlanStep) -> None:
            for dependency in step.depends_on:
                if dependency in ended:
                    await ended[dependency].wait()
            stored = await reserved[step.id].run_async(
                {"name": f"step.{step.id}"}, self._step, order, plan, step, outcomes, cancelled
            )
            outcomes[step.id] = StepOutcome.model_validate(stored)
            ended[step.id].set()

        async with anyio.create_task_group() as tasks:
            for step in steps:
                tasks.start_soon(run, step)

    async def _plan(self, order: AnalyzeOrder) -> dict[str, Any]:
        try:
            plan = await self._analyst.plan(order)
        except MeshError as error:
            return {"error": {"reason": error.reason, "status": error.status, "message": error.message}}
        return {"plan": plan.model_dump(mode="json")}

    async def _step(
        self,
        order: AnalyzeOrder,
        plan: Plan,
        step: PlanStep,
        outcomes: dict[str, StepOutcome],
        cancelled: anyio.Event,
    ) -> dict[str, Any]:
        if cancelled.is_set():
            return StepOutcome.cancelled(step).model_dump(mode="json")
        try:
            outcome = await self._steps.run(order, plan, step, dict(outcomes), cancelled)
        except CancelledError:
            outcome = StepOutcome.cancelled(step)
        return outcome.model_dump(mode="json")

    async def _replan(
        self, order: AnalyzeOrder, plan: Plan, outcomes: dict[str, StepOutcome]
    ) -> dict[str, Any] | None:
        changed = await self._analyst.replan(order, plan, outcomes)
        return changed.model_dump(mode="json") if changed else None

    async def _answer(
        self, order: AnalyzeOrder, plan: Plan, outcomes: dict[str, StepOutcome], begun: float
    ) -> dict[str, Any]:
        answer = await self._analyst.answer(order, plan, outcomes, begun)
        await self._settle(answer)
        return {"status": answer.status}

    async def _give_up(self, order: AnalyzeOrder, error: dict[str, Any]) -> dict[str, Any]:
        now = datetime.now(UTC)
        language = detect_language(order.query)
        answer = Analysis(
            id=order.analysis_id,
            status="failed",
            query=order.query,
            language=language,
            planner="built-in",
            session_id=order.session_id,
            parent_id=order.parent_id,
            summary=str(error["message"]),
            warnings=[str(error["message"])],
            links=links_of(order.analysis_id),
            created_at=now,
            finished_at=now,
            error=error,
        )
        await self._settle(answer)
        return {"status": answer.status}

    async def _settle_unforeseen(self, order: AnalyzeOrder) -> None:
        """Ends an analysis that an error of ours broke, so that nobody waits for it for ever."""
        message = say(
            detect_language(order.query),
            en="Something went wrong in the orchestrator; its log has the details.",
            ko="오케스트레이터에서 예상하지 못한 오류가 발생했습니다. 자세한 내용은 로그에 있습니다.",
        )
        await self._give_up(order, {"reason": "internal", "status": 500, "message": message})

    async def _settle(self, answer: Analysis) -> None:
        """Stores the answer, then says so in the event log: whoever sees the last event can read the answer."""
        await self._store.finish(answer)
        await self._events.write(
            answer.id,
            stage="done",
            agent="orchestrator",
            progress=100.0,
            message=_closing(answer),
            final=True,
        )
        self._events.close(answer.id)

    def _cancel_event(self, analysis_id: str) -> anyio.Event:
        return self._cancels.setdefault(analysis_id, anyio.Event())


def _closing(answer: Analysis) -> str:
    words = {
        "completed": ("The analysis is complete.", "분석이 완료되었습니다."),
        "partial": ("The analysis is complete in part.", "분석이 일부만 완료되었습니다."),
        "cancelled": ("The analysis was cancelled.", "분석이 취소되었습니다."),
    }
    en, ko = words.get(answer.status, ("The analysis failed: {why}", "분석에 실패했습니다: {why}"))
    return say(answer.language, en=en, ko=ko, why=answer.summary)


def _config(settings: MeshSettings) -> DBOSConfig:
    config = DBOSConfig(
        name="a2a-mesh",
        dbos_system_schema="mesh_workflows",
        application_version=_APPLICATION_VERSION,
        log_level="ERROR",
        enable_otlp=False,
        max_executor_threads=8,
    )
    if settings.database_url is not None:
        url = make_url(settings.database_url.get_secret_value()).set(drivername="postgresql+psycopg")
        config["system_database_url"] = url.render_as_string(hide_password=False)
    else:
        path = settings.home / "orchestrator" / "workflows.db"
        config["system_database_url"] = f"sqlite:///{path}"
        config["system_database_engine"] = _sqlite_engine(path)
    return config


def _sqlite_engine(path: Path) -> Engine:
    """As the workflow engine opens SQLite itself, but with a write-ahead log: a commit then survives the death of the process
    without a flush to disk, which is what made a step slow.
    """
    engine = create_engine(f"sqlite:///{path}")

    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("busy_timeout=30000", "foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", prepare)
    return engine
