"""The hub on a real port: skills over A2A, mirrors over HTTP, and what outlives a restart."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from mesh.client import AgentClient
from mesh.errors import BadInputError, NotFoundError
from mesh.settings import MeshSettings, load_settings
from tests.datahub.hub.things import dataset, report, source, step
from tests.datahub.serving import free_offset, serving

pytestmark = pytest.mark.anyio


@pytest.fixture
def mesh_settings(tmp_path: Path) -> MeshSettings:
    return load_settings(home=tmp_path, port_offset=free_offset(8500))


@asynccontextmanager
async def running(settings: MeshSettings) -> AsyncIterator[tuple[AgentClient, httpx.AsyncClient]]:
    async with serving("hub", settings) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
        yield AgentClient(settings.url_of("hub"), http=http, settings=settings), http


async def test_a_recorded_step_is_seen_over_a2a_and_http(mesh_settings: MeshSettings) -> None:
    record = step("an-1", "load", [source("a.csv")], [dataset("a"), report("load_report", rows=3)])
    async with running(mesh_settings) as (agent, http):
        body = record.model_dump(mode="json", exclude_none=True)
        assert await agent.ask("record_step", body) == {"recorded": True}
        assert await agent.ask("record_step", body) == {"recorded": False}
        entry = await agent.ask("get_dataset", {"dataset_id": "ds-a"})
        assert entry == (await http.get("/datasets/ds-a")).json()
        assert entry["dataset"]["columns"][0]["name"] == "sales"
        lineage = await agent.ask("get_lineage", {"analysis_id": "an-1"})
        assert len(lineage["edges"]) == 3
        assert lineage == (await http.get("/lineage/an-1")).json()
        assert (await agent.ask("list_datasets", {"name": "A"}))["items"] == [entry]
        assert (await http.get("/datasets?limit=1")).json() == {"items": [entry], "next_cursor": None}


async def test_the_cache_outlives_a_restart(mesh_settings: MeshSettings) -> None:
    value = {"summary": "매출", "numbers": [1, 2.5], "nothing": None}
    async with running(mesh_settings) as (agent, _):
        await agent.ask("cache_put", {"key": "k", "value": value})
        assert await agent.ask("cache_get", {"key": "other"}) == {"hit": False, "value": None}
    async with running(mesh_settings) as (agent, http):
        assert await agent.ask("cache_get", {"key": "k"}) == {"hit": True, "value": value}
        stats = (await http.get("/cache")).json()
        assert (stats["entries"], stats["hits"]) == (1, 1)


async def test_what_cannot_be_answered_says_why(mesh_settings: MeshSettings) -> None:
    async with running(mesh_settings) as (agent, http):
        with pytest.raises(NotFoundError, match="ds-none"):
            await agent.ask("get_dataset", {"dataset_id": "ds-none"})
        with pytest.raises(BadInputError):
            await agent.ask("get_lineage", {})
        for path, status in [
            ("/datasets/none", 404),
            ("/lineage/none", 404),
            ("/datasets?limit=x", 400),
            ("/datasets?cursor=x", 400),
            ("/datasets/a%00b", 400),
        ]:
            response = await http.get(path)
            assert response.status_code == status
            assert response.headers["content-type"] == "application/problem+json"
