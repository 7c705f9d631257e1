"""The process that a person starts and stops: it keeps the supervisor, and cleans up should that be killed.

The supervisor cannot clean up after its own SIGKILL. Its children die with it, but not what they started in
turn (a training JVM, a notebook kernel), and outside Linux they do not either. So `mesh up` forks the
supervisor and waits. When the keeper itself is killed, the pipe it holds open ends, and the supervisor
stops everything in order.
"""

import contextlib
import os
import signal
import sys
import traceback
import types
from collections.abc import Callable
from pathlib import Path

from mesh.errors import MeshError

from .process import adopt_orphans, kill_orphans, name_process, signal_group
from .state import read_state, state_path

_FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def keep(home: Path, supervise: Callable[[int], int]) -> int:
    """Run `supervise(lifeline)` in a forked process and return its exit code; leave nothing running.

    `lifeline` is a file descriptor that reaches its end when the keeper dies. SIGTERM, SIGINT and SIGHUP
    are passed on.
    """
    adopt_orphans()
    lifeline, held = os.pipe()
    signal.pthread_sigmask(signal.SIG_BLOCK, _FORWARDED)
    pid = os.fork()
    if pid == 0:
        os.close(held)
        os.setpgid(0, 0)
        _run_and_exit(supervise, lifeline)
    os.close(lifeline)
    with contextlib.suppress(OSError):
        os.setpgid(pid, pid)
    try:
        return _wait(pid)
    finally:
        _clean_up(home)
        os.close(held)


def _run_and_exit(supervise: Callable[[int], int], lifeline: int) -> None:
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    name_process("mesh-supervisor")
    code = 1
    try:
        code = supervise(lifeline)
    except MeshError as error:
        print(f"mesh: {error.message}", file=sys.stderr)  # noqa: T201 - this process has no caller to tell
    except BaseException:  # noqa: BLE001 - the boundary of this process
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _wait(pid: int) -> int:
    def forward(number: int, _frame: types.FrameType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)

    before = {number: signal.signal(number, forward) for number in _FORWARDED}
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _FORWARDED)
    try:
        while True:
            ended, status = os.waitpid(-1, 0)
            if ended == pid:
                return abs(os.waitstatus_to_exitcode(status))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _clean_up(home: Path) -> None:
    state = read_state(home)
    if state is not None and state.pid == os.getpid():
        for service in state.services:
            if service.pid is not None:
                signal_group(service.pid, signal.SIGKILL)
        state_path(home).unlink(missing_ok=True)
    kill_orphans()
