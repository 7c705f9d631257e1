"""The orchestrator's view of the data hub and the session service. Neither being away fails an analysis."""

from typing import Any

import httpx
import structlog

from mesh.client import AgentClient
from mesh.errors import MeshError
from mesh.results import Output, SkillResult
from mesh.retry import retrying
from mesh.settings import MeshSettings

_log = structlog.get_logger(__name__)
_CACHE_TIMEOUT_S = 1.0


class HubClient:
    """Lineage and the cache of step results."""

    def __init__(self, settings: MeshSettings, http: httpx.AsyncClient) -> None:
        self._client = AgentClient(settings.url_of("hub"), http=http, settings=settings)

    async def cached(self, key: str) -> dict[str, Any] | None:
        """The cached value of a step, or None; a hub that is away is a miss."""
        try:
            answer = await self._client.ask("cache_get", {"key": key}, timeout_s=_CACHE_TIMEOUT_S)
        except MeshError as error:
            _log.info("cache_unavailable", why=error.message)
            return None
        return dict(answer["value"]) if answer.get("hit") else None

    async def remember(self, key: str, value: dict[str, Any]) -> None:
        """Caches a step's result."""
        await self._quietly("cache_put", {"key": key, "value": value})

    async def record_step(
        self,
        *,
        analysis_id: str,
        step: str,
        skill: str,
        agent: str,
        inputs: list[Output],
        result: SkillResult,
        seconds: float,
        cached: bool,
    ) -> None:
        """Records what a step made of what."""
        body = {
            "analysis_id": analysis_id,
            "step": step,
            "skill": skill,
            "agent": agent,
            "inputs": [_without_data(item) for item in inputs],
            "outputs": [_without_data(item) for item in result.outputs],
            "seconds": seconds,
            "cached": cached,
        }
        await self._quietly("record_step", body)

    async def lineage(self, analysis_id: str) -> dict[str, Any]:
        """The lineage graph of an analysis."""
        return await self._client.ask("get_lineage", {"analysis_id": analysis_id})

    async def _quietly(self, skill: str, body: dict[str, Any]) -> None:
        try:
            await retrying(lambda: self._client.ask(skill, body))
        except MeshError as error:
            _log.warning("hub_write_lost", skill=skill, why=error.message)


class SessionClient:
    """The conversation an analysis belongs to."""

    def __init__(self, settings: MeshSettings, http: httpx.AsyncClient) -> None:
        self._client = AgentClient(settings.url_of("session"), http=http, settings=settings)

    async def append(self, session_id: str, turn_id: str, role: str, text: str, analysis_id: str) -> None:
        """Adds a turn; the same `turn_id` is added once."""
        body = {
            "session_id": session_id,
            "turn_id": turn_id,
            "role": role,
            "text": text,
            "analysis_id": analysis_id,
        }
        try:
            await retrying(lambda: self._client.ask("append_turn", body))
        except MeshError as error:
            _log.warning("turn_lost", session_id=session_id, why=error.message)


def _without_data(output: Output) -> dict[str, Any]:
    return output.model_dump(mode="json", exclude_none=True, exclude={"data"})
