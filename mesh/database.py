"""SQL for services: an SQLite file under `MESH_HOME` each, or a schema each in the PostgreSQL of `MESH_DATABASE_URL`.

Tables come from Alembic migrations, run at start by `migrate`.
"""

import re
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from .errors import SettingsError, UnavailableError
from .settings import MeshSettings

KERNEL_MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_BUSY_TIMEOUT_MS = 15_000
# Taken first, so that replicas migrate one after the other. SQLite's driver would begin only at the first write to a table.
_MIGRATION_LOCKS = {"postgresql": "SELECT pg_advisory_xact_lock(824502)", "sqlite": "BEGIN IMMEDIATE"}


def open_database(settings: MeshSettings, name: str) -> AsyncEngine:
    """An engine for the service `name`, its own namespace on either back end."""
    if settings.database_url is not None:
        return _postgresql(settings.database_url.get_secret_value(), name)
    folder = settings.home / name
    folder.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(f"sqlite+aiosqlite:///{folder / f'{name}.db'}", pool_size=4, max_overflow=4)
    event.listen(engine.sync_engine, "connect", _sqlite_pragmas)
    return engine


async def migrate(engine: AsyncEngine, script_location: Path, *, version_table: str) -> None:
    """Brings the schema to the newest revision under `script_location`, in one transaction.

    Raises: UnavailableError when the database cannot be reached.
    """
    try:
        async with engine.begin() as connection:
            await connection.execute(text(_MIGRATION_LOCKS[engine.dialect.name]))
            await connection.run_sync(_upgrade, script_location, version_table)
    except OSError as error:
        raise UnavailableError(f"The database {engine.url!r} cannot be reached: {error}.") from error


def _upgrade(connection: Connection, script_location: Path, version_table: str) -> None:
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(script_location), version_locations=[str(script_location / "versions")])
    context = MigrationContext.configure(
        connection,
        opts={
            "version_table": version_table,
            "fn": lambda revision, _: script._upgrade_revs("head", revision),  # noqa: SLF001 - as alembic's own env.py
        },
    )
    if context.get_current_revision() == script.get_current_head():
        return
    with Operations.context(context):
        context.run_migrations()


def _postgresql(url: str, name: str) -> AsyncEngine:
    parsed = make_url(url)
    if not parsed.drivername.startswith("postgres"):
        raise SettingsError("MESH_DATABASE_URL must be a postgresql:// address; leave it unset for SQLite.")
    schema = "mesh_" + re.sub(r"\W", "_", name)
    engine = create_async_engine(
        parsed.set(drivername="postgresql+asyncpg"),
        pool_size=4,
        max_overflow=4,
        pool_pre_ping=True,
        connect_args={"server_settings": {"search_path": schema}},
    )
    event.listen(engine.sync_engine, "first_connect", lambda raw, _: _create_schema(raw, schema))
    return engine


def _create_schema(raw: DBAPIConnection, schema: str) -> None:
    cursor = raw.cursor()
    # Even with IF NOT EXISTS, two replicas that create it at once would collide.
    cursor.execute(_MIGRATION_LOCKS["postgresql"])
    cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    cursor.close()
    raw.commit()


def _sqlite_pragmas(raw: DBAPIConnection, _: Any) -> None:
    cursor = raw.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        f"busy_timeout={_BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
