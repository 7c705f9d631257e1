"""The event log on both databases: no gaps, never back, one end, and followed while it grows."""

from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from mesh.analysis import AnalyzeOrder, ProgressEvent
from orchestrator.events import EventLog
from orchestrator.store import StepCall, Store, StoredAgent
from tests.datahub.databases import BACKENDS, opened

pytestmark = pytest.mark.anyio


@pytest.fixture(params=BACKENDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store on each database."""
    async with opened(request.param, tmp_path, "orchestrator") as engine:
        yield Store(engine)


async def write(log: EventLog, progress: float, *, step: str | None = None, final: bool = False) -> None:
    await log.write(
        "an", stage="s", agent="a", progress=progress, message=f"{progress:g}", step=step, final=final
    )


async def followed(log: EventLog, after: int = 0) -> list[ProgressEvent]:
    with anyio.fail_after(30):
        return [event async for event in log.follow("an", after)]


async def test_events_are_numbered_without_gaps_and_never_go_back(store: Store) -> None:
    log = EventLog(store)
    for progress in (0, 30, 10, 200, -5, 60):
        await write(log, progress)
    await write(log, 0, final=True)
    events = await followed(log)
    assert [event.seq for event in events] == list(range(1, 8))
    assert [event.progress for event in events] == [0, 30, 30, 99, 99, 99, 100]
    assert [event.final for event in events] == [False] * 6 + [True]


async def test_nothing_follows_the_final_event(store: Store) -> None:
    log = EventLog(store)
    await write(log, 50, final=True)
    await write(log, 60)
    await write(log, 70, final=True)
    assert [event.message for event in await followed(log)] == ["50"]


async def test_writers_at_once_leave_no_gap(store: Store) -> None:
    log = EventLog(store)
    async with anyio.create_task_group() as tasks:
        for number in range(20):
            tasks.start_soon(write, log, float(number))
    await write(log, 0, final=True)
    events = await followed(log)
    assert [event.seq for event in events] == list(range(1, 22))
    assert [event.progress for event in events] == sorted(event.progress for event in events)


async def test_a_reader_gets_what_is_written_while_it_reads_and_what_it_missed(store: Store) -> None:
    log, elsewhere = EventLog(store), EventLog(store)
    seen: dict[str, list[int]] = {}

    async def read(name: str, source: EventLog, after: int) -> None:
        seen[name] = [event.seq for event in await followed(source, after)]

    await write(log, 10)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(read, "same process", log, 0)
        tasks.start_soon(read, "another process", elsewhere, 0)
        tasks.start_soon(read, "from two", log, 2)
        for progress in (20, 30, 40):
            await anyio.lowlevel.checkpoint()
            await write(log, progress)
        await write(log, 0, final=True)
    assert seen == {
        "same process": [1, 2, 3, 4, 5],
        "another process": [1, 2, 3, 4, 5],
        "from two": [3, 4, 5],
    }


async def test_a_writer_goes_on_where_an_earlier_one_stopped(store: Store) -> None:
    await write(EventLog(store), 40)
    successor = EventLog(store)
    await write(successor, 20)
    await write(successor, 0, final=True)
    assert [(event.seq, event.progress) for event in await followed(successor)] == [
        (1, 40),
        (2, 40),
        (3, 100),
    ]
    assert await followed(successor, after=3) == []


async def test_a_number_is_taken_once(store: Store) -> None:
    log = EventLog(store)
    await write(log, 1)
    (event,) = await store.events_after("an", 0)
    with pytest.raises(IntegrityError):
        await store.append_event(event)


async def test_fine_events_are_thinned_and_coarse_ones_are_not(store: Store) -> None:
    log = EventLog(store)
    for number in range(50):
        await log.write("an", stage="s", agent="a", progress=number, message="fine", step="x", fine=True)
    for _ in range(3):
        await write(log, 50, step="x")
    messages = [event.message for event in await store.events_after("an", 0)]
    assert messages.count("50") == 3
    assert 1 <= messages.count("fine") < 50


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.floats(-50, 250), max_size=8))
async def test_any_progress_becomes_a_rising_one(tmp_path: Path, given_progress: list[float]) -> None:
    async with opened("sqlite", tmp_path / str(abs(hash(tuple(given_progress)))), "orchestrator") as engine:
        log = EventLog(Store(engine))
        for progress in given_progress:
            await write(log, progress)
        events = await Store(engine).events_after("an", 0)
    reached = [event.progress for event in events]
    assert reached == sorted(reached)
    assert all(0 <= value <= 99 for value in reached)
    assert len(reached) == len(given_progress)


async def test_an_order_is_taken_once(store: Store) -> None:
    order = AnalyzeOrder(analysis_id="an", query="분석", session_id="s")
    assert await store.add_analysis(order)
    assert not await store.add_analysis(order)
    row = await store.get_analysis("an")
    assert row is not None
    assert (row.order, row.status, row.cancel_requested, row.answer) == (order, "queued", False, None)
    await store.request_cancel("an")
    cancelled = await store.get_analysis("an")
    assert cancelled is not None
    assert cancelled.cancel_requested
    assert await store.get_analysis("none") is None


async def test_the_last_call_of_a_step_and_the_agents_are_remembered(store: Store) -> None:
    for attempt in (1, 2):
        await store.record_call("an", "s1", StepCall(attempt, "A", "skill", "http://a/", f"task-{attempt}"))
    assert await store.last_call("an", "s1") == StepCall(2, "A", "skill", "http://a/", "task-2")
    assert await store.last_call("an", "s2") is None
    agent = StoredAgent("A", "http://a/", "api", removed=False, card={"name": "A"})
    await store.save_agent(agent)
    removed = StoredAgent("A", "http://a/", "api", removed=True, card={"name": "A"})
    await store.save_agent(removed)
    assert await store.stored_agents() == [removed]
    await store.forget_agent("A")
    assert await store.stored_agents() == []
