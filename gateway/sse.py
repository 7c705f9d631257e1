"""Server-sent events (WHATWG HTML, section 9.2): encoding for clients, decoding of what services send."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ServerEvent:
    """One event. `id` is the progress event's sequence number as text; `event` is empty for the default type."""

    data: str
    id: str = ""
    event: str = ""


_SEPARATORS = str.maketrans({"\u0085": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})
HEARTBEAT = b": keep-alive\n\n"


def encode_event(event: ServerEvent) -> bytes:
    """The event as bytes; line breaks within `data` become several data lines."""
    lines = [f"id: {event.id}"] if event.id else []
    if event.event:
        lines.append(f"event: {event.event}")
    data = event.data.replace("\r\n", "\n").replace("\r", "\n")
    lines.extend(f"data: {line}" for line in data.split("\n"))
    return ("\n".join(lines) + "\n\n").encode()


def one_line(json_text: str) -> str:
    """JSON with the rarer line separators escaped: some clients take them for the end of an event's line."""
    return json_text.translate(_SEPARATORS)


class EventDecoder:
    """Turns the bytes of an event stream, cut anywhere, into events. Only CR and LF end a line, as the standard says."""

    def __init__(self, limit_bytes: int = 16 * 1024 * 1024) -> None:
        self._buffer = bytearray()
        self._limit_bytes = limit_bytes
        self._data: list[str] = []
        self._id = ""
        self._event = ""

    def feed(self, chunk: bytes) -> list[ServerEvent]:
        """The events that `chunk` completes. Raises: ValueError when one line is over the limit."""
        self._buffer += chunk
        events = []
        while (line := self._line()) is not None:
            event = self._take(line)
            if event is not None:
                events.append(event)
        if len(self._buffer) > self._limit_bytes:
            raise ValueError("a line of the event stream is over the limit")
        return events

    def _line(self) -> str | None:
        feed, carriage = self._buffer.find(b"\n"), self._buffer.find(b"\r")
        if carriage >= 0 and (feed < 0 or carriage < feed):
            if carriage + 1 == len(self._buffer):
                return None
            end, skip = carriage, 2 if self._buffer[carriage + 1 : carriage + 2] == b"\n" else 1
        elif feed >= 0:
            end, skip = feed, 1
        else:
            return None
        line = self._buffer[:end].decode("utf-8", "replace")
        del self._buffer[: end + skip]
        return line

    def _take(self, line: str) -> ServerEvent | None:
        if not line:
            event = ServerEvent("\n".join(self._data), self._id, self._event) if self._data else None
            self._data, self._event = [], ""
            return event
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "event":
            self._event = value
        return None
