"""Refuses requests for a host name that is not the mesh's own.

A mesh on loopback needs no password, so a web page must not reach it through a name of its own that resolves to this machine
(DNS rebinding).
"""

from collections.abc import Collection

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from .errors import problem


class KnownHosts:
    """ASGI middleware: 421 unless the Host header names one of `hosts`, with any port."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = {host.lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Checks one request or WebSocket and passes it on."""
        if scope["type"] in ("http", "websocket"):
            host = _name_in(HTTPConnection(scope).headers.get("host", ""))
            if host not in self._hosts:
                detail = f"This mesh does not answer for the host {host!r}. Use 127.0.0.1, or allow it by MESH_ALLOWED_HOSTS."
                await problem(421, "Misdirected request", detail, reason="unknown_host")(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _name_in(header: str) -> str:
    """The host name of a Host header, without its port and brackets."""
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower()
