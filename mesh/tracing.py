"""W3C trace context: taken from each request, passed on with each call, and in every log line."""

import contextvars
import re
import secrets

import httpx
import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

_FORMAT = re.compile(r"^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$")
_current: contextvars.ContextVar[tuple[str, str] | None] = contextvars.ContextVar("traceparent", default=None)


class TraceContext:
    """ASGI middleware: continues the caller's trace, or starts one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sets the trace for one request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        match = _FORMAT.match(Headers(scope=scope).get("traceparent", ""))
        trace_id, flags = (match.group(1), match.group(3)) if match else (secrets.token_hex(16), "01")
        token = _current.set((trace_id, flags))
        structlog.contextvars.bind_contextvars(trace_id=trace_id)
        try:
            await self._app(scope, receive, send)
        finally:
            _current.reset(token)


async def inject_trace(request: httpx.Request) -> None:
    """httpx request hook: passes the current trace on."""
    current = _current.get()
    if current and "traceparent" not in request.headers:
        trace_id, flags = current
        request.headers["traceparent"] = f"00-{trace_id}-{secrets.token_hex(8)}-{flags}"
