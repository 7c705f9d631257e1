"""What is refused: each as problem details that say what to do, and the gateway stays healthy."""

import json
import socket
from collections.abc import AsyncGenerator
from typing import Any

import anyio
import httpx
import pytest

from gateway.body import arriving
from mesh.errors import DeadlineError
from tests.gateway.conftest import Mesh

JSON = {"Content-Type": "application/json"}


def problem_of(reply: httpx.Response, status: int) -> str:
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert problem["status"] == status
    assert problem["title"]
    return str(problem["detail"])


@pytest.mark.parametrize("path", ["/analyze", "/plan"])
@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"query": "q", "dta": "x"}, 400, ["'dta' is unknown", "Did you mean 'data'", "Known fields"]),
        (
            {"query": "q", "data": {"url": "http://1.1.1.1/", "inline": "x"}},
            400,
            ["'data.inline' is unknown"],
        ),
        ({"query": "q", "data": {"text": "x"}}, 400, ["'data.inline' is missing", "'data.text' is unknown"]),
        ({"data": "sales.csv"}, 400, ["'query' is missing"]),
        ({"query": 5}, 400, ["'query'"]),
        ({"query": ""}, 422, ["The question is empty"]),
        ({"query": " \n"}, 422, ["The question is empty"]),
        ({"query": "x" * 100_000}, 413, ["100,000 characters", "20,000"]),
        ({"query": "q", "data": 7}, 400, ["'data'"]),
        ({"query": "q", "data": []}, 400, ["'data'"]),
        ({"query": "q", "data": [{}]}, 422, ["no fields"]),
        ({"query": "q", "data": {"inline": " \n"}}, 422, ["is empty"]),
        ({"query": "q", "data": {"inline": "a", "format": "xml"}}, 400, ["'data.format'"]),
        ({"query": "q", "session_id": "a b"}, 400, ["'session_id'"]),
        ({"query": "q", "data": "nothing.csv"}, 404, ["'nothing.csv'", "Available: empty.csv, sales.csv"]),
        ({"query": "q", "data": "sale.csv"}, 404, ["Available: sales.csv"]),
        ({"query": "q", "data": "../secret.csv"}, 403, ["outside the data folders"]),
        ({"query": "q", "data": "/etc/passwd"}, 403, ["outside the data folders"]),
        ({"query": "q", "data": "empty.csv"}, 422, ["'empty.csv' is empty"]),
        ({"query": "q", "data": {"url": "http://127.0.0.1:8500/x"}}, 403, ["127.0.0.1"]),
        ({"query": "q", "data": {"url": "http://[::ffff:10.0.0.1]/x"}}, 403, ["not a public"]),
        ({"query": "q", "data": {"url": "http://169.254.169.254/latest"}}, 403, ["169.254.169.254"]),
        ({"query": "q", "data": {"url": "http://2130706433/"}}, 403, ["not a public"]),
        ({"query": "q", "data": {"url": "file:///etc/passwd"}}, 403, ["not an http"]),
        ({"query": "q", "data": {"url": "http://me:pw@1.1.1.1/"}}, 403, ["credentials"]),
        ({"query": "q", "data": "postgresql://me:pw@h/x"}, 403, ["credentials", "name a stored connection"]),
        ({"query": "q", "data": {"connection": "nope"}}, 404, ["'nope'", "Known: lake, shop"]),
        ({"query": "q", "data": "connection://nope?table=x"}, 404, ["'nope'", "Known: lake, shop"]),
        ({"query": "q", "data": "connection://me:pw@shop"}, 400, ["connection"]),
        ({"query": "q", "data": {"connection": "shop", "object": "x"}}, 422, ["no 'object'", "table, query"]),
        ({"query": "q", "data": {"connection": "lake"}}, 422, ["needs 'object'"]),
        ({"query": "q", "data": {"connection": "shop", "tabel": "x"}}, 400, ["'data.tabel' is unknown"]),
        ({"query": "q", "data": {"connection": "shop", "table": "x", "query": "y"}}, 400, ["either a table"]),
        ({"query": "q", "data": {"url": "http://1.1.1.1/a\nb"}}, 403, ["control character"]),
        ([1], 400, ["must be a JSON object, not an array"]),
        (None, 400, ["must be a JSON object, not null"]),
    ],
)
def test_bad_requests_say_what_to_do(
    mesh: Mesh, http: httpx.Client, path: str, body: Any, status: int, words: list[str]
) -> None:
    (mesh.data / "empty.csv").touch()
    detail = problem_of(http.post(path, content=json.dumps(body), headers=JSON), status)
    assert [word for word in words if word not in detail] == []
    assert mesh.book.orders == {}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b'{"query": "q",}', ["line 1, column 15"]),
        (b'{\n "query": q}', ["line 2, column 11"]),
        (b"", ["empty"]),
        (b'{"query": "\xff"}', ["byte 11", "UTF-8"]),
        (b'{"query": "q", "params": {"x": NaN}}', ["NaN"]),
        (b'{"query": "q", "params": {"x": 1e999}}', ["out of range"]),
        (b'{"query": "q", "params": ' + b"[" * 100_000, ["nested too deeply"]),
        (b'{"query": "\\ud800"}', ["'query'"]),
    ],
)
def test_malformed_json_is_located(mesh: Mesh, http: httpx.Client, raw: bytes, words: list[str]) -> None:
    reply = http.post("/analyze", content=raw, headers=JSON)
    detail = problem_of(reply, 400)
    assert [word for word in words if word not in detail] == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/csv", ""])
