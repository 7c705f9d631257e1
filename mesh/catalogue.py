"""The services this installation can run: a card and, beside it or under a folder of the same name, its code."""

import hashlib
import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .cards import card_port, read_card, readdressed
from .errors import BadInputError, NotFoundError
from .settings import REPOSITORY_ROOT, MeshSettings

if TYPE_CHECKING:
    from .agent import Agent

AGENTS_PACKAGE = "mesh_agents"
ENTRY_MODULE = "executor"


@dataclass(frozen=True)
class ServiceSpec:
    """One service that can be run here: its name, its card, the module with its agent class, and its port."""

    name: str
    card_path: Path
    module: str
    port: int
    folder: Path

    def card(self) -> dict[str, Any]:
        """The card as written in the file."""
        return read_card(self.card_path)

    def served_card(self, base_url: str) -> dict[str, Any]:
        """The card as served under `base_url`.

        Its version carries a digest of the code as build metadata (`1.0.0+3f2a9c1b`), so that a result cached from older code
        is not taken for one of this code.
        """
        card = readdressed(self.card(), base_url)
        return {**card, "version": f"{card.get('version', '0')}+{self._code_digest()}"}

    def _code_digest(self) -> str:
        digest = hashlib.sha256()
        for path in sorted(self.folder.rglob("*.py")):
            digest.update(path.relative_to(self.folder).as_posix().encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()[:8]


def local_services(settings: MeshSettings) -> list[ServiceSpec]:
    """Every card in the cards folder that has code in this installation, by port."""
    found = []
    for card_path in sorted(settings.cards_dir.glob("*.json")):
        located = _locate(card_path.stem)
        if located:
            module, folder = located
            port = card_port(card_path) + settings.port_offset
            found.append(ServiceSpec(card_path.stem, card_path, module, port, folder))
    return sorted(found, key=lambda spec: spec.port)


def find_service(settings: MeshSettings, name: str) -> ServiceSpec:
    """The service called `name`, or the one in the folder `name` that holds card.json and executor.py.

    Raises: NotFoundError naming what can be served.
    """
    folder = Path(name).expanduser().resolve()
    if (folder / "card.json").is_file():
        return _folder_service(folder)
    services = local_services(settings)
    for spec in services:
        if spec.name == name:
            return spec
    known = ", ".join(spec.name for spec in services)
    raise NotFoundError(
        f"There is no service {name!r}. Known: {known}; or give a folder with card.json and executor.py."
    )


def agent_class(spec: ServiceSpec) -> "type[Agent]":
    """The one `Agent` subclass in the service's executor module.

    Raises: BadInputError when the module defines none or several.
    """
    from .agent import Agent

    mount_agents()
    module = importlib.import_module(spec.module)
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Agent) and value.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise BadInputError(
            f"{spec.folder}/{ENTRY_MODULE}.py must define exactly one Agent class; it has {len(classes)}."
        )
    return classes[0]


def mount_agents() -> Path:
    """Makes the agent folders importable as `mesh_agents.<name>`; returns the folder that holds them.

    The plain name `agents` also belongs to another distribution, so the mesh never imports it. In a checkout the folder is
    `agents/` beside `agent_cards/`; installed, it is the package `mesh_agents` itself.
    """
    if AGENTS_PACKAGE not in sys.modules:
        if (REPOSITORY_ROOT / "agent_cards").is_dir():
            package = ModuleType(AGENTS_PACKAGE)
            package.__path__ = [str(REPOSITORY_ROOT / "agents")]
            sys.modules[AGENTS_PACKAGE] = package
        else:
            importlib.import_module(AGENTS_PACKAGE)
    return Path(next(iter(sys.modules[AGENTS_PACKAGE].__path__)))


def mount_folder(folder: Path) -> None:
    """Makes the code of one agent folder importable under its own name, which `_folder_service` derived."""
    mount_agents()
    package = f"{AGENTS_PACKAGE}.{folder.name}"
    if package not in sys.modules:
        module = ModuleType(package)
        module.__path__ = [str(folder)]
        sys.modules[package] = module


def _folder_service(folder: Path) -> ServiceSpec:
    mount_folder(folder)
    card_path = folder / "card.json"
    module = f"{AGENTS_PACKAGE}.{folder.name}.{ENTRY_MODULE}"
    return ServiceSpec(folder.name, card_path, module, card_port(card_path), folder)


def _locate(name: str) -> tuple[str, Path] | None:
    agents = mount_agents()
    if (agents / name / f"{ENTRY_MODULE}.py").is_file():
        return f"{AGENTS_PACKAGE}.{name}.{ENTRY_MODULE}", agents / name
    for parent in ("", "datahub.", "monitor."):
        folder = REPOSITORY_ROOT / parent.rstrip(".") / name
        if (folder / f"{ENTRY_MODULE}.py").is_file():
            return f"{parent}{name}.{ENTRY_MODULE}", folder
    return None
