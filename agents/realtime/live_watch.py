"""A watch without its storage: events go in, closed windows and alerts come out, and all of it can be saved as JSON."""

import statistics
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from mesh.language import Language
from mesh.results import Model
from mesh.streams.event import Event

from .drift import ANOMALY_Z, MIN_WINDOWS, ROBUST_FACTOR, robust_z
from .fields import key_field, number_of, reading_field
from .live_windows import MAX_KEYS, LiveWindows, WindowForm
from .rules import Rule
from .windows import Window

HISTORY = 60
SHOWN_WINDOWS = 240
MAX_AHEAD = timedelta(days=1)


class WatchSpec(Model):
    """What was asked for. Without a `connection` events are pushed; without a `rule` windows unlike those before alert."""

    id: str
    question: str
    language: Language
    created_at: datetime
    connection: str | None = None
    stream_key: str | None = None
    from_start: bool = False
    column: str | None = None
    by: str | None = None
    size_s: float
    slide_s: float
    gap_s: float | None = None
    lateness_s: float = 0.0
    rule: Rule | None = None

    @property
    def form(self) -> WindowForm:
        """How its events are cut."""
        return WindowForm(self.size_s, self.slide_s, self.gap_s, self.lateness_s)


class StreamAlert(Model):
    """One stretch of windows of one key that met the rule, or were unlike those before.

    `level` is that of the last such window. `usual` is the median of up to `HISTORY` windows before the first, `usual_low` and
    `usual_high` lie `ANOMALY_Z` scaled MADs around it; None while there are fewer than `MIN_WINDOWS`.
    """

    number: int
    key: str
    kind: Literal["rule", "anomaly"]
    level: float
    usual: float | None
    usual_low: float | None
    usual_high: float | None
    window_start_s: float
    window_end_s: float
    windows: int
    starts_at: datetime
    ends_at: datetime | None = None


