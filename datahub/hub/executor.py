"""The hub as an agent: steps, datasets, lineage and cached results over A2A."""

from collections.abc import Sequence
from pathlib import Path

import anyio
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.routing import BaseRoute

from mesh import Agent, SkillContext, UnavailableError, skill
from mesh.database import migrate, open_database

from .cache import CacheLimits, CacheStore
from .models import (
    CacheAnswer,
    CacheEntry,
    CacheKept,
    CacheKey,
    CatalogueEntry,
    DatasetPage,
    DatasetQuery,
    DatasetsQuery,
    Lineage,
    LineageQuery,
    Recorded,
    StepRecord,
)
from .routes import HubRoutes
from .service import HubService
from .store import CatalogueStore

_MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_EXPIRE_EVERY_S = 600.0

log = structlog.get_logger(__name__)


class HubAgent(Agent):
    """Knows every dataset with its schema, what was made from what, and results that can be reused."""

    _engine: AsyncEngine
    _service: HubService | None = None

    async def start(self) -> None:
        """Open the database and start expiring the cache."""
        self._engine = open_database(self.settings, self.name)
        await migrate(self._engine, _MIGRATIONS, version_table="alembic_version_hub")
        cache = CacheStore(self._engine, CacheLimits())
        self._service = HubService(CatalogueStore(self._engine), cache)
        self.tasks.start_soon(self._expire)

    async def stop(self) -> None:
        """Close the database."""
        await self._engine.dispose()

    def routes(self) -> Sequence[BaseRoute]:
        """The catalogue for people."""
        return HubRoutes(self._running).routes()

    @skill("record_step", reply="message")
    async def record_step(self, _: SkillContext, params: StepRecord) -> Recorded:
        """Register a finished step."""
        return Recorded(recorded=await self._running().record_step(params))

    @skill("get_dataset", reply="message")
    async def get_dataset(self, _: SkillContext, params: DatasetQuery) -> CatalogueEntry:
        """A dataset with its schema."""
        return await self._running().dataset(params.dataset_id, params.version)

    @skill("list_datasets", reply="message")
    async def list_datasets(self, _: SkillContext, params: DatasetsQuery) -> DatasetPage:
        """The catalogue."""
        return await self._running().datasets(limit=params.limit, cursor=params.cursor, name=params.name)

    @skill("get_lineage", reply="message")
    async def get_lineage(self, _: SkillContext, params: LineageQuery) -> Lineage:
        """What was made from what."""
        return await self._running().lineage(analysis_id=params.analysis_id, dataset_id=params.dataset_id)

    @skill("cache_get", reply="message")
    async def cache_get(self, _: SkillContext, params: CacheKey) -> CacheAnswer:
        """A result that need not be computed again."""
        return await self._running().cache_get(params.key)

    @skill("cache_put", reply="message")
    async def cache_put(self, _: SkillContext, params: CacheEntry) -> CacheKept:
        """Keep a result."""
        return CacheKept(evicted=await self._running().cache_put(params.key, params.value, params.ttl_s))

    async def _expire(self) -> None:
        while True:
            try:
                await self._running().expire_cache()
            except SQLAlchemyError:
                log.exception("database_failed")
            await anyio.sleep(_EXPIRE_EVERY_S)

    def _running(self) -> HubService:
        if self._service is None:
            raise UnavailableError("The hub is starting; try again in a moment.")
        return self._service
