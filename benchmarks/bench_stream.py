"""Events per second of one core through live windows with everything on, and how long it takes to close a window and judge it.

Usage: python benchmarks/bench_stream.py

Moments, quantiles, distinct and most frequent items per window, and a judge of anomalies and drift per key. Times are event times
one millisecond apart, in ten keys, with ten thousand different items; nothing is written to disk.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from agents.realtime.judge import Judge
from agents.realtime.window import Window, WindowForm
from agents.realtime.windows import Windows
from benchmarks.measuring import machine
from benchmarks.measuring.results import print_table, write_result

EVENTS = 500_000
FORMS = {
    "tumbling 1s": WindowForm(1, 1),
    "sliding 5s every 1s": WindowForm(5, 1, lateness_s=1),
    "session gap 1s": WindowForm(1, 1, gap_s=1),
}
Event = tuple[float, float, str, str]


class Watching:
    """Windows whose closed ones are judged and read as a live watch does it."""

    def __init__(self, form: WindowForm) -> None:
        self.windows = Windows(form)
        self.judges: dict[str, Judge] = {}
        self.taken_s: list[float] = []

    def add(self, time_s: float, value: float, key: str, item: str) -> None:
        """Takes an event, and notes how long it took when it closed windows."""
        begun = time.perf_counter()
        closed = self.windows.add(time_s, value, key, item)
        if closed:
            self.read(closed)
            self.taken_s.append(time.perf_counter() - begun)

    def read(self, closed: list[tuple[str, Window]]) -> None:
        """Judges closed windows and reads their statistics."""
        self.windows.changed.clear()
        for key, window in closed:
            self.judges.setdefault(key, Judge()).judge(window.start, window.end, window.moments.mean)
            window.quantiles.quantile(0.95)
            window.items.distinct()
            window.items.top(5)


def main() -> None:
    """Prints and writes events per second of processor time and the 99th percentile of reading, per form of window."""
    measured_on = machine.facts()
    events = [(n / 1000, float(n % 97), f"k{n % 10}", f"u{n * n % 10_007}") for n in range(EVENTS)]
    rows: dict[str, dict[str, float]] = {
        "no windows": {"events_per_s": _rate(events, lambda *_event: None), "p99_ms": 0.0}
    }
    for name, form in FORMS.items():
        watching = Watching(form)
        rate = _rate(events, watching.add)
        begun = time.perf_counter()
        watching.read(watching.windows.advance(float("inf")))
        taken = sorted([*watching.taken_s, time.perf_counter() - begun])
        rows[name] = {"events_per_s": rate, "p99_ms": taken[int(0.99 * (len(taken) - 1))] * 1000}
    print_table(
        "Events through windows with everything on, one core; p99 of closing, judging and reading",
        ["windows", "events/s", "p99 ms"],
        [[name, row["events_per_s"], row["p99_ms"]] for name, row in rows.items()],
    )
    write_result("stream", {"machine": measured_on, "events": EVENTS, "windows": rows})


def _rate(events: list[Event], add: Callable[[float, float, str, str], object]) -> float:
    begun = time.process_time()
    for event in events:
        add(*event)
    return len(events) / (time.process_time() - begun)


if __name__ == "__main__":
    main()
