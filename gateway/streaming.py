"""An event stream as a response: heart-beats while it is silent, an end when the client goes."""

import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import TypeVar

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from mesh.errors import MeshError

from .problems import problem_of
from .sse import HEARTBEAT, ServerEvent, encode_event

T = TypeVar("T")
HEARTBEAT_S = 15.0
SEND_TIMEOUT_S = 60.0


class EventStream(Response):
    """Sends `events` as they come. A MeshError in them becomes a last event named `error` with problem details.

    A client that takes nothing for `SEND_TIMEOUT_S` is given up.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        events: AsyncGenerator[ServerEvent],
        headers: Mapping[str, str] | None = None,
        *,
        heartbeat_s: float = HEARTBEAT_S,
    ) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no", **(headers or {})})
        del self.headers["content-length"]
        self._events = events
        self._heartbeat_s = heartbeat_s
        self._sent_at = time.monotonic()
        self._turn = anyio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the stream over one connection."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async with aclosing(self._events), anyio.create_task_group() as group:
            group.start_soon(_cancel_when_gone, receive, group.cancel_scope)
            group.start_soon(self._beat, send)
            await self._send_all(send)
            group.cancel_scope.cancel()

    async def _send_all(self, send: Send) -> None:
        try:
            async for event in self._events:
                await self._send(send, encode_event(event))
        except MeshError as error:
            await self._send(send, encode_event(ServerEvent(json.dumps(problem_of(error)), event="error")))
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _beat(self, send: Send) -> None:
        while True:
            await anyio.sleep(max(0.0, self._sent_at + self._heartbeat_s - time.monotonic()))
            if time.monotonic() - self._sent_at >= self._heartbeat_s:
                await self._send(send, HEARTBEAT)

    async def _send(self, send: Send, body: bytes) -> None:
        async with self._turn:
            with anyio.fail_after(SEND_TIMEOUT_S):
                await send({"type": "http.response.body", "body": body, "more_body": True})
            self._sent_at = time.monotonic()


async def while_connected(request: Request, work: Callable[[], Awaitable[T]]) -> T | None:
    """What `work` returns, or None when the client went before; the body must have been read."""
    result: T | None = None
    async with anyio.create_task_group() as group:
        group.start_soon(_cancel_when_gone, request.receive, group.cancel_scope)
        result = await work()
        group.cancel_scope.cancel()
    return result


async def _cancel_when_gone(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()
