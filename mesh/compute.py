"""Heavy work in separate, killable processes that start warm.

`serve_compute` runs a single-threaded process that imports what computations need and forks one worker per job; agents
reach it over a Unix socket. A worker owns its connection: when the caller goes away or cancels, the worker and everything
it started are killed.
"""

import contextlib
import ctypes
import importlib
import inspect
import os
import pickle
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

import anyio
import anyio.from_thread
import anyio.to_thread
import structlog

from .errors import DeadlineError, MeshError, UnavailableError

T = TypeVar("T")
ProgressCallback = Callable[[float, str], None]
_log = structlog.get_logger(__name__)
_PR_SET_PDEATHSIG = 1
_BACKLOG = 64
_HEADER_TIMEOUT_S = 5.0
_CONNECT_TIMEOUT_S = 5.0
_ABANDONED_THREADS = 32


class JobFailed(Exception):  # noqa: N818 - carries a worker's failure across, it is not one of ours
    """A computation raised something unexpected. `where` is its traceback, for the log."""

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(message)
        self.where = where


def serve_compute(socket_path: Path, preload: Sequence[str] = ()) -> None:
    """Accepts jobs on `socket_path` until killed. Never returns normally; must run in a process without threads.

    Args: `preload` names modules to import before the first job.
    """
    from .catalogue import mount_agents

    mount_agents()
    _die_with_parent()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    socket_path.parent.mkdir(parents=True, exist_ok=True)
    socket_path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(socket_path))
    socket_path.chmod(0o600)
    listener.listen(_BACKLOG)
    _import_all(preload)
    while True:
        accepted, _ = listener.accept()
        with contextlib.suppress(OSError, EOFError, pickle.UnpicklingError):
            _fork_worker(listener, accepted)
        accepted.close()


class ComputeClient:
    """Runs functions in worker processes; at most `workers` at once."""

    def __init__(self, socket_path: Path, *, workers: int = 2, preload: Sequence[str] = ()) -> None:
        self._socket_path = socket_path
        self._preload = tuple(preload)
        self._limiter = anyio.CapacityLimiter(workers)
        self._threads = anyio.CapacityLimiter(workers + _ABANDONED_THREADS)

    async def run(
        self,
        fn: Callable[..., T],
        *args: Any,
        timeout_s: float | None = None,
        on_progress: ProgressCallback | None = None,
        **kwargs: Any,
    ) -> T:
        """The result of `fn(*args, **kwargs)`, computed in a worker process.

        A keyword parameter named `progress` of `fn` receives a callable `(fraction, message)`.
        Cancelling this call kills the worker.

        Raises: what `fn` raised if it is a MeshError; JobFailed otherwise; DeadlineError after `timeout_s`; UnavailableError
        when the compute process or the worker died.
        """
        job = pickle.dumps((fn, args, kwargs))
        modules = (*self._preload, getattr(fn, "__module__", ""))
        async with self._limiter:
            connection = await self._connect()
            worker = _Worker(connection, on_progress)
            try:
                with anyio.fail_after(timeout_s):
                    return await anyio.to_thread.run_sync(
                        worker.run, modules, job, abandon_on_cancel=True, limiter=self._threads
                    )
            except TimeoutError:
                raise DeadlineError(f"{fn.__name__} did not finish within {timeout_s:g} s.") from None
            finally:
                worker.kill()

    async def _connect(self) -> Connection:
        deadline = time.monotonic() + _CONNECT_TIMEOUT_S
        while True:
            client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                client.connect(str(self._socket_path))
            except OSError:
                client.close()
                if time.monotonic() > deadline:
                    raise UnavailableError(
                        "The compute process is not running; it is being restarted."
                    ) from None
                await anyio.sleep(0.05)
            else:
                return Connection(client.detach())


class _Worker:
    """The caller's end of one worker process."""

    def __init__(self, connection: Connection, on_progress: ProgressCallback | None) -> None:
        self._connection = connection
        self._on_progress = on_progress
        self._pid: int | None = None
        self._killed = False
        self._lock = threading.Lock()

    def run(self, modules: Sequence[str], job: bytes) -> Any:
        try:
            self._connection.send(modules)
            self._connection.send_bytes(job)
            while True:
                kind, value = self._connection.recv()
                if kind == "pid":
                    self._pid = value
                    if self._killed:
                        self.kill()
                elif kind == "progress":
                    self._report(*value)
                elif kind == "error":
                    raise value
                else:
                    return value
        except (EOFError, OSError):
            raise UnavailableError("The computation's process died before it finished.") from None

    def _report(self, fraction: float, message: str) -> None:
        if self._on_progress is not None and not self._killed:
            self._on_progress(fraction, message)

    def kill(self) -> None:
        with self._lock:
            self._killed = True
            if self._pid is not None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self._pid, signal.SIGKILL)
                self._pid = None
            with contextlib.suppress(OSError), socket.socket(fileno=os.dup(self._connection.fileno())) as end:
                end.shutdown(socket.SHUT_RDWR)
            with contextlib.suppress(OSError):
                self._connection.close()


def _fork_worker(listener: socket.socket, accepted: socket.socket) -> None:
    accepted.settimeout(_HEADER_TIMEOUT_S)
    connection = Connection(os.dup(accepted.fileno()))
    os.set_blocking(connection.fileno(), True)
    try:
        _import_all(connection.recv())
        if os.fork() == 0:
            listener.close()
            accepted.close()
            _work(connection)
    finally:
        connection.close()


def _work(connection: Connection) -> None:
    """Runs one job and exits; never returns."""
    code = 1
    try:
        os.setpgid(0, 0)
        _die_with_parent()
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        connection.send(("pid", os.getpid()))
        job = connection.recv_bytes()
        threading.Thread(target=_die_with_caller, args=(connection.fileno(),), daemon=True).start()
        connection.send(_run_job(job, connection))
        code = 0
    except BaseException:  # noqa: BLE001 - the worker's last line of defence before it exits
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _run_job(job: bytes, connection: Connection) -> tuple[str, Any]:
    lock = threading.Lock()

    def progress(fraction: float, message: str = "") -> None:
        with lock, contextlib.suppress(OSError):
            connection.send(("progress", (float(fraction), message)))

    try:
        fn, args, kwargs = pickle.loads(job)  # noqa: S301 - from our own process, over a private socket
        if "progress" in inspect.signature(fn).parameters and "progress" not in kwargs:
            kwargs["progress"] = progress
        value = fn(*args, **kwargs)
        pickle.dumps(value)
    except MeshError as error:
        return "error", error
    except Exception as error:  # noqa: BLE001 - the job's boundary: reported to the caller with its traceback
        return "error", JobFailed(f"{type(error).__name__}: {error}", traceback.format_exc())
    return "result", value


def _die_with_caller(fd: int) -> None:
    """Kills this worker's process group when the caller's end of the connection closes."""
    peer = socket.socket(fileno=os.dup(fd))
    with contextlib.suppress(OSError):
        while True:
            if peer.recv(1, socket.MSG_PEEK) == b"":
                break
            time.sleep(0.2)
    os.killpg(0, signal.SIGKILL)


def _die_with_parent() -> None:
    """Asks the kernel to kill this process when its parent dies (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _import_all(names: Sequence[str]) -> None:
    for name in names:
        if name and name not in sys.modules:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
