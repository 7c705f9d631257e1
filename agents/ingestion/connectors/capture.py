"""A bounded stretch of a stream as JSON Lines: so many events, or so many seconds, whichever ends first."""

import json
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

import anyio

from mesh.connections import Connection
from mesh.errors import BadInputError, SourceUnavailableError, TooLargeError, UnavailableError
from mesh.language import Language, refused, say
from mesh.selection import Selection
from mesh.streams.event import Event
from mesh.streams.reconnecting import open_stream

from .landing import READ_SHARE, Landed, Limits, origin_of

EVENTS = 10_000
SECONDS = 30.0
_TELL_EVERY = 100
_LISTEN_S = 3.0

Progress = Callable[[float, str], Awaitable[None]]


async def capture(
    connection: Connection,
    selection: Selection,
    folder: Path,
    limits: Limits,
    language: Language,
    progress: Progress,
) -> Landed:
    """The events of the selected stream that come within its bounds, one JSON object per line in `folder`.

    An event's id and time become `event_id` and `event_time` where its fields have none. A stream that is lost for good
    leaves what came before, and `gaps` in the origin.

    Raises: BadInputError when no event came; TooLargeError; SourceUnavailableError when the stream cannot be reached.
    """
    stream = open_stream(connection, selection.stream)
    most, seconds = selection.events or EVENTS, min(selection.seconds or SECONDS, limits.deadline_s)
    name = selection.stream or connection.name
    path, count, left_bytes = folder / "landed.jsonl", 0, limits.size_bytes
    lost = 0
    with path.open("wb") as file, anyio.move_on_after(seconds):
        try:
            async with aclosing(stream.events(selection.after)) as events:
                async for event in events:
                    line = _line(event)
                    left_bytes -= len(line)
                    if left_bytes < 0:
                        raise _too_large(name, limits)
                    file.write(line)
                    count += 1
                    if count % _TELL_EVERY == 0:
                        await progress(READ_SHARE * count / most, _told(language, count, name))
                    if count >= most:
                        break
        except UnavailableError as error:
            if not count:
                raise SourceUnavailableError(error.message, korean=error.korean) from None
            lost = 1
    if not count:
        raise BadInputError(
            say(
                language,
                en="No event came from {name} within {seconds:g} s. Listen longer (`seconds`) or begin earlier (`after`).",
                ko="{seconds:g}초 동안 {name}에서 온 이벤트가 없습니다. `seconds`나 `after`로 더 길게 받아 주십시오.",
                name=name,
                seconds=seconds,
            )
        )
    origin = origin_of(connection, name, records=count, last_id=stream.last_id, gaps=stream.gaps + lost)
    return Landed(path, f"{name}.jsonl", origin)


async def listen(connection: Connection) -> None:
    """Connects to a stream for a moment, whether an event comes or not. Raises: MeshError when it cannot be reached."""
    stream = open_stream(connection, connection.name, tries=1)
    with anyio.move_on_after(_LISTEN_S):
        async with aclosing(stream.events()) as events:
            await anext(events, None)


def _line(event: Event) -> bytes:
    stamped = {"event_id": event.id, "event_time": event.time.isoformat()}
    return (json.dumps({**stamped, **event.fields}, ensure_ascii=False) + "\n").encode()


def _too_large(name: str, limits: Limits) -> TooLargeError:
    return refused(
        TooLargeError,
        en="What came from {name} is over the limit of {limit:,} bytes (MESH_MAX_UPLOAD_BYTES). "
        "Take less with `events` or `seconds`.",
        ko="{name}에서 받은 양이 한도 {limit:,}바이트(MESH_MAX_UPLOAD_BYTES)를 넘습니다. `events`나 `seconds`를 줄여 주십시오.",
        name=name,
        limit=limits.size_bytes,
    )


def _told(language: Language, count: int, name: str) -> str:
    return say(
        language,
        en="Received {count:,} events of {name}",
        ko="{name}에서 이벤트 {count:,}건을 받았습니다",
        count=count,
        name=name,
    )
