"""Databases: one namespace per service on SQLite and PostgreSQL, brought up to date by migrations."""

from pathlib import Path

import anyio
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from mesh.database import KERNEL_MIGRATIONS, migrate, open_database
from mesh.errors import SettingsError, UnavailableError
from mesh.settings import MeshSettings, load_settings
from tests.datahub.databases import BACKENDS, postgresql_url

pytestmark = pytest.mark.anyio
FIRST = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "0001", None, None, None

def upgrade():
    op.create_table("things", sa.Column("id", sa.Integer, primary_key=True))
"""
SECOND = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None

def upgrade():
    op.add_column("things", sa.Column("name", sa.String))
"""
BROKEN = """
from alembic import op
revision, down_revision, branch_labels, depends_on = "0003", "0002", None, None

def upgrade():
    op.drop_table("things")
    op.drop_table("no_such_table")
"""


@pytest.fixture(params=BACKENDS)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> MeshSettings:
    """Settings for each database."""
    return load_settings(
        home=tmp_path, database_url=postgresql_url() if request.param == "postgresql" else ""
    )


@pytest.fixture
def service(request: pytest.FixtureRequest) -> str:
    """A service name that no other test uses: databases outlive a test."""
    return f"t{abs(hash(request.node.nodeid)):x}"


def scripts(tmp_path: Path, *revisions: str) -> Path:
    """A folder of migrations."""
    folder = tmp_path / "scripts"
    (folder / "versions").mkdir(parents=True, exist_ok=True)
    for number, code in enumerate(revisions, 1):
        (folder / "versions" / f"{number:04}_step.py").write_text(code)
    return folder


async def rows(engine: AsyncEngine, statement: str) -> list[tuple[object, ...]]:
    """What a query gives."""
    async with engine.begin() as connection:
        return [tuple(row) for row in (await connection.execute(text(statement))).all()]


async def run(engine: AsyncEngine, statement: str) -> None:
    """Executes a statement."""
    async with engine.begin() as connection:
        await connection.execute(text(statement))


async def test_migrations_go_on_from_where_the_database_is(
    settings: MeshSettings, service: str, tmp_path: Path
) -> None:
    engine = open_database(settings, service)
    try:
        folder = scripts(tmp_path, FIRST)
        await migrate(engine, folder, version_table="v")
        await run(engine, "INSERT INTO things (id) VALUES (1)")
        await migrate(engine, folder, version_table="v")
        assert await rows(engine, "SELECT * FROM things") == [(1,)]
        await migrate(engine, scripts(tmp_path, FIRST, SECOND), version_table="v")
        assert await rows(engine, "SELECT * FROM things") == [(1, None)]
        assert await rows(engine, "SELECT version_num FROM v") == [("0002",)]
    finally:
        await engine.dispose()


async def test_a_migration_that_fails_changes_nothing(
    settings: MeshSettings, service: str, tmp_path: Path
) -> None:
    engine = open_database(settings, service)
    try:
        await migrate(engine, scripts(tmp_path, FIRST, SECOND), version_table="v")
        with pytest.raises(Exception, match="no_such_table"):
            await migrate(engine, scripts(tmp_path, FIRST, SECOND, BROKEN), version_table="v")
        assert await rows(engine, "SELECT version_num FROM v") == [("0002",)]
        assert await rows(engine, "SELECT count(*) FROM things") == [(0,)]
    finally:
        await engine.dispose()


async def test_services_do_not_see_one_anothers_tables(
    settings: MeshSettings, service: str, tmp_path: Path
) -> None:
    folder = scripts(tmp_path, FIRST)
    one, other = open_database(settings, f"{service}a"), open_database(settings, f"{service}b")
    try:
        for engine in (one, other):
            await migrate(engine, folder, version_table="v")
        await run(one, "INSERT INTO things (id) VALUES (1)")
        assert await rows(other, "SELECT * FROM things") == []
        assert await rows(one, "SELECT * FROM things") == [(1,)]
    finally:
        await one.dispose()
        await other.dispose()


async def test_replicas_may_migrate_at_the_same_time(settings: MeshSettings, service: str) -> None:
    engines = [open_database(settings, service) for _ in range(3)]
    try:
        async with anyio.create_task_group() as tasks:
            for engine in engines:
                tasks.start_soon(_migrate_kernel, engine)
        assert await rows(engines[0], "SELECT count(*) FROM tasks") == [(0,)]
    finally:
        for engine in engines:
            await engine.dispose()


async def _migrate_kernel(engine: AsyncEngine) -> None:
    await migrate(engine, KERNEL_MIGRATIONS, version_table="v")


async def test_sqlite_is_safe_for_several_readers_and_a_writer(tmp_path: Path) -> None:
    engine = open_database(load_settings(home=tmp_path, database_url=""), "svc")
    try:
        assert await rows(engine, "PRAGMA journal_mode") == [("wal",)]
        assert await rows(engine, "PRAGMA foreign_keys") == [(1,)]
        assert (tmp_path / "svc" / "svc.db").is_file()
    finally:
        await engine.dispose()


async def test_another_kind_of_database_is_refused_and_an_absent_one_unavailable(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="MESH_DATABASE_URL"):
        open_database(load_settings(home=tmp_path, database_url="mysql://u:secret@h/d"), "svc")
    engine = open_database(
        load_settings(home=tmp_path, database_url="postgresql://u:secret@127.0.0.1:9/d"), "svc"
    )
    with pytest.raises(UnavailableError) as caught:
        await migrate(engine, KERNEL_MIGRATIONS, version_table="v")
    assert "secret" not in caught.value.message
    await engine.dispose()
