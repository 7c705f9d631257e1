"""Asking: waiting for the answer, at once, as a stream, and what a failed analysis is answered with."""

import hashlib
import json
import socket
from typing import Any

import httpx
import pytest

from gateway.sse import EventDecoder
from mesh.selection import Selection, selection_at
from tests.gateway.book import PNG_SHA256
from tests.gateway.conftest import Mesh

QUESTION = {"query": "Which region sold most?", "data": "sales.csv"}


def test_the_answer_is_waited_for(mesh: Mesh, http: httpx.Client) -> None:
    reply = http.post("/analyze", json=QUESTION)
    assert reply.status_code == 200, reply.text
    body = reply.json()
    assert (body["status"], body["summary"]) == ("completed", "North sold most: 12.")
    assert reply.headers["location"] == f"/analyses/{body['id']}"
    assert body["links"]["report"] == f"/analyses/{body['id']}/report"
    assert body["charts"][0]["files"][0]["uri"] == f"/files/{PNG_SHA256}/%EC%B0%A8%ED%8A%B8%201.png"


def test_an_order_that_is_accepted_and_not_yet_stored_is_waited_for(mesh: Mesh, http: httpx.Client) -> None:
    mesh.book.scripts["slow to store"] = {"store_after_s": 0.3}
    reply = http.post("/analyze", json={"query": "slow to store"}, headers={"Prefer": "respond-async"})
    assert reply.status_code == 202, reply.text
    assert http.get(reply.json()["links"]["self"]).status_code == 200


def test_a_named_file_travels_by_path_and_checksum(mesh: Mesh, http: httpx.Client) -> None:
    body = http.post("/analyze", json=QUESTION).json()
    (source,) = mesh.book.orders[body["id"]].sources
    content = (mesh.data / "sales.csv").read_bytes()
    assert source.uri == f"file://{mesh.data / 'sales.csv'}"
    assert (source.sha256, source.bytes) == (hashlib.sha256(content).hexdigest(), len(content))
    assert source.media_type == "text/csv"


def test_a_changed_file_has_a_new_checksum(mesh: Mesh, http: httpx.Client) -> None:
    first = http.post("/analyze", json=QUESTION).json()["id"]
    (mesh.data / "sales.csv").write_text("region,sales\nWest,99999\n")
    second = http.post("/analyze", json=QUESTION).json()["id"]
    checksums = [mesh.book.orders[item].sources[0].sha256 for item in (first, second)]
    assert checksums[0] != checksums[1]


def test_the_client_may_prefer_not_to_wait(mesh: Mesh, http: httpx.Client) -> None:
    mesh.book.scripts["long"] = {"hold": True}
    reply = http.post("/analyze", json={"query": "long"}, headers={"Prefer": "respond-async"})
    assert reply.status_code == 202
    assert reply.headers["preference-applied"] == "respond-async"
    body = reply.json()
    assert reply.headers["location"] == f"/analyses/{body['id']}" == body["links"]["self"]
    assert body["session_id"] == mesh.book.orders[body["id"]].session_id
    assert http.get(body["links"]["self"]).json()["status"] == "running"
    mesh.book.released.add(body["id"])


def test_a_bounded_wait_ends_with_where_to_look(mesh: Mesh, http: httpx.Client) -> None:
    mesh.book.scripts["long"] = {"hold": True}
    reply = http.post("/analyze", json={"query": "long"}, headers={"Prefer": "wait=0"})
    assert (reply.status_code, reply.json()["status"]) == (202, "running")
    mesh.book.released.add(reply.json()["id"])


def test_events_are_streamed_and_end_with_the_result(mesh: Mesh, http: httpx.Client) -> None:
    with http.stream("POST", "/analyze", json=QUESTION, headers={"Accept": "text/event-stream"}) as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        decoder, events = EventDecoder(), []
        for chunk in reply.iter_bytes():
            events += decoder.feed(chunk)
    *progress, result = events
    assert [event.id for event in progress] == ["1", "2", "3"]
    assert json.loads(progress[0].data)["message"] == "단계 1"
    assert result.event == "result"
    assert json.loads(result.data)["status"] == "completed"


