"""The event log of each analysis: gap-free, never going back, readable from any point while it grows."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import anyio

from mesh.analysis import ProgressEvent

from .store import Store

_POLL_S = 0.5
_STEP_INTERVAL_S = 0.2


class EventLog:
    """Writes and follows event logs. One writer per analysis, in the orchestrator that runs it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._heads: dict[str, ProgressEvent | None] = {}
        self._locks: dict[str, anyio.Lock] = {}
        self._grown: dict[str, anyio.Event] = {}
        self._written_at: dict[tuple[str, str | None], float] = {}

    async def write(
        self,
        analysis_id: str,
        *,
        stage: str,
        agent: str,
        progress: float,
        message: str,
        step: str | None = None,
        final: bool = False,
        fine: bool = False,
    ) -> None:
        """Appends one event. `progress` in [0, 100] is raised to the last one if it is lower.

        `fine` events of one step are dropped when they come faster than five a second. Nothing is written after the final event.
        """
        key = (analysis_id, step)
        now = time.monotonic()
        if fine and now - self._written_at.get(key, 0.0) < _STEP_INTERVAL_S:
            return
        self._written_at[key] = now
        async with self._locks.setdefault(analysis_id, anyio.Lock()):
            head = await self._head(analysis_id)
            if head is not None and head.final:
                return
            floor = head.progress if head else 0.0
            event = ProgressEvent(
                analysis_id=analysis_id,
                seq=(head.seq if head else 0) + 1,
                stage=stage,
                agent=agent,
                progress=100.0 if final else round(min(99.0, max(floor, progress)), 1),
                message=message,
                step=step,
                time=datetime.now(UTC),
                final=final,
            )
            await self._store.append_event(event)
            self._heads[analysis_id] = event
        self._grown.pop(analysis_id, anyio.Event()).set()

    async def follow(self, analysis_id: str, after: int = 0) -> AsyncIterator[ProgressEvent]:
        """Events with `seq` greater than `after`, as they come, to the final one."""
        seq = after
        while True:
            grown = self._grown.setdefault(analysis_id, anyio.Event())
            events = await self._store.events_after(analysis_id, seq)
            for event in events:
                yield event
                seq = event.seq
                if event.final:
                    return
            if not events:
                head = await self._store.last_event(analysis_id)
                if head is not None and head.final and head.seq <= seq:
                    return
                with anyio.move_on_after(_POLL_S):
                    await grown.wait()

    def close(self, analysis_id: str) -> None:
        """Forgets what is kept in memory of a finished analysis."""
        self._heads.pop(analysis_id, None)
        self._locks.pop(analysis_id, None)
        for key in [key for key in self._written_at if key[0] == analysis_id]:
            del self._written_at[key]

    async def _head(self, analysis_id: str) -> ProgressEvent | None:
        if analysis_id not in self._heads:
            self._heads[analysis_id] = await self._store.last_event(analysis_id)
        return self._heads[analysis_id]
