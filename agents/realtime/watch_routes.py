"""Plain HTTP beside A2A: events in, and for each watch a live page with what feeds it."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import anyio
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from mesh.errors import InvalidRequestError, MeshError, TooLargeError, UnsupportedMediaError
from mesh.streams.event import Event

from .sent_events import events_in
from .watch_models import PaneBatch
from .watch_service import Running, WatchService

MAX_BATCH = 5_000
_JSON, _LINES = "application/json", "application/x-ndjson"
_SHOW_EVERY_S = 0.5
_SIGN_OF_LIFE_S = 15.0
_PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self';"
    " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class WatchRoutes:
    """The routes. `service` is asked for at each request: it exists from the agent's start on."""

    def __init__(self, service: Callable[[], WatchService], *, max_body_bytes: int) -> None:
        self._service = service
        self._max_body_bytes = max_body_bytes

    def routes(self) -> Sequence[BaseRoute]:
        """/watches/{id} is the page, …/events takes events, …/panes what edges aggregated by …/form, …/state and …/live are what
        the page shows."""
        return [
            Route("/watches", self._list, methods=["GET"]),
            Route("/watches/{watch_id}", self._page, methods=["GET"]),
            Route("/watches/{watch_id}/events", self._push, methods=["POST"]),
            WebSocketRoute("/watches/{watch_id}/events", self._pushed),
            Route("/watches/{watch_id}/panes", self._push_panes, methods=["POST"]),
            Route("/watches/{watch_id}/form", self._form, methods=["GET"]),
            Route("/watches/{watch_id}/state", self._state, methods=["GET"]),
            Route("/watches/{watch_id}/live", self._live, methods=["GET"]),
        ]

    async def _list(self, _: Request) -> Response:
        return JSONResponse([await self._service().picture(running) for running in self._service().all()])

    async def _page(self, request: Request) -> Response:
        self._named(request)
        return HTMLResponse(_page(), headers={"Content-Security-Policy": _PAGE_POLICY})

    async def _state(self, request: Request) -> Response:
        return JSONResponse(await self._service().picture(self._named(request)))

    async def _push(self, request: Request) -> Response:
        """Replies when the events are on disk: what was not acknowledged may be sent again, with the same ids."""
        events = parse_events(await self._body(request), _media_type(request))
        accepted, duplicates = await self._service().push(request.path_params["watch_id"], events)
        return JSONResponse({"accepted": accepted, "duplicates": duplicates})

    async def _pushed(self, socket: WebSocket) -> None:
        """Takes a message of events at a time, and answers each as `POST` is answered, in order."""
        if not comes_from_here(socket):
            await socket.close(1008, "A page elsewhere may not send events here.")
            return
        await socket.accept()
        try:
            while True:
                await socket.send_json(
                    await self._answer(socket.path_params["watch_id"], await socket.receive_text())
                )
        except WebSocketDisconnect:
            return

    async def _answer(self, watch_id: str, text: str) -> dict[str, Any]:
        try:
            if len(text) > self._max_body_bytes:
                raise TooLargeError(
                    f"The message exceeds {self._max_body_bytes:,} bytes; send fewer at once."
                )
            accepted, duplicates = await self._service().push(watch_id, parse_events(text.encode(), _JSON))
        except MeshError as error:
            return {"status": error.status, "title": error.title, "detail": error.message}
        return {"accepted": accepted, "duplicates": duplicates}

    async def _push_panes(self, request: Request) -> Response:
        """Replies when the panes are on disk; an edge sends what was not acknowledged again, under the same number."""
        try:
            batch = PaneBatch.model_validate_json(await self._body(request))
        except ValidationError as error:
            raise InvalidRequestError(f"This is no batch of panes: {error.errors()[0]['msg']}.") from None
        return JSONResponse(
            {"taken": await self._service().push_panes(request.path_params["watch_id"], batch)}
        )

    async def _form(self, request: Request) -> Response:
        watch = self._named(request).watch
        spec = watch.spec
        asked = spec.model_dump(
            include={"question", "column", "by", "items", "size_s", "slide_s", "gap_s", "lateness_s"}
        )
        return JSONResponse(
            {**asked, "fields": [watch.column, watch.by, watch.items] if watch.settled else None}
        )

    async def _live(self, request: Request) -> Response:
        running = self._named(request)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._pictures(running), media_type="text/event-stream", headers=headers)

    async def _pictures(self, running: Running) -> AsyncIterator[str]:
        while True:
            changed = running.changed
            yield f"data: {json.dumps(await self._service().picture(running), ensure_ascii=False)}\n\n"
            await anyio.sleep(_SHOW_EVERY_S)
            while not changed.is_set():
                with anyio.move_on_after(_SIGN_OF_LIFE_S):
                    await changed.wait()
                    break
                yield ":\n\n"

    def _named(self, request: Request) -> Running:
        return self._service().named(request.path_params["watch_id"])

    async def _body(self, request: Request) -> bytes:
        """The body. A page elsewhere cannot send these media types here without the browser asking first."""
        if _media_type(request) not in {_JSON, _LINES}:
            raise UnsupportedMediaError(
                f"Send events as {_JSON} (an object or a list) or {_LINES} (one per line)."
            )
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > self._max_body_bytes:
                raise TooLargeError(f"The body exceeds {self._max_body_bytes:,} bytes; send fewer at once.")
        return bytes(body)


def parse_events(body: bytes, media_type: str) -> list[Event]:
    """The events in a body.

    Raises: InvalidRequestError naming the event that cannot be used; TooLargeError for more than `MAX_BATCH`.
    """
    try:
        events = events_in(body, lines=media_type == _LINES)
    except ValueError as error:
        raise InvalidRequestError(f"{error}; nothing of this batch was counted.") from None
    if len(events) > MAX_BATCH:
        raise TooLargeError(f"{len(events):,} events at once; at most {MAX_BATCH:,}.")
    return events


def comes_from_here(socket: WebSocket) -> bool:
    """Whether a WebSocket was opened by a program, or by a page of this very address: a browser says where its page is from."""
    origin = socket.headers.get("origin")
    return origin is None or origin.partition("://")[2] == socket.headers.get("host")


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


@cache
def _page() -> str:
    return (Path(__file__).resolve().parent / "watch_page.html").read_text(encoding="utf-8")