def test_a_client_that_goes_does_not_cancel(mesh: Mesh, http: httpx.Client) -> None:
    mesh.book.scripts["long"] = {"hold": True, "events": 2}
    body = json.dumps({"query": "long"}).encode()
    head = f"POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", mesh.gateway.port)) as connection:
        connection.sendall(head.encode() + body)
        with httpx.Client(base_url=mesh.gateway.url, timeout=30) as other:
            while not mesh.book.orders:
                other.get("/health")
    (analysis_id,) = mesh.book.orders
    mesh.book.released.add(analysis_id)
    with http.stream("GET", f"/analyses/{analysis_id}/events") as reply:
        reply.read()
    assert http.get(f"/analyses/{analysis_id}").json()["status"] == "completed"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ({"reason": "bad_input", "message": "The file has no rows. Send one that has."}, 422),
        ({"reason": "not_found", "message": "gone"}, 404),
        ({"reason": "unavailable", "message": "No agent for the skill."}, 503),
        ({"reason": "deadline", "message": "too slow"}, 504),
        ({"reason": "needs_input", "message": "Which column?"}, 422),
        ({"reason": "something new", "message": "?"}, 500),
        ({"reason": "not_possible", "status": 422, "message": "Nothing can do this."}, 422),
        ({}, 500),
    ],
)
def test_a_failed_analysis_is_answered_as_a_problem(
    mesh: Mesh, http: httpx.Client, error: dict[str, Any], status: int
) -> None:
    mesh.book.scripts["fails"] = {"fail": error}
    reply = http.post("/analyze", json={"query": "fails"})
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert problem["status"] == status
    assert error.get("message", "The analysis failed") in problem["detail"]
    assert problem["analysis"]["status"] == "failed"
    assert problem["instance"] == problem["analysis"]["links"]["self"]
    assert ("retry-after" in reply.headers) is (status == 503)


def test_a_failed_analysis_can_still_be_read(mesh: Mesh, http: httpx.Client) -> None:
    mesh.book.scripts["fails"] = {"fail": {"reason": "bad_input", "message": "no"}}
    problem = http.post("/analyze", json={"query": "fails"}).json()
    assert http.get(problem["instance"]).json()["error"] == {"reason": "bad_input", "message": "no"}


def test_inline_text_goes_to_storage_first(mesh: Mesh, http: httpx.Client) -> None:
    text = "day\tsales\n1\t10\n"
    data = {"inline": text, "name": "../../매출", "format": "tsv"}
    body = http.post("/analyze", json={"query": "q", "data": data}).json()
    (source,) = mesh.book.orders[body["id"]].sources
    assert (source.name, source.media_type) == ("매출.tsv", "text/tab-separated-values")
    assert source.uri == f"mesh://objects/{hashlib.sha256(text.encode()).hexdigest()}"


def test_inline_text_is_csv_unless_its_name_says_otherwise(mesh: Mesh, http: httpx.Client) -> None:
    for data, name in [({"inline": "a\n1"}, "data.csv"), ({"inline": "[]", "name": "x.json"}, "x.json")]:
        body = http.post("/analyze", json={"query": "q", "data": data}).json()
        (source,) = mesh.book.orders[body["id"]].sources
        assert source.name == name


def test_records_become_json_lines(mesh: Mesh, http: httpx.Client) -> None:
    records = [{"도시": "서울", "n": 1}, {"도시": "부산", "n": None}]
    body = http.post("/analyze", json={"query": "q", "data": records}).json()
    (source,) = mesh.book.orders[body["id"]].sources
    assert source.sha256 is not None
    stored = (mesh.storage.folder / source.sha256).read_text()
    assert [json.loads(line) for line in stored.splitlines()] == records


@pytest.mark.parametrize(
    "data",
    [
        {"connection": "shop", "query": "SELECT 1 AS 하나 -- a&b", "limit": 5},
        "connection://shop?query=SELECT%201%20AS%20%ED%95%98%EB%82%98%20--%20a%26b&limit=5",
    ],
)
def test_a_connection_is_passed_on_by_its_name(mesh: Mesh, http: httpx.Client, data: object) -> None:
    body = http.post("/analyze", json={"query": "q", "data": data}).json()
    (source,) = mesh.book.orders[body["id"]].sources
    assert selection_at(source.uri) == Selection(connection="shop", query="SELECT 1 AS 하나 -- a&b", limit=5)
    assert (source.name, source.sha256) == ("shop", None)


