"""Work that stops when its time is up."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_LEAST_S, _AGAIN_S = 0.001, 0.5


def check(deadline: float) -> None:
    """Raises: TimeoutError when `deadline` (monotonic seconds) has passed."""
    if time.monotonic() > deadline:
        raise TimeoutError


@contextmanager
def limited(deadline: float) -> Iterator[None]:
    """Work that is interrupted at `deadline` (monotonic seconds), also inside a library that never looks at the time.

    An alarm breaks in between two steps of Python, which for the models here are some tenths of a second apart, and again until
    it is heard, because a library may swallow it or make another error of it. Alarms reach the main thread only, where compute
    workers do their jobs; in another thread, and where there are none, the time is looked at on entry alone. An alarm that was
    set before goes on afterwards.
    Raises: TimeoutError.
    """
    check(deadline)
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    started, alarms = time.monotonic(), 0

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        nonlocal alarms
        alarms += 1
        raise TimeoutError

    outer, again = signal.getitimer(signal.ITIMER_REAL)
    handler = signal.signal(signal.SIGALRM, interrupt)
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, max(_LEAST_S, deadline - started), _AGAIN_S)
            yield
        finally:  # an alarm may still come in here, but in none of the lines below
            signal.setitimer(signal.ITIMER_REAL, 0)
    except Exception as error:
        if alarms:
            raise TimeoutError from error
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if outer:
            signal.setitimer(signal.ITIMER_REAL, max(_LEAST_S, outer - (time.monotonic() - started)), again)
