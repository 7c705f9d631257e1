"""One program as the supervisor sees it: its process, its state, its deaths."""

from datetime import UTC, datetime

from .program import Program
from .restart import RestartHistory, RestartPolicy
from .state import ProcessState, ServiceState


class Supervised:
    """Mutable; changed by the supervisor alone. Times are seconds of the supervisor's monotonic clock."""

    def __init__(self, program: Program, policy: RestartPolicy) -> None:
        self.program = program
        self.state: ProcessState = "starting"
        self.pid: int | None = None
        self.restarts = -1
        self.started = 0.0
        self.due: float | None = None
        self.last_exit: str | None = None
        self.crashed_at: datetime | None = None
        self._started_at: datetime | None = None
        self._history = RestartHistory(policy)

    @property
    def name(self) -> str:
        """The program's name."""
        return self.program.name

    @property
    def settled(self) -> bool:
        """Ready, or given up."""
        return self.state in ("ready", "crashed")

    def started_as(self, pid: int, now: float) -> None:
        """Record a start."""
        self.pid, self.started, self.due = pid, now, None
        self.restarts += 1
        self.state = "starting"
        self._started_at = datetime.now(UTC)

    def died(self, how: str, now: float) -> float | None:
        """Record a death; the delay in seconds before the next start, None in a crash loop."""
        self.pid, self.last_exit = None, how
        delay = self._history.died(now, now - self.started)
        self.state = "crashed" if delay is None else "waiting"
        self.due = None if delay is None else now + delay
        self.crashed_at = datetime.now(UTC) if delay is None else None
        return delay

    def report(self) -> ServiceState:
        """As the state file says it."""
        return ServiceState(
            name=self.name,
            pid=self.pid,
            port=self.program.port,
            state=self.state,
            restarts=max(0, self.restarts),
            started_at=self._started_at,
            last_exit=self.last_exit,
        )
