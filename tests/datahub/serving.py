"""Services on real loopback ports, in the test's own event loop."""

import random
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import uvicorn

from mesh.catalogue import find_service
from mesh.server.app import build_app
from mesh.settings import MeshSettings


class _Server(uvicorn.Server):
    """A server that says when it takes connections."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = anyio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


def free_offset(*ports: int) -> int:
    """A port offset under which all of `ports` are free."""
    for _ in range(200):
        offset = random.randrange(11_000, 23_800)
        if all(_is_free(port + offset) for port in ports):
            return offset
    raise OSError("no free ports")


@asynccontextmanager
async def serving(name: str, settings: MeshSettings) -> AsyncIterator[str]:
    """The service `name` at its port in the mesh; the address, without a trailing slash."""
    spec = find_service(settings, name)
    config = uvicorn.Config(
        build_app(spec, settings), host="127.0.0.1", port=spec.port, log_config=None, lifespan="on"
    )
    server = _Server(config)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(server.serve)
        await server.up.wait()
        try:
            yield f"http://127.0.0.1:{spec.port}"
        finally:
            server.should_exit = True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
