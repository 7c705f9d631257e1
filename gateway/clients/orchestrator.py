"""The orchestrator as the gateway sees it: work through A2A skills, reads through HTTP."""

import time
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

import anyio
import httpx
from pydantic import BaseModel, ValidationError

from gateway.models import AgentList, AgentView, AnalysisPage
from gateway.sse import EventDecoder
from mesh.analysis import Analysis, AnalyzeOrder, Plan, ProgressEvent
from mesh.errors import MeshError, NotFoundError, UnavailableError

from .patience import WINDOW_S, patiently
from .upstream import Upstream

ModelT = TypeVar("ModelT", bound=BaseModel)
_START_TIMEOUT_S = 10.0
_ASK_TIMEOUT_S = 10.0
_PLAN_TIMEOUT_S = 120.0
_REPORT_TIMEOUT_S = 200.0
_REGISTER_TIMEOUT_S = 30.0
_REGISTER_WINDOW_S = 3.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.01, 0.2


class SkillClient(Protocol):
    """The part of `mesh.client.AgentClient` that is used here."""

    async def ask(self, skill: str, params: dict[str, Any], *, timeout_s: float = 5.0) -> dict[str, Any]:
        """The reply of a message skill."""

    async def start(
        self,
        skill: str,
        params: dict[str, Any],
        *,
        idempotency_key: str,
        goal: str = "",
        timeout_s: float = 10.0,
    ) -> str:
        """Starts a task skill and returns its task's id once accepted."""


class OrchestratorClient:
    """Calls that survive a restart of the orchestrator: each is tried again for `window_s` seconds, idempotently."""

    def __init__(self, skills: SkillClient, reads: Upstream, *, window_s: float = WINDOW_S) -> None:
        self._skills = skills
        self._reads = reads
        self._window_s = window_s

    async def start(self, order: AnalyzeOrder) -> None:
        """Has the analysis run. The same `analysis_id` again changes nothing."""
        params = order.model_dump(mode="json", exclude_none=True)

        async def attempt() -> None:
            try:
                await self._skills.start(
                    "analyze",
                    params,
                    idempotency_key=f"analyze-{order.analysis_id}",
                    goal=order.query,
                    timeout_s=_START_TIMEOUT_S,
                )
            except MeshError as error:
                await self._raise_unless_known(order.analysis_id, error)

        await patiently(attempt, window_s=self._window_s)
        await patiently(lambda: self._until_stored(order.analysis_id), window_s=self._window_s)

    async def _until_stored(self, analysis_id: str) -> None:
        """Waits for the moment between accepting an order and storing it: who follows the analysis at once must find it."""
        pause_s = _FIRST_PAUSE_S
        deadline = time.monotonic() + _START_TIMEOUT_S
        while True:
            try:
                await self._reads.get_json(f"/analyses/{quote(analysis_id, safe='')}")
            except NotFoundError:
                if time.monotonic() > deadline:
                    raise UnavailableError(
                        "The orchestrator took the question and has not stored it. Ask again in a moment."
                    ) from None
            else:
                return
            await anyio.sleep(pause_s)
            pause_s = min(_LONGEST_PAUSE_S, 2 * pause_s)

    async def _raise_unless_known(self, analysis_id: str, error: MeshError) -> None:
        """An order that came a second time may be answered with how the first one ended; then it has been taken."""
        try:
            await self._reads.get_json(f"/analyses/{quote(analysis_id, safe='')}")
        except MeshError:
            raise error from None

    async def plan(self, order: AnalyzeOrder) -> Plan:
        """The validated plan for an order, without running it."""
        params = order.model_dump(mode="json", exclude_none=True)
        return _parsed(Plan, await self._ask("plan", params, timeout_s=_PLAN_TIMEOUT_S))

    async def get(self, analysis_id: str) -> Analysis:
        """Raises: NotFoundError for an unknown id."""
        return _parsed(Analysis, await self._read(f"/analyses/{quote(analysis_id, safe='')}"))

    async def list(self, *, limit: int, cursor: str | None, session_id: str | None) -> AnalysisPage:
        """A page of analyses, newest first."""
        params = {"limit": limit, "cursor": cursor, "session_id": session_id}
        return _parsed(AnalysisPage, await self._read("/analyses", params))

    async def events(self, analysis_id: str, after: int) -> AsyncGenerator[ProgressEvent]:
        """What one connection gives of the events after `after`; it may end before the final one.

        Raises: UnavailableError when the connection fails, NotFoundError for an unknown id.
        """
        decoder = EventDecoder()
        path = f"/analyses/{quote(analysis_id, safe='')}/events"
        async with self._reads.stream(path, params={"after": after}) as response:
            async for chunk in response.aiter_raw():
                for event in decoder.feed(chunk):
                    if event.event in ("", "message", "progress"):
                        yield _parsed_json(event.data)

    async def cancel(self, analysis_id: str) -> dict[str, Any]:
        """Raises: NotFoundError for an unknown id, ConflictError when it already finished."""
        return await self._ask("cancel_analysis", {"analysis_id": analysis_id})

    def report(self, analysis_id: str, form: str) -> AbstractAsyncContextManager[httpx.Response]:
        """The report as a streamed response."""
        path = f"/analyses/{quote(analysis_id, safe='')}/report"
        return self._reads.stream(path, params={"format": form}, timeout_s=_REPORT_TIMEOUT_S)

    async def agents(self) -> AgentList:
        """Every registered agent, by name."""
        found = _parsed(AgentList, await self._ask("list_agents", {}))
        return AgentList(agents=sorted(found.agents, key=lambda agent: agent.name))

    async def register_agent(self, url: str) -> AgentView:
        """Registers the agent at `url` and returns it as registered."""
        reply = await patiently(
            lambda: self._skills.ask("register_agent", {"url": url}, timeout_s=_REGISTER_TIMEOUT_S),
            window_s=min(self._window_s, _REGISTER_WINDOW_S),
        )
        return _parsed(AgentView, reply.get("agent", reply))

    async def remove_agent(self, name: str) -> None:
        """Raises: NotFoundError for a name that is not registered."""
        await self._ask("remove_agent", {"name": name})

    async def _ask(
        self, skill: str, params: dict[str, Any], timeout_s: float = _ASK_TIMEOUT_S
    ) -> dict[str, Any]:
        return await patiently(
            lambda: self._skills.ask(skill, params, timeout_s=timeout_s), window_s=self._window_s
        )

    async def _read(self, path: str, params: dict[str, Any] | None = None) -> Any:
        return await patiently(lambda: self._reads.get_json(path, params), window_s=self._window_s)


def _parsed(model: type[ModelT], value: Any) -> ModelT:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise UnavailableError(
            f"The orchestrator answered something unexpected for {model.__name__}: {error}."
        ) from error


def _parsed_json(data: str) -> ProgressEvent:
    try:
        return ProgressEvent.model_validate_json(data)
    except ValidationError as error:
        raise UnavailableError(f"The orchestrator sent an event that cannot be read: {error}.") from error
