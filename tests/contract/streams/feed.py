"""One feed of events, served as server-sent events and over WebSocket; it can be interrupted."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect


class Feed:
    """Events numbered from 1. A subscriber names the last one that it has, or gets those from now on."""

    def __init__(self, token: str) -> None:
        self.texts: list[str] = []
        self.subscribers = 0
        self.changed = threading.Condition()
        self._token = f"Bearer {token}"
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wakers: set[asyncio.Event] = set()
        self._cuts = 0
        routes = [
            Route("/sse", self._sse),
            Route("/nameless", self._sse),
            WebSocketRoute("/ws", self._websocket),
        ]
        self.app = Starlette(routes=routes, lifespan=self._lifespan)

    def emit(self, *texts: str) -> None:
        """Adds events and wakes every subscriber."""
        self.texts += texts
        self._wake()

    def interrupt(self) -> None:
        """Cuts every subscriber off and waits until they are gone."""
        self._cuts += 1
        self._wake()
        self.wait_for_subscribers(0)

    def wait_for_subscribers(self, count: int) -> None:
        """Returns once exactly so many are connected."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.subscribers == count, 20), self.subscribers

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()
        yield

    def _wake(self) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._wake_all)

    def _wake_all(self) -> None:
        for waker in self._wakers:
            waker.set()

    def _count(self, change: int) -> None:
        with self.changed:
            self.subscribers += change
            self.changed.notify_all()

    async def _following(self, after: str | None) -> AsyncIterator[tuple[int, str]]:
        """Numbered events behind `after`, until the subscriber is cut off."""
        position = int(after) if after else len(self.texts)
        cuts, waker = self._cuts, asyncio.Event()
        self._wakers.add(waker)
        self._count(1)
        try:
            while self._cuts == cuts:
                waker.clear()
                while position < len(self.texts) and self._cuts == cuts:
                    position += 1
                    yield position, self.texts[position - 1]
                await waker.wait()
        finally:
            self._wakers.discard(waker)
            self._count(-1)

    async def _sse(self, request: Request) -> Response:
        if request.headers.get("authorization") != self._token:
            return Response(status_code=401)

        async def body() -> AsyncIterator[str]:
            named = request.url.path == "/sse"
            yield ": hello\n\nretry: 10\n\n"
            async for number, text in self._following(request.headers.get("last-event-id")):
                lines = "".join(f"data: {line}\n" for line in text.split("\n"))
                yield (f"id: {number}\n" if named else "") + f"event: tick\n{lines}\n"

        return StreamingResponse(body(), media_type="text/event-stream")

    async def _websocket(self, socket: WebSocket) -> None:
        if socket.headers.get("authorization") != self._token:
            await socket.close()
            return
        await socket.accept()
        gone = asyncio.create_task(self._gone(socket))
        try:
            async for number, text in self._following(socket.query_params.get("after")):
                await socket.send_text(_with_id(text, number))
            with suppress(WebSocketDisconnect):
                await socket.close(1011)
        finally:
            gone.cancel()

    async def _gone(self, socket: WebSocket) -> None:
        """Ends the subscription when the client goes: while it waits for events it would not notice."""
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            self._cuts += 1
            self._wake_all()


def _with_id(text: str, number: int) -> str:
    try:
        value: Any = json.loads(text)
    except ValueError:
        return text
    return json.dumps({"id": number, **value}) if isinstance(value, dict) else text
