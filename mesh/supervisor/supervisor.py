"""The supervisor's loop: start, watch, restart, stop. One thread, no event loop: it can fork at any time."""

import contextlib
import os
import selectors
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import structlog

from .alert import REPEAT_S, post_crash_loop
from .logs import LogFolder
from .process import adopt_orphans, describe_exit, fork_program, kill_orphans, signal_group
from .program import Program
from .readiness import Readiness
from .restart import RestartPolicy
from .signals import SignalPipe
from .state import SupervisorState, state_path, write_state
from .supervised import Supervised

_STOP_SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
_TRIM_EVERY_S = 60.0
_ORPHANED_GRACE_S = 1.0
_NEVER = float("inf")


@dataclass(frozen=True)
class Supervision:
    """How programs are run.

    `keeper` is the process that people know the mesh by; `lifeline` a file descriptor that ends with it.
    `alerts_port` is where crash loops are posted, if anywhere. `prepare` is called between the start of
    early programs and that of the others, `on_settled` once, when every program is ready or given up.
    """

    home: Path
    host: str = "127.0.0.1"
    policy: RestartPolicy = field(default_factory=RestartPolicy)
    grace_s: float = 5.0
    probe_every_s: float = 0.05
    alerts_port: int | None = None
    keeper: int = field(default_factory=os.getpid)
    lifeline: int | None = None
    prepare: Callable[[], None] | None = None
    on_settled: Callable[[SupervisorState], None] | None = None


class Supervisor:
    """Runs programs until SIGTERM, SIGINT, SIGHUP or the end of the lifeline."""

    def __init__(self, programs: Sequence[Program], supervision: Supervision) -> None:
        self._how = supervision
        self._services = {program.name: Supervised(program, supervision.policy) for program in programs}
        self._logs = LogFolder(supervision.home)
        self._selector = selectors.DefaultSelector()
        self._readiness = Readiness(self._selector, supervision.host, supervision.probe_every_s)
        self._started_at = datetime.now(UTC)
        self._settled = False
        self._stopping = False
        self._kill_at = _NEVER
        self._next_trim = time.monotonic() + _TRIM_EVERY_S
        self._next_alert = _NEVER
        self._log = structlog.get_logger("mesh.supervisor")

    def run(self) -> int:
        """Start everything, keep it running, stop it when told; 0 after a stop that was asked for."""
        adopt_orphans()
        caught = SignalPipe(*_STOP_SIGNALS, signal.SIGCHLD)
        self._selector.register(caught, selectors.EVENT_READ, lambda: self._on_signals(caught.read()))
        if self._how.lifeline is not None:
            self._selector.register(self._how.lifeline, selectors.EVENT_READ, self._on_lifeline)
        try:
            self._start_all()
            self._publish()
            while not (self._stopping and not self._running()):
                self._step()
        finally:
            self._signal_all(signal.SIGKILL)
            kill_orphans()
            state_path(self._how.home).unlink(missing_ok=True)
        return 0

    def _step(self) -> None:
        for key, _ in self._selector.select(max(0.0, self._next_due() - time.monotonic())):
            key.data()
        now = time.monotonic()
        self._reap(now)
        if self._stopping:
            if now >= self._kill_at:
                slow = [service.name for service in self._running()]
                self._log.warning(
                    "services_killed", services=slow, why="still running after the grace period"
                )
                self._signal_all(signal.SIGKILL)
                self._kill_at = _NEVER
            return
        for service in self._services.values():
            if service.due is not None and now >= service.due:
                self._start(service)
                self._publish()
        self._note_ready(self._readiness.advance(now), now)
        if now >= self._next_alert:
            self._post_alerts(now)
        if now >= self._next_trim:
            self._logs.trim()
            self._next_trim = now + _TRIM_EVERY_S

    def _next_due(self) -> float:
        if self._stopping:
            return min(self._kill_at, time.monotonic() + _TRIM_EVERY_S)
        restarts = [service.due for service in self._services.values() if service.due is not None]
        return min(self._next_trim, self._next_alert, self._readiness.next_due(), *restarts)

    def _start_all(self) -> None:
        for service in self._services.values():
            if service.program.early:
                self._start(service)
        if self._how.prepare is not None:
            self._how.prepare()
        for service in self._services.values():
            if not service.program.early:
                self._start(service)

    def _start(self, service: Supervised) -> None:
        pid = fork_program(service.program, self._logs.path(service.name))
        now = time.monotonic()
        service.started_as(pid, now)
        if service.program.can_be_probed:
            self._readiness.watch(service.program, now)
        else:
            service.state = "ready"

    def _note_ready(self, names: Sequence[str], now: float) -> None:
        for name in names:
            service = self._services[name]
            service.state = "ready"
            self._log.info(
                "service_ready", service=name, pid=service.pid, seconds=round(now - service.started, 2)
            )
        if names:
            self._publish()

    def _reap(self, now: float) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                service = next((one for one in self._services.values() if one.pid == pid), None)
                if service is not None:
                    signal_group(pid, signal.SIGKILL)
                    self._on_death(service, describe_exit(status), now)

    def _on_death(self, service: Supervised, how: str, now: float) -> None:
        self._readiness.forget(service.name)
        if self._stopping:
            service.pid = None
            return
        delay = service.died(how, now)
        facts = {"service": service.name, "how": how, "last_log_line": self._logs.last_line(service.name)}
        if delay is None:
            log = str(self._logs.path(service.name))
            self._log.error("service_crash_loop", **facts, restarts=service.restarts, log=log)
            self._next_alert = now
        else:
            self._log.warning("service_died", **facts, restart_in_s=delay)
        self._publish()

    def _post_alerts(self, now: float) -> None:
        self._next_alert = now + REPEAT_S
        host, port = self._how.host, self._how.alerts_port
        for service in self._services.values():
            if service.crashed_at is not None and port is not None:
                log = str(self._logs.path(service.name))
                post_crash_loop(host, port, service.name, service.crashed_at, service.last_exit or "", log)

    def _on_signals(self, caught: set[signal.Signals]) -> None:
        if caught & _STOP_SIGNALS:
            self._stop(0.0 if self._stopping else self._how.grace_s)

    def _on_lifeline(self) -> None:
        assert self._how.lifeline is not None
        self._selector.unregister(self._how.lifeline)
        self._stop(_ORPHANED_GRACE_S)

    def _stop(self, grace_s: float) -> None:
        self._kill_at = min(self._kill_at, time.monotonic() + grace_s)
        if self._stopping:
            return
        self._stopping = True
        self._log.info("mesh_stopping", services=len(self._running()))
        for service in self._services.values():
            self._readiness.forget(service.name)
            service.due = None
            if service.pid is not None:
                service.state = "stopping"
        self._signal_all(signal.SIGTERM)
        self._publish()

    def _running(self) -> list[Supervised]:
        return [service for service in self._services.values() if service.pid is not None]

    def _signal_all(self, number: signal.Signals) -> None:
        """SIGTERM goes to the service, which stops its own helpers; SIGKILL to all of its process group."""
        for service in self._running():
            assert service.pid is not None
            if number == signal.SIGKILL:
                signal_group(service.pid, number)
            else:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(service.pid, number)

    def _publish(self) -> None:
        services = list(self._services.values())
        settled_now = (
            not self._settled and not self._stopping and all(service.settled for service in services)
        )
        self._settled = self._settled or settled_now
        state = SupervisorState(
            pid=self._how.keeper,
            started_at=self._started_at,
            ready=self._settled,
            services=[service.report() for service in services],
        )
        write_state(self._how.home, state)
        if settled_now and self._how.on_settled is not None:
            self._how.on_settled(state)
