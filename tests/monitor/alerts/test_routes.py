"""The Alertmanager v2 API on a real port."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from mesh.client import AgentClient
from mesh.settings import MeshSettings, load_settings
from tests.datahub.serving import free_offset, serving

pytestmark = pytest.mark.anyio

DOWN = {"labels": {"alertname": "ServiceDown", "service": "hub"}, "generatorURL": "http://w/"}


@pytest.fixture
def mesh_settings(tmp_path: Path) -> MeshSettings:
    return load_settings(home=tmp_path, port_offset=free_offset(8901), max_body_bytes=2048)


@pytest.fixture
async def http(mesh_settings: MeshSettings) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        serving("alerts", mesh_settings) as url,
        httpx.AsyncClient(base_url=url, trust_env=False) as client,
    ):
        yield client


def silence(**more: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "matchers": [{"name": "service", "value": "hub", "isRegex": False, "isEqual": True}],
        "startsAt": now.isoformat(),
        "endsAt": (now + timedelta(hours=1)).isoformat(),
        "createdBy": "kim",
        "comment": "",
        **more,
    }


async def test_an_alert_has_the_shape_that_amtool_reads(http: httpx.AsyncClient) -> None:
    assert (await http.post("/api/v2/alerts", json=[DOWN])).status_code == 200
    [alert] = (
        await http.get("/api/v2/alerts", params={"filter": ['service="hub"', 'alertname=~"S.*"']})
    ).json()
    assert set(alert) == {
        "annotations", "endsAt", "fingerprint", "generatorURL", "labels", "receivers", "startsAt", "status", "updatedAt",
    }  # fmt: skip
    assert alert["status"] == {"state": "active", "silencedBy": [], "inhibitedBy": [], "mutedBy": []}
    assert (alert["receivers"], alert["generatorURL"]) == ([{"name": "default"}], "http://w/")
    [group] = (await http.get("/api/v2/alerts/groups")).json()
    assert (group["labels"], group["receiver"], group["alerts"]) == ({}, {"name": "default"}, [alert])
    assert (await http.get("/api/v2/alerts?filter=service%3D%22x%22")).json() == []
    over = {**DOWN, "startsAt": alert["startsAt"], "endsAt": datetime.now(UTC).isoformat()}
    await http.post("/api/v2/alerts", json=[over])
    assert (await http.get("/api/v2/alerts")).json() == []
    assert [item["after"] for item in (await http.get("/api/history")).json()] == ["resolved", "active"]


async def test_a_silence_is_made_seen_and_ended(http: httpx.AsyncClient) -> None:
    await http.post("/api/v2/alerts", json=[DOWN])
    silence_id = (await http.post("/api/v2/silences", json=silence())).json()["silenceID"]
    [listed] = (await http.get("/api/v2/silences", params={"filter": 'service="hub"'})).json()
    assert listed == (await http.get(f"/api/v2/silence/{silence_id}")).json()
    assert (listed["status"], listed["createdBy"], listed["matchers"][0]["isRegex"]) == (
        {"state": "active"},
        "kim",
        False,
    )
    [alert] = (await http.get("/api/v2/alerts?active=false")).json()
    assert (alert["status"]["state"], alert["status"]["silencedBy"]) == ("suppressed", [silence_id])
    assert (await http.get("/api/v2/alerts?silenced=false")).json() == []
    assert (await http.delete(f"/api/v2/silence/{silence_id}")).status_code == 200
    assert (await http.get(f"/api/v2/silence/{silence_id}")).json()["status"] == {"state": "expired"}
    assert len((await http.get("/api/v2/alerts?silenced=false")).json()) == 1


async def test_refusals_are_problem_details(http: httpx.AsyncClient) -> None:
    sent = {"content-type": "application/json"}
    for response, status in [
        (await http.post("/api/v2/alerts", json=[{"labels": {}}]), 400),
        (await http.post("/api/v2/alerts", json={"labels": {}}), 400),
        (await http.post("/api/v2/alerts", content=b"{", headers=sent), 400),
        (await http.post("/api/v2/alerts", content=b"[]", headers={"content-type": "text/plain"}), 415),
        (await http.post("/api/v2/alerts", content=b"[" + b" " * 3000, headers=sent), 413),
        (await http.post("/api/v2/silences", json=silence(matchers=[])), 400),
        (await http.post("/api/v2/silences", json=silence(createdBy="")), 400),
        (await http.post("/api/v2/silences", json=silence(id="unknown")), 404),
        (await http.get("/api/v2/silence/unknown"), 404),
        (await http.delete("/api/v2/silence/unknown"), 404),
        (await http.get("/api/v2/alerts?filter=nonsense"), 400),
        (await http.get("/api/v2/alerts?active=perhaps"), 400),
    ]:
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"


async def test_status_page_and_skill(http: httpx.AsyncClient, mesh_settings: MeshSettings) -> None:
    status = (await http.get("/api/v2/status")).json()
    assert status["cluster"]["status"] == "disabled"
    assert status["versionInfo"]["version"].startswith("1.0.0+")
    assert "receiver: default" in status["config"]["original"]
    assert (await http.get("/api/v2/receivers")).json() == [{"name": "default"}]
    page = await http.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    await http.post("/api/v2/alerts", json=[DOWN])
    agent = AgentClient(mesh_settings.url_of("alerts"), http=http, settings=mesh_settings)
    found = await agent.ask("list_alerts", {"filter": ['service="hub"']})
    assert [alert["labels"]["service"] for alert in found["alerts"]] == ["hub"]
