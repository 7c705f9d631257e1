"""Functions for the compute process. They run far from the test, in a worker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mesh.errors import BadInputError


def add(left: int, right: int = 1) -> int:
    """The sum."""
    return left + right


def count(steps: int, progress: Callable[[float, str], None]) -> int:
    """Reports each of its steps."""
    for step in range(1, steps + 1):
        progress(step / steps, f"step {step}")
    return os.getpid()


def refuse(message: str) -> None:
    """Refuses its input."""
    raise BadInputError(message, column="price")


def stumble() -> None:
    """Fails in a way that nobody foresaw."""
    raise KeyError("price")


def unpicklable() -> Any:
    """Returns what cannot travel."""
    return lambda: None


def vanish() -> None:
    """Dies without a word."""
    os.kill(os.getpid(), signal.SIGKILL)


def linger(pids: Path) -> None:
    """Starts a child, writes down both process ids, and waits to be killed."""
    child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    part = pids.with_suffix(".part")
    part.write_text(f"{os.getpid()} {child.pid}")
    part.rename(pids)
    while True:
        time.sleep(60)
