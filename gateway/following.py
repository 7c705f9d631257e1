"""An analysis' events without gap or repetition, whatever happens to the orchestrator in between."""

import random
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Protocol

import anyio

from mesh.analysis import Analysis, ProgressEvent
from mesh.errors import UnavailableError

FINISHED = frozenset({"completed", "partial", "failed", "cancelled"})
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 3.0


class EventSource(Protocol):
    """What is followed."""

    def events(self, analysis_id: str, after: int) -> AsyncGenerator[ProgressEvent]:
        """What one connection gives of the events after `after`; it may end early or raise UnavailableError."""

    async def get(self, analysis_id: str) -> Analysis:
        """The analysis as it stands."""


async def follow(
    source: EventSource, analysis_id: str, after: int = 0, *, give_up_s: float = 600.0
) -> AsyncGenerator[ProgressEvent]:
    """Every event with `seq > after` in order, ending with the final one.

    The log is read from its beginning, whatever `after` is: only the final event tells that nothing will follow, and a
    client may have seen it already. A connection that fails or ends early is taken up again behind the last event, with
    growing pauses. An analysis that had finished before a connection gave nothing has no events left.

    Raises: NotFoundError for an unknown id; UnavailableError after `give_up_s` seconds in which every connection failed.
    """
    last, silent, finished = 0, 0, False
    heard_at = time.monotonic()
    while True:
        start = last
        try:
            async with aclosing(source.events(analysis_id, last)) as events:
                async for event in events:
                    if event.seq <= last:
                        continue
                    if event.seq != last + 1:
                        break
                    last = event.seq
                    if last > after:
                        yield event
                    if event.final:
                        return
            heard_at = time.monotonic()
            if last == start and finished:
                return
            finished = (await source.get(analysis_id)).status in FINISHED
        except UnavailableError:
            if time.monotonic() - heard_at > give_up_s:
                raise
        silent = silent + 1 if last == start else 0
        if silent and not finished:
            await anyio.sleep(_pause_s(silent))


def _pause_s(failures: int) -> float:
    ceiling = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2**failures)
    return random.uniform(_FIRST_PAUSE_S, ceiling)  # noqa: S311 - jitter, not a secret
