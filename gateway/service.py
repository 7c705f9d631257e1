"""What the gateway does, without HTTP: orders analyses, waits for them, follows them, and looks things up."""

import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from typing import Any, Protocol

import anyio

from mesh.analysis import MAX_SOURCES, Analysis, AnalyzeOrder, Plan, ProgressEvent
from mesh.calls import new_id
from mesh.errors import BadInputError, NotFoundError
from mesh.results import FileRef

from .following import FINISHED, follow
from .models import AgentList, AgentView, AnalysisPage, AnalyzeRequest, Cancellation, FollowUp, Lineage
from .sources import SourceResolver

_TASK_NAMESPACE = uuid.UUID("5d1c4d0e-6a57-5a0e-9b0c-2f6a6d0d9a41")


class Orchestrator(Protocol):
    """What the gateway needs of the orchestrator. Every call is idempotent and bounded in time."""

    async def start(self, order: AnalyzeOrder) -> None: ...
    async def plan(self, order: AnalyzeOrder) -> Plan: ...
    async def get(self, analysis_id: str) -> Analysis: ...
    async def list(self, *, limit: int, cursor: str | None, session_id: str | None) -> AnalysisPage: ...
    def events(self, analysis_id: str, after: int) -> AsyncGenerator[ProgressEvent]: ...
    async def cancel(self, analysis_id: str) -> dict[str, Any]: ...
    def report(self, analysis_id: str, form: str) -> AbstractAsyncContextManager[Any]: ...
    async def agents(self) -> AgentList: ...
    async def register_agent(self, url: str) -> AgentView: ...
    async def remove_agent(self, name: str) -> None: ...


class LineageSource(Protocol):
    """What the gateway needs of the data hub."""

    async def lineage(self, analysis_id: str) -> Lineage: ...


class Gateway:
    """The use cases. `give_up_s` bounds how long a follower outlives an orchestrator that stays away."""

    def __init__(
        self,
        orchestrator: Orchestrator,
        hub: LineageSource,
        sources: SourceResolver,
        *,
        give_up_s: float = 600.0,
    ) -> None:
        self.orchestrator = orchestrator
        self.sources = sources
        self._hub = hub
        self._give_up_s = give_up_s

    async def submit(
        self, request: AnalyzeRequest, *, sent: Sequence[FileRef] = (), analysis_id: str | None = None
    ) -> AnalyzeOrder:
        """Has the orchestrator run the analysis, and returns at once.

        A question in a session follows up on that session's latest analysis, its parent: without data of its own it is about the
        same data, and with other data it may use what was learned before, such as a model.

        Args: `sent` is data that is in storage already; the request's `data` comes after it. The same `analysis_id` again
        leaves the running analysis as it is.
        Raises: BadInputError when there are more sources than one question may have.
        """
        order = await self._order(request, sent, analysis_id)
        await self.orchestrator.start(order)
        return order

    async def plan(self, request: AnalyzeRequest, *, sent: Sequence[FileRef] = ()) -> Plan:
        """The validated plan for a request, without running it."""
        return await self.orchestrator.plan(await self._order(request, sent, None))

    async def follow_up(self, parent_id: str, request: FollowUp) -> AnalyzeOrder:
        """A new analysis in the session and on the data of `parent_id`, which the orchestrator looks up by it."""
        parent = await self.orchestrator.get(parent_id)
        order = AnalyzeOrder(
            analysis_id=new_id("an"),
            query=request.query,
            session_id=parent.session_id,
            parent_id=parent.id,
            params=request.params,
        )
        await self.orchestrator.start(order)
        return order

    def follow(self, analysis_id: str, after: int = 0) -> AsyncGenerator[ProgressEvent]:
        """The events behind `after`, gap-free, to the final one; see `following.follow`."""
        return follow(self.orchestrator, analysis_id, after, give_up_s=self._give_up_s)

    async def finished(self, analysis_id: str, wait_s: float) -> Analysis | None:
        """The analysis once it is finished, or None when that takes longer than `wait_s` seconds."""
        with anyio.move_on_after(wait_s):
            async with aclosing(self.follow(analysis_id)) as events:
                async for _ in events:
                    pass
            return await self.orchestrator.get(analysis_id)
        return None

    async def remaining(self, analysis_id: str, after: int) -> list[ProgressEvent] | None:
        """The events behind `after` of a finished analysis; None while it runs. Raises: NotFoundError."""
        analysis = await self.orchestrator.get(analysis_id)
        if analysis.status not in FINISHED:
            return None
        async with aclosing(self.follow(analysis_id, after)) as events:
            return [event async for event in events]

    async def cancel(self, analysis_id: str) -> Cancellation:
        """Cancels everywhere. Raises: NotFoundError for an unknown id, ConflictError when it already finished."""
        reply = await self.orchestrator.cancel(analysis_id)
        return Cancellation(id=analysis_id, status=str(reply.get("status", "cancelling")))

    async def lineage(self, analysis_id: str) -> Lineage:
        """What the analysis made from what. Raises: NotFoundError for an unknown id."""
        await self.orchestrator.get(analysis_id)
        return await self._hub.lineage(analysis_id)

    async def agent(self, name: str) -> AgentView:
        """One registered agent. Raises: NotFoundError, listing the names there are."""
        found = (await self.orchestrator.agents()).agents
        for agent in found:
            if agent.name == name:
                return agent
        names = ", ".join(agent.name for agent in found) or "none"
        raise NotFoundError(f"There is no agent '{name[:100]}'. Registered: {names}.", name=name)

    async def _order(
        self, request: AnalyzeRequest, sent: Sequence[FileRef], analysis_id: str | None
    ) -> AnalyzeOrder:
        sources = [*sent, *await self.sources.resolve(request.data)]
        if len(sources) > MAX_SOURCES:
            raise BadInputError(
                f"The question has {len(sources)} sources; at most {MAX_SOURCES} are taken. Send fewer, or join them first."
            )
        own_id = analysis_id or new_id("an")
        return AnalyzeOrder(
            analysis_id=own_id,
            query=request.query,
            sources=sources,
            session_id=request.session_id or new_id("se"),
            parent_id=await self._latest(request.session_id, own_id),
            params=request.params,
        )

    async def _latest(self, session_id: str | None, own_id: str) -> str | None:
        if session_id is None:
            return None
        page = await self.orchestrator.list(limit=2, cursor=None, session_id=session_id)
        return next((item.id for item in page.items if item.id != own_id), None)


def analysis_id_of(task_id: str, goal: str = "") -> str:
    """The analysis of an A2A task: always the same, so that a restart finds it again.

    `goal` tells a task that was continued with more input from the same task before.
    """
    return "an-" + uuid.uuid5(_TASK_NAMESPACE, f"{task_id}/{goal}").hex[:16]
