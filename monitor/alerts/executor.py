"""The alert manager as an agent: the Alertmanager v2 API over HTTP, what fires over A2A."""

from collections.abc import Sequence
from pathlib import Path

import anyio
import structlog
from anyio.abc import TaskStatus
from pydantic import Field
from sqlalchemy.exc import SQLAlchemyError
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

log = structlog.get_logger(__name__)


class AlertsParams(Params):
    """Which alerts."""

    filter: list[str] = Field(
        default_factory=list,
        description='Conditions on labels, such as severity="critical" or service=~"a|b".',
    )
    silenced: bool = Field(default=True, description="Whether alerts under a silence are listed too.")


class AlertsAgent(Agent):
    """Holds alerts and silences, and logs every change."""

    _service: AlertService | None = None

    async def start(self) -> None:
        """Open the database and start noticing what time changes."""
        await self.tasks.start(self._work)

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

    async def _work(self, *, task_status: TaskStatus[None]) -> None:
        engine = open_database(self.settings, self.name)
        try:
            await migrate(engine, _MIGRATIONS, version_table="alembic_version_alerts")
            self._service = AlertService(AlertStore(engine))
            task_status.started()
            await self._tend(self._service)
        finally:
            with anyio.CancelScope(shield=True):
                await engine.dispose()

    async def _tend(self, service: AlertService) -> None:
        """Notice what time changes every 2 s, forget what is old every hour."""
        forget_at = anyio.current_time()
        while True:
            try:
                await service.settle()
                if anyio.current_time() >= forget_at:
                    await service.forget_old()
                    forget_at = anyio.current_time() + _FORGET_EVERY_S
            except SQLAlchemyError:
                log.exception("database_failed")
            await anyio.sleep(_SETTLE_EVERY_S)

    def _running(self) -> AlertService:
        if self._service is None:
            raise UnavailableError("The alert manager is starting; try again in a moment.")
        return self._service
