"""What the A2A endpoints refuse before reading on: bodies over the limit and media types that are not JSON."""

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .errors import problem

JSON_TYPES = ("application/json", "application/a2a+json")
REST_PREFIX = "/a2a/rest"


class ControlPlaneLimits:
    """ASGI middleware for POST to the A2A endpoints: 413 past `max_body_bytes`, 415 unless JSON.

    The body is read whole (it is small by contract) and handed on.
    """

    def __init__(self, app: ASGIApp, max_body_bytes: int) -> None:
        self._app = app
        self._max = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Checks one request and passes it on."""
        if scope["type"] != "http" or scope["method"] != "POST" or not _is_a2a(scope["path"]):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
        declared = request.headers.get("content-length", "0")
        if declared.isdigit() and int(declared) > self._max:
            await self._too_large(scope, receive, send)
            return
        body = await self._read(receive)
        if body is None:
            await self._too_large(scope, receive, send)
        elif body and media_type not in JSON_TYPES:
            await _wrong_media_type(scope, receive, send, media_type)
        else:
            await self._app(scope, _replay(body, receive), send)

    async def _read(self, receive: Receive) -> bytes | None:
        chunks: list[bytes] = []
        total = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return b"".join(chunks)
            chunks.append(message.get("body", b""))
            total += len(chunks[-1])
            if total > self._max:
                return None
            if not message.get("more_body"):
                return b"".join(chunks)

    async def _too_large(self, scope: Scope, receive: Receive, send: Send) -> None:
        detail = (
            f"The body is larger than {self._max:,} bytes. Send data as a file reference, not in the message."
        )
        response = problem(413, "Too large", detail, headers={"Connection": "close"}, reason="too_large")
        await response(scope, receive, send)


def _is_a2a(path: str) -> bool:
    return path == "/" or path.startswith(REST_PREFIX)


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def replayed() -> Message:
        nonlocal sent
        if not sent:
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return replayed


async def _wrong_media_type(scope: Scope, receive: Receive, send: Send, media_type: str) -> None:
    detail = f"The media type {media_type or '(none)'} is not taken here; send application/json."
    if scope["path"] == "/":
        error = {"code": -32005, "message": detail}
        response = problem(415, "Unsupported media type", detail, jsonrpc="2.0", id=None, error=error)
        response.headers["content-type"] = "application/json"
    else:
        info = {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "CONTENT_TYPE_NOT_SUPPORTED",
            "domain": "a2a-protocol.org",
            "metadata": {},
        }
        error = {"code": 415, "status": "INVALID_ARGUMENT", "message": detail, "details": [info]}
        response = problem(415, "Unsupported media type", detail, error=error)
        response.headers["content-type"] = "application/json"
    await response(scope, receive, send)
