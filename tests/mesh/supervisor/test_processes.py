"""A supervisor over real processes and ports: start, restart, crash loop, stop, sudden death."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from mesh.supervisor.state import ServiceState, SupervisorState, read_state

STAND_IN = Path(__file__).with_name("stand_in.py")
ROOT = Path(__file__).parents[3]
LIMIT_S = 30.0
T = TypeVar("T")


def wait_for(condition: Callable[[], T | None], what: str) -> T:
    """What `condition` returns once it is true."""
    pause, deadline = threading.Event(), time.monotonic() + LIMIT_S
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        pause.wait(0.02)
    raise AssertionError(f"never happened: {what}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_alive(pid: int) -> bool:
    """Whether the process exists and is not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def accepts(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


class StandInMesh:
    """One run of the stand-in script."""

    def __init__(self, home: Path, *services: str) -> None:
        self.home = home
        self.process = subprocess.Popen(
            [sys.executable, STAND_IN, home, *services], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )

    def settled(self) -> SupervisorState:
        def state() -> SupervisorState | None:
            now = read_state(self.home)
            return now if now is not None and now.ready else None

        return wait_for(state, "the mesh settles")

    def service(self, name: str, condition: Callable[[ServiceState], bool]) -> ServiceState:
        def look() -> ServiceState | None:
            state = read_state(self.home)
            found = [one for one in state.services if one.name == name] if state else []
            return found[0] if found and condition(found[0]) else None

        return wait_for(look, f"{name} gets there")

    def supervisor_pid(self) -> int:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0])

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(LIMIT_S)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., StandInMesh]]:
    running: list[StandInMesh] = []

    def begin(*services: str) -> StandInMesh:
        running.append(StandInMesh(tmp_path, *services))
        return running[-1]

    yield begin
    for mesh in running:
        mesh.close()


def pids_of(state: SupervisorState) -> list[int]:
    return [service.pid for service in state.services if service.pid is not None]


def test_services_become_ready_in_processes_of_their_own(start: Callable[..., StandInMesh]) -> None:
    ports = [free_port(), free_port()]
    state = start(f"one={ports[0]}", f"two={ports[1]}").settled()
    assert [(service.name, service.port, service.state) for service in state.services] == [
        ("one", ports[0], "ready"),
        ("two", ports[1], "ready"),
    ]
    assert len({*pids_of(state), state.pid}) == 3


def test_what_is_shared_is_prepared_after_the_early_services_and_before_the_others(
    start: Callable[..., StandInMesh],
) -> None:
    mesh = start(f"one={free_port()}:late", f"two={free_port()}:early")
    mesh.settled()
    assert ((mesh.home / "early").read_text(), (mesh.home / "late").read_text()) == ("no", "yes")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_leaves_no_process_port_or_state_behind(
    start: Callable[..., StandInMesh], number: signal.Signals
) -> None:
    port = free_port()
    mesh = start(f"one={port}", f"stubborn={free_port()}:stubborn")
    pids = [*pids_of(mesh.settled()), mesh.supervisor_pid()]
    mesh.process.send_signal(number)
    assert mesh.process.wait(LIMIT_S) == 0
    assert not any(is_alive(pid) for pid in pids)
    assert not accepts(port)
    assert read_state(mesh.home) is None


def test_a_killed_service_is_started_again_at_once(start: Callable[..., StandInMesh]) -> None:
    mesh = start(f"one={free_port()}", f"two={free_port()}")
    before = mesh.settled()
    victim, other = pids_of(before)
    os.kill(victim, signal.SIGKILL)
    after = mesh.service("one", lambda one: one.pid != victim and one.state == "ready")
    assert after.restarts == 1
    assert after.last_exit == "killed by SIGKILL"
    assert mesh.service("two", lambda two: two.state == "ready").pid == other


def test_a_crash_loop_is_given_up_reported_and_alerted(start: Callable[..., StandInMesh]) -> None:
    mesh = start(f"one={free_port()}", f"bad={free_port()}:broken", f"alerts={free_port()}:alerts")
    mesh.settled()
    bad = mesh.service("bad", lambda bad: bad.state == "crashed")
    assert (bad.pid, bad.restarts, bad.last_exit) == (None, 3, "exit code 3")
    assert mesh.service("one", lambda one: one.state == "ready").restarts == 0
    wait_for((mesh.home / "alerts").exists, "the alert")
    alerts = json.loads((mesh.home / "alerts").read_bytes())
    assert alerts[0]["labels"] == {"alertname": "ServiceCrashLoop", "service": "bad", "severity": "critical"}
    assert "exit code 3" in alerts[0]["annotations"]["description"]
    assert (mesh.home / "logs" / "bad.log").read_text().splitlines() == ["the model file is missing"] * 4


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
@pytest.mark.parametrize("victim", ["keeper", "supervisor"])
def test_sudden_death_of_the_parents_takes_everything_along(
    start: Callable[..., StandInMesh], victim: str
) -> None:
    mesh = start(f"one={free_port()}", f"parent={free_port()}:parent", f"stubborn={free_port()}:stubborn")
    pids = [
        *pids_of(mesh.settled()),
        mesh.supervisor_pid(),
        mesh.process.pid,
        int((mesh.home / "child").read_text()),
    ]
    assert all(is_alive(pid) for pid in pids)
    os.kill(mesh.process.pid if victim == "keeper" else mesh.supervisor_pid(), signal.SIGKILL)
    mesh.process.wait(LIMIT_S)
    wait_for(lambda: not any(is_alive(pid) for pid in pids), "all are gone")
    assert wait_for(lambda: read_state(mesh.home) is None, "the state file is gone")
