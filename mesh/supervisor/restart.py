"""When a service that died is started again, and when it no longer is."""

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True)
class RestartPolicy:
    """At once, then after `base_s`, doubling to `cap_s`; not after `crash_limit` deaths in `window_s`.

    A run of `stable_s` brings the next delay back to nothing.
    Source: Kubernetes' container restarts (1 s base, shorter cap), with the first restart immediate.
    """

    base_s: float = 1.0
    cap_s: float = 60.0
    stable_s: float = 10.0
    crash_limit: int = 5
    window_s: float = 300.0


class RestartHistory:
    """The deaths of one service. Times are seconds of a monotonic clock."""

    def __init__(self, policy: RestartPolicy) -> None:
        self._policy = policy
        self._deaths: deque[float] = deque(maxlen=policy.crash_limit)
        self._in_a_row = 0

    def died(self, now: float, ran_s: float) -> float | None:
        """Record a death after `ran_s`; the delay in seconds before the next start, None in a crash loop."""
        policy = self._policy
        self._deaths.append(now)
        if len(self._deaths) == policy.crash_limit and now - self._deaths[0] <= policy.window_s:
            return None
        self._in_a_row = 1 if ran_s >= policy.stable_s else self._in_a_row + 1
        if self._in_a_row == 1:
            return 0.0
        return min(policy.cap_s, policy.base_s * 2.0 ** (self._in_a_row - 2))
