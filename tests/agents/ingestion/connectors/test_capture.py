"""A bounded stretch of a stream becomes a file of records."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from agents.ingestion.connectors.capture import capture
from agents.ingestion.connectors.landing import Landed, Limits
from mesh.connections import Connection
from mesh.errors import BadInputError, TooLargeError
from mesh.selection import Selection
from tests.agents.ingestion.connectors.reading import connection
from tests.contract.streams.feed import Feed
from tests.gateway.servers import Served


@pytest.fixture(scope="module")
def ticks() -> Iterator[Connection]:
    feed = Feed("token-1")
    with Served(feed.app) as server:
        feed.texts[:] = [
            json.dumps({"price": number, "at": 1_700_000_000 + number, "곳": "서울"})
            for number in range(1, 21)
        ]
        headers = {"Authorization": "Bearer token-1"}
        yield connection(f"{server.url}sse", "ticks", kind="sse", headers=headers, time_field="at")


def captured(place: Connection, size: int = 10**6, **bounds: Any) -> Landed:
    async def progress(fraction: float, message: str) -> None:
        assert 0 <= fraction <= 1

    selection = Selection(connection=place.name, **bounds)
    folder = Path(tempfile.mkdtemp())
    return anyio.run(capture, place, selection, folder, Limits(30, size), "ko", progress)


def rows(landed: Landed) -> list[dict[str, Any]]:
    return [json.loads(line) for line in landed.path.read_text().splitlines()]


def test_a_number_of_events_is_taken_and_can_be_continued(ticks: Connection) -> None:
    first = captured(ticks, events=12, after="0")
    assert [row["price"] for row in rows(first)] == list(range(1, 13))
    assert rows(first)[0]["event_time"] == "2023-11-14T22:13:21+00:00"
    assert (first.origin["records"], first.origin["gaps"], first.origin["last_id"]) == (12, 0, "12")
    rest = captured(ticks, events=8, after=first.origin["last_id"])
    assert [row["price"] for row in rows(rest)] == list(range(13, 21))


def test_seconds_end_a_stream_that_has_no_more(ticks: Connection) -> None:
    assert len(rows(captured(ticks, seconds=0.5, after="15"))) == 5


def test_nothing_and_too_much_are_said(ticks: Connection) -> None:
    with pytest.raises(BadInputError, match=r"0\.1초 동안 ticks에서 온 이벤트가 없습니다"):
        captured(ticks, seconds=0.1)
    with pytest.raises(TooLargeError, match="200 bytes"):
        captured(ticks, size=200, after="0")


def test_the_limit_counts_bytes_and_not_characters(ticks: Connection) -> None:
    size = captured(ticks, events=3, after="0").path.stat().st_size
    captured(ticks, size, events=3, after="0")
    with pytest.raises(TooLargeError):
        captured(ticks, size - 1, events=3, after="0")
