"""A real mesh on real ports, for tests that use it as a person would."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
START_TIMEOUT_S = 90.0
T = TypeVar("T")


@dataclass
class RunningMesh:
    """A mesh that the tests started: where it is, and how to hurt it."""

    home: Path
    offset: int
    cards_dir: Path
    data_dir: Path
    process: subprocess.Popen[bytes]
    http: httpx.Client

    def url(self, port: int = 8000) -> str:
        """Address of the service whose usual port is `port`."""
        return f"http://127.0.0.1:{port + self.offset}"

    def services(self) -> dict[str, dict[str, Any]]:
        """What the supervisor says of its services, by name."""
        state = json.loads((self.home / "run" / "supervisor.json").read_text())
        return {item["name"]: item for item in state["services"]}

    def kill(self, name: str) -> int:
        """Kills a service with SIGKILL; returns the pid it had."""
        pid = int(self.services()[name]["pid"])
        os.kill(pid, signal.SIGKILL)
        return pid

    def analyze(self, query: str, data: Any = "small.csv", **body: Any) -> dict[str, Any]:
        """The finished analysis, waited for."""
        reply = self.http.post(
            f"{self.url()}/analyze", json={"query": query, "data": data, **body}, timeout=280
        )
        return dict(reply.json())

    def begin(self, query: str, data: Any = "small.csv", **body: Any) -> str:
        """Starts an analysis and returns its id."""
        reply = self.http.post(
            f"{self.url()}/analyze",
            json={"query": query, "data": data, **body},
            headers={"Prefer": "respond-async"},
        )
        assert reply.status_code == 202, reply.text
        return str(reply.json()["id"])

    def result(self, analysis_id: str, timeout_s: float = 200) -> dict[str, Any]:
        """The analysis once it has ended; the gateway may be away meanwhile."""

        def ended() -> dict[str, Any] | None:
            try:
                analysis = self.http.get(f"{self.url()}/analyses/{analysis_id}").json()
            except (httpx.TransportError, json.JSONDecodeError):
                return None
            return (
                analysis
                if analysis.get("status") in ("completed", "partial", "failed", "cancelled")
                else None
            )

        return wait_for(ended, timeout_s, f"analysis {analysis_id} to end")

    def events(self, analysis_id: str, after: int = 0) -> list[dict[str, Any]]:
        """The events of an ended analysis."""
        url = f"{self.url()}/analyses/{analysis_id}/events?after={after}"
        lines = self.http.get(url, timeout=30).text.splitlines()
        return [json.loads(line.removeprefix("data:")) for line in lines if line.startswith("data:")]

    def wait_ready(self, name: str, timeout_s: float = 20) -> None:
        """Waits until a service answers that it is ready."""
        port = int(self.services()[name]["port"])
        wait_for(lambda: self._is_ready(port), timeout_s, f"{name} to be ready")

    def _is_ready(self, port: int) -> bool:
        try:
            return self.http.get(f"http://127.0.0.1:{port}/health/ready").status_code == 200
        except httpx.TransportError:
            return False


def wait_for(condition: Callable[[], T | None], timeout_s: float, what: str) -> T:
    """The first truthy value of `condition`, asked again and again for `timeout_s`."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"waited {timeout_s:g} s for {what}")


def free_offset() -> int:
    """A port offset at which every port of the mesh is free; below the ports that the kernel gives to outgoing connections."""
    ports = [8000, 8100, *range(8201, 8210), *range(8301, 8310), 8500, 8501, 8502, 8900, 8901]
    for _ in range(50):
        offset = random.randrange(11_000, 23_800, 10)
        if all(is_free(port + offset) for port in ports):
            return offset
    raise AssertionError("no free ports for a mesh")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def start_mesh(folder: Path, **environment: str) -> RunningMesh:
    """Starts a mesh whose home, data and cards are under `folder`, and waits until it is up."""
    cards_dir, data_dir = folder / "cards", folder / "data"
    shutil.copytree(ROOT / "agent_cards", cards_dir)
    data_dir.mkdir()
    offset = free_offset()
    variables = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("MESH_", "OPENAI_"))},
        "MESH_HOME": str(folder / ".mesh"),
        "MESH_PORT_OFFSET": str(offset),
        "MESH_CARDS_DIR": str(cards_dir),
        "MESH_DATA_DIRS": os.pathsep.join([str(data_dir), str(ROOT / "examples")]),
        **environment,
    }
    log = (folder / "mesh.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "mesh.cli", "up"],
        cwd=ROOT,
        env=variables,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    log.close()
    mesh = RunningMesh(
        folder / ".mesh", offset, cards_dir, data_dir, process, httpx.Client(timeout=30, trust_env=False)
    )
    state = folder / ".mesh" / "run" / "supervisor.json"

    def up() -> bool:
        assert process.poll() is None, (folder / "mesh.log").read_text()
        return state.is_file() and bool(json.loads(state.read_text())["ready"])

    wait_for(up, START_TIMEOUT_S, "the mesh to be up")
    return mesh


def stop_mesh(mesh: RunningMesh) -> None:
    """Stops the mesh with Ctrl-C and waits for it to be gone."""
    mesh.http.close()
    if mesh.process.poll() is None:
        mesh.process.send_signal(signal.SIGINT)
    try:
        mesh.process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(mesh.process.pid, signal.SIGKILL)
        raise


def write_small_sales(path: Path, days: int = 400) -> None:
    """Two regions and two products a day, with a weekly pattern: small, but with everything an analysis needs."""
    lines = ["date,region,product,unit_price,quantity,revenue"]
    start = time.mktime((2023, 1, 1, 12, 0, 0, 0, 0, 0))
    for day in range(days):
        date = time.strftime("%Y-%m-%d", time.localtime(start + day * 86_400))
        for region, base in (("Seoul", 40), ("Busan", 25)):
            for product, price in (("Tea", 5), ("Cake", 12)):
                quantity = base + (day % 7) * 3 + day // 20 + (day * 7919 + base * price) % 11
                lines.append(f"{date},{region},{product},{price},{quantity},{quantity * price}")
    path.write_text("\n".join(lines) + "\n")


@pytest.fixture(scope="session")
def mesh() -> Iterator[RunningMesh]:
    """One mesh for all flow tests that do not need their own."""
    folder = Path(tempfile.mkdtemp(prefix="mesh-flow-"))
    running = start_mesh(folder)
    write_small_sales(running.data_dir / "small.csv")
    yield running
    stop_mesh(running)
    shutil.rmtree(folder, ignore_errors=True)
