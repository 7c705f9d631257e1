"""Following: server-sent events and WebSockets, from any position, across breaks and restarts of the orchestrator."""

import json
import threading
from contextlib import suppress
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from gateway.sse import EventDecoder, ServerEvent
from tests.gateway.conftest import Mesh


def ordered(mesh: Mesh, http: httpx.Client, **script: Any) -> str:
    mesh.book.scripts["scripted"] = script
    reply = http.post("/analyze", json={"query": "scripted"}, headers={"Prefer": "respond-async"})
    return str(reply.json()["id"])


def finished(mesh: Mesh, http: httpx.Client, **script: Any) -> str:
    mesh.book.scripts["scripted"] = script
    return str(http.post("/analyze", json={"query": "scripted"}).json()["id"])


def followed(http: httpx.Client, path: str, headers: dict[str, str] | None = None) -> list[ServerEvent]:
    decoder, events = EventDecoder(), []
    with http.stream("GET", path, headers=headers) as reply:
        assert reply.status_code == 200
        for chunk in reply.iter_bytes():
            events += decoder.feed(chunk)
    return events


def watched(mesh: Mesh, path: str) -> tuple[list[dict[str, Any]], int, str]:
    """The messages of a WebSocket, and how it was closed."""
    messages = []
    with connect(mesh.gateway.url.replace("http", "ws") + path, proxy=None) as socket:
        with suppress(ConnectionClosed):
            while True:
                messages.append(json.loads(socket.recv(timeout=30)))
        return messages, socket.close_code or 0, socket.close_reason or ""


@pytest.mark.parametrize(
    ("query", "headers", "wanted"),
    [
        ("", {}, ["1", "2", "3", "4", "5"]),
        ("?after=3", {}, ["4", "5"]),
        ("", {"Last-Event-ID": "2"}, ["3", "4", "5"]),
        ("?after=0", {"Last-Event-ID": "4"}, ["5"]),
    ],
)
def test_events_come_from_any_position(
    mesh: Mesh, http: httpx.Client, query: str, headers: dict[str, str], wanted: list[str]
) -> None:
    analysis_id = finished(mesh, http, events=5)
    events = followed(http, f"/analyses/{analysis_id}/events{query}", headers)
    assert [event.id for event in events] == wanted
    assert [json.loads(event.data)["final"] for event in events][-1] is True


def test_nothing_left_ends_an_event_source(mesh: Mesh, http: httpx.Client) -> None:
    analysis_id = finished(mesh, http, events=5)
    assert http.get(f"/analyses/{analysis_id}/events", headers={"Last-Event-ID": "5"}).status_code == 204
    assert http.get(f"/analyses/{analysis_id}/events?after=99").status_code == 204


def test_connections_that_break_leave_no_gap(mesh: Mesh, http: httpx.Client) -> None:
    analysis_id = finished(mesh, http, events=9, cut_after=2)
    mesh.book.asked_after.clear()
    events = followed(http, f"/analyses/{analysis_id}/events")
    assert [event.id for event in events] == [str(n) for n in range(1, 10)]
    assert mesh.book.asked_after == [0, 2, 4, 6, 8]


def test_a_restart_of_the_orchestrator_leaves_no_gap(mesh: Mesh, http: httpx.Client) -> None:
    analysis_id = ordered(mesh, http, events=6, hold=True)
    decoder, events = EventDecoder(), []
    with http.stream("GET", f"/analyses/{analysis_id}/events") as reply:
        for chunk in reply.iter_bytes():
            events += decoder.feed(chunk)
            if len(events) == 5 and analysis_id not in mesh.book.released:
                mesh.restart_orchestrator()
                mesh.book.released.add(analysis_id)
    assert [event.id for event in events] == [str(n) for n in range(1, 7)]
    assert mesh.book.starts == [analysis_id, analysis_id]


def test_a_waiting_request_survives_a_restart_of_the_orchestrator(mesh: Mesh, http: httpx.Client) -> None:
    mesh.book.scripts["long"] = {"hold": True, "events": 4}
    answers: list[httpx.Response] = []
    waiting = threading.Thread(target=lambda: answers.append(http.post("/analyze", json={"query": "long"})))
    waiting.start()
    with httpx.Client(base_url=mesh.gateway.url, timeout=30) as other:
        while not mesh.book.asked_after:
            other.get("/health")
        mesh.restart_orchestrator()
    mesh.book.released.update(mesh.book.orders)
    waiting.join(30)
    assert answers[0].json()["status"] == "completed"