@dataclass
class LiveWatch:
    """The state of one watch. `counted` is how many distinct events it took, late ones included."""

    spec: WatchSpec
    windows: LiveWindows
    column: str | None = None
    by: str | None = None
    settled: bool = False
    windows_total: int = 0
    alerts_total: int = 0
    recent: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=SHOWN_WINDOWS))
    levels: dict[str, list[float]] = field(default_factory=dict)
    firing: dict[str, StreamAlert] = field(default_factory=dict)
    arrived_at: datetime | None = None

    @classmethod
    def new(cls, spec: WatchSpec) -> "LiveWatch":
        """A watch that has seen nothing."""
        return cls(spec, LiveWindows(spec.form), column=spec.column)

    @property
    def counted(self) -> int:
        """How many distinct events were taken in."""
        return self.windows.events

    def take(self, events: Sequence[Event], now: datetime) -> list[StreamAlert]:
        """Takes in events, each one once; the alerts that begin, go on or end with the windows they close."""
        changed: dict[int, StreamAlert] = {}
        for event in events:
            if not self.settled:
                self._settle(event)
            if event.time - now > MAX_AHEAD:
                self.windows.leave_out()
                continue
            value = 1.0 if self.column is None else number_of(event.fields.get(self.column))
            key = "" if self.by is None else str(event.fields.get(self.by, ""))
            for closed_key, window in self.windows.add(event.time.timestamp(), value, key):
                self._close(closed_key, window, now, changed)
        self.arrived_at = now
        return list(changed.values())

    def idle(self, now: datetime) -> list[StreamAlert]:
        """Lets time pass without events: windows of a stream that runs beside the clock close at their end nonetheless.

        A stream whose latest event is further from the clock than a window, such as a replay, waits for its next event.
        """
        return (
            self._advance(now.timestamp() - self.windows.form.lateness_s, now) if self.closes_by(now) else []
        )

    def closes_by(self, now: datetime) -> bool:
        """Whether `idle` would close a window."""
        form, latest = self.windows.form, self.windows.latest
        if self.arrived_at is None or not self.windows.ends_by(now.timestamp() - form.lateness_s):
            return False
        return abs(self.arrived_at.timestamp() - latest) <= (form.gap_s or form.size_s) + form.lateness_s

    def finish(self, now: datetime) -> list[StreamAlert]:
        """The stream has ended: closes every window."""
        return self._advance(float("inf"), now)

    def finish_alerts(self, now: datetime) -> list[StreamAlert]:
        """Nobody watches any more: ends the alerts that fire and leaves the windows."""
        return [alert for key in list(self.firing) if (alert := self._resolved(key, now)) is not None]

    def state(self) -> dict[str, Any]:
        """Everything but the specification, as JSON holds it."""
        return {
            "windows": self.windows.state(),
            "fields": [self.column, self.by, self.settled],
            "totals": [self.windows_total, self.alerts_total],
            "recent": list(self.recent),
            "levels": self.levels,
            "firing": {key: alert.model_dump(mode="json") for key, alert in self.firing.items()},
            "arrived_at": self.arrived_at.isoformat() if self.arrived_at else None,
        }

    @classmethod
    def from_state(cls, spec: WatchSpec, state: dict[str, Any]) -> "LiveWatch":
        """The watch that `state` was taken of."""
        column, by, settled = state["fields"]
        windows_total, alerts_total = state["totals"]
        firing = {key: StreamAlert.model_validate(alert) for key, alert in state["firing"].items()}
        return cls(
            spec,
            LiveWindows.from_state(spec.form, state["windows"]),
            column,
            by,
            settled,
            windows_total,
            alerts_total,
            deque(state["recent"], maxlen=SHOWN_WINDOWS),
            state["levels"],
            firing,
            datetime.fromisoformat(state["arrived_at"]) if state["arrived_at"] else None,
        )

    def _settle(self, event: Event) -> None:
        """The first event decides which fields are meant where the caller left it open."""
        if self.spec.by is not None:
            self.by = key_field(self.spec.by, event.fields)
        if self.column is None:
            self.column = reading_field(self.spec.question, event.fields, self.by)
        self.settled = True

    def _advance(self, watermark: float, now: datetime) -> list[StreamAlert]:
        changed: dict[int, StreamAlert] = {}
        for key, window in self.windows.advance(watermark):
            self._close(key, window, now, changed)
        return list(changed.values())

    def _close(self, key: str, window: Window, now: datetime, changed: dict[int, StreamAlert]) -> None:
        moments, rule = window.moments, self.spec.rule
        level = rule.level(moments) if rule else (moments.mean if moments.count else None)
        before = self.levels.pop(key, [])
        z = robust_z([*before, level])[-1] if level is not None and len(before) >= MIN_WINDOWS else None
        unusual = z is not None and abs(z) > ANOMALY_Z
        holds = level is not None and (rule.holds(level) if rule else unusual)
        alert = (
            self._alert(key, window, level, before, now)
            if holds and level is not None
            else self._resolved(key, now)
        )
        if alert is not None:
            changed[alert.number] = alert
        self.levels[key] = before if level is None else [*before, level][-HISTORY:]
        if len(self.levels) > MAX_KEYS:
            del self.levels[next(iter(self.levels))]
        self.windows_total += 1
        self.recent.append(
            {
                "key": key,
                "start_s": window.start,
                "end_s": window.end,
                "count": moments.count,
                "mean": moments.mean if moments.count else None,
                "min": moments.low if moments.count else None,
                "max": moments.high if moments.count else None,
                "std": moments.std,
                "level": level,
                "alert": holds,
            }
        )

    def _alert(
        self, key: str, window: Window, level: float, before: list[float], now: datetime
    ) -> StreamAlert:
        going_on = self.firing.get(key)
        latest: dict[str, Any] = {"level": level, "window_start_s": window.start, "window_end_s": window.end}
        if going_on is not None:
            alert = going_on.model_copy(update={**latest, "windows": going_on.windows + 1})
        else:
            self.alerts_total += 1
            usual, low, high = _usual(before)
            alert = StreamAlert(
                number=self.alerts_total,
                key=key,
                kind="rule" if self.spec.rule else "anomaly",
                usual=usual,
                usual_low=low,
                usual_high=high,
                windows=1,
                starts_at=now,
                **latest,
            )
        self.firing[key] = alert
        return alert

    def _resolved(self, key: str, now: datetime) -> StreamAlert | None:
        ended = self.firing.pop(key, None)
        return ended.model_copy(update={"ends_at": now}) if ended else None


def _usual(levels: Sequence[float]) -> tuple[float | None, float | None, float | None]:
    """Median and the bounds beyond which a level would be an anomaly."""
    if len(levels) < MIN_WINDOWS:
        return None, None, None
    centre = statistics.median(levels)
    reach = ANOMALY_Z * statistics.median([abs(v - centre) for v in levels]) / ROBUST_FACTOR
    return centre, centre - reach, centre + reach


def now_utc() -> datetime:
    """The clock, in UTC."""
    return datetime.now(UTC)
