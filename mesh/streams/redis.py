"""A Redis stream behind a connection of kind `redis`, read without a consumer group: nothing at the server changes."""

from collections.abc import AsyncGenerator
from typing import Any

import anyio
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError, ResponseError
from redis.exceptions import ConnectionError as RedisConnectionError

from mesh.connections import Connection
from mesh.errors import BadInputError, ForbiddenError

from .event import Event, StreamBroken, event_of
from .payload import fields_of

_BATCH = 500
_BLOCK_MS = 1_000
_CONNECT_S = 10.0
_CLOSE_S = 2.0


class RedisSource:
    """One key that holds a stream."""

    resumable = True

    def __init__(self, connection: Connection, key: str) -> None:
        self._connection = connection
        self._key = key

    async def events(self, after: str | None) -> AsyncGenerator[Event]:
        """See `EventSource`; `after` may be `0` for the whole stream. A stream of Redis has no end."""
        name = self._connection.name
        client = Redis.from_url(
            self._connection.url,
            decode_responses=True,
            encoding_errors="replace",
            socket_connect_timeout=_CONNECT_S,
            socket_timeout=_CONNECT_S,
        )
        try:
            last = after if after is not None else await self._newest(client)
            while True:
                reply: Any = await client.xread({self._key: last}, count=_BATCH, block=_BLOCK_MS)
                for _, entries in _pairs(reply):
                    for last, values in entries:
                        yield self._event(last, values)
        except (AuthenticationError, NoPermissionError) as error:
            said = self._connection.redacted(str(error))
            raise ForbiddenError(f"The connection '{name}' refuses this: {said}.") from None
        except ResponseError as error:
            said = self._connection.redacted(str(error))
            raise BadInputError(f"The connection '{name}' cannot read {self._key}: {said}.") from None
        except (RedisConnectionError, RedisError, OSError, TimeoutError) as error:
            raise StreamBroken(f"{name}: {type(error).__name__}") from None
        finally:
            with anyio.move_on_after(_CLOSE_S, shield=True):
                await client.aclose()

    async def _newest(self, client: Redis) -> str:
        """The id of the newest entry: what comes behind it is what comes from now on."""
        newest: Any = await client.xrevrange(self._key, count=1)
        return str(newest[0][0]) if newest else "0"

    def _event(self, id_: str, values: dict[str, str]) -> Event:
        fields: dict[str, Any] = {
            key: value for name, text in values.items() for key, value in _named(name, text).items()
        }
        time = fields.get(self._connection.options.time_field)
        return event_of(fields, id_, time if time is not None else int(id_.partition("-")[0]))


def _named(name: str, text: str) -> dict[str, Any]:
    """A field as it is; one that holds a JSON object (often named `data`) as its fields."""
    return fields_of(text) if text.startswith("{") and text.endswith("}") else {name: text}


def _pairs(reply: Any) -> list[tuple[str, list[tuple[str, dict[str, str]]]]]:
    """The reply to XREAD as pairs of key and entries, whichever protocol version brought it."""
    if isinstance(reply, dict):
        return [(key, [entry for batch in batches for entry in batch]) for key, batches in reply.items()]
    return list(reply or [])
