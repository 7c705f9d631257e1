"""The catalogue, the graph and the cache, the same on both databases."""

from collections import OrderedDict
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

from datahub.hub.cache import CacheLimits, CacheStore
from datahub.hub.lineage import is_acyclic
from datahub.hub.models import Lineage
from datahub.hub.service import HubService
from datahub.hub.store import CatalogueStore
from datahub.hub.tables import metadata
from mesh.errors import InvalidRequestError, NotFoundError, TooLargeError
from tests.datahub.databases import opened
from tests.datahub.hub.things import dataset, report, source, step

pytestmark = pytest.mark.anyio


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def engine(backend: str, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    async with opened(backend, tmp_path, "datahub/hub") as engine:
        yield engine


@pytest.fixture
def hub(engine: AsyncEngine, clock: Clock) -> HubService:
    limits = CacheLimits(max_entries=3, max_bytes=1000, max_value_bytes=400, ttl_s=60, max_ttl_s=600)
    return HubService(CatalogueStore(engine), CacheStore(engine, limits), clock=clock)


def labels(lineage: Lineage) -> set[str]:
    return {node.label for node in lineage.nodes}


async def record_two_analyses(hub: HubService) -> None:
    load = step("an-1", "load", [source("a.csv")], [dataset("a")])
    explore = step("an-1", "explore", [dataset("a")], [report("eda_report", n=1)])
    draw = step("an-1", "draw", [report("eda_report", n=1)], [report("chart", title="t")])
    follow_up = step("an-2", "train", [dataset("a")], [report("model", r2=0.9)])
    for record in (load, explore, draw, follow_up):
        assert await hub.record_step(record)


async def test_migrations_make_the_tables_the_stores_use(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(
                MigrationContext.configure(sync, opts={"version_table": "alembic_version_hub"}), metadata
            )
        )
    assert differences == []


async def test_lineage_goes_both_ways_from_a_dataset(hub: HubService) -> None:
    await record_two_analyses(hub)
    lineage = await hub.lineage(dataset_id="ds-a")
    assert labels(lineage) == {
        "a.csv", "do_load", "a", "do_explore", "eda_report", "do_draw", "chart", "do_train", "model",
    }  # fmt: skip
    assert is_acyclic(lineage.edges)
    assert not lineage.truncated


async def test_lineage_of_a_follow_up_reaches_back_into_the_first_analysis(hub: HubService) -> None:
    await record_two_analyses(hub)
    assert labels(await hub.lineage(analysis_id="an-2")) == {"a.csv", "do_load", "a", "do_train", "model"}
    assert "do_train" not in labels(await hub.lineage(analysis_id="an-1"))


async def test_recording_a_step_again_changes_nothing(hub: HubService) -> None:
    await record_two_analyses(hub)
    before = await hub.lineage(analysis_id="an-1")
    assert not await hub.record_step(step("an-1", "load", [source("b.csv")], [dataset("b")]))
    assert await hub.lineage(analysis_id="an-1") == before
    with pytest.raises(NotFoundError):
        await hub.dataset("ds-b")


async def test_a_step_without_inputs_and_outputs_is_still_known(hub: HubService) -> None:
    await hub.record_step(step("an-1", "noop", [], []))
    assert labels(await hub.lineage(analysis_id="an-1")) == {"do_noop"}
    with pytest.raises(NotFoundError, match="an-9"):
        await hub.lineage(analysis_id="an-9")
    with pytest.raises(InvalidRequestError):
        await hub.lineage()


async def test_steps_that_undo_each_other_make_no_cycle(hub: HubService) -> None:
    await hub.record_step(step("an-1", "encode", [dataset("a")], [dataset("b")]))
    await hub.record_step(step("an-1", "decode", [dataset("b")], [dataset("a")]))
    lineage = await hub.lineage(analysis_id="an-1")
    assert is_acyclic(lineage.edges)
    assert len(lineage.nodes) == 5


async def test_a_large_lineage_is_cut_and_says_so(engine: AsyncEngine) -> None:
    store = CatalogueStore(engine, edge_limit=5)
    for number in range(6):
        await store.record(step(f"an-{number}", "use", [dataset("a")], [report("chart", n=number)]), 1.0)
    lineage = await store.lineage_of_dataset("ds-a", 1)
    assert len(lineage.edges) == 5
    assert lineage.truncated


async def test_the_catalogue_pages_newest_first_and_searches_by_name(hub: HubService, clock: Clock) -> None:
    for number, name in enumerate(["Sales_2024", "sales%", "churn", "매출", "sales\x00nul"]):
        clock.now += 0.1234567 if number % 2 else 0
        await hub.record_step(step("an", str(number), [], [dataset(name)]))
    everything = (await hub.datasets()).items
    paged = []
    cursor = None
    while True:
        page = await hub.datasets(limit=2, cursor=cursor)
        paged += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert paged == everything
    assert len(paged) == 5
    assert [item.dataset.name for item in (await hub.datasets(name="SALES_")).items] == ["Sales_2024"]
    assert [item.dataset.name for item in (await hub.datasets(name="매")).items] == ["매출"]
    entry = await hub.dataset("ds-churn")
    assert entry.dataset.columns[0].semantic == "measure"
    with pytest.raises(InvalidRequestError, match="cursor"):
        await hub.datasets(cursor="nonsense")


async def test_the_newest_version_of_a_dataset_is_the_one(hub: HubService) -> None:
    await hub.record_step(step("an", "1", [dataset("a", version=1)], [dataset("a", version=2)]))
    assert (await hub.dataset("ds-a")).dataset.version == 2
    assert (await hub.dataset("ds-a", 1)).dataset.version == 1


async def test_the_cache_answers_until_its_time_is_over(hub: HubService, clock: Clock) -> None:
    value = {"요약": "좋음", "n": [1, 2.5, None]}
    await hub.cache_put("k", value)
    assert (await hub.cache_get("k")).value == value
    assert not (await hub.cache_get("other")).hit
    clock.now += 59
    assert (await hub.cache_get("k")).hit
    clock.now += 2
    assert not (await hub.cache_get("k")).hit
    await hub.expire_cache()
    assert (await hub.cache_stats()).entries == 0


async def test_the_least_recently_used_entry_goes_first(hub: HubService) -> None:
    for key in "abc":
        await hub.cache_put(key, {"v": key})
    await hub.cache_get("a")
    assert await hub.cache_put("d", {"v": "d"}) == 1
    assert [(await hub.cache_get(key)).hit for key in "abcd"] == [True, False, True, True]
    stats = await hub.cache_stats()
    assert (stats.entries, stats.hits) == (3, 4)


async def test_the_cache_is_bounded_in_bytes(hub: HubService) -> None:
    for key in "abc":
        await hub.cache_put(key, {"v": "x" * 380})
    assert [(await hub.cache_get(key)).hit for key in "abc"] == [False, True, True]
    with pytest.raises(TooLargeError):
        await hub.cache_put("big", {"v": "x" * 400})


uses = st.tuples(st.sampled_from(["get", "put"]), st.sampled_from("abcdefgh"), st.integers(1, 120))


@given(st.lists(uses, max_size=30))
@settings(max_examples=40, deadline=None)
def test_the_bounds_hold_and_the_victims_are_the_longest_unused(actions: list[tuple[str, str, int]]) -> None:
    limits = CacheLimits(max_entries=4, max_bytes=300, max_value_bytes=200, ttl_s=1e9)

    async def check() -> None:
        engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        store = CacheStore(engine, limits)
        expected: OrderedDict[str, int] = OrderedDict()
        for action, key, length in actions:
            if action == "get":
                hit = await store.get(key, 1.0) is not None
                assert hit == (key in expected)
                if hit:
                    expected.move_to_end(key)
                continue
            await store.put(key, {"v": "x" * length}, None, 1.0)
            expected.pop(key, None)
            expected[key] = length + len('{"v":""}')
            while len(expected) > 4 or sum(expected.values()) > 300:
                expected.popitem(last=False)
        stats = await store.stats()
        assert (stats.entries, stats.bytes) == (len(expected), sum(expected.values()))
        await engine.dispose()

    anyio.run(check)
