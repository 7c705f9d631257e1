"""The orchestrator as an agent: analyses as tasks, plans and the agent registry as quick answers."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import anyio
import httpx
import structlog
from pydantic import Field
from starlette.routing import BaseRoute

from mesh import Agent, NoParams, Output, Params, SkillContext, SkillResult, skill
from mesh.analysis import Analysis, AnalyzeOrder, Plan
from mesh.client import error_of
from mesh.database import open_database
from mesh.errors import CancelledError, ConflictError
from mesh.llm.configured import configured_model
from mesh.settings import MeshSettings
from mesh.storage import StorageClient
from mesh.tracing import inject_trace

from .clients import HubClient, SessionClient
from .discovery.discovery import AgentView, Discovery
from .events import EventLog
from .reporting.notebook import Notebooks
from .reporting.reports import Reports
from .routes import Routes
from .running.analyst import Analyst
from .running.calling import StepCaller
from .running.earlier import Earlier
from .running.runner import Runner
from .running.stepping import StepRunner
from .running.telling import Teller
from .service import AnalysisService
from .store import Store

_log = structlog.get_logger(__name__)
_SWEEP_S = 3600.0
_CONNECTIONS = httpx.Limits(max_connections=512, max_keepalive_connections=128)


class AnalysisId(Params):
    """Names an analysis."""

    analysis_id: str = Field(min_length=1, max_length=64, description="The analysis.")


class AgentAddress(Params):
    """Where an agent is. With `instance` it holds a lease of 30 s, to be renewed by calling again."""

    url: str = Field(min_length=1, max_length=500, description="Address of the agent, or of its card.")
    instance: str = Field(
        default="", max_length=200, description="Id of the running copy that registers itself."
    )


class AgentName(Params):
    """Names an agent."""

    name: str = Field(min_length=1, max_length=200, description="The name in the agent's card.")


class OrderParams(AnalyzeOrder, Params):
    """An order, as a skill's parameters."""


class OrchestratorAgent(Agent):
    """Builds everything the orchestrator is made of, and offers it as skills."""

    resumes = True

    def __init__(self, name: str, card: dict[str, Any], settings: MeshSettings) -> None:
        super().__init__(name, card, settings)
        self._http = httpx.AsyncClient(
            timeout=10.0, limits=_CONNECTIONS, event_hooks={"request": [inject_trace]}, trust_env=False
        )
        self._engine = open_database(settings, name)
        self._store = Store(self._engine)
        events = EventLog(self._store)
        storage = StorageClient(settings, self._http)
        self._discovery = Discovery(settings, self._store, self._http)
        caller = StepCaller(settings, self._discovery, self._store, self._http)
        earlier, teller = Earlier(self._store), Teller(events, self._discovery)
        hub, sessions = HubClient(settings, self._http), SessionClient(settings, self._http)
        analyst = Analyst(
            settings, self._store, self._discovery, sessions, earlier, teller, configured_model(settings)
        )
        steps = StepRunner(settings, self._discovery, caller, hub, earlier, teller)
        self._runner = Runner(settings, self._store, events, analyst, steps)
        self._service = AnalysisService(self._store, events, analyst, self._runner)
        self._routes = Routes(self._service, Reports(storage, Notebooks(self._discovery, caller, storage)))

    def routes(self) -> Sequence[BaseRoute]:
        """Reads over plain HTTP."""
        return self._routes.routes()

    async def start(self) -> None:
        """Opens the store, finds the agents, and resumes interrupted analyses."""
        await self._store.open()
        await self._discovery.open()
        self._runner.launch()
        self.tasks.start_soon(self._discovery.keep)
        self.tasks.start_soon(self._sweep)

    async def stop(self) -> None:
        """Closes the engine; unfinished analyses go on at the next start."""
        await anyio.to_thread.run_sync(self._runner.close)
        await self._http.aclose()
        await self._engine.dispose()

    @skill("analyze")
    async def analyze(self, ctx: SkillContext, params: OrderParams) -> SkillResult:
        """Runs an analysis; an id that is known already is joined, not started again."""
        order = AnalyzeOrder.model_validate(params.model_dump())
        await self._service.submit(order)
        ctx.on_cancel(lambda: self._cancel_quietly(order.analysis_id))
        async for event in self._service.follow(order.analysis_id, 0):
            if not event.final:
                await ctx.progress(event.progress / 100, event.message)
        return _as_result(await self._service.get(order.analysis_id))

    @skill("plan", reply="message")
    async def plan(self, ctx: SkillContext, params: OrderParams) -> Plan:
        """The plan that an order would get."""
        return await self._service.plan(AnalyzeOrder.model_validate(params.model_dump()))

    @skill("cancel_analysis", reply="message")
    async def cancel_analysis(self, ctx: SkillContext, params: AnalysisId) -> dict[str, str]:
        """Cancels a running analysis and everything it started."""
        await self._service.cancel(params.analysis_id)
        return {"analysis_id": params.analysis_id, "status": "cancelling"}

    @skill("register_agent", reply="message")
    async def register_agent(self, ctx: SkillContext, params: AgentAddress) -> AgentView:
        """Adds an agent by its address, or renews its lease."""
        return await self._discovery.add(params.url, params.instance, trusted=ctx.authenticated)

    @skill("remove_agent", reply="message")
    async def remove_agent(self, ctx: SkillContext, params: AgentName) -> AgentView:
        """Takes an agent out of the mesh."""
        return await self._discovery.remove(params.name)

    @skill("list_agents", reply="message")
    async def list_agents(self, ctx: SkillContext, params: NoParams) -> dict[str, Any]:
        """Every agent with its skills, state and instances."""
        return {"agents": [view.model_dump(mode="json") for view in self._discovery.views()]}

    async def _cancel_quietly(self, analysis_id: str) -> None:
        try:
            await self._service.cancel(analysis_id)
        except (ConflictError, CancelledError):
            return

    async def _sweep(self) -> None:
        while True:
            await self._store.forget_older_than(timedelta(hours=self.settings.task_retention_h))
            await anyio.sleep(_SWEEP_S)


def _as_result(analysis: Analysis) -> SkillResult:
    """An analysis as the result of a skill. Raises: the MeshError that it failed with."""
    if analysis.status == "cancelled":
        raise CancelledError("The analysis was cancelled.")
    if analysis.status == "failed":
        error = analysis.error or {}
        raise error_of(str(error.get("reason", "")), str(error.get("message") or analysis.summary))
    body = Output(
        name="analysis",
        type="analysis",
        data={"id": analysis.id, "status": analysis.status, "links": analysis.links},
    )
    return SkillResult(
        summary=analysis.summary, outputs=[body], findings=analysis.findings, warnings=analysis.warnings
    )
