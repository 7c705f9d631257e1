"""Agents that come and go at run time: by card file, by address, and on their own account."""

import json
from typing import Any

import pytest
from a2a.server.agent_execution import RequestContext
from a2a.server.tasks import TaskUpdater
from google.protobuf.json_format import MessageToDict

from tests.flow.conftest import RunningMesh, wait_for
from tests.flow.strangers import bare_app, card_of, say_text, serving

pytestmark = [pytest.mark.flow, pytest.mark.timeout(120)]
QUESTION = "What does the tarot say about our fortune this year?"
EXAMPLES = [
    "Read the tarot cards for me",
    "What does the tarot say about my fortune?",
    "타로 카드로 운세를 봐줘",
]
DESCRIPTION = "Lays tarot cards and tells a fortune from them."


async def tell(_: RequestContext, updater: TaskUpdater) -> None:
    await say_text(updater, "The cards show a year of steady growth.")


def plan(mesh: RunningMesh, question: str = QUESTION) -> list[str]:
    reply = mesh.http.post(f"{mesh.url()}/plan", json={"query": question, "data": "small.csv"})
    return [step["agent"] for step in reply.json().get("steps", [])]


def agents(mesh: RunningMesh) -> dict[str, Any]:
    listed = mesh.http.get(f"{mesh.url()}/agents").json()
    return {agent["name"]: agent for agent in listed["agents"]}


def test_a_stranger_added_by_address_answers_and_can_be_removed(mesh: RunningMesh) -> None:
    with serving(
        lambda url: bare_app(card_of("Tarot", "read_tarot", url, EXAMPLES, DESCRIPTION), tell)
    ) as url:
        added = mesh.http.post(f"{mesh.url()}/agents", json={"url": url})
        assert added.status_code in (200, 201), added.text
        assert agents(mesh)["Tarot"]["state"] == "healthy"
        answer = mesh.analyze(QUESTION)
        assert answer["status"] == "completed", answer
        assert "The cards show a year of steady growth." in answer["summary"]
        assert "Tarot" in plan(mesh)
        assert mesh.http.delete(f"{mesh.url()}/agents/Tarot").status_code in (200, 204)
        assert "Tarot" not in plan(mesh)
        assert "Tarot" not in agents(mesh)


def test_a_card_dropped_into_the_folder_registers_its_agent(mesh: RunningMesh) -> None:
    with serving(
        lambda url: bare_app(card_of("Oracle", "ask_oracle", url, EXAMPLES, DESCRIPTION), tell)
    ) as url:
        path = mesh.cards_dir / "oracle.json"
        card = MessageToDict(card_of("Oracle", "ask_oracle", url, EXAMPLES, DESCRIPTION))
        path.write_text(json.dumps(card))
        wait_for(lambda: "Oracle" in agents(mesh), 10, "the dropped card to be read")
        assert "Oracle" in plan(mesh)
        path.unlink()
        wait_for(lambda: "Oracle" not in agents(mesh), 10, "the removed card to be noticed")
        assert "Oracle" not in plan(mesh)


def test_an_added_agent_outlives_a_restart_of_the_orchestrator(mesh: RunningMesh) -> None:
    with serving(
        lambda url: bare_app(card_of("Tarot", "read_tarot", url, EXAMPLES, DESCRIPTION), tell)
    ) as url:
        mesh.http.post(f"{mesh.url()}/agents", json={"url": url})
        before = mesh.kill("orchestrator")
        wait_for(
            lambda: mesh.services()["orchestrator"]["pid"] not in (None, before), 10, "a new orchestrator"
        )
        mesh.wait_ready("orchestrator")
        assert "Tarot" in agents(mesh)
        mesh.http.delete(f"{mesh.url()}/agents/Tarot")


def test_the_built_in_agents_are_listed_with_skills_and_instances(mesh: RunningMesh) -> None:
    listed = agents(mesh)
    wait_for(lambda: agents(mesh)["AutoML"]["state"] == "healthy", 15, "the agents to be seen healthy")
    assert {skill["id"] for skill in listed["AutoML"]["skills"]} >= {"train_model"}
    assert listed["AutoML"]["instances"]
    assert listed["AutoML"]["version"]


def test_the_catalogue_lists_every_agent(mesh: RunningMesh) -> None:
    catalogue = mesh.http.get(f"{mesh.url()}/.well-known/ai-catalog.json").json()
    assert {entry["displayName"] for entry in catalogue["entries"]} >= {"AutoML", "Data Ingestion"}


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "not an address", "ftp://example.com/"])
def test_an_address_without_an_agent_is_refused_with_a_reason(mesh: RunningMesh, url: str) -> None:
    reply = mesh.http.post(f"{mesh.url()}/agents", json={"url": url})
    assert 400 <= reply.status_code < 600
    assert reply.json()["detail"]


def test_removing_an_unknown_agent_is_not_found(mesh: RunningMesh) -> None:
    assert mesh.http.delete(f"{mesh.url()}/agents/nobody").status_code == 404
