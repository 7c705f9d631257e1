"""The card over HTTP: the same bytes every time, and none when the client has them already."""

from email.utils import formatdate, parsedate_to_datetime

import httpx
import pytest

from tests.mesh.server.serving import CONFORMANCE

pytestmark = pytest.mark.anyio
CARD = "/.well-known/agent-card.json"


async def test_the_card_carries_validators_and_the_address_it_is_served_at(http: httpx.AsyncClient) -> None:
    first, second = await http.get(CARD), await http.get(CARD)
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]
    assert "max-age" in first.headers["cache-control"]
    modified = parsedate_to_datetime(first.headers["last-modified"]).timestamp()
    assert modified == int((CONFORMANCE / "card.json").stat().st_mtime)
    port = http.base_url.port
    assert [item["url"] for item in first.json()["supportedInterfaces"]] == [
        f"http://127.0.0.1:{port}/",
        f"http://127.0.0.1:{port}/a2a/rest",
        f"127.0.0.1:{(port or 0) + 1}",
    ]


async def test_an_unchanged_card_is_not_sent_again(http: httpx.AsyncClient) -> None:
    headers = (await http.get(CARD)).headers
    for condition in (
        {"If-None-Match": headers["etag"]},
        {"If-None-Match": f'"other", W/{headers["etag"]}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": headers["last-modified"]},
    ):
        reply = await http.get(CARD, headers=condition)
        assert (reply.status_code, reply.content) == (304, b""), condition
        assert reply.headers["etag"] == headers["etag"]


async def test_a_changed_card_is_sent(http: httpx.AsyncClient) -> None:
    headers = (await http.get(CARD)).headers
    for condition in (
        {"If-None-Match": '"other"'},
        {"If-Modified-Since": formatdate(0, usegmt=True)},
        {"If-Modified-Since": "not a date"},
        {"If-None-Match": '"other"', "If-Modified-Since": headers["last-modified"]},
    ):
        assert (await http.get(CARD, headers=condition)).status_code == 200, condition
