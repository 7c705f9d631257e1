"""Scorer processes: started, asked how they are, told of changes, started again when they die."""

import asyncio
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import httpx
import structlog
from anyio.abc import TaskGroup

import mesh
from mesh.errors import UnavailableError

from .endpoint import PORT_IN_USE, read_endpoint

READY_S = 90.0
_POLL_S = 0.05
_HEALTH_S = 5.0
_STOP_S = 5.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _WELL_AFTER_S = 0.5, 60.0, 60.0
_START = (
    "import sys; from mesh.catalogue import mount_agents; mount_agents();"
    "from mesh_agents.mlops.serving.scorer import main; main(sys.argv[1:])"
)
_log = structlog.get_logger(__name__)


class Scorer:
    """The process that serves the endpoint in `folder`, and the one after it, until `stop`. It ends with this process."""

    def __init__(self, folder: Path, home: Path, http: httpx.AsyncClient) -> None:
        self._folder = folder
        self._home = home
        self._http = http
        self._process: asyncio.subprocess.Process | None = None
        self._scope = anyio.CancelScope()
        self._ended = anyio.Event()
        self._heard = False
        self.restarts = 0
        self.note = ""

    @property
    def process_id(self) -> int | None:
        """The process's id while it lives."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    def begin(self, tasks: TaskGroup) -> None:
        """Keeps a process running in `tasks` from now on."""
        tasks.start_soon(self._keep)

    async def stop(self) -> None:
        """Ends the process for good."""
        self._scope.cancel()
        await self._ended.wait()

    def announce(self) -> None:
        """Has the process read `endpoint.json` again. One that has not answered yet is left alone: the signal
        would kill it before it can listen to it.
        """
        if self._heard and (process_id := self.process_id) is not None:
            with suppress(ProcessLookupError):
                os.kill(process_id, signal.SIGHUP)

    async def health(self) -> dict[str, Any] | None:
        """What the process says of itself; None while it does not answer."""
        try:
            reply = await self._http.get(f"{read_endpoint(self._folder).url}health", timeout=_HEALTH_S)
            health: dict[str, Any] = reply.json()
        except (httpx.HTTPError, ValueError):
            return None
        self._heard = True
        return health

    async def schema(self) -> dict[str, Any]:
        """What rows the endpoint takes, with an example. Raises: UnavailableError when it does not answer."""
        url = f"{read_endpoint(self._folder).url}schema"
        try:
            reply = await self._http.get(url, timeout=_HEALTH_S)
            reply.raise_for_status()
        except httpx.HTTPError as error:
            raise UnavailableError(f"The endpoint at {url} does not answer: {error!r}.") from error
        schema: dict[str, Any] = reply.json()
        return schema

    async def until_served(self, timeout_s: float = READY_S) -> dict[str, Any]:
        """What the process says of itself once it answers with what `endpoint.json` names.

        A process that was just starting may have read the file before it was changed, and is told when it answers.
        Raises: UnavailableError that says why it does not.
        """
        wanted = read_endpoint(self._folder)
        why = f"it did not answer within {timeout_s:g} s"
        told = False
        with anyio.move_on_after(timeout_s):
            while not self.note:
                health = await self.health()
                if health is not None and health["revision"] >= wanted.revision:
                    if health["problem"] is None:
                        return health
                    why = health["problem"]
                    break
                if health is not None and not told:
                    self.announce()
                    told = True
                await anyio.sleep(_POLL_S)
        raise UnavailableError(
            f"The endpoint of {wanted.name!r} does not serve version {wanted.version}: {self.note or why}"
        )

    async def _keep(self) -> None:
        pause = _FIRST_PAUSE_S
        try:
            with self._scope:
                while True:
                    started = anyio.current_time()
                    status = await self._run()
                    if anyio.current_time() - started > _WELL_AFTER_S:
                        pause = _FIRST_PAUSE_S
                    self.note = self._reason(status)
                    _log.warning("scorer_ended", status=status, pause_s=pause)
                    await anyio.sleep(pause)
                    pause = min(_LONGEST_PAUSE_S, 2 * pause)
                    self.restarts += 1
                    self.note = ""
        finally:
            with anyio.CancelScope(shield=True):
                await self._end()
            self._ended.set()

    async def _run(self) -> int:
        """Runs one process to its end; its exit status."""
        arguments = (str(os.getpid()), str(self._home), str(self._folder))
        self._heard = False
        with (self._folder / "scorer.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", _START, *arguments),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=Path(mesh.__file__).resolve().parents[1],
            )
        return await self._process.wait()

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        with anyio.move_on_after(_STOP_S):
            await process.wait()
        if process.returncode is None:
            process.kill()
            await process.wait()

    def _reason(self, status: int) -> str:
        if status == PORT_IN_USE:
            port = read_endpoint(self._folder).port
            return f"port {port} is in use; stop what listens there, or serve the model on another port"
        return f"its process ended with status {status}; the last lines of {self._folder.name}/scorer.log say why"


def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
