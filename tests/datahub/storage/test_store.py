"""The version index, the same on both databases."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import anyio
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import AsyncEngine

from datahub.storage.models import Version
from datahub.storage.store import VersionStore, metadata
from tests.datahub.databases import opened

pytestmark = pytest.mark.anyio

A, B = "a" * 64, "b" * 64


@pytest.fixture
async def engine(backend: str, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    async with opened(backend, tmp_path, "datahub/storage") as engine:
        yield engine


@pytest.fixture
def store(engine: AsyncEngine) -> VersionStore:
    return VersionStore(engine)


async def test_migrations_make_the_tables_the_store_uses(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(
                MigrationContext.configure(sync, opts={"version_table": "alembic_version_storage"}), metadata
            )
        )
    assert differences == []


async def test_each_new_content_is_the_next_version(store: VersionStore) -> None:
    first, is_first_new = await store.add("sales.csv", A, 10, "text/csv", 1.5)
    again, is_again_new = await store.add("sales.csv", A, 10, "text/csv", 2.5)
    second, _ = await store.add("sales.csv", B, 20, "text/csv", 3.5)
    back, _ = await store.add("sales.csv", A, 10, "text/csv", 4.5)
    assert (first.version, is_first_new) == (1, True)
    assert (again, is_again_new) == (first, False)
    assert [second.version, back.version] == [2, 3]
    assert first.created_at == datetime.fromtimestamp(1.5, UTC)
    assert [item.version for item in await store.of_name("sales.csv", limit=2)] == [3, 2]
    assert [item.version for item in await store.of_object(A, limit=10)] == [3, 1]


async def test_concurrent_writers_of_one_name_get_different_versions(store: VersionStore) -> None:
    got: list[int] = []

    async def write(number: int) -> None:
        version, _ = await store.add("hot", f"{number:064x}", number, "text/plain", float(number))
        got.append(version.version)

    async with anyio.create_task_group() as tasks:
        for number in range(12):
            tasks.start_soon(write, number)
    assert sorted(got) == list(range(1, 13))


async def test_names_come_in_pages_with_their_newest_version(store: VersionStore) -> None:
    for number, name in enumerate(["b/한글 %_.csv", "a.csv", "b/x.csv", "a.csv"]):
        await store.add(name, f"{number:064x}", number, "text/csv", float(number))
    everything = await store.latest(prefix="", after="", limit=10)
    assert {(item.name, item.version) for item in everything} == {
        ("a.csv", 2),
        ("b/x.csv", 1),
        ("b/한글 %_.csv", 1),
    }
    paged: list[str] = []
    after = ""
    while page := await store.latest(prefix="", after=after, limit=2):
        paged += [item.name for item in page]
        after = page[-1].name
    assert paged == [item.name for item in everything]
    assert len(await store.latest(prefix="b/", after="", limit=10)) == 2
    assert await store.latest(prefix="%", after="", limit=10) == []


async def test_a_restored_version_keeps_its_number(store: VersionStore) -> None:
    version = Version(
        name="n",
        version=7,
        sha256=A,
        bytes=1,
        media_type="text/plain",
        created_at=datetime(2026, 1, 2, tzinfo=UTC),
    )
    assert await store.is_empty()
    await store.restore(version)
    await store.restore(version.model_copy(update={"version": 3, "sha256": B}))
    await store.restore(version)
    assert not await store.is_empty()
    assert [item.version for item in await store.of_name("n", limit=5)] == [7, 3]
    assert (await store.of_name("n", limit=1))[0] == version
    following, _ = await store.add("n", B, 1, "text/plain", 1.0)
    assert following.version == 8
