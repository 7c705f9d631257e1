"""The orchestrator's plain-HTTP reads: what A2A cannot do, replay from a sequence number, and documents."""

from collections.abc import AsyncIterator, Sequence

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from mesh.errors import InvalidRequestError

from .reporting.reports import Reports
from .service import AnalysisService

_MAX_PAGE = 200


class Routes:
    """Routes over the analysis service."""

    def __init__(self, service: AnalysisService, reports: Reports) -> None:
        self._service = service
        self._reports = reports

    def routes(self) -> Sequence[BaseRoute]:
        """All routes."""
        return [
            Route("/analyses", self._list),
            Route("/analyses/{id}", self._get),
            Route("/analyses/{id}/events", self._events),
            Route("/analyses/{id}/report", self._report),
        ]

    async def _list(self, request: Request) -> Response:
        limit = whole_number(request, "limit", 50, 1, _MAX_PAGE)
        query = request.query_params
        page = await self._service.page(limit, query.get("cursor"), query.get("session_id"))
        return JSONResponse(page.model_dump(mode="json"))

    async def _get(self, request: Request) -> Response:
        analysis = await self._service.get(request.path_params["id"])
        return JSONResponse(analysis.model_dump(mode="json"))

    async def _events(self, request: Request) -> Response:
        analysis_id = request.path_params["id"]
        after = whole_number(request, "after", 0, 0, 2**31)
        await self._service.get(analysis_id)

        async def stream() -> AsyncIterator[ServerSentEvent]:
            async for event in self._service.follow(analysis_id, after):
                yield ServerSentEvent(event.model_dump_json(), id=str(event.seq))

        return EventSourceResponse(stream())

    async def _report(self, request: Request) -> Response:
        analysis = await self._service.get(request.path_params["id"])
        document = await self._reports.render(analysis, request.query_params.get("format", "html"))
        return Response(document.body, media_type=document.media_type, headers=document.headers())


def whole_number(request: Request, name: str, default: int, least: int, most: int) -> int:
    """A whole number in the query string. Raises: InvalidRequestError with the range that is allowed."""
    given = request.query_params.get(name)
    if given is None:
        return default
    if not given.isdigit() or not least <= int(given) <= most:
        raise InvalidRequestError(f"{name}={given!r} is not a whole number from {least} to {most}.")
    return int(given)
