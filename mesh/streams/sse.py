"""Server-sent events (WHATWG HTML, 9.2) behind a connection of kind `sse`, resumed with Last-Event-ID."""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit, urlunsplit

import httpx

from mesh.addresses import pin_address
from mesh.connections import Connection
from mesh.errors import BadInputError, ForbiddenError

from .event import Event, StreamBroken, event_of
from .payload import fields_of

MAX_EVENT_CHARS = 1 << 20
_CONNECT_S = 10.0


@dataclass
class _Message:
    """The lines of one event so far."""

    data: list[str] = field(default_factory=list)
    kind: str = ""
    id: str = ""
    chars: int = 0


class SseSource:
    """One address of server-sent events. `silence_s` is the longest pause in which a comment or event has to come."""

    resumable = True

    def __init__(self, connection: Connection, *, silence_s: float = 60.0) -> None:
        parts = urlsplit(connection.url)
        self._connection = connection
        self._silence_s = silence_s
        self._url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        self._login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None

    async def events(self, after: str | None) -> AsyncGenerator[Event]:
        """See `EventSource`. An event without an id of its own has none, so that nobody takes it for the one before."""
        pinned = await pin_address(self._url, {urlsplit(self._url).hostname or ""})
        headers = {
            "Accept": "text/event-stream",
            "Cache-Control": "no-store",
            **self._connection.options.headers,
            "Host": pinned.host_header,
        }
        if after is not None:
            headers["Last-Event-ID"] = after
        timeout = httpx.Timeout(self._silence_s, connect=_CONNECT_S)
        async with httpx.AsyncClient(trust_env=False, timeout=timeout, auth=self._login) as http:
            try:
                async with http.stream(
                    "GET", pinned.url, headers=headers, extensions={"sni_hostname": pinned.hostname}
                ) as response:
                    if response.status_code == 204:
                        return
                    self._check(response)
                    async for event in self._parsed(response.aiter_lines()):
                        yield event
            except httpx.TransportError as error:
                raise StreamBroken(f"{self._connection.name}: {type(error).__name__}") from None
        raise StreamBroken(f"{self._connection.name}: the server ended the connection")

    async def _parsed(self, lines: AsyncIterator[str]) -> AsyncGenerator[Event]:
        message = _Message()
        async for line in lines:
            if not line:
                if message.data:
                    yield self._event(message)
                message = _Message()
                continue
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            message.chars += len(line)
            if message.chars > MAX_EVENT_CHARS:
                raise BadInputError(f"The connection '{self._connection.name}' sends an event over 1 MiB.")
            if name == "data":
                message.data.append(value)
            elif name == "event":
                message.kind = value
            elif name == "id" and "\0" not in value:
                message.id = value

    def _event(self, message: _Message) -> Event:
        fields = fields_of("\n".join(message.data))
        if message.kind:
            fields.setdefault("event", message.kind)
        return event_of(fields, message.id, fields.get(self._connection.options.time_field))

    def _check(self, response: httpx.Response) -> None:
        status, name = response.status_code, self._connection.name
        if status in (401, 403):
            raise ForbiddenError(f"The connection '{name}' refuses the login (HTTP {status}).")
        if status in (408, 425, 429) or status >= 500:
            raise StreamBroken(f"{name}: HTTP {status}")
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if status != 200 or kind != "text/event-stream":
            raise BadInputError(
                f"The connection '{name}' is no stream of events: HTTP {status}, {kind or 'no media type'}."
            )
