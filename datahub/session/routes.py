"""Sessions over plain HTTP, for people."""

from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from .models import SessionQuery, SessionsQuery
from .service import SessionService


class SessionRoutes:
    """The routes. `service` is asked for at each request: it exists from the agent's start on."""

    def __init__(self, service: Callable[[], SessionService]) -> None:
        self._service = service

    def routes(self) -> Sequence[BaseRoute]:
        """GET /sessions and /sessions/{id}."""
        return [
            Route("/sessions", self._sessions, methods=["GET"]),
            Route("/sessions/{session_id}", self._session, methods=["GET"]),
        ]

    async def _sessions(self, request: Request) -> Response:
        query = SessionsQuery.model_validate(dict(request.query_params))
        page = await self._service().sessions(limit=query.limit, cursor=query.cursor)
        return JSONResponse(page.model_dump(mode="json"))

    async def _session(self, request: Request) -> Response:
        query = SessionQuery.model_validate({**request.query_params, **request.path_params})
        conversation = await self._service().get(query.session_id, limit=query.limit)
        return JSONResponse(conversation.model_dump(mode="json"))
