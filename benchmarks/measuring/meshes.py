"""A mesh of its own for a benchmark: a fresh MESH_HOME, free ports, gone at the end."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mesh.cli.lifecycle import BackgroundMesh, settings_with_free_ports
from mesh.settings import MeshSettings, load_settings
from mesh.supervisor.state import ServiceState, SupervisorState, read_state


@dataclass(frozen=True)
class MeasuredMesh:
    """A running mesh and how long it took from the start of `mesh up` until every service was ready, in seconds."""

    settings: MeshSettings
    ready_after_s: float

    def state(self) -> SupervisorState:
        """What its supervisor says now."""
        state = read_state(self.settings.home)
        if state is None:
            raise RuntimeError(f"no mesh runs on {self.settings.home}")
        return state

    def service(self, name: str) -> ServiceState:
        """What its supervisor says of one service now."""
        return next(service for service in self.state().services if service.name == name)


@contextmanager
def own_settings() -> Iterator[MeshSettings]:
    """Settings for a mesh on a fresh MESH_HOME and free ports, which also what it starts will see in the environment."""
    with tempfile.TemporaryDirectory(prefix="mesh-bench-") as folder:
        os.environ["MESH_HOME"] = str(Path(folder) / "home")
        settings = settings_with_free_ports(load_settings())
        os.environ["MESH_PORT_OFFSET"] = str(settings.port_offset)
        yield load_settings()


@contextmanager
def running(settings: MeshSettings) -> Iterator[MeasuredMesh]:
    """A mesh on `settings`, stopped at the end of the block."""
    begun = time.perf_counter()
    with BackgroundMesh(settings):
        yield MeasuredMesh(settings, time.perf_counter() - begun)
