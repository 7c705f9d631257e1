"""A gateway on a real port, over doubles of the services behind it."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from mesh.catalogue import ServiceSpec
from mesh.server.app import build_app
from mesh.settings import MeshSettings, load_settings
from tests.gateway.book import BOOKS, Book
from tests.gateway.servers import Served, free_port
from tests.gateway.storage_double import StorageDouble

REPOSITORY = Path(__file__).resolve().parents[2]
CONNECTIONS = """
[shop]
url = "postgresql://reader:${NOT_SET_AT_THE_GATEWAY}@127.0.0.1:1/shop"

[lake]
url = "s3://sales"
"""


@dataclass
class Mesh:
    """The running gateway and what is behind it."""

    settings: MeshSettings
    gateway: Served
    orchestrator: Served
    storage: StorageDouble
    storage_server: Served
    book: Book
    data: Path

    def restart_orchestrator(self) -> None:
        """Cuts its connections and serves the same book on the same port again."""
        self.orchestrator.stop()
        self.orchestrator = serve(
            self.settings, "orchestrator", "tests.gateway.orchestrator_double", self.orchestrator.port
        )
        self.orchestrator.__enter__()

    def restart_storage(self) -> None:
        """Serves the same objects on the same port again."""
        self.storage_server.stop()
        self.storage_server = Served(self.storage.app, self.storage_server.port)
        self.storage_server.__enter__()

    def restart_gateway(self) -> None:
        """Stops it amid its work and starts it again on the same port."""
        self.gateway.stop()
        self.gateway = serve(self.settings, "gateway", "gateway.executor", self.gateway.port)
        self.gateway.__enter__()


def serve(settings: MeshSettings, name: str, module: str, port: int) -> Served:
    """The service on the real kernel, not yet started."""
    spec = ServiceSpec(name, settings.cards_dir / f"{name}.json", module, port, REPOSITORY)
    return Served(build_app(spec, settings), port)


def write_card(folder: Path, name: str, port: int, skills: list[str]) -> None:
    """A card with these skills."""
    card: dict[str, Any] = {
        "name": name,
        "description": name,
        "version": "1.0.0",
        "supportedInterfaces": [
            {"url": f"http://127.0.0.1:{port}/", "protocolBinding": "JSONRPC", "protocolVersion": "1.0"}
        ],
        "capabilities": {"streaming": True},
        "defaultInputModes": ["application/json"],
        "defaultOutputModes": ["application/json"],
        "skills": [{"id": skill, "name": skill, "description": skill, "tags": [skill]} for skill in skills],
    }
    (folder / f"{name}.json").write_text(json.dumps(card))


def write_gateway_card(folder: Path, port: int) -> None:
    """The gateway's own card, moved to `port`."""
    text = (REPOSITORY / "agent_cards" / "gateway.json").read_text()
    (folder / "gateway.json").write_text(text.replace(":8000/", f":{port}/"))


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mesh]:
    """A gateway with its services, started once."""
    folder = tmp_path_factory.mktemp("gateway")
    home, cards, data, objects = (folder / name for name in ("home", "cards", "data", "objects"))
    for path in (home, cards, data, objects):
        path.mkdir()
    ports = {name: free_port() for name in ("gateway", "orchestrator", "hub", "storage")}
    write_gateway_card(cards, ports["gateway"])
    registry = ["register_agent", "remove_agent", "list_agents"]
    write_card(
        cards, "orchestrator", ports["orchestrator"], ["analyze", "plan", "cancel_analysis", *registry]
    )
    write_card(cards, "hub", ports["hub"], ["get_lineage"])
    write_card(cards, "storage", ports["storage"], ["stat_object"])
    (home / "connections.toml").write_text(CONNECTIONS)
    settings = load_settings(home=home, cards_dir=cards, data_dirs=[data], max_upload_bytes=8 * 2**20)
    book = BOOKS[settings.home] = Book()
    storage = StorageDouble(objects)
    orchestrator = serve(settings, "orchestrator", "tests.gateway.orchestrator_double", ports["orchestrator"])
    hub = serve(settings, "hub", "tests.gateway.hub_double", ports["hub"])
    gateway = serve(settings, "gateway", "gateway.executor", ports["gateway"])
    with Served(storage.app, ports["storage"]) as storage_server, hub, orchestrator, gateway:
        running = Mesh(settings, gateway, orchestrator, storage, storage_server, book, data)
        yield running
        running.storage_server.stop()
        running.orchestrator.stop()
        running.gateway.stop()


@pytest.fixture
def mesh(started: Mesh) -> Mesh:
    """The running gateway as if it were new: nothing asked yet, one file in the data folder."""
    started.book.clear()
    started.storage.clear()
    shutil.rmtree(started.data)
    started.data.mkdir()
    (started.data / "sales.csv").write_text("region,sales\nNorth,12\nSouth,7\n")
    return started


@pytest.fixture
def http(mesh: Mesh) -> Iterator[httpx.Client]:
    """A client of the gateway."""
    with httpx.Client(base_url=mesh.gateway.url, timeout=30, trust_env=False) as client:
        yield client
