"""Which instance of an agent to call, and which to leave alone for a while.

Choice: power of two choices over a score of health, latency and pending calls (agentgateway's load balancer). Ejection:
consecutive failures or a bad failure average put an instance out for a time that grows (Envoy's outlier detection).
"""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass

_ALPHA = 0.3
_CONSECUTIVE_FAILURES = 5
_FAILURE_AVERAGE = 0.5
_MIN_CALLS = 10
_EJECTION_S = 30.0
_MAX_EJECTION_S = 300.0
_HEALTHY_SHARE = 0.5


@dataclass
class _Stats:
    calls: int = 0
    failures_in_a_row: int = 0
    failure_ewma: float = 0.0
    latency_ewma_s: float = 0.0
    pending: int = 0
    ejections: int = 0
    ejected_until: float = 0.0

    def score(self) -> float:
        return (1.0 - self.failure_ewma) / (1.0 + self.latency_ewma_s * (1.0 + 0.1 * self.pending))


class Balancer:
    """Call statistics by address. Every method takes the time in seconds."""

    def __init__(self, rng: random.Random | None = None) -> None:
        self._stats: dict[str, _Stats] = {}
        self._rng = rng or random.Random()  # noqa: S311 - load balancing, not a secret

    def choose(self, urls: Sequence[str], *, now: float, avoid: Collection[str] = ()) -> str:
        """One of `urls` (not empty): of two drawn at random among those not ejected, the better one.

        If fewer than half are left, all are used again (panic). `avoid` is used only when nothing else is left.
        """
        fresh = [url for url in urls if url not in avoid] or list(urls)
        healthy = [url for url in fresh if self._of(url).ejected_until <= now]
        if len(healthy) < _HEALTHY_SHARE * len(fresh) or not healthy:
            healthy = fresh
        pair = self._rng.sample(healthy, 2) if len(healthy) > 1 else healthy
        return max(pair, key=lambda url: self._of(url).score())

    def began(self, url: str) -> None:
        """A call to `url` has begun."""
        self._of(url).pending += 1

    def ended(self, url: str, *, ok: bool, seconds: float, now: float) -> None:
        """A call to `url` has ended."""
        stats = self._of(url)
        stats.pending = max(0, stats.pending - 1)
        stats.calls += 1
        stats.failure_ewma = _ALPHA * (0.0 if ok else 1.0) + (1 - _ALPHA) * stats.failure_ewma
        if ok:
            stats.failures_in_a_row = 0
            stats.latency_ewma_s = _ALPHA * seconds + (1 - _ALPHA) * stats.latency_ewma_s
            return
        stats.failures_in_a_row += 1
        often = stats.calls >= _MIN_CALLS and stats.failure_ewma > _FAILURE_AVERAGE
        if stats.failures_in_a_row >= _CONSECUTIVE_FAILURES or often:
            stats.ejections += 1
            stats.ejected_until = now + min(_MAX_EJECTION_S, _EJECTION_S * stats.ejections)
            stats.failures_in_a_row = 0

    def probe_passed(self, url: str) -> None:
        """A health probe of `url` succeeded: it is no longer ejected."""
        self._of(url).ejected_until = 0.0

    def is_ejected(self, url: str, now: float) -> bool:
        """Whether `url` is left alone at `now`."""
        return self._of(url).ejected_until > now

    def _of(self, url: str) -> _Stats:
        return self._stats.setdefault(url, _Stats())
