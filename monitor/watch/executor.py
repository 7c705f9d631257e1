"""The watch as an agent: probes in the background, states over A2A and HTTP."""

from collections.abc import Sequence

import anyio
import httpx
from anyio.abc import TaskStatus
from pydantic import Field
from starlette.routing import BaseRoute

from mesh import Agent, Params, SkillContext, UnavailableError, skill

from .alertmanager import AlertManager
from .condition import PROBE_EVERY_S
from .discovery import Discovery
from .models import Overview
from .routes import WatchRoutes
from .service import WatchService

_DISCOVER_EVERY_S = 5.0
_ALERT_MANAGER = "alerts"


class ServicesParams(Params):
    """How much of the past to give."""

    points: int = Field(default=0, ge=0, le=450, description="How many of the newest probes of each service.")


class WatchAgent(Agent):
    """Knows how every service of the mesh is, and raises an alert when one dies."""

    _service: WatchService | None = None

    async def start(self) -> None:
        """Begin to look."""
        await self.tasks.start(self._work)

    def routes(self) -> Sequence[BaseRoute]:
        """States, metrics and the page."""
        return WatchRoutes(self._running).routes()

    @skill("list_services", reply="message")
    async def list_services(self, _: SkillContext, params: ServicesParams) -> Overview:
        """The condition of every service."""
        return self._running().overview(points=params.points)

    async def _work(self, *, task_status: TaskStatus[None]) -> None:
        limits = httpx.Limits(max_connections=128, max_keepalive_connections=64)
        async with httpx.AsyncClient(timeout=2.0, limits=limits, trust_env=False) as http:
            source_url = self.settings.url_of(self.name)
            alert_manager = AlertManager(http, self.settings.url_of(_ALERT_MANAGER), source_url)
            service = WatchService(self.name, http, Discovery(self.settings, http), alert_manager)
            self._service = service
            task_status.started()
            await service.discover()
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._discover, service)
                tasks.start_soon(self._watch, service)

    async def _discover(self, service: WatchService) -> None:
        while True:
            await anyio.sleep(_DISCOVER_EVERY_S)
            await service.discover()

    async def _watch(self, service: WatchService) -> None:
        """Look every 2 s, however long a look takes."""
        due = anyio.current_time()
        while True:
            await service.look()
            await service.tell()
            due = max(due + PROBE_EVERY_S, anyio.current_time())
            await anyio.sleep_until(due)

    def _running(self) -> WatchService:
        if self._service is None:
            raise UnavailableError("The watch is starting; try again in a moment.")
        return self._service
