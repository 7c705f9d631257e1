"""The index of storage: which versions each name has. The bytes themselves are files; see `objects`."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Double, Index, Integer, MetaData, String, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from .models import Version

metadata = MetaData()

names = Table(
    "storage_names",
    metadata,
    Column("name", String(512), primary_key=True),
    Column("latest_version", Integer, nullable=False),
)

versions = Table(
    "storage_versions",
    metadata,
    Column("name", String(512), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("media_type", String(255), nullable=False),
    Column("created_at", Double, nullable=False),
    Index("ix_storage_versions_sha256", "sha256"),
)

_IS_LATEST = (versions.c.name == names.c.name) & (versions.c.version == names.c.latest_version)


class VersionStore:
    """Versions by name and by content, in SQLite or PostgreSQL. Times are UTC, kept as epoch seconds."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(
        self, name: str, sha256: str, size_bytes: int, media_type: str, created_at: float
    ) -> tuple[Version, bool]:
        """The version that `name` now has, and whether it is new: equal bytes are no new version."""
        async with self._engine.begin() as connection:
            await connection.execute(
                _insert(connection, names).values(name=name, latest_version=0).on_conflict_do_nothing()
            )
            locked = select(names.c.latest_version).where(names.c.name == name).with_for_update()
            number = (await connection.execute(locked)).scalar_one()
            newest = (await connection.execute(select(versions).where(_is(name, number)))).first()
            if newest is not None and newest.sha256 == sha256 and newest.media_type == media_type:
                return _version(newest), False
            await connection.execute(
                names.update().where(names.c.name == name).values(latest_version=number + 1)
            )
            row = {
                "name": name,
                "version": number + 1,
                "sha256": sha256,
                "bytes": size_bytes,
                "media_type": media_type,
                "created_at": created_at,
            }
            await connection.execute(versions.insert().values(**row))
        return Version(**{**row, "created_at": _time(created_at)}), True

    async def restore(self, version: Version) -> None:
        """Put back a version known from elsewhere with its number; a known one stays as it is."""
        row = {**version.model_dump(), "created_at": version.created_at.timestamp()}
        async with self._engine.begin() as connection:
            await connection.execute(_insert(connection, versions).values(**row).on_conflict_do_nothing())
            latest = _insert(connection, names).values(name=version.name, latest_version=version.version)
            await connection.execute(
                latest.on_conflict_do_update(
                    index_elements=[names.c.name],
                    set_={"latest_version": version.version},
                    where=names.c.latest_version < version.version,
                )
            )

    async def is_empty(self) -> bool:
        """Whether the index knows nothing at all."""
        async with self._engine.connect() as connection:
            return (await connection.execute(select(versions.c.name).limit(1))).first() is None

    async def of_name(self, name: str, *, limit: int) -> list[Version]:
        """The newest `limit` versions of `name`, newest first; empty when the name is unknown."""
        query = (
            select(versions).where(versions.c.name == name).order_by(versions.c.version.desc()).limit(limit)
        )
        return await self._all(query)

    async def of_object(self, sha256: str, *, limit: int) -> list[Version]:
        """The newest `limit` versions, of any name, that hold this object; newest first."""
        newest_first = (versions.c.created_at.desc(), versions.c.name, versions.c.version.desc())
        return await self._all(
            select(versions).where(versions.c.sha256 == sha256).order_by(*newest_first).limit(limit)
        )

    async def latest(self, *, prefix: str, after: str, limit: int) -> list[Version]:
        """The newest version of each name that starts with `prefix` and sorts after `after`, by name."""
        query = (
            select(versions)
            .join(names, _IS_LATEST)
            .where(names.c.name > after, func.substr(names.c.name, 1, len(prefix)) == prefix)
            .order_by(names.c.name)
            .limit(limit)
        )
        return await self._all(query)

    async def _all(self, query: Any) -> list[Version]:
        async with self._engine.connect() as connection:
            return [_version(row) for row in await connection.execute(query)]


def _is(name: str, number: int) -> Any:
    return (versions.c.name == name) & (versions.c.version == number)


def _version(row: Row[Any]) -> Version:
    return Version(**{**row._asdict(), "created_at": _time(row.created_at)})


def _time(epoch_s: float) -> datetime:
    return datetime.fromtimestamp(epoch_s, UTC)


def _insert(connection: AsyncConnection, table: Table) -> Any:
    """An INSERT that knows ON CONFLICT, in the dialect of the connection."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
