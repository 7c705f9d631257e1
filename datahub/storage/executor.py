"""Storage as an agent: bytes over HTTP, questions about them over A2A."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.routing import BaseRoute

from mesh import Agent, Params, SkillContext, UnavailableError, skill
from mesh.database import migrate, open_database
from mesh.results import Model

from .models import Verification, Version
from .objects import ObjectFiles
from .routes import StorageRoutes
from .service import StorageService
from .store import VersionStore

_MIGRATIONS = Path(__file__).resolve().parent / "migrations"


class ObjectParams(Params):
    """Which object."""

    sha256: str = Field(description="The object's address: the SHA-256 of its bytes, 64 hexadecimal digits.")


class VersionsParams(Params):
    """Which name, and how many of its versions."""

    name: str = Field(description="The name under which objects were stored.")
    limit: int = Field(default=100, ge=1, le=1000, description="How many versions, the newest first.")


class Versions(Model):
    """Versions, the newest first."""

    versions: list[Version]


class StorageAgent(Agent):
    """Keeps files and datasets under their checksum, with versions by name."""

    _engine: AsyncEngine
    _service: StorageService | None = None

    async def start(self) -> None:
        """Open the index, remove what a crash left, rebuild the index when it was lost."""
        self._engine = open_database(self.settings, self.name)
        await migrate(self._engine, _MIGRATIONS, version_table="alembic_version_storage")
        files = ObjectFiles(self.state_dir)
        service = StorageService(
            files, VersionStore(self._engine), limit_bytes=self.settings.max_upload_bytes
        )
        await service.start()
        self._service = service

    async def stop(self) -> None:
        """Close the index."""
        await self._engine.dispose()

    def routes(self) -> Sequence[BaseRoute]:
        """Uploads, downloads and listings."""
        return StorageRoutes(self._running).routes()

    @skill("stat_object", reply="message")
    async def stat_object(self, _: SkillContext, params: ObjectParams) -> Versions:
        """What is stored at an address: the names and versions with these bytes."""
        return Versions(versions=await self._running().stat(params.sha256))

    @skill("list_versions", reply="message")
    async def list_versions(self, _: SkillContext, params: VersionsParams) -> Versions:
        """The versions of a name."""
        return Versions(versions=await self._running().versions(params.name, limit=params.limit))

    @skill("verify_object", reply="message")
    async def verify_object(self, _: SkillContext, params: ObjectParams) -> Verification:
        """Whether an object's bytes still have its checksum."""
        return await self._running().verify(params.sha256)

    def _running(self) -> StorageService:
        if self._service is None:
            raise UnavailableError("Storage is starting; try again in a moment.")
        return self._service
