"""A circuit breaker per (agent, skill): after failures in a row it lets nothing through but one probe at a time.

Source: Linkerd's circuit breaking by consecutive failures.
"""

import random
from dataclasses import dataclass

_FAILURES_TO_OPEN = 7
_FIRST_PENALTY_S = 1.0
_MAX_PENALTY_S = 60.0


@dataclass
class _Circuit:
    failures: int = 0
    trips: int = 0
    open_until: float = 0.0
    probing: bool = False


class Breaker:
    """Circuits by key. Every method takes the time in seconds."""

    def __init__(self, rng: random.Random | None = None) -> None:
        self._circuits: dict[tuple[str, str], _Circuit] = {}
        self._rng = rng or random.Random()  # noqa: S311 - jitter, not a secret

    def wait_s(self, key: tuple[str, str], now: float) -> float:
        """How long until a call may go through: 0 when closed, or when this call is the half-open probe."""
        circuit = self._circuits.get(key)
        if circuit is None or circuit.open_until == 0.0:
            return 0.0
        if now < circuit.open_until:
            return circuit.open_until - now
        if circuit.probing:
            return _FIRST_PENALTY_S
        circuit.probing = True
        return 0.0

    def ended(self, key: tuple[str, str], *, ok: bool, now: float) -> None:
        """A call through the circuit has ended."""
        circuit = self._circuits.setdefault(key, _Circuit())
        circuit.probing = False
        if ok:
            self._circuits[key] = _Circuit()
            return
        circuit.failures += 1
        if circuit.failures >= _FAILURES_TO_OPEN:
            penalty = min(_MAX_PENALTY_S, _FIRST_PENALTY_S * 2**circuit.trips)
            circuit.trips += 1
            circuit.open_until = now + penalty * self._rng.uniform(0.5, 1.0)