def test_other_media_types_are_refused(mesh: Mesh, http: httpx.Client, kind: str) -> None:
    headers = {"Content-Type": kind} if kind else {}
    detail = problem_of(http.post("/analyze", content=b'{"query": "q"}', headers=headers), 415)
    assert "application/json" in detail


def test_a_body_over_the_limit_is_refused_by_its_stated_length(mesh: Mesh, http: httpx.Client) -> None:
    body = {"query": "q", "data": {"inline": "x" * mesh.settings.max_body_bytes}}
    assert "8,388,608 bytes" in problem_of(http.post("/analyze", json=body), 413)


def test_a_body_over_the_limit_is_refused_without_a_stated_length(mesh: Mesh) -> None:
    head = "POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"%x\r\n%s\r\n" % (2**20, b" " * 2**20)
    with socket.create_connection(("127.0.0.1", mesh.gateway.port)) as connection:
        connection.sendall(head.encode())
        for _ in range(9):
            connection.sendall(chunk)
        assert connection.recv(64).startswith(b"HTTP/1.1 413")


def test_the_gateway_stays_healthy(mesh: Mesh, http: httpx.Client) -> None:
    for raw in (b"\x00" * 1000, b"{" * 1000, json.dumps({"query": "x" * 30_000}).encode()):
        http.post("/analyze", content=raw, headers=JSON)
    assert http.post("/analyze", json={"query": "q"}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/analyses/an-unknown", 404),
        ("DELETE", "/analyses/an-unknown", 404),
        ("GET", "/analyses/an-unknown/events", 404),
        ("GET", "/analyses/an-unknown/report", 404),
        ("GET", "/analyses/an-unknown/lineage", 404),
        ("GET", "/analyses/..%2F..%2Fhealth", 404),
        ("GET", "/analyses?limit=0", 400),
        ("GET", "/analyses?limit=1000", 400),
        ("GET", "/analyses?limit=x", 400),
        ("GET", "/analyses/an-unknown/events?after=-1", 400),
        ("GET", "/analyses/an-unknown/report?format=pdf", 400),
        ("GET", "/agents/nobody", 404),
        ("DELETE", "/agents/nobody", 404),
        ("GET", "/files/xyz/a.csv", 404),
        ("GET", f"/files/{'0' * 64}/a.csv", 404),
        ("GET", "/nowhere", 404),
        ("GET", "/analyze", 405),
    ],
)
def test_unknown_things_are_problems_too(
    mesh: Mesh, http: httpx.Client, method: str, path: str, status: int
) -> None:
    assert problem_of(http.request(method, path), status)


def test_a_follow_up_to_nothing_is_not_found(mesh: Mesh, http: httpx.Client) -> None:
    assert "an-unknown" in problem_of(http.post("/analyses/an-unknown/messages", json={"query": "q"}), 404)


def test_pages_of_other_sites_are_refused(mesh: Mesh, http: httpx.Client) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert problem_of(http.post("/analyze", files={"query": (None, "q")}, headers=headers), 403)
    assert problem_of(http.delete("/agents/x", headers=headers), 403)
    assert mesh.book.orders == {}
    assert (
        http.post("/analyze", json={"query": "q"}, headers={"Sec-Fetch-Site": "same-origin"}).status_code
        == 200
    )


def test_a_body_that_stops_coming_is_given_up() -> None:
    async def stalled() -> AsyncGenerator[bytes]:
        yield b"{"
        await anyio.sleep_forever()

    async def read() -> list[bytes]:
        return [chunk async for chunk in arriving(stalled(), idle_s=0.01)]

    with pytest.raises(DeadlineError, match="Nothing of the body"):
        anyio.run(read)


def test_a_client_that_goes_amid_its_body_is_no_failure(mesh: Mesh, http: httpx.Client) -> None:
    head = "POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    with socket.create_connection(("127.0.0.1", mesh.gateway.port)) as connection:
        connection.sendall(head.encode())
    assert http.post("/analyze", json={"query": "q"}).status_code == 200
