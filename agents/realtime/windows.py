"""Event-time windows: assigns events to tumbling or sliding windows and closes them behind a watermark."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from .moments import Moments


@dataclass
class Window:
    """One closed window: events with `start` ≤ time < `end` (seconds since the epoch)."""

    start: float
    end: float
    moments: Moments
    missing: int = 0


@dataclass
class Windower:
    """Assigns events to windows of `size_s` that start every `slide_s`, aligned to `origin_s`.

    The watermark is the latest event time seen minus `lateness_s`. A window closes when the watermark reaches its end; an
    event all of whose windows are closed is late: counted, not used. Windows without events are not made.
    """

    size_s: float
    slide_s: float
    lateness_s: float = 0.0
    origin_s: float = 0.0
    late: int = 0
    events: int = 0
    missing: int = 0
    watermark: float = -math.inf
    _open: dict[int, Window] = field(default_factory=dict)

    def add(self, time_s: float, value: float | None) -> Iterator[Window]:
        """Takes one event (None for an event without a value); yields the windows that it closes, in time order."""
        self.events += 1
        used = False
        last = math.floor((time_s - self.origin_s) / self.slide_s)
        first = math.floor((time_s - self.origin_s - self.size_s) / self.slide_s) + 1
        for number in range(first, last + 1):
            window = self._window(number)
            if window is None:
                continue
            used = True
            if value is None:
                window.missing += 1
            else:
                window.moments.add(value)
        if not used:
            self.late += 1
        elif value is None:
            self.missing += 1
        if time_s - self.lateness_s > self.watermark:
            self.watermark = time_s - self.lateness_s
            yield from self._close(self.watermark)

    def finish(self) -> Iterator[Window]:
        """The stream has ended: yields every window still open, in time order."""
        yield from self._close(math.inf)

    def _window(self, number: int) -> Window | None:
        start = self.origin_s + number * self.slide_s
        end = start + self.size_s
        if end <= self.watermark:
            return None
        if number not in self._open:
            self._open[number] = Window(start, end, Moments())
        return self._open[number]

    def _close(self, until: float) -> Iterator[Window]:
        for number in sorted(n for n, w in self._open.items() if w.end <= until):
            yield self._open.pop(number)
