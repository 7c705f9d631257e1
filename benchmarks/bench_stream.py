"""Events per second of one core through live windows, beside the same loop without windows, and how long a window takes to close.

    python -m benchmarks.bench_stream

Times are event times one millisecond apart, in ten keys; nothing is written to disk.
"""

import time
from collections.abc import Callable

from agents.realtime.live_windows import LiveWindows, WindowForm

EVENTS = 500_000
FORMS = {
    "tumbling 1s": WindowForm(1, 1),
    "sliding 5s every 1s": WindowForm(5, 1, lateness_s=1),
    "session gap 1s": WindowForm(1, 1, gap_s=1),
}


def main() -> None:
    """Prints one line per form of window."""
    events = [(n / 1000, float(n % 97), f"k{n % 10}") for n in range(EVENTS)]
    floor = _rate(events, lambda _time, _value, _key: [])
    print(f"{'no windows (floor)':22} {floor:12,.0f} events/s")
    for name, form in FORMS.items():
        rate = _rate(events, LiveWindows(form).add)
        print(
            f"{name:22} {rate:12,.0f} events/s   p99 of the calls that close windows {_p99_ms(events, form):.3f} ms"
        )


def _rate(events: list[tuple[float, float, str]], add: Callable[[float, float, str], object]) -> float:
    begun = time.process_time()
    for time_s, value, key in events:
        add(time_s, value, key)
    return len(events) / (time.process_time() - begun)


def _p99_ms(events: list[tuple[float, float, str]], form: WindowForm) -> float:
    windows, taken = LiveWindows(form), []
    for time_s, value, key in events:
        begun = time.perf_counter()
        if windows.add(time_s, value, key):
            taken.append(time.perf_counter() - begun)
    begun = time.perf_counter()
    windows.advance(float("inf"))
    taken.append(time.perf_counter() - begun)
    return sorted(taken)[int(0.99 * (len(taken) - 1))] * 1000


if __name__ == "__main__":
    main()
