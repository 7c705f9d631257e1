"""Windows over a stream: tumbling, sliding and session windows by event time, each key its own, closed behind a watermark.

Events of tumbling and sliding windows are kept in panes, and a window is put together from its panes when it closes: an event is
taken in once, however many windows overlap. Times are compared as whole microseconds.
"""

import math
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .window import MICRO, Window, WindowForm

MAX_KEYS = 1_000
MAX_AHEAD_S = 86_400.0


@dataclass
class Windows:
    """The open windows of a stream, with one watermark for all keys.

    An event all of whose windows are closed is late: counted in `late`, used in none. A session is late when it would end
    behind the watermark and touches no open one. Keys beyond `MAX_KEYS` at a time are counted in `beyond_keys`.
    `edges` are the watermarks of those who send panes: where there are any, the slowest of them alone moves the watermark.
    `changed` names the panes that were touched or dropped since somebody cleared it, by key and place: the number of a pane, the
    start of a session.
    Source of watermarks: Akidau et al. (2015), "The Dataflow Model", VLDB 8(12).
    """

    form: WindowForm
    events: int = 0
    late: int = 0
    missing: int = 0
    beyond_keys: int = 0
    ahead: int = 0
    watermark: float = -math.inf
    latest: float = -math.inf
    edges: dict[str, float] = field(default_factory=dict)
    changed: set[tuple[str, float]] = field(default_factory=set)
    _panes: dict[str, dict[float, Window]] = field(default_factory=dict)
    _next_end: float = math.inf

    def __post_init__(self) -> None:
        self._pane_us, self._size, self._slide = self.form.panes

    def add(
        self, time_s: float, value: float | None, key: str = "", item: str | None = None
    ) -> list[tuple[str, Window]]:
        """Takes one event (None for one without a value or item); the windows that it closes, by end, with their keys."""
        self.events += 1
        self.missing += value is None
        pane = self._pane(key, time_s, time_s + (self.form.gap_s or 0.0), 1)
        if pane is not None:
            pane.add(value, item)
        if time_s <= self.latest:
            return []
        self.latest = time_s
        return [] if self.edges else self.advance(time_s - self.form.lateness_s)

    def take(self, key: str, pane: Window) -> None:
        """Takes in a pane that an edge closed; it moves no watermark."""
        self.events += pane.events
        self.missing += pane.missing
        own = self._pane(key, pane.start, pane.end, pane.events)
        if own is not None:
            own.merge(pane)

    def hear(self, edge: str, watermark: float) -> list[tuple[str, Window]]:
        """Notes how far an edge has come: it will send no pane any more that ends at or before its watermark."""
        self.edges[edge] = max(self.edges.get(edge, -math.inf), watermark)
        self.latest = max(self.latest, watermark + self.form.lateness_s)
        return self.advance(min(self.edges.values()))

    def forget(self, edge: str) -> list[tuple[str, Window]]:
        """Waits no longer for an edge."""
        self.edges.pop(edge, None)
        return self.advance(min(self.edges.values())) if self.edges else []

    def advance(self, watermark: float) -> list[tuple[str, Window]]:
        """Moves the watermark on, never back; the windows that end at or before it."""
        before, self.watermark = self.watermark, max(self.watermark, watermark)
        if self._next_end > self.watermark:
            return []
        closed = list(self._ended_sessions() if self.form.gap_s is not None else self._ended(before))
        self._next_end = self._earliest_end()
        return sorted(closed, key=lambda item: (item[1].end, item[0]))

    def leave_out(self) -> None:
        """Counts an event whose time is too far ahead to be true: used, it would close every window."""
        self.count_aside(0, 1)

    def count_aside(self, late: int, ahead: int) -> None:
        """Counts events that are in no window."""
        self.events += late + ahead
        self.late += late
        self.ahead += ahead

    def ends_by(self, time_s: float) -> bool:
        """Whether a window that is open ends at or before a time."""
        return self._next_end <= time_s

    def promise(self) -> float:
        """No pane that this stream still closes ends at or before this time, nor touches a session that does."""
        starts = (pane.start for panes in self._panes.values() for pane in panes.values())
        earliest = min(starts, default=math.inf)
        return min(
            self.watermark, earliest if self.form.gap_s is None else math.nextafter(earliest, -math.inf)
        )

    def open_windows(self) -> int:
        """How many windows still wait for events."""
        if self.form.gap_s is not None:
            return sum(len(panes) for panes in self._panes.values())
        count = 0
        for panes in self._panes.values():
            seen = self._done(self.watermark)
            for place in sorted(panes):
                first, last = max(self._first(place), seen + 1), place // self._slide
                count += max(0, int(last - first + 1))
                seen = max(seen, last)
        return count

    def state(self) -> dict[str, Any]:
        """Everything but the form and the panes, as JSON holds it."""
        return {
            "counts": [self.events, self.late, self.missing, self.beyond_keys, self.ahead],
            "times": [None if math.isinf(t) else t for t in (self.watermark, self.latest)],
            "edges": self.edges,
        }

    def pane_state(self, key: str, place: float) -> list[Any] | None:
        """An open pane as JSON holds it; None when it is gone."""
        pane = self._panes.get(key, {}).get(place)
        return None if pane is None else pane.state()

    @classmethod
    def from_state(
        cls, form: WindowForm, state: dict[str, Any], panes: list[tuple[str, float, list[Any]]]
    ) -> "Windows":
        """The windows that `state` and, per key and place, `pane_state` were taken of."""
        events, late, missing, beyond_keys, ahead = state["counts"]
        watermark, latest = (-math.inf if t is None else t for t in state["times"])
        edges = dict(state["edges"])
        windows = cls(form, events, late, missing, beyond_keys, ahead, watermark, latest, edges)
        for key, place, saved in panes:
            windows._panes.setdefault(key, {})[place] = Window.from_state(saved)
        windows._next_end = windows._earliest_end()
        return windows

    def _pane(self, key: str, start: float, end: float, events: int) -> Window | None:
        """Where events of a key go; None, and counted, when they are late or the key is one too many."""
        panes = self._panes.get(key)
        if panes is None:
            if len(self._panes) >= MAX_KEYS:
                self.beyond_keys += events
                return None
            panes = self._panes[key] = {}
        if self.form.gap_s is None:
            place, pane = self._fixed(panes, start)
        else:
            place, pane = self._session(key, panes, start, end)
        if pane is None:
            self.late += events
            if not panes:
                del self._panes[key]
            return None
        self.changed.add((key, place))
        return pane

    def _fixed(self, panes: dict[float, Window], time_s: float) -> tuple[float, Window | None]:
        place = round((time_s - self.form.origin_s) * MICRO) // self._pane_us
        pane = panes.get(place)
        if pane is None:
            done = self._done(self.watermark)
            if place // self._slide <= done:
                return place, None
            pane = panes[place] = Window.of(self.form, self._time(place), self._time(place + 1))
            self._next_end = min(self._next_end, self._end(max(self._first(place), done + 1)))
        return place, pane

    def _session(
        self, key: str, panes: dict[float, Window], start: float, end: float
    ) -> tuple[float, Window | None]:
        """The session of an event, which may join two that were apart."""
        touching = [w for w in panes.values() if w.start <= end and start <= w.end]
        if not touching and end <= self.watermark:
            return start, None
        first = min([start, *(w.start for w in touching)])
        session = panes.pop(first, None) or Window.of(self.form, first, end)
        session.end = max([end, *(w.end for w in touching)])
        for window in touching:
            if window is not session:
                del panes[window.start]
                self.changed.add((key, window.start))
                session.merge(window)
        panes[first] = session
        self._next_end = min(self._next_end, session.end)
        return first, session

    def _ended(self, before: float) -> Iterator[tuple[str, Window]]:
        old, done = self._done(before), self._done(self.watermark)
        for key, panes in list(self._panes.items()):
            for window in self._put_together(panes, old, done):
                yield key, window
            for place in [p for p in panes if p // self._slide <= done]:
                del panes[place]
                self.changed.add((key, place))
            if not panes:
                del self._panes[key]

    def _put_together(self, panes: dict[float, Window], old: float, done: float) -> Iterator[Window]:
        """The windows with numbers above `old`, up to `done`, in which there are events."""
        places = sorted(panes)
        number = max(self._first(places[0]), old + 1)
        while number <= done:
            begin = bisect_left(places, number * self._slide)
            if begin == len(places):
                return
            end = bisect_left(places, number * self._slide + self._size)
            if begin == end:
                number = self._first(places[begin])
                continue
            if self._size == 1:
                yield panes[places[begin]]
            else:
                window = Window.of(self.form, self._time(number * self._slide), self._end(number))
                for place in places[begin:end]:
                    window.merge(panes[place])
                yield window
            number += 1

    def _ended_sessions(self) -> Iterator[tuple[str, Window]]:
        for key, panes in list(self._panes.items()):
            for start in [start for start, session in panes.items() if session.end <= self.watermark]:
                self.changed.add((key, start))
                yield key, panes.pop(start)
            if not panes:
                del self._panes[key]

    def _earliest_end(self) -> float:
        if self.form.gap_s is not None:
            return min((w.end for panes in self._panes.values() for w in panes.values()), default=math.inf)
        done = self._done(self.watermark)
        firsts = (max(self._first(min(panes)), done + 1) for panes in self._panes.values())
        return min((self._end(number) for number in firsts), default=math.inf)

    def _done(self, watermark: float) -> float:
        """The number of the last window that ends at or before a time."""
        if math.isinf(watermark):
            return watermark
        panes = round((watermark - self.form.origin_s) * MICRO) // self._pane_us
        return (panes - self._size) // self._slide

    def _first(self, place: float) -> float:
        """The number of the first window that a pane is in."""
        return (place - self._size) // self._slide + 1

    def _end(self, number: float) -> float:
        return self._time(number * self._slide + self._size)

    def _time(self, place: float) -> float:
        return self.form.origin_s + place * self._pane_us / MICRO
