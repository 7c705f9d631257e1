"""The gateway's pages and files: what a browser opens."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from .assets import PlotlyAsset
from .clients.platform import ObjectReader
from .downloads import pass_file
from .openapi import openapi_document
from .pages import Pages
from .requests import accepts, checksum

_PUBLIC = {"Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*"}


class SiteRoutes:
    """The start page, the documentation, the shared script and stored files."""

    def __init__(
        self, objects: ObjectReader, plotly: PlotlyAsset, card: dict[str, Any], base_url: str
    ) -> None:
        self._objects = objects
        self._plotly = plotly
        self._card = card
        self._base_url = base_url
        self._pages = Pages(base_url)

    def all(self) -> list[BaseRoute]:
        """Every route, each documented in `operations`."""
        return [
            Route("/", self.landing, methods=["GET"]),
            Route("/docs", self.docs, methods=["GET"]),
            Route("/openapi.json", self.openapi, methods=["GET"]),
            Route("/assets/plotly.min.js", self._plotly.serve, methods=["GET"]),
            Route("/files/{sha256}/{name}", self.file, methods=["GET", "HEAD"]),
        ]

    async def landing(self, request: Request) -> Response:
        """A page for browsers, the same links as JSON for programs."""
        if accepts(request, "text/html"):
            return self._pages.landing(self._card)
        return JSONResponse(
            {
                "name": self._card["name"],
                "description": self._card["description"],
                "version": self._card["version"],
                "links": {
                    "analyze": "/analyze",
                    "docs": "/docs",
                    "openapi": "/openapi.json",
                    "card": "/.well-known/agent-card.json",
                    "catalog": "/.well-known/ai-catalog.json",
                    "agents": "/agents",
                },
            }
        )

    async def docs(self, request: Request) -> Response:
        """The documentation page."""
        return self._pages.docs(openapi_document(str(self._card["version"]), self._base_url))

    async def openapi(self, request: Request) -> Response:
        """The OpenAPI document."""
        return JSONResponse(openapi_document(str(self._card["version"]), self._base_url), headers=_PUBLIC)

    async def file(self, request: Request) -> Response:
        """A stored file."""
        sha256 = checksum(request)
        opened = self._objects.open(sha256, request.method, dict(request.headers))
        return await pass_file(opened, request, request.path_params["name"], sha256)
