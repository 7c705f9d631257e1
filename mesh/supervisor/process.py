"""Forking a child that never outlives its parent, and ending it with everything it started."""

import contextlib
import ctypes
import gc
import os
import signal
import sys
import traceback
from pathlib import Path

from .program import Program

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PR_SET_CHILD_SUBREAPER = 36
_MAX_FD = 4096
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def fork_program(program: Program, log: Path) -> int:
    """Start `program` in a forked process, the leader of its own process group, and return its id.

    Its output is appended to `log`; no other open file of the caller reaches it. It is killed when the
    caller dies. The caller runs neither threads nor an event loop.
    """
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        with contextlib.suppress(OSError):  # the child may have done it, or be gone
            os.setpgid(pid, pid)
        return pid
    code = 1
    try:
        die_with_parent(parent)
        _become_child(program.name, log)
        program.run()
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:  # noqa: BLE001 - the boundary of this process: whatever it was goes to its log
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _become_child(name: str, log: Path) -> None:
    os.setpgid(0, 0)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    name_process(f"mesh-{name}")
    os.closerange(3, _MAX_FD)
    _redirect(log)
    gc.enable()


def die_with_parent(parent: int) -> None:
    """Have this process killed when `parent`, which forked it, dies; at once when it is dead already.

    Linux only. Elsewhere, and for what the process itself starts, the keeper does it.
    """
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def name_process(name: str) -> None:
    """Show `name` (its first 15 bytes) in `ps` and `top`. Linux only."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_NAME, name.encode()[:15], 0, 0, 0)


def adopt_orphans() -> None:
    """Make this process the parent of descendants that lose theirs, so that all are reaped. Linux only."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def kill_orphans() -> None:
    """Kill and reap every child of this process, also the adopted ones. Linux only."""
    tasks = Path(f"/proc/self/task/{os.getpid()}/children")
    while tasks.exists() and (children := tasks.read_text(encoding="ascii").split()):
        for pid in children:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(int(pid), signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-1, 0)


def signal_group(pid: int, number: signal.Signals) -> None:
    """Send a signal to every process of the group that `pid` leads; nothing happens when all are gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def describe_exit(status: int) -> str:
    """A wait status in words: `exit code 3` or `killed by SIGKILL`."""
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def _redirect(log: Path) -> None:
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    for fd in {output, nothing} - {0, 1, 2}:
        os.close(fd)
