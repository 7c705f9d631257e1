"""Sandboxes that stay for a conversation, and one that waits warm for the next."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .contents import remove
from .sandbox import Limits, Sandbox

MOST_SESSIONS = 4
IDLE_S = 900.0
_SWEEP_S = 30.0


@dataclass
class Session:
    """A conversation's sandbox; `fresh` until its first run has ended."""

    sandbox: Sandbox
    fresh: bool = True
    used_at: float = field(default_factory=time.monotonic)
    users: int = 0


class Sessions:
    """Keeps at most `MOST_SESSIONS` sandboxes by conversation; the one idle longest makes room."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self._folder = folder
        self._limits = limits or Limits()
        self._sessions: dict[str, Session] = {}
        self._spare: Sandbox | None = None
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def session(self, name: str) -> AsyncIterator[Session]:
        """The sandbox of a conversation: the one it has, else the spare, else a new one.

        Raises: RuntimeError when none can be started.
        """
        async with self._turn:
            session = self._sessions.get(name)
            if session is None or not session.sandbox.alive:
                await self._make_room()
                session = self._sessions[name] = Session(await self._taken())
            session.users += 1
        try:
            yield session
        finally:
            session.users -= 1
            session.fresh = False
            session.used_at = time.monotonic()

    @asynccontextmanager
    async def single(self, limits: Limits | None = None) -> AsyncIterator[Sandbox]:
        """A sandbox for one piece of work, gone afterwards with its files."""
        sandbox = await self._started(limits)
        try:
            yield sandbox
        finally:
            await _end(sandbox)

    async def keep(self) -> None:
        """Ends sandboxes that nobody has used for `IDLE_S`; runs until cancelled."""
        while True:
            await asyncio.sleep(_SWEEP_S)
            async with self._turn:
                for name, session in list(self._sessions.items()):
                    if not session.users and time.monotonic() - session.used_at > IDLE_S:
                        await _end(self._sessions.pop(name).sandbox)

    async def warm(self) -> None:
        """Starts the spare when there is none."""
        if self._spare is None:
            with contextlib.suppress(RuntimeError):
                self._spare = await self._started()

    async def close(self) -> None:
        """Ends them all."""
        async with self._turn:
            for session in self._sessions.values():
                await _end(session.sandbox)
            self._sessions.clear()
            if self._spare is not None:
                await _end(self._spare)
                self._spare = None

    async def _taken(self) -> Sandbox:
        spare, self._spare = self._spare, None
        return spare if spare is not None and spare.alive else await self._started()

    async def _make_room(self) -> None:
        for name in [name for name, session in self._sessions.items() if not session.sandbox.alive]:
            await _end(self._sessions.pop(name).sandbox)
        idle = sorted(
            (item for item in self._sessions.items() if not item[1].users), key=lambda item: item[1].used_at
        )
        for name, session in idle[: max(0, len(self._sessions) + 1 - MOST_SESSIONS)]:
            del self._sessions[name]
            await _end(session.sandbox)

    async def _started(self, limits: Limits | None = None) -> Sandbox:
        self._folder.mkdir(parents=True, exist_ok=True)
        sandbox = Sandbox(Path(tempfile.mkdtemp(prefix="sandbox-", dir=self._folder)), limits or self._limits)
        try:
            await sandbox.start()
        except BaseException:
            await _end(sandbox)
            raise
        return sandbox


async def _end(sandbox: Sandbox) -> None:
    await sandbox.close()
    await asyncio.to_thread(remove, sandbox.folder)
