"""Messages of a WebSocket behind a connection of kind `websocket`, one event each.

The protocol has no ids of its own: `id_field` names the field that holds them, `resume_parameter` the query parameter, or
`subscribe` the first message (with `{after}` in it), that tells the server behind which to go on.
"""

import time
from collections.abc import AsyncGenerator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import anyio
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError, InvalidHandshake, InvalidStatus, WebSocketException

from mesh.connections import Connection
from mesh.errors import BadInputError, ForbiddenError

from .event import Event, StreamBroken, event_of
from .payload import fields_of

MAX_MESSAGE_BYTES = 1 << 20
_CONNECT_S = 10.0
_CLOSE_S = 1.0
_BUFFERED_MESSAGES = 64


class WebSocketSource:
    """One address. `silence_s` is how long a ping may go unanswered."""

    def __init__(self, connection: Connection, *, silence_s: float = 20.0) -> None:
        options = connection.options
        self._connection = connection
        self._silence_s = silence_s
        self.resumable = bool(options.resume_parameter or "{after}" in (options.subscribe or ""))

    async def events(self, after: str | None) -> AsyncGenerator[Event]:
        """See `EventSource`. A normal close (1000) is the end; events without an id are numbered per connection."""
        options, name = self._connection.options, self._connection.name
        try:
            socket = await connect(
                self._address(after),
                additional_headers=options.headers,
                open_timeout=_CONNECT_S,
                close_timeout=_CLOSE_S,
                ping_interval=self._silence_s,
                ping_timeout=self._silence_s,
                max_size=MAX_MESSAGE_BYTES,
                max_queue=_BUFFERED_MESSAGES,
                proxy=None,
            )
            try:
                async for event in self._received(socket, after):
                    yield event
            finally:
                with anyio.move_on_after(2 * _CLOSE_S, shield=True):
                    await socket.close()
        except InvalidStatus as error:
            status = error.response.status_code
            if status in (401, 403):
                raise ForbiddenError(f"The connection '{name}' refuses the login (HTTP {status}).") from None
            if status < 500 and status != 429:
                raise BadInputError(f"The connection '{name}' is no WebSocket: HTTP {status}.") from None
            raise StreamBroken(f"{name}: HTTP {status}") from None
        except ConnectionClosedError as error:
            if error.rcvd is None and error.sent is not None and error.sent.code == 1009:
                raise BadInputError(f"The connection '{name}' sends a message over 1 MiB.") from None
            raise StreamBroken(f"{name}: the connection was lost") from None
        except (InvalidHandshake, WebSocketException, OSError, TimeoutError) as error:
            raise StreamBroken(f"{name}: {type(error).__name__}") from None

    async def _received(self, socket: ClientConnection, after: str | None) -> AsyncGenerator[Event]:
        options = self._connection.options
        if options.subscribe:
            await socket.send(options.subscribe.replace("{after}", after or ""))
        begun_ms, number = time.time_ns() // 1_000_000, 0
        async for message in socket:
            number += 1
            fields = fields_of(message if isinstance(message, str) else message.decode("utf-8", "replace"))
            id_ = fields.get(options.id_field)
            own = f"{begun_ms}-{number}" if id_ is None else str(id_)
            yield event_of(fields, own, fields.get(options.time_field))

    def _address(self, after: str | None) -> str:
        parameter = self._connection.options.resume_parameter
        if parameter is None or after is None:
            return self._connection.url
        parts = urlsplit(self._connection.url)
        query = [(key, value) for key, value in parse_qsl(parts.query) if key != parameter]
        return urlunsplit(parts._replace(query=urlencode([*query, (parameter, after)])))
