"""Asking: by JSON, waiting, at once, as a stream."""

import httpx

from tests.gateway.conftest import Mesh


def test_the_answer_is_waited_for(mesh: Mesh, http: httpx.Client) -> None:
    reply = http.post("/analyze", json={"query": "Which region sold most?", "data": "sales.csv"})
    assert reply.status_code == 200, reply.text
    body = reply.json()
    assert body["status"] == "completed"
    assert body["summary"] == "North sold most: 12."
