"""The alert manager as an agent: the Alertmanager v2 API over HTTP, what fires over A2A."""

from collections.abc import Sequence
from pathlib import Path

import anyio
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.routing import BaseRoute

from mesh import Agent, Params, SkillContext, UnavailableError, skill
from mesh.database import migrate, open_database

from .models import AlertQuery
from .routes import AlertRoutes
from .service import AlertService
from .store import AlertStore

_MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_SETTLE_EVERY_S = 2.0
_FORGET_EVERY_S = 3600.0


class AlertsParams(Params):
    """Which alerts."""

    filter: list[str] = Field(
        default_factory=list,
        description='Conditions on labels, such as severity="critical" or service=~"a|b".',
    )
    silenced: bool = Field(default=True, description="Whether alerts under a silence are listed too.")


class AlertsAgent(Agent):
    """Holds alerts and silences, and logs every change."""

    _engine: AsyncEngine
    _service: AlertService | None = None

    async def start(self) -> None:
        """Open the database and start noticing what time changes."""
        self._engine = open_database(self.settings, self.name)
        await migrate(self._engine, _MIGRATIONS, version_table="alembic_version_alerts")
        self._service = AlertService(AlertStore(self._engine))
        self.tasks.start_soon(self._settle)
        self.tasks.start_soon(self._forget)

    async def stop(self) -> None:
        """Close the database."""
        await self._engine.dispose()

    def routes(self) -> Sequence[BaseRoute]:
        """The API and the page."""
        version = str(self.card.get("version", ""))
        return AlertRoutes(
            self._running, version=version, max_body_bytes=self.settings.max_body_bytes
        ).routes()

    @skill("list_alerts", reply="message")
    async def list_alerts(self, _: SkillContext, params: AlertsParams) -> dict[str, object]:
        """The alerts that fire now."""
        query = AlertQuery(filter=params.filter, silenced=params.silenced)
        found = await self._running().alerts(query)
        return {"alerts": [alert.model_dump(mode="json", by_alias=True) for alert in found]}

    async def _settle(self) -> None:
        while True:
            await self._running().settle()
            await anyio.sleep(_SETTLE_EVERY_S)

    async def _forget(self) -> None:
        while True:
            await self._running().forget_old()
            await anyio.sleep(_FORGET_EVERY_S)

    def _running(self) -> AlertService:
        if self._service is None:
            raise UnavailableError("The alert manager is starting; try again in a moment.")
        return self._service
