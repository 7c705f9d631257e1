"""The orchestrator's own records in SQL: analyses, event log, step calls and added agents."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from mesh.analysis import Analysis, AnalyzeOrder, ProgressEvent
from mesh.database import migrate

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_metadata = sa.MetaData()
_analyses = sa.Table(
    "analyses",
    _metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("session_id", sa.String),
    sa.Column("status", sa.String),
    sa.Column("cancel_requested", sa.Boolean),
    sa.Column("created_at", sa.DateTime),
    sa.Column("finished_at", sa.DateTime),
    sa.Column("request", sa.JSON),
    sa.Column("answer", sa.JSON),
)
_events = sa.Table(
    "events",
    _metadata,
    sa.Column("analysis_id", sa.String, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("body", sa.JSON),
)
_calls = sa.Table(
    "step_calls",
    _metadata,
    sa.Column("analysis_id", sa.String, primary_key=True),
    sa.Column("step", sa.String, primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("agent", sa.String),
    sa.Column("skill", sa.String),
    sa.Column("url", sa.String),
    sa.Column("task_id", sa.String),
)
_agents = sa.Table(
    "agents",
    _metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("url", sa.String, primary_key=True),
    sa.Column("source", sa.String),
    sa.Column("removed", sa.Boolean),
    sa.Column("card", sa.JSON),
)


@dataclass(frozen=True)
class StepCall:
    """An A2A task that a step is waiting for."""

    attempt: int
    agent: str
    skill: str
    url: str
    task_id: str


@dataclass(frozen=True)
class StoredAgent:
    """An agent that was added at run time, or a card file that was removed."""

    name: str
    url: str
    source: str
    removed: bool
    card: dict[str, Any]


@dataclass(frozen=True)
class AnalysisRow:
    """An analysis as stored: what was asked, where it stands, and the answer once there is one."""

    order: AnalyzeOrder
    status: str
    cancel_requested: bool
    created_at: datetime
    answer: Analysis | None


class Store:
    """Reads and writes of one engine; every write is one transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def open(self) -> None:
        """Brings the schema up to date."""
        await migrate(self._engine, MIGRATIONS, version_table="alembic_version_orchestrator")

    async def add_analysis(self, order: AnalyzeOrder) -> bool:
        """Records a new analysis; False when it is known already."""
        row = {
            "id": order.analysis_id,
            "session_id": order.session_id,
            "status": "queued",
            "cancel_requested": False,
            "created_at": _naive(datetime.now(UTC)),
            "request": order.model_dump(mode="json"),
        }
        try:
            async with self._engine.begin() as connection:
                await connection.execute(sa.insert(_analyses).values(**row))
        except IntegrityError:
            return False
        return True

    async def get_analysis(self, analysis_id: str) -> AnalysisRow | None:
        """One analysis, or None."""
        async with self._engine.connect() as connection:
            row = (
                await connection.execute(sa.select(_analyses).where(_analyses.c.id == analysis_id))
            ).first()
        return _row(row) if row else None

    async def list_analyses(
        self, limit: int, before: datetime | None = None, session_id: str | None = None
    ) -> list[AnalysisRow]:
        """Analyses from the newest, those created before `before`, of one session if given."""
        query = sa.select(_analyses).order_by(_analyses.c.created_at.desc()).limit(limit)
        if before is not None:
            query = query.where(_analyses.c.created_at < _naive(before))
        if session_id is not None:
            query = query.where(_analyses.c.session_id == session_id)
        async with self._engine.connect() as connection:
            return [_row(row) for row in (await connection.execute(query)).all()]

    async def set_status(self, analysis_id: str, status: str) -> None:
        """Moves an unfinished analysis to `status`."""
        await self._update(analysis_id, status=status)

    async def request_cancel(self, analysis_id: str) -> None:
        """Remembers that the analysis is to be cancelled, also across a restart."""
        await self._update(analysis_id, cancel_requested=True)

    async def finish(self, answer: Analysis) -> None:
        """Stores the answer and its status."""
        await self._update(
            answer.id,
            status=answer.status,
            finished_at=_naive(answer.finished_at or datetime.now(UTC)),
            answer=answer.model_dump(mode="json"),
        )

    async def append_event(self, event: ProgressEvent) -> None:
        """Appends to the log; `seq` must be the next one."""
        row = {"analysis_id": event.analysis_id, "seq": event.seq, "body": event.model_dump(mode="json")}
        async with self._engine.begin() as connection:
            await connection.execute(sa.insert(_events).values(**row))

    async def events_after(self, analysis_id: str, seq: int, limit: int = 500) -> list[ProgressEvent]:
        """Events with a greater `seq`, in order."""
        query = (
            sa.select(_events.c.body)
            .where(_events.c.analysis_id == analysis_id, _events.c.seq > seq)
            .order_by(_events.c.seq)
            .limit(limit)
        )
        async with self._engine.connect() as connection:
            return [ProgressEvent.model_validate(body) for (body,) in (await connection.execute(query)).all()]

    async def last_event(self, analysis_id: str) -> ProgressEvent | None:
        """The newest event of an analysis."""
        query = (
            sa.select(_events.c.body)
            .where(_events.c.analysis_id == analysis_id)
            .order_by(_events.c.seq.desc())
            .limit(1)
        )
        async with self._engine.connect() as connection:
            body = (await connection.execute(query)).scalar_one_or_none()
        return ProgressEvent.model_validate(body) if body else None

    async def record_call(self, analysis_id: str, step: str, call: StepCall) -> None:
        """Remembers the A2A task that a step waits for."""
        async with self._engine.begin() as connection:
            await connection.execute(
                sa.insert(_calls).values(
                    analysis_id=analysis_id,
                    step=step,
                    attempt=call.attempt,
                    agent=call.agent,
                    skill=call.skill,
                    url=call.url,
                    task_id=call.task_id,
                )
            )

    async def last_call(self, analysis_id: str, step: str) -> StepCall | None:
        """The task that a step last waited for."""
        query = (
            sa.select(_calls)
            .where(_calls.c.analysis_id == analysis_id, _calls.c.step == step)
            .order_by(_calls.c.attempt.desc())
            .limit(1)
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).first()
        return StepCall(row.attempt, row.agent, row.skill, row.url, row.task_id) if row else None

    async def save_agent(self, agent: StoredAgent) -> None:
        """Stores an added agent, or that a card file's agent was removed; replaces what was there."""
        async with self._engine.begin() as connection:
            await connection.execute(
                sa.delete(_agents).where(_agents.c.name == agent.name, _agents.c.url == agent.url)
            )
            await connection.execute(sa.insert(_agents).values(**vars(agent)))

    async def forget_agent(self, name: str) -> None:
        """Removes everything stored under an agent's name."""
        async with self._engine.begin() as connection:
            await connection.execute(sa.delete(_agents).where(_agents.c.name == name))

    async def stored_agents(self) -> list[StoredAgent]:
        """All that `save_agent` stored."""
        async with self._engine.connect() as connection:
            rows = (await connection.execute(sa.select(_agents))).all()
        return [StoredAgent(row.name, row.url, row.source, row.removed, row.card) for row in rows]

    async def forget_older_than(self, age: timedelta) -> int:
        """Deletes finished analyses older than `age`, with their events and calls; returns how many."""
        before = _naive(datetime.now(UTC) - age)
        old = sa.select(_analyses.c.id).where(_analyses.c.finished_at < before)
        async with self._engine.begin() as connection:
            for table in (_events, _calls):
                await connection.execute(sa.delete(table).where(table.c.analysis_id.in_(old)))
            gone = await connection.execute(sa.delete(_analyses).where(_analyses.c.finished_at < before))
        return int(gone.rowcount)

    async def _update(self, analysis_id: str, **values: Any) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(
                sa.update(_analyses).where(_analyses.c.id == analysis_id).values(**values)
            )


def _row(row: Any) -> AnalysisRow:
    return AnalysisRow(
        order=AnalyzeOrder.model_validate(row.request),
        status=row.status,
        cancel_requested=bool(row.cancel_requested),
        created_at=row.created_at.replace(tzinfo=UTC),
        answer=Analysis.model_validate(row.answer) if row.answer else None,
    )


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
