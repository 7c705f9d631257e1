"""The Alertmanager v2 API, the log of transitions, and a page for people."""

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from mesh.errors import InvalidRequestError, TooLargeError, UnsupportedMediaError
from mesh.results import Model

from .models import AlertQuery, PostedAlert, PostedSilence
from .service import RECEIVER, AlertService

_POSTED = TypeAdapter(list[PostedAlert])
_CONFIG = f"route:\n  receiver: {RECEIVER.name}\nreceivers:\n- name: {RECEIVER.name}\n"
_PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self';"
    " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class HistoryQuery(Model):
    """How much of the log of transitions."""

    limit: int = Field(default=100, ge=1, le=1000)


class AlertRoutes:
    """The routes. `service` is asked for at each request: it exists from the agent's start on."""

    def __init__(self, service: Callable[[], AlertService], *, version: str, max_body_bytes: int) -> None:
        self._service = service
        self._version = version
        self._max_body_bytes = max_body_bytes

    def routes(self) -> Sequence[BaseRoute]:
        """/api/v2/alerts, alerts/groups, receivers, silences, silence/{id}, status; /api/history; and the page at /."""
        return [
            Route("/", self._page, methods=["GET"]),
            Route("/api/history", self._history, methods=["GET"]),
            Route("/api/v2/status", self._status, methods=["GET"]),
            Route("/api/v2/receivers", self._receivers, methods=["GET"]),
            Route("/api/v2/alerts", self._alerts, methods=["GET"]),
            Route("/api/v2/alerts", self._report, methods=["POST"]),
            Route("/api/v2/alerts/groups", self._groups, methods=["GET"]),
            Route("/api/v2/silences", self._silences, methods=["GET"]),
            Route("/api/v2/silences", self._set_silence, methods=["POST"]),
            Route("/api/v2/silence/{silence_id}", self._silence, methods=["GET"]),
            Route("/api/v2/silence/{silence_id}", self._expire_silence, methods=["DELETE"]),
        ]

    async def _alerts(self, request: Request) -> Response:
        return _json(await self._service().alerts(_alert_query(request)))

    async def _report(self, request: Request) -> Response:
        await self._service().report(_POSTED.validate_python(await self._body(request)))
        return Response(status_code=200)

    async def _groups(self, request: Request) -> Response:
        return _json(await self._service().groups(_alert_query(request)))

    async def _silences(self, request: Request) -> Response:
        return _json(await self._service().silences(request.query_params.getlist("filter")))

    async def _set_silence(self, request: Request) -> Response:
        posted = PostedSilence.model_validate(await self._body(request))
        return JSONResponse({"silenceID": await self._service().set_silence(posted)})

    async def _silence(self, request: Request) -> Response:
        return _json(await self._service().silence(request.path_params["silence_id"]))

    async def _expire_silence(self, request: Request) -> Response:
        await self._service().expire_silence(request.path_params["silence_id"])
        return Response(status_code=200)

    async def _history(self, request: Request) -> Response:
        query = HistoryQuery.model_validate(dict(request.query_params))
        return _json(await self._service().history(limit=query.limit))

    async def _receivers(self, _: Request) -> Response:
        return _json([RECEIVER])

    async def _status(self, _: Request) -> Response:
        unknown = {"branch": "", "buildDate": "", "buildUser": "", "goVersion": "", "revision": ""}
        return JSONResponse(
            {
                "cluster": {"status": "disabled", "name": "", "peers": []},
                "config": {"original": _CONFIG},
                "uptime": self._service().started_at.isoformat(),
                "versionInfo": {**unknown, "version": self._version},
            }
        )

    async def _page(self, _: Request) -> Response:
        return HTMLResponse(_page(), headers={"Content-Security-Policy": _PAGE_POLICY})

    async def _body(self, request: Request) -> Any:
        """The JSON body. A page elsewhere cannot send this media type here without the browser asking first."""
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            raise UnsupportedMediaError("Send JSON, with Content-Type: application/json.")
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > self._max_body_bytes:
                raise TooLargeError(f"The body exceeds {self._max_body_bytes:,} bytes; send fewer at once.")
        try:
            return json.loads(body)
        except ValueError as error:
            raise InvalidRequestError(f"The body is not valid JSON: {error}.") from None


def _alert_query(request: Request) -> AlertQuery:
    given = request.query_params
    return AlertQuery.model_validate({**given, "filter": given.getlist("filter")})


def _json(answer: BaseModel | Sequence[BaseModel]) -> Response:
    if isinstance(answer, BaseModel):
        return JSONResponse(answer.model_dump(mode="json", by_alias=True))
    return JSONResponse([item.model_dump(mode="json", by_alias=True) for item in answer])


@cache
def _page() -> str:
    return (Path(__file__).resolve().parent / "page.html").read_text(encoding="utf-8")
