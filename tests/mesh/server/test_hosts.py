"""A mesh on loopback answers for its own names only."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from mesh.server.hosts import KnownHosts
from mesh.settings import load_settings


async def _ask(host: str) -> httpx.Response:
    async def hello(_: object) -> PlainTextResponse:
        return PlainTextResponse("hello")

    settings = load_settings(allowed_hosts="mesh.example")
    hosts = settings.known_hosts()
    assert hosts is not None
    app = Starlette(routes=[Route("/", hello)], middleware=[Middleware(KnownHosts, hosts=hosts)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as http:
        return await http.get("/", headers={"Host": host})


@pytest.mark.anyio
@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8000", "localhost:8000", "LOCALHOST", "[::1]:8000", "mesh.example"]
)
async def test_own_names_are_answered(host: str) -> None:
    assert (await _ask(host)).status_code == 200


@pytest.mark.anyio
@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", ""])
async def test_other_names_are_refused_with_what_to_set(host: str) -> None:
    reply = await _ask(host)
    assert reply.status_code == 421
    assert "MESH_ALLOWED_HOSTS" in reply.json()["detail"]


def test_beyond_loopback_any_name_is_answered() -> None:
    assert load_settings(host="0.0.0.0", trusted_network=True).known_hosts() is None
