"""Finds what is to be watched: cards in the folder, and agents at the orchestrator."""

import httpx
import structlog
from anyio import to_thread

from mesh.cards import interface_url, read_card
from mesh.catalogue import local_services
from mesh.client import AgentClient
from mesh.errors import BadInputError, MeshError
from mesh.settings import MeshSettings

from .models import Target
from .targets import agent_targets, can_be_probed, service_target

ORCHESTRATOR = "orchestrator"

log = structlog.get_logger(__name__)


class Discovery:
    """Asks both sources each time. When the orchestrator is away, what it said last stays true."""

    def __init__(self, settings: MeshSettings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        self._http = http
        self._known: list[Target] = []
        self._agents: list[Target] = []
        self._unreadable: set[str] = set()

    async def targets(self) -> list[Target]:
        """Services by port, then agents by name."""
        try:
            services = await to_thread.run_sync(self._services)
        except MeshError as error:
            log.warning("cards_unreadable", why=error.message)
            services = self._known
        self._known = services
        return [*services, *await self._registered(services)]

    def _services(self) -> list[Target]:
        """One target per readable card. A card whose code is here runs at its address in this mesh, another where it says."""
        here = {spec.name for spec in local_services(self._settings)}
        found: list[tuple[int, Target]] = []
        for path in sorted(self._settings.cards_dir.glob("*.json")):
            try:
                card = read_card(path)
                url = self._settings.url_of(path.stem) if path.stem in here else interface_url(card)
                if not can_be_probed(url):
                    raise BadInputError(f"{url!r} is not an HTTP address.")
                port = self._settings.port_of(path.stem)
                found.append((port, service_target(path.stem, card, url)))
            except (MeshError, KeyError, ValueError) as error:
                if path.name not in self._unreadable:
                    log.warning("card_unreadable", card=path.name, why=str(error))
                    self._unreadable.add(path.name)
        return [target for _, target in sorted(found, key=lambda item: (item[0], item[1].name))]

    async def _registered(self, services: list[Target]) -> list[Target]:
        if not any(target.name == ORCHESTRATOR for target in services):
            return []
        client = AgentClient(self._settings.url_of(ORCHESTRATOR), http=self._http, settings=self._settings)
        try:
            told = await client.ask("list_agents", {}, timeout_s=1.0)
        except MeshError:
            return self._agents
        views = told.get("agents")
        self._agents = agent_targets(views if isinstance(views, list) else [], services)
        return self._agents
