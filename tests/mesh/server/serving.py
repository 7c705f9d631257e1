"""Agent folders on real loopback ports, in the test's own event loop, and the smallest client that sees every byte."""

import json
import random
import shutil
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx
import uvicorn

from mesh.catalogue import find_service
from mesh.server.app import build_app
from mesh.settings import MeshSettings

ROOT = Path(__file__).resolve().parents[3]
CONFORMANCE = ROOT / "examples" / "conformance_agent"
VERSION = {"A2A-Version": "1.0"}


class _Server(uvicorn.Server):
    """A server that says when it takes connections."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = anyio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


def free_port(neighbours: int = 1) -> int:
    """A port that is free, as are the `neighbours` above it; below those of whole meshes, and another for each test at work."""
    for _ in range(200):
        port = random.randrange(10_000, 18_900)
        if all(_is_free(port + step) for step in range(neighbours + 1)):
            return port
    raise OSError("no free ports")


@asynccontextmanager
async def serving(folder: Path, settings: MeshSettings, port: int | None = None) -> AsyncIterator[str]:
    """The agent in `folder`; its address, without a trailing slash."""
    bound = port or free_port()
    url = f"http://127.0.0.1:{bound}"
    app = build_app(find_service(settings, str(folder)), settings, url)
    server = _Server(
        uvicorn.Config(
            app,
            host="127.0.0.1",
            port=bound,
            log_config=None,
            lifespan="on",
            timeout_graceful_shutdown=1,
        )
    )
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(server.serve)
        await server.up.wait()
        try:
            yield url
        finally:
            server.should_exit = True


@asynccontextmanager
async def connected(url: str, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    """A plain HTTP client for the service at `url`."""
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=20, headers=headers) as client:
        yield client


def agent_folder(parent: Path, name: str, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of the conformance agent under `parent` whose card `change` has altered."""
    folder = parent / name
    shutil.copytree(CONFORMANCE, folder)
    card = json.loads((folder / "card.json").read_text())
    change(card)
    (folder / "card.json").write_text(json.dumps(card))
    return folder


async def rpc(http: httpx.AsyncClient, method: str, params: dict[str, Any], **headers: str) -> dict[str, Any]:
    """The reply to one JSON-RPC call."""
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    reply = await http.post("/", json=body, headers={**VERSION, **headers})
    return dict(reply.json())


def message(message_id: str, text: str = "Hello", **more: Any) -> dict[str, Any]:
    """The parameters of SendMessage."""
    return {
        "message": {"messageId": message_id, "role": "ROLE_USER", "parts": [{"text": text}], **more},
    }


async def stream(
    http: httpx.AsyncClient, method: str, params: dict[str, Any], **headers: str
) -> AsyncIterator[dict[str, Any]]:
    """The results of a streaming JSON-RPC call as they come."""
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    async with http.stream("POST", "/", json=body, headers={**VERSION, **headers}) as reply:
        async for line in reply.aiter_lines():
            if line.startswith("data:"):
                yield json.loads(line.removeprefix("data:"))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
