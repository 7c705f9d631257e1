"""Discovery over real ports: card files come and go, agents register, leave, and stay out."""

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from mesh.errors import BadInputError, ConflictError, UnavailableError
from mesh.settings import MeshSettings, load_settings
from orchestrator.discovery.discovery import Discovery
from orchestrator.store import Store
from tests.datahub.databases import opened
from tests.mesh.server.serving import CONFORMANCE, free_port, serving

pytestmark = pytest.mark.anyio
NAME = "Conformance Agent"


@pytest.fixture
def settings(tmp_path: Path) -> MeshSettings:
    """A mesh without any card."""
    (tmp_path / "cards").mkdir()
    return load_settings(home=tmp_path / "home", cards_dir=tmp_path / "cards", token="t")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with opened("sqlite", tmp_path / "db", "orchestrator") as engine:
        yield Store(engine)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


@pytest.fixture
async def url(settings: MeshSettings) -> AsyncIterator[str]:
    """An agent that is there to be found."""
    async with serving(CONFORMANCE, settings) as address:
        yield f"{address}/"


async def found(settings: MeshSettings, store: Store, http: httpx.AsyncClient) -> Discovery:
    """A discovery as a starting orchestrator has it."""
    discovery = Discovery(settings, store, http)
    await discovery.open()
    return discovery


def names(discovery: Discovery) -> list[str]:
    return [view.name for view in discovery.views()]


async def test_an_added_agent_is_known_healthy_and_remembered(
    settings: MeshSettings, store: Store, http: httpx.AsyncClient, url: str
) -> None:
    view = await (await found(settings, store, http)).add(url)
    assert (view.name, view.state, view.source, view.builtin) == (NAME, "healthy", "api", False)
    assert view.skills[0]["id"] == "conform"
    assert names(await found(settings, store, http)) == [NAME]


async def test_a_removed_agent_cannot_bring_itself_back_but_others_can(
    settings: MeshSettings, store: Store, http: httpx.AsyncClient, url: str
) -> None:
    discovery = await found(settings, store, http)
    await discovery.add(url, "a-1")
    await discovery.remove(NAME)
    for restarted in (discovery, await found(settings, store, http)):
        with pytest.raises(ConflictError, match="was removed"):
            await restarted.add(url, "a-1")
        assert names(restarted) == []
    await discovery.add(url)
    assert (await discovery.add(url, "a-1")).state == "healthy"
    assert names(discovery) == [NAME]


async def test_card_files_are_taken_in_replaced_and_dropped(
    settings: MeshSettings, store: Store, http: httpx.AsyncClient
) -> None:
    path = settings.cards_dir / "one.json"
    shutil.copy(CONFORMANCE / "card.json", path)
    assert names(await found(settings, store, http)) == [NAME]
    (settings.cards_dir / "broken.json").write_text("{")
    discovery = await found(settings, store, http)
    assert names(discovery) == [NAME]
    path.unlink()
    await discovery._scan()
    assert names(discovery) == []


async def test_a_removed_card_file_stays_out_until_it_changes(
    settings: MeshSettings, store: Store, http: httpx.AsyncClient
) -> None:
    path = settings.cards_dir / "one.json"
    shutil.copy(CONFORMANCE / "card.json", path)
    discovery = await found(settings, store, http)
    await discovery.remove(NAME)
    assert names(await found(settings, store, http)) == []
    card = json.loads(path.read_text())
    path.write_text(json.dumps({**card, "version": "2.0.0"}))
    await discovery._scan()
    assert [view.version for view in discovery.views()] == ["2.0.0"]


async def test_an_address_without_a_card_is_unavailable_and_a_stolen_name_refused(
    settings: MeshSettings, store: Store, http: httpx.AsyncClient, url: str
) -> None:
    discovery = await found(settings, store, http)
    with pytest.raises(UnavailableError, match="No Agent Card"):
        await discovery.add(f"http://127.0.0.1:{free_port()}/")
    card = json.loads((CONFORMANCE / "card.json").read_text())
    stolen = {**card, "provider": {"organization": "someone else", "url": "https://example.com"}}
    (settings.cards_dir / "mine.json").write_text(json.dumps(stolen))
    await discovery._scan()
    with pytest.raises(BadInputError, match="belongs to another agent"):
        await discovery.add(url)
