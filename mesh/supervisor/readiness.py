"""Watching programs become ready."""

import selectors

from .probe import Probe
from .program import Program


class Readiness:
    """Probes every watched program again and again until it is ready. Times are monotonic seconds."""

    def __init__(self, selector: selectors.BaseSelector, host: str, every_s: float) -> None:
        self._selector = selector
        self._host = host
        self._every_s = every_s
        self._programs: dict[str, Program] = {}
        self._due: dict[str, float] = {}
        self._probes: dict[str, Probe] = {}

    def watch(self, program: Program, now: float) -> None:
        """Begin to probe a program that has just been started."""
        self._programs[program.name] = program
        self._due[program.name] = now + self._every_s

    def forget(self, name: str) -> None:
        """Stop probing: it died, or everything is being stopped."""
        self._programs.pop(name, None)
        self._due.pop(name, None)
        probe = self._probes.pop(name, None)
        if probe is not None:
            self._drop(probe)

    def next_due(self) -> float:
        """When `advance` has something to do without any socket being ready."""
        return min(
            [*self._due.values(), *(probe.deadline for probe in self._probes.values())], default=float("inf")
        )

    def advance(self, now: float) -> list[str]:
        """Start the probes that are due, end those that are over; the names that turned out ready."""
        for name in [name for name, due in self._due.items() if now >= due]:
            del self._due[name]
            self._begin(self._programs[name], now)
        ready = []
        for name, probe in list(self._probes.items()):
            if not probe.done and now < probe.deadline:
                continue
            del self._probes[name]
            self._drop(probe)
            if probe.ready:
                ready.append(name)
                del self._programs[name]
            else:
                self._due[name] = now + self._every_s
        return ready

    def _begin(self, program: Program, now: float) -> None:
        probe = Probe(program, self._host, now)
        self._probes[program.name] = probe
        if not probe.done:
            self._selector.register(probe.socket, selectors.EVENT_WRITE, lambda: self._on_ready(probe))

    def _on_ready(self, probe: Probe) -> None:
        probe.advance()
        if probe.done:
            self._selector.unregister(probe.socket)
            probe.close()
        elif not probe.wants_write:
            self._selector.modify(probe.socket, selectors.EVENT_READ, lambda: self._on_ready(probe))

    def _drop(self, probe: Probe) -> None:
        if not probe.done:
            self._selector.unregister(probe.socket)
        probe.close()
