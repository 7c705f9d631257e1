"""The commands as a person runs them."""

import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mesh.analysis import Analysis

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize(
    "arguments",
    [
        ("analyze", "why?", "--url", "http://127.0.0.1:9"),
        ("agents", "list", "--url", "http://127.0.0.1:9"),
        ("status",),
        ("down",),
    ],
)
def test_without_a_mesh_every_command_says_so_in_one_line(mesh: Run, arguments: tuple[str, ...]) -> None:
    done = mesh(*arguments, MESH_PORT_OFFSET="31000")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("mesh: the mesh is not running")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "environment", "says"),
    [
        (("nope",), {}, "No such command 'nope'"),
        (("serve",), {}, "Missing argument 'NAME'"),
        (("serve", "nobody"), {}, "There is no service 'nobody'"),
        (("status",), {"MESH_PORT_OFFSET": "much"}, "MESH_PORT_OFFSET='much'"),
        (("up",), {"MESH_HOST": "0.0.0.0"}, "MESH_TRUSTED_NETWORK"),
        (("up",), {"MESH_HOME": "/proc/nowhere"}, "/proc/nowhere"),
        (("analyze", "why?", "--url", "gopher://x"), {}, "gopher://x is not the address of a gateway"),
    ],
)
def test_a_mistake_is_one_line_that_names_it(
    mesh: Run, arguments: tuple[str, ...], environment: dict[str, str], says: str
) -> None:
    done = mesh(*arguments, **environment)
    assert done.returncode in (1, 2)
    assert says.casefold() in done.stderr.casefold()
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_without_arguments_the_help_is_shown(mesh: Run) -> None:
    done = mesh()
    assert done.returncode == 0
    assert all(
        command in done.stdout for command in ("up", "serve", "analyze", "agents", "status", "down", "demo")
    )


def test_analyze_shows_progress_and_prints_the_answer(mesh: Run, gateway: Any) -> None:
    done = mesh("analyze", "Which region sold most?", "--data", "sales_data.csv", "--url", gateway.url)
    assert done.returncode == 0, done.stderr
    assert "[ 90 %] eda_analysis · EDA: testing groups" in done.stderr
    assert "Seoul sold most: 42 %." in done.stdout
    assert json.loads(gateway.bodies[0]) == {"query": "Which region sold most?", "data": "sales_data.csv"}


def test_json_is_the_analysis_and_nothing_else(mesh: Run, gateway: Any) -> None:
    done = mesh("analyze", "Which region sold most?", "--json", "--url", gateway.url)
    assert done.returncode == 0
    assert Analysis.model_validate_json(done.stdout) == gateway.analysis
    assert done.stderr == ""


def test_a_file_here_is_sent(mesh: Run, gateway: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("day,sales\n1,10\n")
    assert mesh("analyze", "why?", "--data", "mine.csv", "--url", gateway.url).returncode == 0
    assert b'name="file"; filename="mine.csv"' in gateway.bodies[0]
    assert b"day,sales\n1,10\n" in gateway.bodies[0]
    url = "https://example.org/a.csv"
    mesh("analyze", "why?", "-d", "mine.csv", "-d", "known.csv", "-d", url, "--url", gateway.url)
    order = [b'filename="mine.csv"', b"known.csv", json.dumps({"url": url}).encode()]
    places = [gateway.bodies[1].index(item) for item in order]
    assert places == sorted(places)


def test_a_url_is_passed_on(mesh: Run, gateway: Any) -> None:
    mesh("analyze", "why?", "--data", "https://example.org/a.csv", "--url", gateway.url)
    assert json.loads(gateway.bodies[0])["data"] == {"url": "https://example.org/a.csv"}
    mesh("analyze", "why?", "-d", "https://example.org/a.csv", "-d", "b.csv", "--url", gateway.url)
    assert json.loads(gateway.bodies[1])["data"] == [{"url": "https://example.org/a.csv"}, "b.csv"]


def test_out_saves_report_analysis_charts_and_notebook(mesh: Run, gateway: Any, tmp_path: Path) -> None:
    done = mesh("analyze", "why?", "--out", "answer", "--url", gateway.url)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "answer"
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*.*")) == [
        "analysis.json",
        "charts/01-revenue.png",
        "notebook.ipynb",
        "report.html",
        "report.md",
        "report_files/01-plotly.min.js",
        "report_files/02-revenue.png",
    ]
    assert json.loads((folder / "analysis.json").read_text())["id"] == "an_1"


def test_a_saved_report_shows_its_pictures_without_the_mesh(mesh: Run, gateway: Any, tmp_path: Path) -> None:
    mesh("analyze", "why?", "--out", "answer", "--url", gateway.url)
    page = (tmp_path / "answer" / "report.html").read_text()
    assert page == (
        '<script src="report_files/01-plotly.min.js"></script><img src="report_files/02-revenue.png">'
        '<img src="/files/gone/x.png">'
    )
    assert (
        tmp_path / "answer" / "report.md"
    ).read_text() == "# Report\n![Revenue](report_files/02-revenue.png)"


def test_a_stream_that_breaks_off_is_taken_up_where_it_was(mesh: Run, gateway: Any) -> None:
    gateway.cuts = [2, 3]
    gateway.analysis = gateway.analysis.model_copy(update={"finished_at": None})
    done = mesh("analyze", "why?", "--url", gateway.url)
    assert done.returncode == 0, done.stderr
    asked = [path for method, path in gateway.requests if "/events" in path]
    assert [path.partition("after=")[2] for path in asked] == ["0", "2", "3"]
    assert done.stderr.count("reading columns") == 1


def test_a_refused_question_is_told_in_the_gateways_words(mesh: Run, gateway: Any) -> None:
    done = mesh("analyze", "why?", "--data", "missing.csv", "--url", gateway.url)
    assert (done.returncode, done.stderr) == (
        1,
        "mesh: There is no file 'missing.csv' in the data folders.\n",
    )


def test_a_failed_analysis_is_an_error(mesh: Run, gateway: Any, failed: Analysis) -> None:
    gateway.analysis = failed
    done = mesh("analyze", "why?", "--url", gateway.url)
    assert done.returncode == 1
    assert "The analysis failed: The model server is away." in done.stdout


def test_an_interrupt_cancels_the_analysis_in_the_mesh(
    gateway: Any, tmp_path: Path, start: Callable[..., subprocess.Popen[str]]
) -> None:
    gateway.endless = True
    process = start("analyze", "why?", "--url", gateway.url)
    assert gateway.streaming.wait(60)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.endswith("mesh: interrupted\n")
    assert ("DELETE", "/analyses/an_1") in gateway.requests


def test_agents_can_be_listed_shown_added_and_removed(mesh: Run, gateway: Any) -> None:
    url = ("--url", gateway.url)
    assert "explore_data" in mesh("agents", "list", *url).stdout
    shown = mesh("agents", "show", "eda", *url).stdout
    assert "takes dataset; gives eda_report" in shown
    assert "What stands out?" in shown
    assert mesh("agents", "add", "http://127.0.0.1:8301/", *url).stdout == "Added EDA 1.0.0: explore_data\n"
    assert json.loads(gateway.bodies[-1]) == {"url": "http://127.0.0.1:8301/"}
    assert mesh("agents", "remove", "EDA", *url).stdout == "Removed EDA\n"
    assert ("DELETE", "/agents/EDA") in gateway.requests
    unknown = mesh("agents", "show", "nobody", *url)
    assert (unknown.returncode, unknown.stderr) == (1, "mesh: there is no agent 'nobody'; there are: EDA\n")
