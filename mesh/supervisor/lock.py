"""One supervisor per MESH_HOME: a lock that the kernel drops when its holder dies."""

import fcntl
import os
import time
from pathlib import Path

from mesh.errors import ConflictError

_ATTEMPTS = 5
_PAUSE_S = 0.02


class HomeLock:
    """Held from `acquire` to `release`; a forked child that leaves `fd` open keeps it too."""

    def __init__(self, home: Path) -> None:
        self.path = home / "run" / "supervisor.lock"
        self.fd = -1

    def acquire(self) -> None:
        """Take the lock and write this process's id into it.

        Raises: ConflictError naming the process that holds it.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        for attempt in range(_ATTEMPTS):
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if attempt == _ATTEMPTS - 1:
                    holder = os.pread(fd, 32, 0).decode().strip() or "unknown"
                    os.close(fd)
                    home = self.path.parent.parent
                    raise ConflictError(
                        f"a mesh is already running on {home} (pid {holder}); stop it with `mesh down`, "
                        "or set MESH_HOME (or --home) to another folder and MESH_PORT_OFFSET to other ports",
                        pid=holder,
                    ) from None
                time.sleep(_PAUSE_S)
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
        self.fd = fd

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self.fd >= 0:
            os.ftruncate(self.fd, 0)
            os.close(self.fd)
            self.fd = -1


def holder_of(home: Path) -> int | None:
    """The process id of the supervisor that runs on `home`, None when none does."""
    path = home / "run" / "supervisor.lock"
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        text = os.pread(fd, 32, 0).decode().strip()
        return int(text) if text.isdigit() else None
    else:
        return None
    finally:
        os.close(fd)