def test_a_websocket_gives_every_event_and_closes(mesh: Mesh, http: httpx.Client) -> None:
    analysis_id = finished(mesh, http, events=4, cut_after=3)
    messages, code, _ = watched(mesh, f"ws/analyses/{analysis_id}")
    assert [message["seq"] for message in messages] == [1, 2, 3, 4]
    assert {"stage", "agent", "progress", "message", "analysis_id", "step", "time"} <= set(messages[0])
    assert code == 1000


def test_a_websocket_takes_up_where_it_was(mesh: Mesh, http: httpx.Client) -> None:
    analysis_id = finished(mesh, http, events=4)
    messages, code, _ = watched(mesh, f"ws/analyses/{analysis_id}?after=3")
    assert ([message["seq"] for message in messages], code) == ([4], 1000)


def test_a_websocket_follows_while_it_runs(mesh: Mesh, http: httpx.Client) -> None:
    analysis_id = ordered(mesh, http, events=3, hold=True)
    with connect(f"ws://127.0.0.1:{mesh.gateway.port}/ws/analyses/{analysis_id}", proxy=None) as socket:
        assert [json.loads(socket.recv(timeout=30))["seq"] for _ in range(2)] == [1, 2]
        mesh.book.released.add(analysis_id)
        assert json.loads(socket.recv(timeout=30))["final"] is True


def test_what_a_websocket_is_sent_is_ignored(mesh: Mesh, http: httpx.Client) -> None:
    analysis_id = ordered(mesh, http, events=3, hold=True)
    with connect(f"ws://127.0.0.1:{mesh.gateway.port}/ws/analyses/{analysis_id}", proxy=None) as socket:
        assert json.loads(socket.recv(timeout=30))["seq"] == 1
        socket.send("nonsense")
        socket.send(b"\x00\xff")
        mesh.book.released.add(analysis_id)
        assert [json.loads(message)["seq"] for message in socket] == [2, 3]
        assert socket.close_code == 1000


def test_a_websocket_of_nothing_is_closed_with_the_reason(mesh: Mesh) -> None:
    messages, code, reason = watched(mesh, "ws/analyses/an-unknown")
    assert (messages, code) == ([], 4404)
    assert "an-unknown" in reason


def test_a_websocket_with_a_bad_position_is_closed_with_the_reason(mesh: Mesh) -> None:
    _, code, reason = watched(mesh, "ws/analyses/an-unknown?after=x")
    assert code == 4400
    assert "after" in reason


def test_cancel_ends_the_events(mesh: Mesh, http: httpx.Client) -> None:
    analysis_id = ordered(mesh, http, events=3, hold=True)
    reply = http.delete(f"/analyses/{analysis_id}")
    assert (reply.status_code, reply.json()["status"]) == (200, "cancelled")
    assert json.loads(followed(http, f"/analyses/{analysis_id}/events")[-1].data)["final"] is True
    assert http.delete(f"/analyses/{analysis_id}").status_code == 409


def test_a_cancelled_analysis_is_a_conflict_for_who_waits(mesh: Mesh, http: httpx.Client) -> None:
    mesh.book.scripts["long"] = {"hold": True}
    answers: list[httpx.Response] = []
    waiting = threading.Thread(target=lambda: answers.append(http.post("/analyze", json={"query": "long"})))
    waiting.start()
    with httpx.Client(base_url=mesh.gateway.url, timeout=30) as other:
        while not mesh.book.asked_after:
            other.get("/health")
        other.delete(f"/analyses/{next(iter(mesh.book.orders))}")
    waiting.join(30)
    assert (answers[0].status_code, answers[0].json()["reason"]) == (409, "cancelled")


def test_a_websocket_of_another_site_is_closed(mesh: Mesh, http: httpx.Client) -> None:
    analysis_id = finished(mesh, http, events=2)
    address = f"ws://127.0.0.1:{mesh.gateway.port}/ws/analyses/{analysis_id}"
    with connect(address, additional_headers={"Sec-Fetch-Site": "cross-site"}, proxy=None) as socket:
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=30)
        assert socket.close_code == 4400
