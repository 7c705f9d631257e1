"""Windows over a stream that does not end: tumbling, sliding and session windows by event time, each key its own."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .moments import Moments
from .windows import Window

MAX_KEYS = 1_000


@dataclass(frozen=True)
class WindowForm:
    """How events are cut: windows of `size_s` every `slide_s`, or sessions that end after `gap_s` without an event.

    `lateness_s` is how far the watermark stays behind the latest event time.
    """

    size_s: float
    slide_s: float
    gap_s: float | None = None
    lateness_s: float = 0.0

    @property
    def kind(self) -> str:
        """`tumbling`, `sliding` or `session`."""
        if self.gap_s is not None:
            return "session"
        return "tumbling" if self.slide_s == self.size_s else "sliding"


@dataclass
class LiveWindows:
    """The open windows of a stream, with one watermark for all keys.

    An event all of whose windows are closed is late: counted in `late`, used in none. A session is late when it would end
    behind the watermark and touches no open one. Keys beyond `MAX_KEYS` at a time are counted in `beyond_keys`.
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
    _open: dict[str, dict[float, Window]] = field(default_factory=dict)
    _next_end: float = math.inf

    def add(self, time_s: float, value: float | None, key: str = "") -> list[tuple[str, Window]]:
        """Takes one event (None for one without a value); the windows that it closes, by end, with their keys."""
        self.events += 1
        self.missing += value is None
        windows = self._open.get(key)
        if windows is None:
            if len(self._open) >= MAX_KEYS:
                self.beyond_keys += 1
                return self.advance(time_s - self.form.lateness_s) if time_s > self.latest else []
            windows = self._open[key] = {}
        used = (
            self._sessions(windows, time_s) if self.form.gap_s is not None else self._fixed(windows, time_s)
        )
        for window in used:
            if value is None:
                window.missing += 1
            else:
                window.moments.add(value)
        if not used:
            self.late += 1
            if not windows:
                del self._open[key]
        if time_s <= self.latest:
            return []
        self.latest = time_s
        return self.advance(time_s - self.form.lateness_s)

    def advance(self, watermark: float) -> list[tuple[str, Window]]:
        """Moves the watermark on, never back; the windows that end at or before it."""
        self.watermark = max(self.watermark, watermark)
        return list(self._closed()) if self._next_end <= self.watermark else []

    def leave_out(self) -> None:
        """Counts an event whose time is too far ahead to be true: used, it would close every window."""
        self.events += 1
        self.ahead += 1

    def ends_by(self, time_s: float) -> bool:
        """Whether a window that is open ends at or before a time."""
        return self._next_end <= time_s

    def open_windows(self) -> int:
        """How many windows still wait for events."""
        return sum(len(windows) for windows in self._open.values())

    def state(self) -> dict[str, Any]:
        """Everything but the form, as JSON holds it."""
        return {
            "counts": [self.events, self.late, self.missing, self.beyond_keys, self.ahead],
            "times": [None if math.isinf(t) else t for t in (self.watermark, self.latest)],
            "open": {
                key: [[w.start, w.end, w.missing, w.moments.state()] for w in windows.values()]
                for key, windows in self._open.items()
            },
        }

    @classmethod
    def from_state(cls, form: WindowForm, state: dict[str, Any]) -> "LiveWindows":
        """The windows that `state` was taken of."""
        times = [-math.inf if t is None else t for t in state["times"]]
        windows = cls(form, *state["counts"], *times)
        for key, saved in state["open"].items():
            restored = [
                Window(start, end, Moments.from_state(m), missing) for start, end, missing, m in saved
            ]
            windows._open[key] = {w.start: w for w in restored}
        windows._next_end = windows._earliest_end()
        return windows

    def _fixed(self, windows: dict[float, Window], time_s: float) -> list[Window]:
        form, used = self.form, []
        start = math.floor(time_s / form.slide_s) * form.slide_s
        while start + form.size_s > time_s:
            end = start + form.size_s
            if end > self.watermark:
                window = windows.get(start)
                if window is None:
                    window = windows[start] = Window(start, end, Moments())
                    self._next_end = min(self._next_end, end)
                used.append(window)
            start -= form.slide_s
        return used

    def _sessions(self, windows: dict[float, Window], time_s: float) -> list[Window]:
        """The session of an event, which may join two that were apart."""
        end = time_s + (self.form.gap_s or 0.0)
        touching = [w for w in windows.values() if w.start <= end and time_s <= w.end]
        if not touching and end <= self.watermark:
            return []
        session = Window(
            min([time_s, *(w.start for w in touching)]), max([end, *(w.end for w in touching)]), Moments()
        )
        for window in touching:
            del windows[window.start]
            session.moments.merge(window.moments)
            session.missing += window.missing
        windows[session.start] = session
        self._next_end = min(self._next_end, session.end)
        return [session]

    def _closed(self) -> Iterator[tuple[str, Window]]:
        done = [
            (key, window)
            for key, windows in self._open.items()
            for window in windows.values()
            if window.end <= self.watermark
        ]
        for key, window in done:
            del self._open[key][window.start]
            if not self._open[key]:
                del self._open[key]
        self._next_end = self._earliest_end()
        yield from sorted(done, key=lambda item: (item[1].end, item[0]))

    def _earliest_end(self) -> float:
        ends = (window.end for windows in self._open.values() for window in windows.values())
        return min(ends, default=math.inf)
