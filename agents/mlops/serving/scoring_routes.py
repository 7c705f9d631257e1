"""The addresses of an endpoint: /health, /schema, /score, /labels. It knows HTTP; `scoring` does the work."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from mesh.errors import TooLargeError, UnsupportedMediaError
from mesh.language import Language

from .requests import MAX_BODY_BYTES, label_request, score_request
from .scoring import Scoring


class ScoringRoutes:
    """The routes of one endpoint."""

    def __init__(self, scoring: Scoring) -> None:
        self._scoring = scoring

    def routes(self) -> Sequence[BaseRoute]:
        """GET /health and /schema, POST /score and /labels."""
        return [
            Route("/health", self._health, methods=["GET"]),
            Route("/schema", self._schema, methods=["GET"]),
            Route("/score", self._score, methods=["POST"]),
            Route("/labels", self._label, methods=["POST"]),
        ]

    async def _health(self, _: Request) -> Response:
        health = await self._scoring.health()
        return JSONResponse(health, 200 if health["ready"] else 503)

    async def _schema(self, _: Request) -> Response:
        return JSONResponse(await self._scoring.schema())

    async def _score(self, request: Request) -> Response:
        wanted = score_request(await _body(request))
        return JSONResponse(await self._scoring.answer(wanted, _language(request)))

    async def _label(self, request: Request) -> Response:
        description = self._scoring.described().description
        return JSONResponse(await self._scoring.label(label_request(await _body(request), description)))


async def _body(request: Request) -> bytes:
    """The body. A page elsewhere cannot send this media type here without the browser asking first."""
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMediaError("Send JSON, with the header Content-Type: application/json.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise TooLargeError(f"The body exceeds {MAX_BODY_BYTES:,} bytes; send fewer rows at once.")
    return bytes(body)


def _language(request: Request) -> Language:
    return "ko" if request.headers.get("accept-language", "").lower().startswith("ko") else "en"
