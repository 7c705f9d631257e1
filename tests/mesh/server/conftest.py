"""The conformance agent, served for real; one per test module."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from mesh.auth import mesh_token
from mesh.settings import MeshSettings, load_settings
from tests.mesh.server.serving import CONFORMANCE, connected, serving

BODY_LIMIT = 20_000


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> MeshSettings:
    """A mesh of its own without an orchestrator, in which webhooks on this machine are allowed."""
    home: Path = tmp_path_factory.mktemp("home")
    cards = tmp_path_factory.mktemp("cards")
    return load_settings(
        home=home, cards_dir=cards, push_allow_hosts="127.0.0.1", max_body_bytes=BODY_LIMIT, token="t0ken"
    )


@pytest.fixture(scope="module")
def as_mesh(settings: MeshSettings) -> dict[str, str]:
    """The headers of a caller that is the mesh itself."""
    return {"Authorization": f"Bearer {mesh_token(settings)}"}


@pytest.fixture(scope="module")
async def url(settings: MeshSettings) -> AsyncIterator[str]:
    """Address of the conformance agent."""
    async with serving(CONFORMANCE, settings) as address:
        yield address


@pytest.fixture(scope="module")
async def http(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A plain client of the conformance agent, with nobody's credentials."""
    async with connected(url) as client:
        yield client
