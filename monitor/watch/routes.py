"""The watch over plain HTTP: states as JSON, the mesh's metrics, and the status page."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from pydantic import Field
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from mesh.results import Model

from .condition import HISTORY_POINTS
from .service import SPARKLINE_POINTS, WatchService

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self';"
    " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class ServicesQuery(Model):
    """How many of the newest probes to give with each service."""

    points: int = Field(default=SPARKLINE_POINTS, ge=0, le=HISTORY_POINTS)


class WatchRoutes:
    """The routes. `service` is asked for at each request: it exists from the agent's start on."""

    def __init__(self, service: Callable[[], WatchService]) -> None:
        self._service = service

    def routes(self) -> Sequence[BaseRoute]:
        """GET /, /api/services, /api/services/{name}, /api/alerts and /metrics."""
        return [
            Route("/", self._page, methods=["GET"]),
            Route("/api/services", self._services, methods=["GET"]),
            Route("/api/services/{name:path}", self._one, methods=["GET"]),
            Route("/api/alerts", self._alerts, methods=["GET"]),
            Route("/metrics", self._metrics, methods=["GET"]),
        ]

    async def _services(self, request: Request) -> Response:
        query = ServicesQuery.model_validate(dict(request.query_params))
        return JSONResponse(self._service().overview(points=query.points).model_dump(mode="json"))

    async def _one(self, request: Request) -> Response:
        return JSONResponse(self._service().service(request.path_params["name"]).model_dump(mode="json"))

    async def _alerts(self, _: Request) -> Response:
        return JSONResponse(await self._service().open_alerts())

    async def _metrics(self, _: Request) -> Response:
        return Response(await self._service().metrics(), headers={"Content-Type": METRICS_TYPE})

    async def _page(self, _: Request) -> Response:
        return HTMLResponse(_page(), headers={"Content-Security-Policy": _PAGE_POLICY})


@cache
def _page() -> str:
    return (Path(__file__).resolve().parent / "page.html").read_text(encoding="utf-8")
