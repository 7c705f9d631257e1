"""How a service is, judged from one probe after the other. Pure."""

from collections import deque
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from .models import Point, Probe, ServiceView, State, Target

PROBE_EVERY_S = 2.0
HISTORY_POINTS = int(15 * 60 / PROBE_EVERY_S)
EWMA_ALPHA = 0.3
DOWN_AFTER_FAILURES = 3
START_GRACE = timedelta(seconds=30)
CLOCK_SLACK = timedelta(seconds=0.5)
RESTART_SLACK = timedelta(seconds=5)


class Condition:
    """The condition of one target. Latency is an EWMA with alpha 0.3 over the probes that were answered."""

    def __init__(self, target: Target, first_seen: datetime) -> None:
        self.target = target
        self.state: State = "unknown"
        self.detail = ""
        self.died_at: datetime | None = None
        self._first_seen = first_seen
        self._last_ok: datetime | None = None
        self._last_change: datetime | None = None
        self._failures = 0
        self._ewma_s: float | None = None
        self._last: Probe | None = None
        self._history: deque[Point] = deque(maxlen=HISTORY_POINTS)

    def observe(self, probe: Probe, now: datetime) -> None:
        """Take in one probe. `died_at` is set for this probe when it shows that the service died since the last one.

        Nobody listening is down at once; silence is degraded, and down at the third time in a row. A service that has never
        answered is unknown for 30 s: it may be starting. One that answers from a new process
        has died in between, even if no probe ever failed; another process that is not new is another replica.
        """
        self._failures = 0 if probe.answered else self._failures + 1
        restarted = self._restarted(probe, now)
        state, was_down = self._judge(probe, now), self.state == "down"
        self.died_at = None
        if (state == "down" and not was_down) or (restarted and not was_down):
            self.died_at = self._last_ok or self._first_seen
        if state != self.state or restarted:
            self._last_change = now
        self.state, self.detail = state, probe.detail
        if probe.answered:
            self._last_ok = now
            self._last = probe
            blended = probe.seconds if self._ewma_s is None else self._ewma_s
            self._ewma_s = EWMA_ALPHA * probe.seconds + (1 - EWMA_ALPHA) * blended
        ms = round(probe.seconds * 1000, 3) if probe.answered else None
        self._history.append(Point(at=now, state=state, ms=ms))

    def view(self, *, points: int) -> ServiceView:
        """The condition as it is told, with the newest `points` probes."""
        last = self._last
        answered = self.state in ("up", "degraded") and last is not None
        return ServiceView(
            name=self.target.name,
            title=self.target.title,
            kind=self.target.kind,
            url=self.target.url,
            card_url=self.target.card_url,
            port=urlsplit(self.target.url).port,
            version=(last.version if last else "") or self.target.version,
            state=self.state,
            detail=self.detail,
            latency_ms=self._history[-1].ms if self._history else None,
            latency_ewma_ms=None if self._ewma_s is None else round(self._ewma_s * 1000, 3),
            uptime_s=last.uptime_s if last is not None and answered else None,
            last_change=self._last_change,
            last_seen=self._last_ok,
            consecutive_failures=self._failures,
            history=list(self._history)[-points:] if points else [],
        )

    def _judge(self, probe: Probe, now: datetime) -> State:
        if probe.answered:
            return "up" if probe.ready else "degraded"
        if self._last_ok is None and now - self._first_seen < START_GRACE:
            return "unknown"
        if probe.refused or self._last_ok is None or self._failures >= DOWN_AFTER_FAILURES:
            return "down"
        return "down" if self.state == "down" else "degraded"

    def _restarted(self, probe: Probe, now: datetime) -> bool:
        if self._last_ok is None or not probe.answered or probe.uptime_s is None:
            return False
        began = now - timedelta(seconds=probe.seconds + probe.uptime_s)
        last_pid = self._last.pid if self._last is not None else None
        if probe.pid is not None and last_pid is not None:
            return probe.pid != last_pid and began > self._last_ok - RESTART_SLACK
        return began > self._last_ok + CLOCK_SLACK
