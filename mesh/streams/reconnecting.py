"""A stream that survives interruptions: it connects again behind the last event, after pauses that grow."""

import random
from collections.abc import AsyncGenerator
from contextlib import aclosing

import anyio

from mesh.connections import Connection
from mesh.errors import BadInputError, UnavailableError

from .event import Event, EventSource, StreamBroken

_CAP_S = 30.0
TRIES = 6


class Reconnecting:
    """The events of a source across interruptions.

    Nothing runs while nobody takes events: a slow reader slows the source down, and what waits meanwhile is bounded by the
    adapter (a batch, a few messages) and the network.

    Args: `tries` is how often connecting may fail in a row, `first_s` the pause after the first failure, which doubles.

    `last_id` is what to resume behind later. `gaps` counts the interruptions after which events may be missing, because the
    source cannot resume, or gave no id to resume behind.
    """

    def __init__(self, source: EventSource, *, tries: int = TRIES, first_s: float = 0.5) -> None:
        self._source = source
        self._tries = tries
        self._first_s = first_s
        self.gaps = 0
        self.last_id: str | None = None

    async def events(self, after: str | None = None) -> AsyncGenerator[Event]:
        """The events behind `after`, or those from now on. Use it within `aclosing`.

        Raises: UnavailableError when connecting failed too often in a row; MeshError when trying again cannot help.
        """
        self.last_id = after
        failures = 0
        while True:
            received = False
            try:
                async with aclosing(self._source.events(self.last_id)) as events:
                    async for event in events:
                        self.last_id, received, failures = event.id or self.last_id, True, 0
                        yield event
                return
            except StreamBroken as error:
                failures += 1
                self.gaps += received and not (self._source.resumable and self.last_id)
                if failures >= self._tries:
                    raise UnavailableError(
                        f"The stream was lost and could not be reached again: {error}. Try again later."
                    ) from None
            ceiling_s = min(_CAP_S, self._first_s * 2 ** (failures - 1))
            await anyio.sleep(random.uniform(0.5, 1) * ceiling_s)  # noqa: S311 - jitter, not a secret


def open_stream(connection: Connection, key: str | None = None, *, tries: int = TRIES) -> Reconnecting:
    """The stream behind a connection; nothing is connected to before events are taken.

    Args: `key` is the key of a Redis stream; `tries` is how often connecting may fail in a row.
    Raises: BadInputError when the connection leads to no stream.
    """
    source: EventSource
    match connection.kind:
        case "sse":
            from .sse import SseSource

            source = SseSource(connection)
        case "websocket":
            from .websocket import WebSocketSource

            source = WebSocketSource(connection)
        case "redis" if key is not None:
            from .redis import RedisSource

            source = RedisSource(connection, key)
        case _:
            raise BadInputError(f"The connection '{connection.name}' leads to no stream.")
    return Reconnecting(source, tries=tries)
