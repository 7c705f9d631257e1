"""What the supervisor tells the outside: MESH_HOME/run/supervisor.json, replaced whole at every change."""

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from mesh.results import Model

ProcessState = Literal["starting", "ready", "waiting", "crashed", "stopping"]


class ServiceState(Model):
    """One supervised process.

    `waiting` is the pause before a restart, `crashed` a crash loop: it is not started again. `restarts`
    counts starts after the first; `last_exit` says how it last ended.
    """

    name: str
    pid: int | None = None
    port: int | None = None
    state: ProcessState
    restarts: int = 0
    started_at: datetime | None = None
    last_exit: str | None = None


class SupervisorState(Model):
    """`ready` turns true once, when every service has been ready or is in a crash loop."""

    pid: int
    started_at: datetime
    ready: bool = False
    services: list[ServiceState]


def state_path(home: Path) -> Path:
    """Where the supervisor of `home` keeps its state."""
    return home / "run" / "supervisor.json"


def write_state(home: Path, state: SupervisorState) -> None:
    """Replace the file; a reader sees the old state or the new one, never a part."""
    path = state_path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(state.model_dump_json(indent=1), encoding="utf-8")
    new.replace(path)


def read_state(home: Path) -> SupervisorState | None:
    """The last state written, also by a supervisor that is gone; None when there is none."""
    try:
        return SupervisorState.model_validate_json(state_path(home).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
