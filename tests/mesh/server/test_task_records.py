"""The task tables on both databases: claims, retention, and what a crash left open."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import pytest
import sqlalchemy as sa
from a2a.server.context import ServerCallContext
from a2a.server.models import TaskModel
from a2a.types import Task, TaskState, TaskStatus
from sqlalchemy.ext.asyncio import AsyncEngine

from mesh.database import KERNEL_MIGRATIONS, migrate, open_database
from mesh.server.tasks import TaskRecords
from mesh.settings import load_settings
from tests.datahub.databases import BACKENDS, postgresql_url

pytestmark = pytest.mark.anyio
NOBODY = ServerCallContext()
ACME = ServerCallContext(tenant="acme")
ENDED = {
    TaskState.TASK_STATE_COMPLETED,
    TaskState.TASK_STATE_FAILED,
    TaskState.TASK_STATE_CANCELED,
    TaskState.TASK_STATE_REJECTED,
}
STATES = [*sorted(ENDED), TaskState.TASK_STATE_WORKING, TaskState.TASK_STATE_INPUT_REQUIRED]


@pytest.fixture(params=BACKENDS)
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """Empty task tables on each database."""
    url = postgresql_url() if request.param == "postgresql" else ""
    engine = open_database(load_settings(home=tmp_path, database_url=url), "records")
    await migrate(engine, KERNEL_MIGRATIONS, version_table="v")
    async with engine.begin() as connection:
        for table in ("tasks", "received_calls"):
            await connection.execute(sa.text(f"DELETE FROM {table}"))
    yield engine
    await engine.dispose()


@pytest.fixture
def records(engine: AsyncEngine) -> TaskRecords:
    return TaskRecords(engine)


async def save(records: TaskRecords, id_: str, state: TaskState, context: ServerCallContext = NOBODY) -> None:
    """Stores a task, touched now."""
    status = TaskStatus(state=TaskState.Name(state))
    status.timestamp.FromDatetime(datetime.now(UTC))
    await records.store.save(Task(id=id_, context_id="c", status=status), context)


async def age(engine: AsyncEngine, id_: str, hours: float) -> None:
    """Makes a task look as if it had been touched `hours` ago."""
    moment = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=hours)
    async with engine.begin() as connection:
        await connection.execute(sa.update(TaskModel).where(TaskModel.id == id_).values(last_updated=moment))


async def test_a_key_is_claimed_once_per_owner(records: TaskRecords) -> None:
    assert await records.claim(NOBODY, "k", "t1") == "t1"
    assert await records.claim(NOBODY, "k", "t2") == "t1"
    assert await records.claim(ACME, "k", "t3") == "t3"
    assert await records.claim(NOBODY, "other", "t4") == "t4"


async def test_of_claims_at_once_one_wins(records: TaskRecords) -> None:
    won: list[str] = []

    async def claim(number: int) -> None:
        won.append(await records.claim(NOBODY, "k", f"t{number}"))

    async with anyio.create_task_group() as tasks:
        for number in range(8):
            tasks.start_soon(claim, number)
    assert len(won) == 8
    assert len(set(won)) == 1


async def test_what_is_open_is_interrupted_and_comes_with_its_owner(records: TaskRecords) -> None:
    for state in STATES:
        await save(records, f"t{state}", state, ACME)
    (owned,) = await records.interrupted(timedelta(0))
    assert owned.task.id == f"t{TaskState.TASK_STATE_WORKING}"
    assert owned.context.tenant == "acme"
    assert await records.store.get(owned.task.id, owned.context) is not None
    assert await records.store.get(owned.task.id, NOBODY) is None


async def test_with_replicas_only_what_nobody_touched_for_long_is_interrupted(
    records: TaskRecords, engine: AsyncEngine
) -> None:
    await save(records, "fresh", TaskState.TASK_STATE_WORKING)
    await save(records, "stale", TaskState.TASK_STATE_WORKING)
    await age(engine, "stale", 1.0)
    assert [owned.task.id for owned in await records.interrupted(timedelta(minutes=2))] == ["stale"]


async def test_only_old_finished_tasks_are_forgotten(records: TaskRecords, engine: AsyncEngine) -> None:
    for state in STATES:
        for hours in (1, 100):
            await save(records, f"{state}-{hours}", state)
            await age(engine, f"{state}-{hours}", hours)
    assert await records.forget_older_than(timedelta(hours=24)) == len(ENDED)
    for state in STATES:
        assert await records.store.get(f"{state}-1", NOBODY) is not None
        kept = await records.store.get(f"{state}-100", NOBODY) is not None
        assert kept == (state not in ENDED)
