"""The two databases that every store runs on: an SQLite file and a real PostgreSQL server."""

import atexit
import functools
import tempfile
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from mesh.database import migrate, open_database
from mesh.settings import load_settings

REPOSITORY = Path(__file__).resolve().parents[2]
BACKENDS = ("sqlite", "postgresql")


@functools.cache
def postgresql_url() -> str:
    """Address of a PostgreSQL server that lives as long as the test run."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        from pgserver.postgres_server import get_server
    server = get_server(tempfile.mkdtemp(prefix="mesh-postgresql-"), cleanup_mode="delete")
    atexit.register(server.cleanup)
    return str(server.get_uri())


@asynccontextmanager
async def opened(backend: str, home: Path, folder: str) -> AsyncIterator[AsyncEngine]:
    """An engine with the empty, migrated schema of the service in `folder`, such as `datahub/hub`."""
    name = folder.rpartition("/")[2]
    url = postgresql_url() if backend == "postgresql" else ""
    engine = open_database(load_settings(home=home, database_url=url), name)
    try:
        if backend == "postgresql":
            async with engine.begin() as connection:
                await connection.execute(text(f"DROP SCHEMA mesh_{name} CASCADE"))
                await connection.execute(text(f"CREATE SCHEMA mesh_{name}"))
        await migrate(engine, REPOSITORY / folder / "migrations", version_table=f"alembic_version_{name}")
        yield engine
    finally:
        await engine.dispose()
