"""Runs one service until it is told to stop."""

import gc
import multiprocessing
import os
import tempfile
from pathlib import Path

import uvicorn

from .catalogue import ServiceSpec, find_service
from .compute import serve_compute
from .logs import configure_logs
from .server.app import build_app
from .settings import MeshSettings

_GC_THRESHOLD = (50_000, 20, 50)
_SHUTDOWN_S = 3


def run_service(name: str, settings: MeshSettings, *, port: int | None = None) -> None:
    """Serves the service `name` (or the agent folder at that path) until SIGTERM or SIGINT.

    Without `settings.compute_socket` the service gets a compute process of its own, forked before anything else starts.
    `port` moves the service away from the port in its card.
    """
    configure_logs(settings, Path(name).name)
    spec = find_service(settings, name)
    if settings.compute_socket is None:
        settings = settings.with_changes(compute_socket=_own_compute(settings))
    serve_spec(spec, settings, port)


def serve_spec(spec: ServiceSpec, settings: MeshSettings, port: int | None = None) -> None:
    """Serves an already located service in this process."""
    bound = port or spec.port
    base_url = f"http://{settings.host}:{bound}" if port else None
    app = build_app(spec, settings, base_url)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLD)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=bound,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_SHUTDOWN_S,
        timeout_keep_alive=30,
        ws_ping_interval=20,
    )
    uvicorn.Server(config).run()


def _own_compute(settings: MeshSettings) -> Path:
    """Forks a compute process for this service alone. Its socket has a short path: those are limited to about 100 bytes."""
    folder = Path(tempfile.mkdtemp(prefix="mesh-"))
    socket_path = folder / f"compute-{os.getpid()}.sock"
    context = multiprocessing.get_context("fork")
    context.Process(
        target=serve_compute, args=(socket_path,), daemon=True, name=f"compute:{settings.home.name}"
    ).start()
    return socket_path
