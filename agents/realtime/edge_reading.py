"""Lines of a file or of standard input as events: JSON objects, or CSV with a header."""

import csv
import json
import os
import select
import time
from collections.abc import Iterator
from typing import Any

from mesh.streams.event import Event

from .sent_events import event_in

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
            return event_in(self._value(text))
        except (ValueError, RecursionError, csv.Error):
            self.unreadable += 1
            return None

    def _value(self, text: str) -> Any:
        if self._header is None:
            return json.loads(text)
        cells = next(csv.reader([text]))
        if len(cells) != len(self._header):
            raise ValueError("another number of cells than the header")
        return dict(zip(self._header, cells, strict=True))
