"""A mesh of two real services: up, status, refusals, down; and one service alone."""

import json
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SERVICES = {"session": 8501, "storage": 8502}
LIMIT_S = 90.0

Run = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., subprocess.Popen[str]]


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Settings of a mesh of `SERVICES` on free ports."""
    cards = tmp_path / "cards"
    cards.mkdir()
    for name in SERVICES:
        shutil.copy(ROOT / "agent_cards" / f"{name}.json", cards)
    first = 2000 + os.getpid() % 20_000
    offset = next(
        offset
        for offset in range(first, first + 20_000, 10)
        if all(is_free(port + offset) for port in SERVICES.values())
    )
    return {"MESH_CARDS_DIR": str(cards), "MESH_PORT_OFFSET": str(offset)}


def wait_until_up(process: subprocess.Popen[str]) -> str:
    """The first line that `mesh up` prints."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("The mesh is up"), process.communicate()
    return line


def answer(url: str) -> dict[str, object]:
    """The JSON at `url`, once something answers."""
    pause, deadline = threading.Event(), time.monotonic() + LIMIT_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return dict(json.load(response))
        except OSError:
            pause.wait(0.05)
    raise AssertionError(f"nothing answers at {url}")


def test_up_status_refusals_and_down(mesh: Run, start: Start, environment: dict[str, str]) -> None:
    up = start("up", **environment)
    wait_until_up(up)

    shown = mesh("status", "--json", **environment)
    assert shown.returncode == 0, shown.stderr
    rows = {row["name"]: row for row in json.loads(shown.stdout)}
    assert {name: row["state"] for name, row in rows.items()} == dict.fromkeys(
        [*SERVICES, "compute"], "ready"
    )
    offset = int(environment["MESH_PORT_OFFSET"])
    assert {name: rows[name]["port"] - offset for name in SERVICES} == SERVICES
    assert "session" in mesh("status", **environment).stdout

    second = mesh("up", **environment)
    assert second.returncode == 1
    assert f"(pid {up.pid})" in second.stderr
    assert second.stderr.count("\n") == 1

    elsewhere = mesh("up", "--home", "other", **environment)
    assert elsewhere.returncode == 1
    assert f"{8501 + offset} (needed by session)" in elsewhere.stderr
    assert "MESH_PORT_OFFSET" in elsewhere.stderr
    assert elsewhere.stderr.count("\n") == 1

    down = mesh("down", **environment)
    assert (down.returncode, down.stderr) == (0, "")
    assert up.wait(LIMIT_S) == 0
    assert all(is_free(port + offset) for port in SERVICES.values())


def test_one_service_alone_on_a_port_of_choice(start: Start, environment: dict[str, str]) -> None:
    port = 8501 + int(environment["MESH_PORT_OFFSET"])
    start("serve", "session", "--port", port, **environment)
    health = answer(f"http://127.0.0.1:{port}/health")
    assert (health["service"], health["ready"]) == ("session", True)
