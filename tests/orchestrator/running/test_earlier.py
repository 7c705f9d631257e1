"""What a follow-up question may build on: the whole conversation about the same file."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mesh.analysis import Analysis, AnalyzeOrder, StepReport
from mesh.results import DatasetRef, FileRef, Output
from orchestrator.running.earlier import Earlier
from orchestrator.store import Store
from tests.datahub.databases import opened

pytestmark = pytest.mark.anyio
SALES = FileRef(name="sales.csv", uri="mesh://objects/sales")
OTHER = FileRef(name="other.csv", uri="mesh://objects/other")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with opened("sqlite", tmp_path, "orchestrator") as engine:
        yield Store(engine)


def order(id_: str, parent: str | None = None, source: FileRef | None = None) -> AnalyzeOrder:
    return AnalyzeOrder(analysis_id=id_, query="q", session_id="s", parent_id=parent, source=source)


def dataset(id_: str) -> Output:
    ref = DatasetRef(id=id_, name="sales", uri="mesh://objects/x", columns=[], rows=1, bytes=1, sha256="x")
    return Output(name="dataset", type="dataset", dataset=ref)


async def asked(store: Store, given: AnalyzeOrder, *outputs: Output, ended: bool = True) -> None:
    await store.add_analysis(given)
    if ended:
        step = StepReport(id="x", skill="x", agent="x", stage="x", status="completed", outputs=list(outputs))
        answer = Analysis(
            id=given.analysis_id,
            status="completed",
            query="q",
            language="en",
            planner="built-in",
            session_id="s",
            steps=[step],
            created_at=datetime.now(UTC),
        )
        await store.finish(answer)


async def test_a_question_long_after_the_loading_still_has_the_dataset(store: Store) -> None:
    await asked(store, order("one", source=SALES), dataset("d1"))
    await asked(store, order("two", "one"), Output(name="answer", type="answer", data={}))
    await asked(store, order("three", "two"), Output(name="quality", type="quality_report", data={}))
    given = await Earlier(store).given(order("four", "three"))
    assert set(given) == {"dataset", "quality"}


async def test_the_latest_result_of_a_name_counts(store: Store) -> None:
    await asked(store, order("one", source=SALES), dataset("d1"))
    await asked(store, order("two", "one"), dataset("d2"))
    found = (await Earlier(store).outputs(order("three", "two")))["dataset"].dataset
    assert found is not None
    assert found.id == "d2"


@pytest.mark.parametrize("ended", [True, False])
async def test_without_a_dataset_yet_the_file_itself_is_given(store: Store, ended: bool) -> None:
    await asked(store, order("one", source=SALES), ended=ended)
    given = await Earlier(store).given(order("two", "one"))
    assert given["source"].file == SALES


async def test_a_new_file_leaves_behind_what_came_of_another(store: Store) -> None:
    await asked(store, order("one", source=SALES), dataset("d1"))
    assert set(await Earlier(store).given(order("two", "one", OTHER))) == {"source"}
    await asked(store, order("two", "one", OTHER), dataset("d2"))
    found = (await Earlier(store).outputs(order("three", "two")))["dataset"].dataset
    assert found is not None
    assert found.id == "d2"


async def test_a_first_question_has_its_own_file_or_nothing(store: Store) -> None:
    assert await Earlier(store).given(order("one")) == {}
    assert set(await Earlier(store).given(order("one", source=SALES))) == {"source"}