def test_a_public_url_is_passed_on(mesh: Mesh, http: httpx.Client) -> None:
    url = "http://93.184.215.14/data/%EB%A7%A4%EC%B6%9C.csv?x=1"
    body = http.post("/analyze", json={"query": "q", "data": {"url": url}}).json()
    (source,) = mesh.book.orders[body["id"]].sources
    assert (source.uri, source.name, source.media_type) == (url, "매출.csv", "text/csv")


def test_several_sources_keep_their_order(mesh: Mesh, http: httpx.Client) -> None:
    data = [{"inline": "a\n1", "name": "new.csv"}, "sales.csv", {"url": "http://93.184.215.14/x.csv"}]
    body = http.post("/analyze", json={"query": "q", "data": data}).json()
    assert [item.name for item in mesh.book.orders[body["id"]].sources] == ["new.csv", "sales.csv", "x.csv"]


@pytest.mark.parametrize(
    "records",
    [[{"url": "http://a.example", "visits": 3}], [{"name": "a"}, {"name": "b"}], [{"inline": 1, "x": 2}]],
)
def test_a_list_of_other_objects_is_records(
    mesh: Mesh, http: httpx.Client, records: list[dict[str, Any]]
) -> None:
    body = http.post("/analyze", json={"query": "q", "data": records}).json()
    assert [item.name for item in mesh.book.orders[body["id"]].sources] == ["records.jsonl"]


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (["sales.csv"] * 21, 400, "at most 20"),
        (["sales.csv", {"url": "http://a/b", "nam": "x"}], 400, "'data.1.nam' is unknown"),
        (["sales.csv", "gone.csv"], 404, "gone.csv"),
        (["sales.csv", 7], 400, "'data.1'"),
        ([], 400, "'data'"),
    ],
)
def test_a_list_that_cannot_be_used_names_what_is_wrong(
    mesh: Mesh, http: httpx.Client, data: list[Any], status: int, words: str
) -> None:
    reply = http.post("/analyze", json={"query": "q", "data": data})
    assert reply.status_code == status, reply.text
    assert words in reply.json()["detail"]
    assert mesh.book.orders == {}


def test_parameters_and_session_are_passed_on(mesh: Mesh, http: httpx.Client) -> None:
    sent = {"query": "q", "params": {"horizon": 30, "ratio": 0.5}, "session_id": "se-1"}
    order = mesh.book.orders[http.post("/analyze", json=sent).json()["id"]]
    assert (order.params, order.session_id) == ({"horizon": 30, "ratio": 0.5}, "se-1")


def test_a_question_without_data_continues_its_session(mesh: Mesh, http: httpx.Client) -> None:
    first = http.post("/analyze", json={**QUESTION, "session_id": "se-2"}).json()
    second = http.post("/analyze", json={"query": "and now?", "session_id": "se-2"}).json()
    assert mesh.book.orders[second["id"]].parent_id == first["id"]


def test_a_question_with_other_data_follows_up_too(mesh: Mesh, http: httpx.Client) -> None:
    first = http.post("/analyze", json={**QUESTION, "session_id": "se-2"}).json()
    rows = [{"tenure": 3}]
    second = http.post("/analyze", json={"query": "Predict", "data": rows, "session_id": "se-2"}).json()
    order = mesh.book.orders[second["id"]]
    assert order.parent_id == first["id"]
    assert order.sources != mesh.book.orders[first["id"]].sources


def test_a_follow_up_has_the_session_and_the_parent(mesh: Mesh, http: httpx.Client) -> None:
    first = http.post("/analyze", json=QUESTION).json()
    reply = http.post(first["links"]["messages"], json={"query": "why?"})
    assert reply.status_code == 200
    order = mesh.book.orders[reply.json()["id"]]
    assert (order.parent_id, order.session_id) == (first["id"], first["session_id"])
    assert reply.json()["id"] != first["id"]


def test_the_plan_is_shown_without_running(mesh: Mesh, http: httpx.Client) -> None:
    reply = http.post("/plan", json=QUESTION)
    assert reply.status_code == 200
    assert reply.json()["steps"][0]["skill"] == "load_dataset"
    assert mesh.book.orders == {}


def test_rare_line_separators_in_a_question_are_line_feeds(mesh: Mesh, http: httpx.Client) -> None:
    body = http.post("/analyze", json={"query": "one\u2028two"}).json()
    assert mesh.book.orders[body["id"]].query == "one\ntwo"
