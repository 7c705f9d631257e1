"""The files a report can be had as: what is in them, and what is said when there is nothing to put in."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from mesh.analysis import Analysis
from mesh.errors import ConflictError, InvalidRequestError, NotFoundError
from mesh.results import FileRef, Output, Table
from mesh.settings import load_settings
from orchestrator.discovery.discovery import Discovery
from orchestrator.reporting.archive import packed, safe_path
from orchestrator.reporting.notebook import Notebooks
from orchestrator.reporting.reports import Reports
from orchestrator.reporting.spreadsheet import table_csv
from orchestrator.running.calling import StepCaller
from orchestrator.store import Store
from tests.datahub.databases import opened
from tests.orchestrator.reporting.building import analysis, chart, step
from tests.orchestrator.reporting.working import Folder

FORECAST_CSV = b"date,mean\n2026-01-01,12.5\n"
PNG = b"\x89PNG of a chart"
NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
pytestmark = pytest.mark.anyio


@pytest.fixture
def storage(tmp_path: Path) -> Folder:
    """An empty storage."""
    return Folder(tmp_path)


@pytest.fixture
async def reports(storage: Folder, tmp_path: Path) -> AsyncIterator[Reports]:
    """Reports of a mesh in which no agent is registered."""
    settings = load_settings(home=tmp_path / "home", cards_dir=tmp_path)
    async with opened("sqlite", tmp_path / "db", "orchestrator") as engine, httpx.AsyncClient() as http:
        store = Store(engine)
        discovery = Discovery(settings, store, http)
        caller = StepCaller(settings, discovery, store, http)
        yield Reports(storage, Notebooks(discovery, caller, storage))


async def stored(storage: Folder, tmp_path: Path, name: str, media_type: str, body: bytes) -> FileRef:
    """A file in storage."""
    path = tmp_path / f"given-{name}"
    path.write_bytes(body)
    return await storage.put_file(path, name=name, media_type=media_type)


@pytest.fixture
async def full(storage: Folder, tmp_path: Path) -> Analysis:
    """An analysis with a forecast's file, a chart's picture and a notebook."""
    table = await stored(storage, tmp_path, "forecast.csv", "text/csv", FORECAST_CSV)
    picture = await stored(storage, tmp_path, "sales by city.png", "image/png", PNG)
    written = await stored(storage, tmp_path, "n.ipynb", "application/x-ipynb+json", NOTEBOOK)
    drawn = chart("bar", "Sales by city").model_copy(update={"files": [picture]})
    return analysis(
        step(
            "train",
            "model_training",
            outputs=[Output(name="f", type="forecast", data={"total": 1}, files=[table])],
        ),
        step("draw", "visualization", outputs=[drawn]),
        step("write", "notebook", outputs=[Output(name="n", type="notebook", file=written)]),
    )


async def test_the_archive_holds_every_form(reports: Reports, full: Analysis) -> None:
    document = await reports.render(full, "zip")
    assert (document.media_type, document.filename) == ("application/zip", "an-1.zip")
    with zipfile.ZipFile(io.BytesIO(document.body)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == [
            "analysis.json",
            "charts/01-sales_by_city.png",
            "forecast.csv",
            "notebook.ipynb",
            "report.html",
            "report.md",
        ]
        assert archive.read("charts/01-sales_by_city.png") == PNG
        assert archive.read("forecast.csv") == FORECAST_CSV
        assert json.loads(archive.read("analysis.json"))["id"] == "an-1"
        assert b"data:image/png;base64," in archive.read("report.html")


async def test_the_archive_says_what_it_does_not_hold(reports: Reports) -> None:
    document = await reports.render(analysis(step("load", "data_loading")), "zip")
    with zipfile.ZipFile(io.BytesIO(document.body)) as archive:
        assert sorted(archive.namelist()) == ["analysis.json", "missing.txt", "report.html", "report.md"]
        said = archive.read("missing.txt").decode()
    assert "notebook.ipynb: No notebook can be made" in said
    assert "neither a forecast nor an answer" in said


async def test_an_answers_table_is_the_csv_when_there_is_no_forecast(reports: Reports) -> None:
    table = Table(title="t", columns=["도시", "sum"], rows=[["서울, 강남", 12.5], ["=1+1", None]])
    asked = step(
        "ask", "question_answering", outputs=[Output(name="a", type="answer", data={})], tables=[table]
    )
    document = await reports.render(analysis(asked), "csv")
    assert document.body.decode("utf-8-sig") == '도시,sum\r\n"서울, 강남",12.5\r\n\'=1+1,\r\n'


async def test_what_there_is_not_is_said(reports: Reports) -> None:
    loaded = analysis(step("load", "data_loading"))
    with pytest.raises(NotFoundError, match="no CSV"):
        await reports.render(loaded, "csv")
    with pytest.raises(InvalidRequestError, match="html, md, json, ipynb, csv, zip"):
        await reports.render(loaded, "pdf")
    with pytest.raises(ConflictError, match="still running"):
        await reports.render(loaded.model_copy(update={"status": "running"}), "zip")


async def test_a_picture_that_is_gone_leaves_the_report_readable(
    reports: Reports, full: Analysis, storage: Folder
) -> None:
    (storage.folder / str(full.charts[0].files[0].sha256)).unlink()
    assert b"data:image/png" not in (await reports.render(full, "html")).body
    with zipfile.ZipFile(io.BytesIO((await reports.render(full, "zip")).body)) as archive:
        assert "sales by city.png" in archive.read("missing.txt").decode()


async def test_every_number_of_the_json_form_has_its_source(reports: Reports, full: Analysis) -> None:
    record = json.loads((await reports.render(full, "json")).body)
    assert {"numbers", "recommendations"} <= set(record)


def test_the_same_files_give_the_same_archive() -> None:
    assert packed({"a": b"1", "b": b"2"}) == packed({"a": b"1", "b": b"2"})


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("../../etc/passwd", "charts/01-passwd"),
        ("매출 그래프.png", "charts/01-매출_그래프.png"),
        ("..", "charts/01-file"),
    ],
)
def test_a_file_stays_inside_the_archive_whatever_its_name(name: str, path: str) -> None:
    assert safe_path("charts", 1, name) == path


def test_negative_numbers_stay_numbers_and_texts_that_look_like_formulas_do_not() -> None:
    assert table_csv(Table(title="t", columns=["@x"], rows=[[-3], ["-3"]])) == "'@x\r\n-3\r\n'-3\r\n"
