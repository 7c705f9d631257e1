"""A gateway on loopback that answers by the contract, and the real command in a process of its own."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from mesh.analysis import Analysis, Plan, PlanStep, ProgressEvent, StepReport
from mesh.results import FileRef, Finding, Kpi, Output

ROOT = Path(__file__).parents[3]
PNG = b"\x89PNG\r\n\x1a\nnot really an image"
REPORTS = {
    "": '<script src="/assets/plotly.min.js"></script><img src="/files/aa/revenue.png"><img src="/files/gone/x.png">',
    "format=md": "# Report\n![Revenue](/files/aa/revenue.png)",
}
BEGAN = "2026-03-01T09:00:00Z"


def an_analysis(status: str = "completed", language: str = "en") -> Analysis:
    chart = Output(
        name="chart",
        type="chart",
        title="Revenue by month",
        data={"kind": "line"},
        files=[FileRef(name="../revenue.png", media_type="image/png", uri="/files/aa/revenue.png")],
    )
    step = PlanStep(id="s1", skill="explore_data", agent="EDA", stage="eda_analysis", weight=2)
    return Analysis.model_validate(
        {
            "id": "an_1",
            "status": status,
            "query": "Which region sold most?",
            "language": language,
            "planner": "built-in",
            "session_id": "se_1",
            "summary": "Seoul sold most: 42 %.",
            "findings": [
                Finding(text="Busan grew [fast].", importance=0.4),
                Finding(text="Seoul leads.", importance=0.9),
            ],
            "charts": [chart],
            "plan": Plan(goal="g", language="en", planner="built-in", steps=[step]),
            "steps": [
                StepReport(
                    id="s1",
                    skill="explore_data",
                    agent="EDA",
                    stage="eda_analysis",
                    status="completed",
                    seconds=1.25,
                    kpis=[Kpi(label="Revenue", value=13.5, text="13.5 bn")],
                    outputs=[
                        Output(
                            name="notebook",
                            type="notebook",
                            file=FileRef(name="n.ipynb", uri="/files/bb/n.ipynb"),
                        )
                    ],
                )
            ],
            "warnings": ["Three rows were dropped."],
            "links": {"report": "/analyses/an_1/report", "lineage": "/analyses/an_1/lineage"},
            "created_at": BEGAN,
            "finished_at": BEGAN,
            "error": {"detail": "The model server is away."} if status == "failed" else None,
        }
    )


def an_event(
    seq: int, progress: float, message: str, *, step: str | None = None, final: bool = False
) -> ProgressEvent:
    return ProgressEvent.model_validate(
        {
            "analysis_id": "an_1",
            "seq": seq,
            "stage": "eda_analysis" if step else "planning",
            "agent": "EDA" if step else "orchestrator",
            "progress": progress,
            "message": message,
            "step": step,
            "time": BEGAN,
            "final": final,
        }
    )


EVENTS = [
    an_event(1, 0, "planning"),
    an_event(2, 10, "reading columns", step="s1"),
    an_event(3, 90, "testing groups", step="s1"),
    an_event(4, 100, "done", final=True),
]
AGENT = {
    "name": "EDA",
    "version": "1.0.0",
    "description": "Explores data.",
    "state": "healthy",
    "source": "file",
    "card_url": None,
    "builtin": True,
    "instances": [
        {"instance": "eda-1", "url": "http://127.0.0.1:8203/", "state": "healthy", "latency_ms": 3.2}
    ],
    "skills": [
        {
            "id": "explore_data",
            "name": "Explore",
            "description": "Explores.",
            "tags": [],
            "examples": ["What stands out?"],
            "stage": "eda_analysis",
            "consumes": [{"name": "dataset", "type": "dataset", "required": True}],
            "produces": ["eda_report"],
        }
    ],
}


class StandInGateway:
    """Remembers what was asked of it. `cuts` says after which sequence numbers a stream breaks off."""

    def __init__(self) -> None:
        self.analysis = an_analysis()
        self.requests: list[tuple[str, str]] = []
        self.bodies: list[bytes] = []
        self.cuts: list[int] = []
        self.endless = False
        self.streaming = threading.Event()
        self.closing = threading.Event()
        handler = type("Handler", (_Handler,), {"gateway": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"


class _Handler(BaseHTTPRequestHandler):
    gateway: StandInGateway

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        self.gateway.requests.append(("GET", self.path))
        if address.path.endswith("/events"):
            self._stream(int(parse_qs(address.query)["after"][0]))
        elif address.path == "/analyses/an_1":
            self._json(200, self.gateway.analysis.model_dump(mode="json"))
        elif address.path == "/agents":
            self._json(200, {"agents": [AGENT]})
        elif address.path == "/files/aa/revenue.png":
            self._bytes(200, PNG)
        elif address.path == "/assets/plotly.min.js":
            self._bytes(200, b"plotly")
        elif address.path.endswith("/report"):
            self._bytes(200, REPORTS.get(address.query, "").encode())
        else:
            self._problem(404, "There is no such thing.")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.gateway.requests.append(("POST", self.path))
        self.gateway.bodies.append(body)
        if b"missing.csv" in body:
            self._problem(404, "There is no file 'missing.csv' in the data folders.")
        elif self.path == "/agents":
            self._json(201, AGENT)
        else:
            self._json(202, {"id": "an_1", "status": "queued", "session_id": "se_1", "links": {}})

    def do_DELETE(self) -> None:
        self.gateway.requests.append(("DELETE", self.path))
        self._json(200, {"id": "an_1", "status": "cancelled"})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def _stream(self, after: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        cut = self.gateway.cuts.pop(0) if self.gateway.cuts else len(EVENTS)
        for event in EVENTS[after:cut]:
            if self.gateway.endless and event.final:
                break
            self.wfile.write(f"id: {event.seq}\ndata: {event.model_dump_json()}\n\n".encode())
            self.wfile.flush()
        self.gateway.streaming.set()
        if self.gateway.endless:
            self.gateway.closing.wait(60)

    def _json(self, status: int, body: Any, media_type: str = "application/json") -> None:
        self._bytes(status, json.dumps(body).encode(), media_type)

    def _problem(self, status: int, detail: str) -> None:
        self._json(status, {"title": "No", "status": status, "detail": detail}, "application/problem+json")

    def _bytes(self, status: int, body: bytes, media_type: str = "application/octet-stream") -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def gateway() -> Iterator[StandInGateway]:
    stand_in = StandInGateway()
    thread = threading.Thread(target=stand_in.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield stand_in
    stand_in.closing.set()
    stand_in.server.shutdown()
    thread.join()
    stand_in.server.server_close()


@pytest.fixture
def mesh(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `mesh ARGUMENTS…` in `tmp_path` and returns what came of it."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command_line(*arguments),
            cwd=tmp_path,
            env=command_environment(tmp_path, **environment),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def command_line(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "mesh.cli", *map(str, arguments)]


def command_environment(home: Path, **environment: str) -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("MESH_")}
    return {
        **inherited,
        "PYTHONPATH": str(ROOT),
        "MESH_HOME": str(home / "home"),
        "COLUMNS": "160",
        **environment,
    }


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts `mesh ARGUMENTS…` and leaves it running until the test ends."""
    running: list[subprocess.Popen[str]] = []

    def begin(*arguments: object, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command_line(*arguments),
            cwd=tmp_path,
            env=command_environment(tmp_path, **environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


@pytest.fixture
def done() -> Analysis:
    return an_analysis()


@pytest.fixture
def failed() -> Analysis:
    return an_analysis("failed")
