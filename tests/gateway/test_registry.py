"""Agents and the catalogue, through the orchestrator's registry, and the gateway when it is away."""

from typing import Any

import anyio
import anyio.lowlevel
import httpx
import pytest

from gateway.clients.orchestrator import OrchestratorClient
from gateway.clients.upstream import Upstream
from gateway.discovery import ai_catalog
from gateway.models import AgentView
from mesh.analysis import AnalyzeOrder
from mesh.client import AgentClient
from mesh.errors import UnavailableError
from tests.gateway.conftest import Mesh
from tests.gateway.servers import free_port

OWN_CARD: dict[str, Any] = {
    "name": "a2a-mesh",
    "version": "1.0.0",
    "description": "d",
    "skills": [{"id": "analyze", "name": "Analyze", "examples": ["q1"], "tags": ["t"]}],
}
AGENT = AgentView.model_validate(
    {
        "name": "Data Quality",
        "version": "2.0.0",
        "description": "Checks data.",
        "card_url": "http://127.0.0.1:8202/.well-known/agent-card.json",
        "skills": [
            {"id": "a", "tags": ["x", "y"], "examples": ["a1", "a2"]},
            {"id": "b", "tags": ["y", "z"], "examples": ["b1"]},
        ],
    }
)


def test_an_agent_comes_and_goes(mesh: Mesh, http: httpx.Client) -> None:
    reply = http.post("/agents", json={"url": "http://127.0.0.1:8301"})
    assert (reply.status_code, reply.json()["name"]) == (201, "agent 8301")
    assert reply.headers["location"] == "/agents/agent%208301"
    assert [agent["name"] for agent in http.get("/agents").json()["agents"]] == ["agent 8301"]
    assert http.get(reply.headers["location"]).json()["state"] == "healthy"
    assert http.delete(reply.headers["location"]).status_code == 204
    assert http.get("/agents").json() == {"agents": []}
    missing = http.get("/agents/agent 8301")
    assert (missing.status_code, "Registered: none" in missing.json()["detail"]) == (404, True)


def test_an_unknown_field_of_a_registration_is_named(mesh: Mesh, http: httpx.Client) -> None:
    reply = http.post("/agents", json={"uri": "http://127.0.0.1:8301"})
    assert reply.status_code == 400
    assert "'uri' is unknown" in reply.json()["detail"]


@pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1/", "http://", "http://[::1", ""])
def test_an_agents_address_must_be_one(mesh: Mesh, http: httpx.Client, url: str) -> None:
    reply = http.post("/agents", json={"url": url})
    assert reply.status_code == 400
    assert "'url'" in reply.json()["detail"]


def test_a_passing_outage_is_waited_out(mesh: Mesh, http: httpx.Client) -> None:
    mesh.book.failures = 2
    assert http.get("/agents").status_code == 200
    assert mesh.book.failures == 0


def test_a_lasting_outage_is_a_problem_with_a_time_to_retry(mesh: Mesh) -> None:
    address = f"http://127.0.0.1:{free_port()}/"

    async def ask() -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            away = OrchestratorClient(
                AgentClient(address, http=client), Upstream("orchestrator", address, client), window_s=0.3
            )
            with pytest.raises(UnavailableError):
                await away.agents()
            with pytest.raises(UnavailableError):
                await away.get("an-1")

    anyio.run(ask)


def test_the_catalogue_lists_the_mesh_and_every_agent() -> None:
    catalog = ai_catalog(OWN_CARD, [AGENT], "http://127.0.0.1:8000/")
    assert catalog["specVersion"] == "1.0"
    own, quality = catalog["entries"]
    assert own["url"] == "http://127.0.0.1:8000/.well-known/agent-card.json"
    assert quality == {
        "identifier": "urn:a2a-mesh:agent:data-quality",
        "displayName": "Data Quality",
        "type": "application/a2a-agent-card+json",
        "mediaType": "application/a2a-agent-card+json",
        "url": "http://127.0.0.1:8202/.well-known/agent-card.json",
        "description": "Checks data.",
        "version": "2.0.0",
        "tags": ["x", "y", "z"],
        "capabilities": ["a", "b"],
        "representativeQueries": ["a1", "b1", "a2"],
    }


def test_the_catalogue_leaves_out_who_has_no_card() -> None:
    nowhere = AgentView(name="nowhere")
    assert len(ai_catalog(OWN_CARD, [nowhere], "http://x/")["entries"]) == 1


def test_the_catalogue_is_served_to_any_origin(mesh: Mesh, http: httpx.Client) -> None:
    reply = http.get("/.well-known/ai-catalog.json")
    assert reply.headers["content-type"] == "application/ai-catalog+json"
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.json()["entries"][0]["url"] == f"{mesh.gateway.url}.well-known/agent-card.json"


def test_analyses_are_listed_in_pages(mesh: Mesh, http: httpx.Client) -> None:
    asked = [
        http.post("/analyze", json={"query": f"q{n}", "session_id": f"se-{n % 2}"}).json()["id"]
        for n in range(5)
    ]
    first = http.get("/analyses?limit=3").json()
    second = http.get("/analyses", params={"limit": 3, "cursor": first["next_cursor"]}).json()
    assert [item["id"] for item in first["items"] + second["items"]] == asked[::-1]
    assert second["next_cursor"] is None
    of_one = http.get("/analyses?session_id=se-1").json()["items"]
    assert [item["id"] for item in of_one] == [asked[3], asked[1]]


def test_the_same_order_twice_is_taken_once_however_it_ended(mesh: Mesh) -> None:
    mesh.book.scripts["fails"] = {"fail": {"reason": "unavailable", "message": "No agent."}}
    order = AnalyzeOrder(analysis_id="an-twice", query="fails", session_id="se")
    address = mesh.orchestrator.url

    async def start() -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            orchestrator = OrchestratorClient(
                AgentClient(address, http=client), Upstream("orchestrator", address, client), window_s=0
            )
            for _ in range(3):
                await orchestrator.start(order)
                while (await orchestrator.get("an-twice")).status == "running":
                    await anyio.lowlevel.checkpoint()

    anyio.run(start)
    assert mesh.book.starts == ["an-twice"]
