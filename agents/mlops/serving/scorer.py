"""A scorer's process: one endpoint on one port of 127.0.0.1, which ends with the agent that started it."""

import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from mesh.auth import mesh_token
from mesh.errors import MeshError
from mesh.logs import configure_logs
from mesh.server.errors import on_http_error, on_mesh_error, on_unexpected
from mesh.server.hosts import KnownHosts
from mesh.settings import LOOPBACK, MeshSettings, load_settings
from mesh.supervisor.process import die_with_parent, name_process

from .endpoint import PORT_IN_USE, read_endpoint
from .scoring import Scoring
from .scoring_routes import ScoringRoutes

_GRACE_S = 3


def main(arguments: list[str]) -> None:
    """Serves until it is told to stop. Args: the agent's process id, the mesh's home, the endpoint's folder."""
    parent, home, folder = int(arguments[0]), Path(arguments[1]), Path(arguments[2])
    die_with_parent(parent)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until `_follow` listens, which reads what there is then
    name_process("mesh-scorer")
    settings = load_settings(home=home)
    configure_logs(settings, "scorer")
    listener = _listen(read_endpoint(folder).port)
    config = uvicorn.Config(
        build_app(folder, settings),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
    uvicorn.Server(config).run([listener])


def build_app(folder: Path, settings: MeshSettings) -> Starlette:
    """The application of the endpoint in `folder`."""
    scoring = Scoring(folder, mesh_token(settings))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_follow, scoring)
            tasks.start_soon(scoring.shadow)
            yield
            tasks.cancel_scope.cancel()
        await scoring.close()

    return Starlette(
        routes=ScoringRoutes(scoring).routes(),
        lifespan=lifespan,
        middleware=[Middleware(KnownHosts, hosts=settings.known_hosts() or LOOPBACK)],
        exception_handlers={
            MeshError: on_mesh_error,
            HTTPException: on_http_error,
            Exception: on_unexpected,
        },
    )


async def _follow(scoring: Scoring) -> None:
    """Reads what is to be served now, and again whenever the agent says that it has changed."""
    with anyio.open_signal_receiver(signal.SIGHUP) as signals:
        await scoring.follow()
        async for _ in signals:
            await scoring.follow()


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        sys.stderr.write(f"port {port} cannot be listened on: {error.strerror}\n")
        os._exit(PORT_IN_USE)
    return listener
