"""The watch over a small real mesh: services on real ports that die and come back."""

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

from mesh.client import AgentClient
from mesh.settings import MeshSettings, load_settings
from monitor.watch.alertmanager import AlertManager
from monitor.watch.discovery import Discovery
from monitor.watch.routes import WatchRoutes
from monitor.watch.service import WatchService
from tests.datahub.databases import REPOSITORY
from tests.datahub.serving import free_offset, serving

pytestmark = pytest.mark.anyio

SERVICES = ("session", "alerts", "watch")


@pytest.fixture
def mesh_settings(tmp_path: Path) -> MeshSettings:
    cards = tmp_path / "cards"
    cards.mkdir()
    for name in SERVICES:
        shutil.copy(REPOSITORY / "agent_cards" / f"{name}.json", cards)
    offset = free_offset(8501, 8900, 8901)
    return load_settings(home=tmp_path / "home", cards_dir=cards, port_offset=offset)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


async def eventually(http: httpx.AsyncClient, url: str, holds: Callable[[Any], bool]) -> Any:
    """The first JSON at `url` for which the condition holds; asks again as soon as the last answer has come."""
    with anyio.fail_after(60):
        while True:
            told = (await http.get(url)).json()
            if holds(told):
                return told
            await anyio.lowlevel.checkpoint()


def all_up(told: dict[str, Any]) -> bool:
    return {service["state"] for service in told["services"]} == {"up"}


async def test_a_death_raises_an_alert_that_is_resolved_when_the_service_is_back(
    mesh_settings: MeshSettings, http: httpx.AsyncClient
) -> None:
    alerts_api = mesh_settings.url_of("alerts") + "api/v2/alerts"
    watch_url = mesh_settings.url_of("watch")
    async with serving("alerts", mesh_settings), serving("watch", mesh_settings):
        async with serving("session", mesh_settings):
            told = await eventually(http, watch_url + "api/services", all_up)
            assert [item["name"] for item in told["services"]] == ["session", "watch", "alerts"]
            session = told["services"][0]
            assert session["port"] == mesh_settings.port_of("session")
            assert session["latency_ewma_ms"] > 0
            assert (await http.get(alerts_api)).json() == []
        [alert] = await eventually(http, alerts_api, bool)
        assert alert["labels"] == {"alertname": "ServiceDown", "service": "session", "severity": "critical"}
        assert (await http.get(watch_url + "api/services/session")).json()["state"] == "down"
        assert (await http.get(watch_url + "api/alerts")).json()[0]["labels"] == alert["labels"]
        async with serving("session", mesh_settings):
            assert await eventually(http, alerts_api, lambda told: not told) == []
            agent = AgentClient(watch_url, http=http, settings=mesh_settings)
            assert all_up(await agent.ask("list_services", {}))
            history = (await http.get(mesh_settings.url_of("alerts") + "api/history")).json()
            assert [change["after"] for change in history] == ["resolved", "active"]


async def test_one_exposition_holds_the_metrics_of_every_service(
    mesh_settings: MeshSettings, http: httpx.AsyncClient
) -> None:
    watch = WatchService(
        "watch",
        http,
        Discovery(mesh_settings, http),
        AlertManager(http, mesh_settings.url_of("alerts"), mesh_settings.url_of("watch")),
    )
    app = Starlette(routes=WatchRoutes(lambda: watch).routes())
    asgi = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://watch")
    async with serving("session", mesh_settings), asgi:
        await watch.discover()
        await watch.look()
        response = await asgi.get("/metrics")
        assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        families = {family.name: family for family in text_string_to_metric_families(response.text)}
        up = {item.labels["service"]: item.value for item in families["mesh_service_up"].samples}
        assert up == {"session": 1, "alerts": 0, "watch": 0}
        counted = {
            item.labels["service"]: item.value
            for item in families["mesh_service_probe_seconds"].samples
            if item.name.endswith("_count")
        }
        assert counted == {"session": 1}
        assert {item.labels["service"] for item in families["mesh_started_time_seconds"].samples} == {
            "session",
            "watch",
        }
        page = await asgi.get("/")
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert (await asgi.get("/api/services/session")).json()["history"][0]["state"] == "up"


async def test_a_card_dropped_in_is_watched_and_one_taken_away_forgotten(
    mesh_settings: MeshSettings, http: httpx.AsyncClient
) -> None:
    watch = WatchService(
        "watch", http, Discovery(mesh_settings, http), AlertManager(http, "http://127.0.0.1:1/", "")
    )
    await watch.discover()
    (mesh_settings.cards_dir / "session.json").unlink()
    (mesh_settings.cards_dir / "broken.json").write_text("{")
    foreign = (mesh_settings.cards_dir / "watch.json").read_text().replace("127.0.0.1:8900", "127.0.0.1:9")
    (mesh_settings.cards_dir / "foreign.json").write_text(foreign)
    await watch.discover()
    await watch.look()
    await watch.tell()
    services = watch.overview().services
    assert {service.name: service.port for service in services} == {
        "foreign": 9,
        "watch": mesh_settings.port_of("watch"),
        "alerts": mesh_settings.port_of("alerts"),
    }
    assert {service.state for service in services} == {"unknown"}
