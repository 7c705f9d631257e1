"""Agent Cards: what is accepted, where they point, and the dataflow extension."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.cards import DATAFLOW_URI, check_card, interface_url, read_card, readdressed, skill_flows
from mesh.errors import BadInputError


def a_card(**more: Any) -> dict[str, Any]:
    return {
        "name": "A",
        "supportedInterfaces": [
            {"url": "http://127.0.0.1:9000/", "protocolBinding": "JSONRPC"},
            {"url": "http://127.0.0.1:9000/a2a/rest", "protocolBinding": "HTTP+JSON"},
            {"url": "127.0.0.1:9001", "protocolBinding": "GRPC"},
        ],
        **more,
    }


def with_flow(entry: dict[str, Any]) -> dict[str, Any]:
    extension = {"uri": DATAFLOW_URI, "params": {"skills": {"s": entry}}}
    return a_card(capabilities={"extensions": [{"uri": "urn:other"}, extension]})


def test_flows_have_their_defaults() -> None:
    flow = skill_flows(with_flow({"consumes": [{"name": "d", "type": "dataset"}]}))["s"]
    assert (flow.weight, flow.plannable, flow.stage, flow.produces) == (1.0, True, "", [])
    assert (flow.consumes[0].required, flow.consumes[0].many) == (False, False)
    assert skill_flows(a_card()) == {}


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ([], "not a JSON object"),
        ({"name": "A"}, "supportedInterfaces"),
        ({**a_card(), "name": ""}, "needs a name"),
        (a_card(version=3), "not an A2A 1.0"),
        (with_flow({"consumes": [{"name": "d"}]}), "dataflow extension"),
        (with_flow({"stages": "x"}), "dataflow extension"),
    ],
)
def test_what_is_not_a_card_is_refused_with_its_place(card: Any, said: str) -> None:
    with pytest.raises(BadInputError, match=said) as caught:
        check_card(card, "somewhere")
    assert "somewhere" in caught.value.message


@pytest.mark.parametrize("content", ["", "{", "\xff\xfe", "[]"])
def test_an_unreadable_file_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "c.json"
    path.write_text(content, encoding="latin-1")
    with pytest.raises(BadInputError, match=r"c\.json"):
        read_card(path)
    with pytest.raises(BadInputError, match=r"none\.json"):
        read_card(tmp_path / "none.json")


def test_a_card_is_read_as_written(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text(json.dumps(a_card(description="한글")), encoding="utf-8")
    assert read_card(path) == a_card(description="한글")


def test_a_moved_card_keeps_its_paths_and_the_distance_to_its_grpc_port() -> None:
    moved = readdressed(a_card(), "http://agent.example:8080/")
    assert [item["url"] for item in moved["supportedInterfaces"]] == [
        "http://agent.example:8080/",
        "http://agent.example:8080/a2a/rest",
        "agent.example:8081",
    ]
    assert interface_url(moved, "HTTP+JSON") == "http://agent.example:8080/a2a/rest"
    assert interface_url(moved, "CARRIER PIGEON") == "http://agent.example:8080/"


@given(st.integers(1024, 60_000))
def test_moving_is_idempotent_and_reversible(port: int) -> None:
    there = readdressed(a_card(), f"http://127.0.0.1:{port}")
    assert readdressed(there, f"http://127.0.0.1:{port}") == there
    assert readdressed(there, "http://127.0.0.1:9000") == a_card()
