"""Sessions and turns in SQLite or PostgreSQL. Times are UTC, kept as epoch seconds."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Double, Index, Integer, MetaData, String, Table, Text, delete, func, select
from sqlalchemy import tuple_ as row_of
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from mesh.results import FileRef

from .models import NewTurn, Session, Turn

TITLE_CHARS = 120

metadata = MetaData()

sessions = Table(
    "session_sessions",
    metadata,
    Column("session_id", String(200), primary_key=True),
    Column("title", Text, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("updated_at", Double, nullable=False),
    Index("ix_session_sessions_updated_at", "updated_at", "session_id"),
)

turns = Table(
    "session_turns",
    metadata,
    Column("session_id", String(200), primary_key=True),
    Column("turn_id", String(200), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("role", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("analysis_id", String(200)),
    Column("source", Text),
    Column("created_at", Double, nullable=False),
    Index("ix_session_turns_seq", "session_id", "seq", unique=True),
)


class SessionStore:
    """Conversations by id."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def open(self, session_id: str, now: float) -> tuple[Session, bool]:
        """The session, made when it was not there, and whether it was made."""
        async with self._engine.begin() as connection:
            is_new = await self._open(connection, session_id, now)
            return _session(await self._locked(connection, session_id)), is_new

    async def append(self, turn: NewTurn, now: float, *, max_turns: int) -> tuple[Turn, bool]:
        """The turn as kept, and whether it is new: a known `turn_id` stays as it was first said.

        Opens the session when needed; the oldest turns beyond `max_turns` go.
        """
        mine = turns.c.session_id == turn.session_id
        async with self._engine.begin() as connection:
            await self._open(connection, turn.session_id, now)
            session = await self._locked(connection, turn.session_id)
            known = (
                await connection.execute(select(turns).where(mine, turns.c.turn_id == turn.turn_id))
            ).first()
            if known is not None:
                return _turn(known), False
            row = {
                **turn.model_dump(exclude={"source"}),
                "source": turn.source.model_dump_json() if turn.source else None,
                "seq": session.last_seq + 1,
                "created_at": now,
            }
            kept = (await connection.execute(turns.insert().values(**row).returning(turns))).one()
            dropped = await connection.execute(delete(turns).where(mine, turns.c.seq <= kept.seq - max_turns))
            changes = {
                "last_seq": kept.seq,
                "turns": session.turns + 1 - dropped.rowcount,
                "updated_at": max(now, session.updated_at),
                "title": session.title or (_title(turn.text) if turn.role == "user" else ""),
            }
            await connection.execute(
                sessions.update().where(sessions.c.session_id == turn.session_id).values(**changes)
            )
        return _turn(kept), True

    async def get(self, session_id: str, *, limit: int) -> tuple[Session, list[Turn]] | None:
        """The session and its newest `limit` turns, the oldest of them first."""
        newest = (
            select(turns).where(turns.c.session_id == session_id).order_by(turns.c.seq.desc()).limit(limit)
        )
        async with self._engine.connect() as connection:
            found = (
                await connection.execute(select(sessions).where(sessions.c.session_id == session_id))
            ).first()
            if found is None:
                return None
            said = (await connection.execute(newest)).all()
        return _session(found), [_turn(row) for row in reversed(said)]

    async def page(self, *, before: tuple[float, str] | None, limit: int) -> list[Session]:
        """Sessions by last use, newest first, strictly after `before`."""
        key = (sessions.c.updated_at, sessions.c.session_id)
        query = select(sessions).order_by(*(column.desc() for column in key)).limit(limit)
        if before is not None:
            query = query.where(row_of(*key) < row_of(*before))
        async with self._engine.connect() as connection:
            return [_session(row) for row in await connection.execute(query)]

    async def forget(self, *, before: float, keep: int) -> int:
        """Remove sessions last used before `before`, and all but the `keep` used last; how many that were."""
        newest_first = (sessions.c.updated_at.desc(), sessions.c.session_id)
        ranked = select(
            sessions.c.session_id, func.row_number().over(order_by=newest_first).label("rank")
        ).subquery()
        async with self._engine.begin() as connection:
            old = select(sessions.c.session_id).where(sessions.c.updated_at < before)
            surplus = select(ranked.c.session_id).where(ranked.c.rank > keep)
            gone: Sequence[str] = (await connection.execute(old.union(surplus))).scalars().all()
            for start in range(0, len(gone), 1000):
                some = gone[start : start + 1000]
                await connection.execute(delete(turns).where(turns.c.session_id.in_(some)))
                await connection.execute(delete(sessions).where(sessions.c.session_id.in_(some)))
        return len(gone)

    async def _open(self, connection: AsyncConnection, session_id: str, now: float) -> bool:
        insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(sessions)
        row = {"session_id": session_id, "title": "", "last_seq": 0, "turns": 0}
        opened = insert.values(**row, created_at=now, updated_at=now).on_conflict_do_nothing()
        return (await connection.execute(opened)).rowcount == 1

    async def _locked(self, connection: AsyncConnection, session_id: str) -> Row[Any]:
        query = select(sessions).where(sessions.c.session_id == session_id).with_for_update()
        return (await connection.execute(query)).one()


def _title(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TITLE_CHARS else line[: TITLE_CHARS - 1] + "…"


def _time(epoch_s: float) -> datetime:
    return datetime.fromtimestamp(epoch_s, UTC)


def _session(row: Row[Any]) -> Session:
    return Session(
        session_id=row.session_id,
        title=row.title,
        turns=row.turns,
        created_at=_time(row.created_at),
        updated_at=_time(row.updated_at),
    )


def _turn(row: Row[Any]) -> Turn:
    return Turn(
        turn_id=row.turn_id,
        seq=row.seq,
        role=row.role,
        text=row.text,
        analysis_id=row.analysis_id,
        source=None if row.source is None else FileRef.model_validate_json(row.source),
        created_at=_time(row.created_at),
    )
