"""What a follow-up question may build on: the whole conversation about the same file."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mesh.analysis import Analysis, AnalyzeOrder, InputRef, Plan, PlanStep, StepReport
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


def order(id_: str, parent: str | None = None, *sources: FileRef) -> AnalyzeOrder:
    return AnalyzeOrder(analysis_id=id_, query="q", session_id="s", parent_id=parent, sources=list(sources))


def dataset(id_: str, name: str = "sales") -> Output:
    ref = DatasetRef(id=id_, name=name, uri="mesh://objects/x", columns=[], rows=1, bytes=1, sha256="x")
    return Output(name="dataset", type="dataset", dataset=ref)


def step(id_: str, *taken: InputRef) -> PlanStep:
    return PlanStep(id=id_, skill=id_, agent="x", stage="x", inputs={"in": list(taken)} if taken else {})


LOADED = [(step("load", InputRef(output="source")), [dataset("d1")])]
Steps = list[tuple[PlanStep, list[Output]]]


async def asked(store: Store, given: AnalyzeOrder, steps: Steps, *, ended: bool = True) -> None:
    await store.add_analysis(given)
    if not ended:
        return
    reports = [
        StepReport(id=item.id, skill="x", agent="x", stage="x", status="completed", outputs=outputs)
        for item, outputs in steps
    ]
    planned = [item for item, _ in steps]
    answer = Analysis(
        id=given.analysis_id,
        status="completed",
        query="q",
        language="en",
        planner="built-in",
        session_id="s",
        plan=Plan(goal="q", language="en", planner="built-in", steps=planned),
        steps=reports,
        created_at=datetime.now(UTC),
    )
    await store.finish(answer)


async def test_a_question_long_after_the_loading_still_has_the_dataset(store: Store) -> None:
    of_dataset = InputRef(output="dataset")
    await asked(store, order("one", None, SALES), LOADED)
    await asked(
        store, order("two", "one"), [(step("a", of_dataset), [Output(name="a", type="answer", data={})])]
    )
    quality = Output(name="quality", type="quality_report", data={})
    await asked(store, order("three", "two"), [(step("q", of_dataset), [quality])])
    last = order("four", "three")
    assert [item.name for item in await Earlier(store).kept(last)] == ["dataset", "quality"]
    assert await Earlier(store).sources(last) == {}


async def test_the_latest_result_of_a_name_counts(store: Store) -> None:
    await asked(store, order("one", None, SALES), LOADED)
    cleaned = step("clean", InputRef(output="dataset"))
    await asked(store, order("two", "one"), [(cleaned, [dataset("d2")])])
    (found,) = await Earlier(store).kept(order("three", "two"))
    assert found.output.dataset is not None
    assert (found.output.dataset.id, found.part) == ("d2", "own")


@pytest.mark.parametrize("ended", [True, False])
async def test_without_a_dataset_yet_the_file_itself_is_given(store: Store, ended: bool) -> None:
    await asked(store, order("one", None, SALES), [], ended=ended)
    assert (await Earlier(store).given(order("two", "one")))["source"].file == SALES
    assert await Earlier(store).sources(order("two", "one")) == {"source": SALES}


async def test_a_new_file_leaves_behind_what_came_of_another(store: Store) -> None:
    await asked(store, order("one", None, SALES), LOADED)
    assert set(await Earlier(store).given(order("two", "one", OTHER))) == {"source"}
    loaded = [(step("load", InputRef(output="source")), [dataset("d2")])]
    await asked(store, order("two", "one", OTHER), loaded)
    (found,) = await Earlier(store).kept(order("three", "two"))
    assert found.output.dataset is not None
    assert found.output.dataset.id == "d2"


async def test_a_model_is_for_new_files_too(store: Store) -> None:
    first, second = (Output(name="model", type="model", data={"seed": seed}) for seed in (1, 2))
    await asked(store, order("one", None, SALES), [*LOADED, (step("train"), [first])])
    await asked(store, order("two", "one"), [(step("train"), [second])])
    await asked(store, order("three", "two", OTHER), [(step("look"), [])])
    (found,) = await Earlier(store).kept(
        order("four", "three", FileRef(name="c.csv", uri="mesh://objects/c"))
    )
    assert found.output == second
    kept = await Earlier(store).kept(order("five", "two"))
    assert [item.name for item in kept] == ["dataset", "model"]


async def test_a_first_question_has_its_own_files_or_nothing(store: Store) -> None:
    assert await Earlier(store).given(order("one")) == {}
    assert set(await Earlier(store).given(order("one", None, SALES, OTHER))) == {"source", "source-2"}


async def test_several_datasets_keep_their_order_and_their_part(store: Store) -> None:
    joined = step("join", InputRef(step="load", output="dataset"), InputRef(step="load-2", output="dataset"))
    steps = [
        (step("load-2", InputRef(output="source-2")), [dataset("d2", "prices")]),
        (step("load", InputRef(output="source")), [dataset("d1")]),
        (joined, [dataset("d3", "joined")]),
        (step("train", InputRef(step="join", output="dataset")), [dataset("d4", "predictions")]),
    ]
    await asked(store, order("one", None, SALES, OTHER), steps)
    found = await Earlier(store).kept(order("two", "one"))
    assert [(item.name, item.output.dataset.name, item.part) for item in found if item.output.dataset] == [
        ("dataset", "prices", "own"),
        ("dataset-2", "sales", "own"),
        ("dataset-3", "joined", "combined"),
        ("dataset-4", "predictions", "derived"),
    ]


async def test_of_several_files_the_one_not_read_yet_is_still_to_be_read(store: Store) -> None:
    await asked(store, order("one", None, SALES, OTHER), LOADED)
    assert await Earlier(store).sources(order("two", "one")) == {"source-2": OTHER}


async def test_charts_and_answers_are_for_questions_that_refer_to_them(store: Store) -> None:
    chart = Output(name="charts", type="chart", data={"kind": "bar"})
    drawn = [(step("draw", InputRef(output="dataset")), [chart, chart.model_copy(update={"title": "b"})])]
    await asked(store, order("one", None, SALES), LOADED)
    await asked(store, order("two", "one"), drawn)
    last = order("three", "two")
    assert "charts" not in {item.name for item in await Earlier(store).kept(last)}
    newest, first = await Earlier(store).turns(last)
    assert [item.name for item in newest.given] == ["earlier-charts", "earlier-charts-2"]
    assert ([item.id for item in newest.steps], [item.id for item in first.steps]) == (["draw"], ["load"])
    assert (await Earlier(store).given(last))["earlier-charts-2"].title == "b"
