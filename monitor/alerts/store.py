"""Alerts, silences and the log of transitions in SQLite or PostgreSQL. Times are UTC, kept as epoch seconds."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from .models import Alert, AlertState, MatcherModel, Silence, Transition

metadata = MetaData()

alerts = Table(
    "alerts_alerts",
    metadata,
    Column("fingerprint", String(16), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("labels", Text, nullable=False),
    Column("annotations", Text, nullable=False),
    Column("starts_at", Double, nullable=False),
    Column("ends_at", Double, nullable=False),
    Column("updated_at", Double, nullable=False),
    Column("is_timeout", Boolean, nullable=False),
    Column("generator_url", Text, nullable=False),
    Index("ix_alerts_alerts_state", "state"),
)

silences = Table(
    "alerts_silences",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("matchers", Text, nullable=False),
    Column("starts_at", Double, nullable=False),
    Column("ends_at", Double, nullable=False),
    Column("updated_at", Double, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Index("ix_alerts_silences_ends_at", "ends_at"),
)

transitions = Table(
    "alerts_transitions",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", Double, nullable=False),
    Column("fingerprint", String(16), nullable=False),
    Column("labels", Text, nullable=False),
    Column("state_before", String(20)),
    Column("state_after", String(20), nullable=False),
    Index("ix_alerts_transitions_at", "at"),
)


class AlertStore:
    """Alerts by fingerprint with the state last seen, silences by id, and what changed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def known(self, fingerprints: Iterable[str]) -> dict[str, Alert]:
        """The alerts of these fingerprints, resolved ones included."""
        query = select(alerts).where(alerts.c.fingerprint.in_(list(fingerprints)))
        async with self._engine.connect() as connection:
            return {row.fingerprint: _alert(row) for row in await connection.execute(query)}

    async def unresolved(self) -> list[tuple[Alert, AlertState | None]]:
        """The alerts not yet seen as resolved, by fingerprint, with the state last seen; None is never seen."""
        query = select(alerts).where(alerts.c.state != "resolved").order_by(alerts.c.fingerprint)
        async with self._engine.connect() as connection:
            return [(_alert(row), row.state or None) for row in await connection.execute(query)]

    async def put(self, changed: Sequence[Alert]) -> None:
        """Keep these alerts in place of what was known of them; their state is to be looked at anew."""
        async with self._engine.begin() as connection:
            for alert in changed:
                row = _alert_row(alert)
                states = select(alerts.c.state).where(alerts.c.fingerprint == alert.fingerprint)
                before = (await connection.execute(states)).scalar_one_or_none()
                row["state"] = "" if before in (None, "resolved") else before
                entry = _insert(connection, alerts).values(**row)
                await connection.execute(
                    entry.on_conflict_do_update(index_elements=[alerts.c.fingerprint], set_=row)
                )

    async def count_unresolved(self) -> int:
        """How many alerts are not resolved."""
        query = select(func.count()).select_from(alerts).where(alerts.c.state != "resolved")
        async with self._engine.connect() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def note(self, changes: Sequence[Transition]) -> None:
        """Write down changes of state."""
        if not changes:
            return
        async with self._engine.begin() as connection:
            for change in changes:
                mine = alerts.c.fingerprint == change.fingerprint
                await connection.execute(alerts.update().where(mine).values(state=change.after))
                await connection.execute(
                    transitions.insert().values(
                        at=change.at.timestamp(),
                        fingerprint=change.fingerprint,
                        labels=_json(change.labels),
                        state_before=change.before,
                        state_after=change.after,
                    )
                )

    async def history(self, *, limit: int) -> list[Transition]:
        """The newest changes of state, newest first."""
        query = select(transitions).order_by(transitions.c.id.desc()).limit(limit)
        async with self._engine.connect() as connection:
            return [
                Transition(
                    at=_time(row.at),
                    fingerprint=row.fingerprint,
                    labels=json.loads(row.labels),
                    before=row.state_before,
                    after=row.state_after,
                )
                for row in await connection.execute(query)
            ]

    async def silences(self) -> list[Silence]:
        """Every silence that is kept."""
        async with self._engine.connect() as connection:
            return [_silence(row) for row in await connection.execute(select(silences))]

    async def silence(self, silence_id: str) -> Silence | None:
        """One silence."""
        query = select(silences).where(silences.c.id == silence_id)
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else _silence(row)

    async def put_silences(self, changed: Sequence[Silence]) -> None:
        """Keep these silences, all or none."""
        async with self._engine.begin() as connection:
            for silence in changed:
                row = _silence_row(silence)
                entry = _insert(connection, silences).values(**row)
                await connection.execute(
                    entry.on_conflict_do_update(index_elements=[silences.c.id], set_=row)
                )

    async def forget(self, before: datetime) -> int:
        """Remove resolved alerts, expired silences and transitions from before that time; how many rows."""
        limit = before.timestamp()
        async with self._engine.begin() as connection:
            over = [
                delete(alerts).where(alerts.c.state == "resolved", alerts.c.ends_at < limit),
                delete(silences).where(silences.c.ends_at < limit),
                delete(transitions).where(transitions.c.at < limit),
            ]
            return sum([(await connection.execute(statement)).rowcount for statement in over])


def _insert(connection: AsyncConnection, table: Table) -> Any:
    """An INSERT that knows ON CONFLICT, in the dialect of the connection."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def _time(epoch_s: float) -> datetime:
    return datetime.fromtimestamp(epoch_s, UTC)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _alert_row(alert: Alert) -> dict[str, Any]:
    return {
        "fingerprint": alert.fingerprint,
        "labels": _json(alert.labels),
        "annotations": _json(alert.annotations),
        "starts_at": alert.starts_at.timestamp(),
        "ends_at": alert.ends_at.timestamp(),
        "updated_at": alert.updated_at.timestamp(),
        "is_timeout": alert.is_timeout,
        "generator_url": alert.generator_url,
    }


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        fingerprint=row.fingerprint,
        labels=json.loads(row.labels),
        annotations=json.loads(row.annotations),
        starts_at=_time(row.starts_at),
        ends_at=_time(row.ends_at),
        updated_at=_time(row.updated_at),
        is_timeout=row.is_timeout,
        generator_url=row.generator_url,
    )


def _silence_row(silence: Silence) -> dict[str, Any]:
    return {
        "id": silence.id,
        "matchers": _json([matcher.model_dump(by_alias=True) for matcher in silence.matchers]),
        "starts_at": silence.starts_at.timestamp(),
        "ends_at": silence.ends_at.timestamp(),
        "updated_at": silence.updated_at.timestamp(),
        "created_by": silence.created_by,
        "comment": silence.comment,
    }


def _silence(row: Row[Any]) -> Silence:
    return Silence(
        id=row.id,
        matchers=[MatcherModel.model_validate(matcher) for matcher in json.loads(row.matchers)],
        starts_at=_time(row.starts_at),
        ends_at=_time(row.ends_at),
        updated_at=_time(row.updated_at),
        created_by=row.created_by,
        comment=row.comment,
    )
