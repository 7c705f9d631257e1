"""Reports and stored files passed on to browsers, as streams, in a way that keeps their scripts harmless."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack

import httpx
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from .media import disposition

_PASSED_BACK = ("content-length", "content-range", "accept-ranges", "etag", "last-modified")
_SHOWN = (
    "image/png",
    "image/jpeg",
    "image/svg+xml",
    "text/html",
    "text/plain",
    "text/markdown",
    "application/json",
    "application/pdf",
)
SANDBOX = (
    "sandbox allow-scripts allow-popups allow-downloads allow-modals; default-src 'self' data: blob:; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "worker-src blob:; connect-src 'none'; form-action 'none'; base-uri 'none'"
)
"""Pages made of people's data run in an origin of their own and can send nothing anywhere."""


class PassedOn(StreamingResponse):
    """An upstream response as it streams; it is closed with this one, also when the client goes."""

    def __init__(
        self, upstream: httpx.Response, stack: AsyncExitStack, headers: Mapping[str, str], media_type: str
    ) -> None:
        passed = {name: upstream.headers[name] for name in _PASSED_BACK if name in upstream.headers}
        super().__init__(_chunks(upstream), upstream.status_code, {**passed, **headers}, media_type)
        if media_type.startswith("text/"):
            self.headers["content-type"] = f"{media_type}; charset=utf-8"
        self._stack = stack

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the response over one connection."""
        async with self._stack:
            await super().__call__(scope, receive, send)


async def pass_file(
    opened: AbstractAsyncContextManager[httpx.Response], request: Request, name: str, sha256: str
) -> Response:
    """A stored file: content never changes under its checksum, so it may be cached for good."""
    async with AsyncExitStack() as stack:
        upstream = await stack.enter_async_context(opened)
        media_type = _media_type(upstream)
        headers = {
            **_safe(media_type),
            "Cache-Control": "private, max-age=31536000, immutable"
            if upstream.status_code < 400
            else "no-store",
            "Content-Disposition": disposition("inline" if media_type in _SHOWN else "attachment", name),
        }
        if "etag" not in upstream.headers:
            headers["ETag"] = f'"{sha256}"'
        if request.method == "HEAD" or upstream.status_code in (304, 416):
            kept = {key: upstream.headers[key] for key in _PASSED_BACK if key in upstream.headers}
            return Response(
                status_code=upstream.status_code, headers={**kept, **headers}, media_type=media_type
            )
        return PassedOn(upstream, stack.pop_all(), headers, media_type)


async def pass_report(opened: AbstractAsyncContextManager[httpx.Response], name: str) -> Response:
    """A report: HTML is shown in its sandbox, what a browser cannot show is offered for saving."""
    async with AsyncExitStack() as stack:
        upstream = await stack.enter_async_context(opened)
        media_type = _media_type(upstream)
        kind = "inline" if media_type in _SHOWN else "attachment"
        headers = {
            **_safe(media_type),
            "Cache-Control": "no-cache",
            "Content-Disposition": disposition(kind, name),
        }
        return PassedOn(upstream, stack.pop_all(), headers, media_type)


def _safe(media_type: str) -> dict[str, str]:
    headers = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
    if media_type in {"text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml"}:
        headers["Content-Security-Policy"] = SANDBOX
    return headers


def _media_type(upstream: httpx.Response) -> str:
    stated = str(upstream.headers.get("content-type", "application/octet-stream"))
    return stated.partition(";")[0].strip().lower()


async def _chunks(upstream: httpx.Response) -> AsyncIterator[bytes]:
    async for chunk in upstream.aiter_raw():
        yield chunk
