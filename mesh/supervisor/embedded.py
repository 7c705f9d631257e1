"""The embedded mesh: every local service and the compute process under one supervisor."""

import contextlib
import dataclasses
import functools
import gc
import hashlib
import importlib
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from mesh.catalogue import ServiceSpec, local_services, mount_agents
from mesh.errors import NotFoundError
from mesh.logs import configure_logs
from mesh.settings import MeshSettings

from .keeper import keep
from .lock import HomeLock
from .ports import check_ports
from .program import Program
from .state import SupervisorState
from .supervisor import Supervision, Supervisor

COMPUTE = "compute"
SHARED_MODULES = (
    "mesh.serve",
    "aiosqlite",
    "alembic.migration",
    "alembic.operations",
    "alembic.script",
    "anyio._backends._asyncio",
    "httpcore",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)
OWN_IMPORTS = ("orchestrator",)
COMPUTE_MODULES = ("pandas", "pyarrow.parquet", "scipy.stats")
_SOCKET_PATH_LIMIT = 100


def run_embedded(settings: MeshSettings, on_settled: Callable[[SupervisorState], None] | None = None) -> int:
    """Run the mesh on `settings.home` until it is told to stop; the exit code.

    Raises: NotFoundError without any service to run; ConflictError when a mesh runs there already or a port is in use.
    """
    services = local_services(settings)
    if not services:
        raise NotFoundError(
            f"there is no service to run: {settings.cards_dir} holds no card of a local service; check MESH_CARDS_DIR"
        )
    lock = HomeLock(settings.home)
    lock.acquire()
    try:
        check_ports(settings.host, {spec.name: spec.port for spec in services})
        keeper = os.getpid()

        def supervise(lifeline: int) -> int:
            how = Supervision(
                settings.home,
                host=_local(settings.host),
                alerts_port=next((spec.port for spec in services if spec.name == "alerts"), None),
                keeper=keeper,
                lifeline=lifeline,
                on_settled=on_settled,
            )
            return _supervise(settings, services, how)

        return keep(settings.home, supervise)
    finally:
        lock.release()


def compute_socket(settings: MeshSettings) -> Path:
    """Where the mesh's compute process listens: under MESH_HOME unless that path is too long for a Unix socket."""
    if settings.compute_socket is not None:
        return settings.compute_socket
    path = settings.home / "run" / "compute.sock"
    if len(os.fsencode(path)) <= _SOCKET_PATH_LIMIT:
        return path
    digest = hashlib.sha256(os.fsencode(settings.home)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"mesh-{os.getuid()}-{digest}" / "compute.sock"


def _local(host: str) -> str:
    """Where a process on this machine reaches a service bound to `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound to


def _supervise(settings: MeshSettings, services: Sequence[ServiceSpec], how: Supervision) -> int:
    configure_logs(settings, "supervisor")
    gc.disable()
    how = dataclasses.replace(how, prepare=functools.partial(_prepare, services))
    return Supervisor(_programs(settings, services), how).run()


def _prepare(services: Sequence[ServiceSpec]) -> None:
    """Import what services share, and keep the garbage collector from touching (and so copying) it in them.

    A service whose own code cannot be imported dies of it in its own process, where its log says why.
    """
    mount_agents()
    for module in SHARED_MODULES:
        importlib.import_module(module)
    for spec in services:
        if spec.name not in OWN_IMPORTS:
            with contextlib.suppress(Exception):
                importlib.import_module(spec.module)
    _check_single_thread()
    gc.freeze()


def _programs(settings: MeshSettings, services: Sequence[ServiceSpec]) -> list[Program]:
    socket = compute_socket(settings)
    socket.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings = settings.with_changes(compute_socket=socket)
    programs = [
        Program(spec.name, functools.partial(_serve, spec.name, settings), spec.port) for spec in services
    ]
    return [*programs, Program(COMPUTE, functools.partial(_compute, socket), socket=socket, early=True)]


def _serve(name: str, settings: MeshSettings) -> None:
    from mesh.serve import run_service

    run_service(name, settings)


def _compute(socket: Path) -> None:
    from mesh.compute import serve_compute

    serve_compute(socket, COMPUTE_MODULES)


def _check_single_thread() -> None:
    with contextlib.suppress(FileNotFoundError):
        threads = len(list(Path("/proc/self/task").iterdir()))
        if threads > 1:
            structlog.get_logger("mesh.supervisor").warning("threads_before_fork", threads=threads)
