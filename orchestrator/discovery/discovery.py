"""Keeps the registry true: card files, agents that people add, agents that register themselves, and probes."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import httpx
import structlog

from mesh.cards import interface_url, read_card
from mesh.catalogue import local_services
from mesh.client import fetch_card
from mesh.errors import BadInputError, ConflictError, MeshError
from mesh.results import Model
from mesh.settings import MeshSettings
from orchestrator.planning.skills import SkillView, skills_of
from orchestrator.store import Store, StoredAgent

from .registry import AgentRecord, Registry, Source

_log = structlog.get_logger(__name__)
_SCAN_S = 1.0
_PROBE_S = 3.0
_SWEEP_S = 10.0
_PROBE_TIMEOUT_S = 2.0


class InstanceView(Model):
    """An instance as others see it. `last_seen_s` is seconds ago."""

    instance: str
    url: str
    state: str
    last_seen_s: float | None
    latency_ms: float | None


class AgentView(Model):
    """An agent as others see it."""

    name: str
    version: str
    description: str
    state: str
    source: str
    builtin: bool
    card_url: str
    skills: list[dict[str, Any]]
    instances: list[InstanceView]


class Discovery:
    """The registry and what feeds it."""

    def __init__(self, settings: MeshSettings, store: Store, http: httpx.AsyncClient) -> None:
        self.registry = Registry()
        self._passed: list[Callable[[str], None]] = []
        self._settings = settings
        self._store = store
        self._http = http
        self._files: dict[Path, tuple[float, str]] = {}
        self._removed: set[tuple[str, str]] = set()
        self._own_cards = {spec.card_path: spec for spec in local_services(settings)}

    def on_passed(self, tell: Callable[[str], None]) -> None:
        """Has `tell` called with the address of every instance that passes a probe."""
        self._passed.append(tell)

    async def open(self) -> None:
        """Loads stored agents and the card files, so that planning can begin at once."""
        for stored in await self._store.stored_agents():
            if stored.removed:
                self._removed.add((stored.name, stored.url))
            else:
                source: Source = "self" if stored.source == "self" else "api"
                self.registry.add(stored.card, stored.url, source=source, now=time.monotonic())
        await self._scan()

    async def keep(self) -> None:
        """Scans, probes and sweeps until cancelled."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._every, _SCAN_S, self._scan)
            tasks.start_soon(self._every, _PROBE_S, self._probe_all)
            tasks.start_soon(self._every, _SWEEP_S, self._sweep)

    async def add(self, url: str, instance: str = "", *, trusted: bool = False) -> AgentView:
        """Registers the agent at `url` by the card it serves; with `instance` it holds a lease of 30 s.

        Only a `trusted` caller, one with the mesh's token, can add instances of a built-in agent.

        An agent that was removed cannot bring itself back: without `instance`, somebody else adds it again.

        Raises: UnavailableError when no card can be read there; BadInputError when it is not a card or its name is taken;
        ConflictError when the agent at `url` was removed.
        """
        if instance and url in {removed_url for _, removed_url in self._removed}:
            raise ConflictError(
                f"The agent at {url} was removed; add it again by its address to have it back."
            )
        record = self._known_at(url)
        if record is not None and instance and record.instances[url].instance == instance:
            return self._renew(record, url, instance)
        card = await fetch_card(self._http, url)
        source: Source = "self" if instance else "api"
        address = interface_url(card)
        self._removed.discard((str(card["name"]), address))
        known = str(card["name"]) in {item.name for item in self.registry.agents()}
        record = self.registry.add(
            card, address, source=source, now=time.monotonic(), instance=instance, trusted=trusted
        )
        if source == "api":
            await self._store.save_agent(StoredAgent(record.name, address, source, removed=False, card=card))
        if not known:
            _log.info("agent_added", agent=record.name, url=address, source=source)
        await self._probe(record, address)
        return self.view(record)

    async def remove(self, name: str) -> AgentView:
        """Takes an agent out of the mesh; it stays out until it is added again or its card file changes.

        Raises: NotFoundError.
        """
        record = self.registry.remove(name)
        await self._store.forget_agent(name)
        for url in record.instances:
            self._removed.add((name, url))
            await self._store.save_agent(
                StoredAgent(name, url, record.source, removed=True, card=record.card)
            )
        _log.info("agent_removed", agent=name)
        return self.view(record)

    def skills(self) -> list[SkillView]:
        """Every skill of every agent that can be planned with. One that has been away for long is marked not available."""
        found: list[SkillView] = []
        for record in self.registry.agents():
            away = record.away(time.monotonic())
            found.extend(skill.model_copy(update={"available": not away}) for skill in skills_of(record.card))
        return found

    def skill(self, agent: str, skill_id: str) -> SkillView | None:
        """One skill of one agent, or None when there is none such."""
        return next((skill for skill in self.skills() if skill.key == (agent, skill_id)), None)

    def views(self) -> list[AgentView]:
        """Every agent, by name."""
        return [self.view(record) for record in self.registry.agents()]

    def view(self, record: AgentRecord) -> AgentView:
        """One agent as others see it."""
        now = time.monotonic()
        instances = [
            InstanceView(
                instance=item.instance,
                url=item.url,
                state=item.state,
                last_seen_s=None if item.last_seen is None else round(now - item.last_seen, 1),
                latency_ms=None if item.latency_ms is None else round(item.latency_ms, 2),
            )
            for item in record.instances.values()
        ]
        flows = {skill.skill_id: skill for skill in skills_of(record.card)}
        skills = [
            {
                **{
                    key: item.get(key)
                    for key in ("id", "name", "description", "tags", "examples")
                    if item.get(key)
                },
                "stage": flows[item["id"]].stage,
                "plannable": flows[item["id"]].plannable,
                "consumes": [flow.type for flow in flows[item["id"]].consumes],
                "produces": [flow.type for flow in flows[item["id"]].produces],
            }
            for item in record.card.get("skills", [])
        ]
        return AgentView(
            name=record.name,
            version=record.version,
            description=str(record.card.get("description", "")),
            state=record.state,
            source=record.source,
            builtin=record.builtin,
            card_url=interface_url(record.card).rstrip("/") + "/.well-known/agent-card.json",
            skills=skills,
            instances=instances,
        )

    def _known_at(self, url: str) -> AgentRecord | None:
        return next((record for record in self.registry.agents() if url in record.instances), None)

    def _renew(self, record: AgentRecord, url: str, instance: str) -> AgentView:
        self.registry.add(record.card, url, source=record.source, now=time.monotonic(), instance=instance)
        return self.view(record)

    async def _scan(self) -> None:
        """Takes in new, changed and deleted card files."""
        present = {path: path.stat().st_mtime for path in self._settings.cards_dir.glob("*.json")}
        for path, mtime in present.items():
            if self._files.get(path, (0.0, ""))[0] == mtime:
                continue
            changed = path in self._files
            try:
                self._files[path] = (mtime, await self._add_file(path, changed=changed))
            except MeshError as error:
                self._files[path] = (mtime, "")
                _log.warning("card_refused", path=str(path), why=error.message)
        for path in [path for path in self._files if path not in present]:
            name = self._files.pop(path)[1]
            if name in {record.name for record in self.registry.agents()}:
                self.registry.remove(name)
                _log.info("agent_removed", agent=name, why="its card file is gone")

    async def _add_file(self, path: Path, *, changed: bool) -> str:
        spec = self._own_cards.get(path)
        card = spec.served_card(self._settings.url_of(spec.name)) if spec is not None else read_card(path)
        url, name = interface_url(card), str(card["name"])
        if changed and (name, url) in self._removed:
            self._removed.discard((name, url))
            await self._store.forget_agent(name)
        if (name, url) not in self._removed:
            ours = spec is not None
            self.registry.add(card, url, source="file", now=time.monotonic(), builtin=ours, trusted=ours)
            _log.debug("card_read", agent=name, path=str(path))
        return name

    async def _probe_all(self) -> None:
        async with anyio.create_task_group() as tasks:
            for record in self.registry.agents():
                for url in list(record.instances):
                    tasks.start_soon(self._probe, record, url)

    async def _probe(self, record: AgentRecord, url: str) -> None:
        latency_ms = await self._latency(url)
        if latency_ms is not None:
            for tell in self._passed:
                tell(url)
        changed = self.registry.probed(record.name, url, latency_ms=latency_ms, now=time.monotonic())
        if changed in ("offline", "suspect"):
            _log.info("agent_state", agent=record.name, url=url, state=changed)

    async def _latency(self, url: str) -> float | None:
        """Round trip of a probe in milliseconds: `/health/ready`, or the card of an agent that has no health route."""
        for path in ("health/ready", ".well-known/agent-card.json"):
            begun = time.perf_counter()
            try:
                response = await self._http.get(f"{url.rstrip('/')}/{path}", timeout=_PROBE_TIMEOUT_S)
            except httpx.HTTPError:
                return None
            if response.status_code in (200, 304):
                return (time.perf_counter() - begun) * 1000
            if response.status_code == 503:
                return None
        return None

    async def _sweep(self) -> None:
        for name, url in self.registry.sweep(time.monotonic()):
            _log.info("lease_expired", agent=name, url=url)

    async def _every(self, seconds: float, action: Any) -> None:
        while True:
            try:
                await action()
            except (OSError, MeshError, BadInputError) as error:
                _log.warning("discovery_failed", action=action.__name__, why=str(error))
            await anyio.sleep(seconds)
