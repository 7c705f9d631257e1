"""The media type of the HTTP+JSON binding: application/json, unless the client asks for the A2A one by name."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_A2A_JSON = "application/a2a+json"


class NegotiatedMediaType:
    """ASGI middleware around the HTTP+JSON routes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Relabels the JSON of one response."""
        if scope["type"] != "http" or _A2A_JSON in Headers(scope=scope).get("accept", ""):
            await self._app(scope, receive, send)
            return

        async def relabelled(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith(_A2A_JSON):
                    headers["content-type"] = "application/json"
            await send(message)

        await self._app(scope, receive, relabelled)
