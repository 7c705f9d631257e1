"""Lines of a file or of standard input as events: JSON objects, or CSV with a header."""

import csv
import json
import os
import select
import time
from collections.abc import Iterator, Mapping
from typing import Any

from mesh.streams.event import Event, event_of, moment_of

TIMES = ("time", "timestamp", "ts", "datetime", "date")
CHUNK_BYTES = 65_536
_FOLLOW_EVERY_S = 0.2


def read_lines(file: int, *, follow: bool) -> Iterator[list[tuple[bytes, int]]]:
    """What is there of a file or pipe, stretch by stretch: whole lines with their lengths in bytes.

    An empty stretch says that nothing came for a while; it comes to an end with the file, unless it is followed.
    """
    rest = b""
    while True:
        ready, _, _ = select.select([file], [], [], _FOLLOW_EVERY_S)
        chunk = os.read(file, CHUNK_BYTES) if ready else b""
        if ready and not chunk:
            if not follow:
                break
            time.sleep(_FOLLOW_EVERY_S)
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        yield [(line, len(line) + 1) for line in lines]
    if rest:
        yield [(rest, len(rest))]


class LineReader:
    """Reads events out of lines; `unreadable` counts those that hold none. `header` are the names of CSV columns."""

    def __init__(self, header: list[str] | None = None) -> None:
        self._header = header
        self.unreadable = 0

    def event(self, line: bytes) -> Event | None:
        """The event of a line; None, and counted, when there is none in it."""
        text = line.decode("utf-8", "replace").strip()
        if not text:
            return None
        try:
            fields = self._fields(text)
            return timed_event(fields)
        except (ValueError, RecursionError):
            self.unreadable += 1
            return None

    def _fields(self, text: str) -> Mapping[str, Any]:
        if self._header is None:
            value = json.loads(text)
            if not isinstance(value, dict):
                raise ValueError("not an object")
            return value
        cells = next(csv.reader([text]))
        if len(cells) != len(self._header):
            raise ValueError("another number of cells than the header")
        return dict(zip(self._header, cells, strict=True))


def timed_event(fields: Mapping[str, Any]) -> Event:
    """The event that fields are, with its id when it has one. Raises: ValueError for a time that cannot be read."""
    when = next((fields[name] for name in TIMES if fields.get(name) not in (None, "")), None)
    if when is not None and moment_of(when) is None:
        raise ValueError(f"the time {when!r} is neither ISO 8601 nor seconds or milliseconds since 1970")
    return event_of(dict(fields), str(fields.get("id", "")), when)
