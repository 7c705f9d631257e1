"""A watch without its storage: events go in, closed windows and alerts come out, and all of it can be saved as JSON, part by
part.
"""

import json
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from mesh.errors import ConflictError, InvalidRequestError
from mesh.streams.event import Event

from .fields import choose_fields, reading_of
from .firing import Firing
from .judge import NOT_JUDGED, Judge, Judgement
from .rule_state import RuleState
from .watch_models import PaneBatch, StreamAlert, WatchSpec
from .window import Window
from .windows import MAX_AHEAD_S, MAX_KEYS, Windows

SHOWN_WINDOWS = 240
Parts = dict[str, Any]


@dataclass
class LiveWatch:
    """The state of one watch. `counted` is how many distinct events it took, late ones included.

    `recent` are the last closed windows as they are shown, oldest first; `judges` know what is usual, per key. `edges` are those
    who send aggregated panes: the number of the last batch of each, and when it came. `since` is when it began to listen, after
    the last start of its agent.
    """

    spec: WatchSpec
    windows: Windows
    column: str | None = None
    by: str | None = None
    items: str | None = None
    settled: bool = False
    windows_total: int = 0
    recent: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=SHOWN_WINDOWS))
    judges: dict[str, Judge] = field(default_factory=dict)
    firing: Firing = field(default_factory=Firing)
    edges: dict[str, tuple[int, float]] = field(default_factory=dict)
    arrived_at: datetime | None = None
    remembered: RuleState = field(default_factory=RuleState)
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    _judged: set[str] = field(default_factory=set)
    _written: int = 0

    @classmethod
    def new(cls, spec: WatchSpec) -> "LiveWatch":
        """A watch that has seen nothing."""
        return cls(spec, Windows(spec.form), column=spec.column)

    @property
    def counted(self) -> int:
        """How many distinct events were taken in."""
        return self.windows.events

    def take(self, events: Sequence[Event], now: datetime) -> list[StreamAlert]:
        """Takes in events, each one once; the alerts that begin, go on or end with the windows they close."""
        changed: dict[int, StreamAlert] = {}
        heard: dict[str, None] = {}
        for event in events:
            if not self.settled:
                self._settle(event)
            when_s = event.time.timestamp()
            if when_s - now.timestamp() > MAX_AHEAD_S:
                self.windows.leave_out()
                continue
            read = reading_of((self.column, self.by, self.items), event.fields)
            heard[read[1]] = None
            self._close(self.windows.add(when_s, *read), now, changed)
        self._hear(heard, now, changed)
        self.arrived_at = now
        return list(changed.values())

    def take_panes(self, batch: PaneBatch, now: datetime) -> list[StreamAlert]:
        """Takes in what an edge aggregated.

        Raises: ConflictError when it watches other fields, or a batch before it is missing; InvalidRequestError when a pane
        cannot be read.
        """
        number, _ = self.edges.get(batch.edge, (0, 0.0))
        if batch.number != number + 1:
            raise ConflictError(
                f"The batch {batch.number} of the edge {batch.edge} does not follow the batch {number}."
            )
        panes = [(key, _pane_of(state)) for key, state in batch.panes]
        if not self.settled:
            self.column, self.by, self.items = batch.fields
            self.settled = True
        if batch.fields != (self.column, self.by, self.items):
            raise ConflictError(
                f"The edge {batch.edge} watches the fields {batch.fields}, this watch "
                f"{(self.column, self.by, self.items)}; start the edge with those of the watch."
            )
        changed: dict[int, StreamAlert] = {}
        self.windows.count_aside(batch.late, batch.ahead)
        for key, pane in panes:
            self.windows.take(key, pane)
        self.edges[batch.edge] = (batch.number, now.timestamp())
        if batch.watermark is not None:
            self._close(self.windows.hear(batch.edge, batch.watermark), now, changed)
        self._hear([key for key, _ in panes], now, changed)
        self.arrived_at = now
        return list(changed.values())

    def idle(self, now: datetime) -> list[StreamAlert]:
        """Lets time pass without events: windows of a stream that runs beside the clock close at their end nonetheless.

        A stream whose latest event is further from the clock than a window, such as a replay, waits for its next event; one that
        edges send waits for them, until they were silent for too long.
        """
        changed: dict[int, StreamAlert] = {}
        for edge in self._silent(now):
            self._close(self.windows.forget(edge), now, changed)
        if self._runs_beside(now):
            self._close(self.windows.advance(now.timestamp() - self.windows.form.lateness_s), now, changed)
        for key, heard_s in self._unheard(now):
            gone = Window(heard_s, now.timestamp())
            alert = self.firing.stretch("rule", key, gone, gone.end - gone.start, None, now)
            changed |= {alert.number: alert} if alert else {}
        return list(changed.values())

    def closes_by(self, now: datetime) -> bool:
        """Whether `idle` would change anything."""
        return bool(self._silent(now) or self._unheard(now)) or self._runs_beside(now)

    def finish(self, now: datetime) -> list[StreamAlert]:
        """The stream has ended: closes every window."""
        changed: dict[int, StreamAlert] = {}
        self._close(self.windows.advance(float("inf")), now, changed)
        return list(changed.values())

    def finish_alerts(self, now: datetime) -> list[StreamAlert]:
        """Nobody watches any more: ends the alerts that fire and leaves the windows."""
        return self.firing.end_all(now)

    def state(self) -> dict[str, Any]:
        """Everything but the specification and the parts, as JSON holds it."""
        return {
            "windows": self.windows.state(),
            "fields": [self.column, self.by, self.items, self.settled],
            "totals": [self.windows_total, self.firing.total],
            "firing": [alert.model_dump(mode="json") for alert in self.firing.alerts.values()],
            "edges": self.edges,
            "rule": self.remembered.state(),
            "arrived_at": self.arrived_at.isoformat() if self.arrived_at else None,
        }

    def changed_parts(self) -> Parts:
        """The parts that changed since this was called last, by name, as JSON holds them; None for one that is gone."""
        parts: Parts = {
            json.dumps(["pane", key, place]): self.windows.pane_state(key, place)
            for key, place in self.windows.changed
        }
        for key in self._judged:
            parts[json.dumps(["judge", key])] = self.judges[key].state() if key in self.judges else None
        for number in range(max(self._written, self.windows_total - len(self.recent)), self.windows_total):
            parts[json.dumps(["window", number])] = self.recent[number - self.windows_total]
        for number in range(max(0, self._written - SHOWN_WINDOWS), self.windows_total - SHOWN_WINDOWS):
            parts.setdefault(json.dumps(["window", number]), None)
        self.windows.changed.clear()
        self._judged.clear()
        self._written = self.windows_total
        return parts

    @classmethod
    def from_state(
        cls, spec: WatchSpec, state: dict[str, Any], parts: Iterable[tuple[str, Any]]
    ) -> "LiveWatch":
        """The watch that `state` and its parts were taken of."""
        kept: dict[str, list[tuple[list[Any], Any]]] = {"pane": [], "judge": [], "window": []}
        for name, part in parts:
            kind, *rest = json.loads(name)
            kept[kind].append((rest, part))
        panes = [(key, place, pane) for (key, place), pane in kept["pane"]]
        shown = [part for _, part in sorted(kept["window"], key=lambda item: int(item[0][0]))]
        alerts = [StreamAlert.model_validate(alert) for alert in state["firing"]]
        column, by, items, settled = state["fields"]
        windows_total, alerts_total = state["totals"]
        return cls(
            spec,
            Windows.from_state(spec.form, state["windows"], panes),
            column,
            by,
            items,
            settled,
            windows_total,
            deque(shown, maxlen=SHOWN_WINDOWS),
            {key: Judge.from_state(judge) for (key,), judge in kept["judge"]},
            Firing(alerts_total, {(alert.kind, alert.key): alert for alert in alerts}),
            {edge: (number, heard_s) for edge, (number, heard_s) in state["edges"].items()},
            datetime.fromisoformat(state["arrived_at"]) if state["arrived_at"] else None,
            RuleState.from_state(state["rule"]) if "rule" in state else RuleState(),
            _written=windows_total,
        )

    def _settle(self, event: Event) -> None:
        """The first event decides which fields are meant where the caller left it open."""
        spec = self.spec
        self.column, self.by, self.items = choose_fields(
            spec.question, spec.column, spec.by, spec.items, event.fields
        )
        self.settled = True

    def _hear(self, keys: Iterable[str], now: datetime, changed: dict[int, StreamAlert]) -> None:
        """Notes that events of these keys arrived, which ends alerts of their silence."""
        if self.spec.rule is None or self.spec.rule.statistic != "silence":
            return
        keys = list(keys)
        self.remembered.hear(keys, now)
        for key in keys:
            alert = self.firing.stretch("rule", key, Window(0, 0), None, None, now)
            changed |= {alert.number: alert} if alert else {}

    def _unheard(self, now: datetime) -> list[tuple[str, float]]:
        """The keys whose silence is to be told now. Without keys a stream that never began is silent too."""
        rule = self.spec.rule
        if rule is None or rule.statistic != "silence":
            return []
        if self.spec.by is None:
            self.remembered.heard_s.setdefault("", self.since.timestamp())
        silent = self.remembered.silent(rule, self.since, now)
        return [(key, heard_s) for key, heard_s in silent if ("rule", key) not in self.firing.alerts]

    def _silent(self, now: datetime) -> list[str]:
        """The edges that are waited for no longer."""
        since_s = now.timestamp() - self.spec.patience_s
        return [edge for edge in self.windows.edges if self.edges[edge][1] < since_s]

    def _runs_beside(self, now: datetime) -> bool:
        """Whether the clock closes a window of this stream."""
        form = self.windows.form
        if self.arrived_at is None or self.windows.edges:
            return False
        if not self.windows.ends_by(now.timestamp() - form.lateness_s):
            return False
        behind_s = abs(self.arrived_at.timestamp() - self.windows.latest)
        return behind_s <= (form.gap_s or form.size_s) + form.lateness_s

    def _close(
        self, closed: Sequence[tuple[str, Window]], now: datetime, changed: dict[int, StreamAlert]
    ) -> None:
        """Judges closed windows; `changed` collects the alerts that are not as they were."""
        for key, window in closed:
            level = self._level(key, window)
            judged = self._judge(key, window, level)
            rule = self.spec.rule
            holds = self.remembered.holds(rule, key, level) if rule else judged.anomaly
            kind: Literal["rule", "anomaly"] = "rule" if rule else "anomaly"
            alert = None
            if rule is None or rule.statistic != "silence":
                alert = self.firing.stretch(kind, key, window, level if holds else None, judged.usual, now)
            alerts = [alert] if alert else []
            if rule is None:
                alerts += self.firing.moved(key, window, judged.change, now)
            changed |= {alert.number: alert for alert in alerts}
            self.windows_total += 1
            self.recent.append(_shown(key, window, level, judged, alert=holds))

    def _level(self, key: str, window: Window) -> float | None:
        if self.spec.rule is not None:
            return self.remembered.level(self.spec.rule, key, window)
        if self.column is None:
            return float(window.events)
        return window.moments.mean if window.moments.count else None

    def _judge(self, key: str, window: Window, level: float | None) -> Judgement:
        if level is None:
            return NOT_JUDGED
        judge = self.judges.pop(key, None) or Judge()
        self.judges[key] = judge
        self._judged.add(key)
        if len(self.judges) > MAX_KEYS:
            longest_ago = next(iter(self.judges))
            del self.judges[longest_ago]
            self._judged.add(longest_ago)
        return judge.judge(window.start, window.end, level)


def _pane_of(state: list[Any]) -> Window:
    try:
        return Window.from_state(state)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError) as error:
        raise InvalidRequestError(f"A pane of this batch cannot be read: {error}.") from None


def _shown(
    key: str, window: Window, level: float | None, judged: Judgement, *, alert: bool
) -> dict[str, Any]:
    """A closed window as it is listed: its statistics, with the bounds of what a sketch tells."""
    usual = judged.usual
    low, high = window.items.distinct_bounds()
    return {
        "key": key,
        "start_s": window.start,
        "end_s": window.end,
        "events": window.events,
        **window.statistics(),
        "rank_error": window.quantiles.rank_error,
        "distinct": window.items.distinct(),
        "distinct_low": low,
        "distinct_high": high,
        "top": window.top(),
        "level": level,
        "usual": [usual.low, usual.expected, usual.high] if usual else None,
        "moved": judged.change.direction if judged.change else None,
        "alert": alert,
    }


def now_utc() -> datetime:
    """The clock, in UTC."""
    return datetime.now(UTC)
