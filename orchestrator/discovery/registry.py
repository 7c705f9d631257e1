"""Which agents there are: a pure state machine over cards, instances and their leases.

An instance is (agent, version, address). It is `unknown` until it has been heard of, `healthy` while its lease or its probes
hold, `suspect` after a miss, `offline` after three or when its lease has run out.
Source: the lease model of Kubernetes node heartbeats.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from mesh.errors import BadInputError, NotFoundError

State = Literal["unknown", "healthy", "suspect", "offline"]
Source = Literal["file", "api", "self"]

LEASE_TTL_S = 30.0
MISSES_TO_OFFLINE = 3


@dataclass
class Instance:
    """One running copy of an agent. Times are seconds on a monotonic clock.

    A `trusted` one was vouched for by the mesh itself, by its card file or its token.
    """

    url: str
    instance: str
    version: str
    leased: bool
    trusted: bool = False
    state: State = "unknown"
    added_at: float = 0.0
    last_seen: float | None = None
    lease_until: float | None = None
    latency_ms: float | None = None
    misses: int = 0


@dataclass
class AgentRecord:
    """An agent: its card and its instances by address."""

    name: str
    card: dict[str, Any]
    source: Source
    builtin: bool = False
    instances: dict[str, Instance] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """The best state of any instance."""
        states = {instance.state for instance in self.instances.values()}
        order: tuple[State, ...] = ("healthy", "unknown", "suspect", "offline")
        return next((state for state in order if state in states), "offline")

    def away(self, now: float) -> bool:
        """Whether every instance is offline and none has been heard of within the time of a lease."""
        return self.state == "offline" and all(
            now - (item.added_at if item.last_seen is None else item.last_seen) > LEASE_TTL_S
            for item in self.instances.values()
        )

    @property
    def version(self) -> str:
        """The version in the card."""
        return str(self.card.get("version", ""))


class Registry:
    """All agents by name. Every method takes the time, so that nothing here reads a clock."""

    def __init__(self) -> None:
        self._agents: dict[str, AgentRecord] = {}

    def agents(self) -> list[AgentRecord]:
        """Every agent, by name."""
        return [self._agents[name] for name in sorted(self._agents)]

    def get(self, name: str) -> AgentRecord:
        """One agent. Raises: NotFoundError naming the known ones."""
        if name not in self._agents:
            known = ", ".join(sorted(self._agents)) or "none"
            raise NotFoundError(f"There is no agent called {name!r}. Known: {known}.")
        return self._agents[name]

    def add(
        self,
        card: dict[str, Any],
        url: str,
        *,
        source: Source,
        now: float,
        instance: str = "",
        builtin: bool = False,
        trusted: bool = False,
    ) -> AgentRecord:
        """Adds an agent, or an instance of a known one; `instance` marks one that holds a lease.

        A newer card of the same name replaces the older one. The first to register a name keeps it: a card with another
        provider under the same name is refused, and so is a further instance of a built-in agent that is not `trusted`.

        Raises: BadInputError when the name belongs to a different agent.
        """
        name = str(card["name"])
        record = self._agents.get(name)
        if record is None:
            record = self._agents[name] = AgentRecord(name, card, source, builtin)
        elif url not in record.instances and (
            _provider(record.card) != _provider(card) or (record.builtin and not trusted)
        ):
            raise BadInputError(
                f"The name {name!r} belongs to another agent at {next(iter(record.instances), 'an address')}; "
                "rename yours in its card, or remove the other first."
            )
        else:
            record.card = card
        held = record.instances.get(url)
        leased = bool(instance)
        if held is None or (leased and held.instance != instance):
            version = str(card.get("version", ""))
            held = record.instances[url] = Instance(
                url,
                instance or url,
                version,
                leased,
                trusted=trusted or bool(held and held.trusted),
                added_at=now,
            )
        if leased:
            held.leased = True
            held.lease_until = now + LEASE_TTL_S
            self._heard(held, now)
        return record

    def remove(self, name: str) -> AgentRecord:
        """Takes an agent out. Raises: NotFoundError."""
        record = self.get(name)
        del self._agents[name]
        return record

    def probed(self, name: str, url: str, *, latency_ms: float | None, now: float) -> State | None:
        """Takes in a probe: its latency, or None when it failed. Returns the new state when it changed."""
        instance = self._instance(name, url)
        if instance is None:
            return None
        before = instance.state
        if latency_ms is not None:
            self._heard(instance, now)
            smoothed = instance.latency_ms
            instance.latency_ms = latency_ms if smoothed is None else 0.3 * latency_ms + 0.7 * smoothed
        else:
            instance.misses += 1
            instance.state = "offline" if instance.misses >= MISSES_TO_OFFLINE else "suspect"
        return instance.state if instance.state != before else None

    def sweep(self, now: float) -> list[tuple[str, str]]:
        """Marks instances whose lease ran out `offline`; returns (agent, address) of those. Leaseless ones are left to probes."""
        expired = []
        for record in self._agents.values():
            for instance in record.instances.values():
                run_out = instance.leased and instance.lease_until is not None and instance.lease_until < now
                if run_out and instance.misses and instance.state != "offline":
                    instance.state = "offline"
                    expired.append((record.name, instance.url))
        return expired

    def _instance(self, name: str, url: str) -> Instance | None:
        record = self._agents.get(name)
        return record.instances.get(url) if record else None

    @staticmethod
    def _heard(instance: Instance, now: float) -> None:
        instance.state = "healthy"
        instance.last_seen = now
        instance.misses = 0


def _provider(card: dict[str, Any]) -> str:
    return str(card.get("provider", {}).get("organization", ""))
