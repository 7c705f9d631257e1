"""What the supervisor keeps running."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Program:
    """A function run in a process of its own until SIGTERM.

    It is ready when GET /health on `port` answers 200 with `"ready": true`, or, without a port, when
    `socket` (a Unix socket) accepts a connection. With neither it is ready once started. An `early` one
    is started before what the others share is imported.
    """

    name: str
    run: Callable[[], None]
    port: int | None = None
    socket: Path | None = None
    early: bool = False

    @property
    def can_be_probed(self) -> bool:
        """Whether it has an address at which its readiness can be seen."""
        return self.port is not None or self.socket is not None
