"""The session service as an agent: conversations over A2A."""

from collections.abc import Sequence
from pathlib import Path

import anyio
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.routing import BaseRoute

from mesh import Agent, SkillContext, UnavailableError, skill
from mesh.database import migrate, open_database

from .models import (
    Appended,
    Conversation,
    NewTurn,
    Opened,
    OpenQuery,
    SessionPage,
    SessionQuery,
    SessionsQuery,
)
from .routes import SessionRoutes
from .service import SessionService
from .store import SessionStore

_MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_FORGET_EVERY_S = 3600.0

log = structlog.get_logger(__name__)


class SessionAgent(Agent):
    """Keeps conversations: what was asked, what was answered, and on which data."""

    _engine: AsyncEngine
    _service: SessionService | None = None

    async def start(self) -> None:
        """Open the database and start forgetting what is past its time."""
        self._engine = open_database(self.settings, self.name)
        await migrate(self._engine, _MIGRATIONS, version_table="alembic_version_session")
        self._service = SessionService(SessionStore(self._engine))
        self.tasks.start_soon(self._forget)

    async def stop(self) -> None:
        """Close the database."""
        await self._engine.dispose()

    def routes(self) -> Sequence[BaseRoute]:
        """Conversations for people."""
        return SessionRoutes(self._running).routes()

    @skill("open_session", reply="message")
    async def open_session(self, _: SkillContext, params: OpenQuery) -> Opened:
        """Begin a conversation, or find it again."""
        session, created = await self._running().open(params.session_id)
        return Opened(session=session, created=created)

    @skill("append_turn", reply="message")
    async def append_turn(self, _: SkillContext, params: NewTurn) -> Appended:
        """Add what was said."""
        turn, appended = await self._running().append(params)
        return Appended(turn=turn, appended=appended)

    @skill("get_session", reply="message")
    async def get_session(self, _: SkillContext, params: SessionQuery) -> Conversation:
        """What was said."""
        return await self._running().get(params.session_id, limit=params.limit)

    @skill("list_sessions", reply="message")
    async def list_sessions(self, _: SkillContext, params: SessionsQuery) -> SessionPage:
        """The conversations there are."""
        return await self._running().sessions(limit=params.limit, cursor=params.cursor)

    async def _forget(self) -> None:
        while True:
            try:
                await self._running().forget_old()
            except SQLAlchemyError:
                log.exception("database_failed")
            await anyio.sleep(_FORGET_EVERY_S)

    def _running(self) -> SessionService:
        if self._service is None:
            raise UnavailableError("The session service is starting; try again in a moment.")
        return self._service
