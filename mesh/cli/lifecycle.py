"""Starting and stopping: `mesh up`, `mesh serve`, `mesh down`, and a mesh in the background for `mesh demo`."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

from mesh.errors import ConflictError, MeshError, UnavailableError
from mesh.settings import MeshSettings, load_settings
from mesh.supervisor.lock import holder_of
from mesh.supervisor.state import SupervisorState, read_state

_STOP_S = 20.0
_START_S = 120.0
_LOOK_EVERY_S = 0.05


def up() -> int:
    """Run the mesh in the foreground until Ctrl-C."""
    from mesh.supervisor.embedded import run_embedded

    begun = time.monotonic()
    settings = load_settings()

    def tell(state: SupervisorState) -> None:
        print(_announcement(settings, state, time.monotonic() - begun), flush=True)

    return run_embedded(settings, tell)


def serve(name: str, port: int | None) -> None:
    """Run one service in this process."""
    from mesh.serve import run_service

    with contextlib.suppress(KeyboardInterrupt):
        run_service(name, load_settings(), port=port)


def down() -> None:
    """Stop the mesh on MESH_HOME and wait until it is gone. Raises: UnavailableError when none runs."""
    settings = load_settings()
    pid = holder_of(settings.home)
    if pid is None:
        raise UnavailableError(f"the mesh is not running on {settings.home}")
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_S
    while holder_of(settings.home) == pid:
        if time.monotonic() > deadline:
            raise MeshError(
                f"the mesh (pid {pid}) has not stopped after {_STOP_S:.0f} s; see {settings.home}/logs"
            )
        time.sleep(_LOOK_EVERY_S)
    print(f"The mesh on {settings.home} has stopped.")


class BackgroundMesh:
    """A mesh started for one purpose, and stopped at the end of the `with` block."""

    def __init__(self, settings: MeshSettings) -> None:
        self._settings = settings
        self._log = settings.home / "logs" / "mesh.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            "MESH_HOME": str(self._settings.home),
            "MESH_PORT_OFFSET": str(self._settings.port_offset),
        }
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "mesh.cli", "up"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self._wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise MeshError(f"the mesh did not start: {_last_line(self._log)}")
            state = read_state(self._settings.home)
            if state is not None and state.pid == self._process.pid and state.ready:
                return
            time.sleep(_LOOK_EVERY_S)
        raise MeshError(f"the mesh is not ready after {_START_S:.0f} s; see {self._log.parent}")


def settings_with_free_ports(settings: MeshSettings) -> MeshSettings:
    """The settings, with another port offset when the default ports are in use.

    Raises: ConflictError naming the port when MESH_PORT_OFFSET was set, or no offset is free.
    """
    from mesh.catalogue import local_services
    from mesh.supervisor.ports import check_ports

    refusal: ConflictError | None = None
    for offset in dict.fromkeys((settings.port_offset, 10_000, 20_000, 30_000, 40_000, 50_000)):
        moved = settings.with_changes(port_offset=offset)
        try:
            check_ports(moved.host, {spec.name: spec.port for spec in local_services(moved)})
        except ConflictError as error:
            refusal = refusal or error
            if "MESH_PORT_OFFSET" in os.environ:
                break
        else:
            return moved
    assert refusal is not None
    raise refusal


def _announcement(settings: MeshSettings, state: SupervisorState, seconds: float) -> str:
    crashed = [service.name for service in state.services if service.state == "crashed"]
    ready = len(state.services) - len(crashed)
    logs = settings.home / "logs"
    where = f": {settings.url_of('gateway')}" if any(one.name == "gateway" for one in state.services) else ""
    lines = [f"The mesh is up{where} ({ready} processes ready after {seconds:.1f} s)"]
    lines += [f"Logs are in {logs}; Ctrl-C stops the mesh."]
    lines += [f"Not running: {name}; see {logs / name}.log" for name in crashed]
    return "\n".join(lines)


def _last_line(path: Path) -> str:
    lines = [line for line in path.read_text("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].removeprefix("mesh: ") if lines else f"it said nothing; see {path.parent}"
