"""`mesh status`: what the supervisor says of every service, and what the services say themselves."""

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from mesh.catalogue import local_services
from mesh.errors import UnavailableError
from mesh.settings import MeshSettings, load_settings
from mesh.supervisor.lock import holder_of
from mesh.supervisor.state import ServiceState, read_state

_TIMEOUT_S = 1.0


@dataclass(frozen=True)
class Row:
    """One line. `latency_ms` is that of GET /health, None when there was no answer."""

    name: str
    state: str
    pid: int | None
    port: int | None
    latency_ms: float | None
    restarts: int | None
    note: str = ""


def status(*, as_json: bool) -> int:
    """Print every service; 0 when all are ready, else 1. Raises: UnavailableError when nothing runs at all."""
    settings = load_settings()
    rows = collect(settings)
    if as_json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
    else:
        _print(rows, settings)
    return 0 if all(row.state == "ready" for row in rows) else 1


def collect(settings: MeshSettings) -> list[Row]:
    """The rows, by port. Raises: UnavailableError when there is no supervisor and no service answers."""
    known: dict[str, ServiceState] = {}
    if holder_of(settings.home) is not None:
        state = read_state(settings.home)
        known = {service.name: service for service in state.services} if state else {}
    ports: dict[str, int | None] = {spec.name: spec.port for spec in local_services(settings)}
    ports |= {name: service.port for name, service in known.items()}
    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = dict(zip(ports, pool.map(_ask, ports.values()), strict=True))
    if not known and not any(answers.values()):
        raise UnavailableError(f"the mesh is not running on {settings.home}; start it with `mesh up`")
    return [_row(name, port, known.get(name), answers[name]) for name, port in ports.items()]


def _ask(port: int | None) -> tuple[dict[str, Any], float] | None:
    if port is None:
        return None
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
    begun = time.perf_counter()
    try:
        connection.request("GET", "/health")
        health = json.load(connection.getresponse())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return (health, (time.perf_counter() - begun) * 1000) if isinstance(health, dict) else None


def _row(
    name: str, port: int | None, known: ServiceState | None, answer: tuple[dict[str, Any], float] | None
) -> Row:
    health, latency_ms = answer or ({}, None)
    state: str = known.state if known else "down"
    note = (known.last_exit or "") if known else ""
    if port is not None and state in ("ready", "down"):
        if health.get("ready"):
            state = "ready"
        elif health:
            state, note = "not ready", str(health.get("waiting_for") or note)
        elif state == "ready":
            state = "no answer"
    return Row(
        name=name,
        state=state,
        pid=known.pid if known else health.get("pid"),
        port=port,
        latency_ms=None if latency_ms is None else round(latency_ms, 1),
        restarts=known.restarts if known else None,
        note=note,
    )


def _print(rows: list[Row], settings: MeshSettings) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading, justify in (("service", "left"), ("state", "left"), ("pid", "right"), ("port", "right")):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    table.add_column("latency", justify="right")
    table.add_column("restarts", justify="right")
    table.add_column("")
    for row in rows:
        colour = (
            "green"
            if row.state == "ready"
            else "red"
            if row.state in ("crashed", "down", "no answer")
            else "yellow"
        )
        latency = "" if row.latency_ms is None else f"{row.latency_ms:.1f} ms"
        cells = [
            str(row.pid or ""),
            str(row.port or ""),
            latency,
            "" if row.restarts is None else str(row.restarts),
        ]
        table.add_row(row.name, f"[{colour}]{row.state}[/]", *cells, row.note)
    Console().print(table)
    Console(stderr=True).print(f"MESH_HOME {settings.home}", style="dim")
