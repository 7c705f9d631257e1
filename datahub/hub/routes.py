"""The hub over plain HTTP, for people: the catalogue, lineage and the state of the cache."""

from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from .models import DatasetQuery, DatasetsQuery, LineageQuery
from .service import HubService


class HubRoutes:
    """The routes. `service` is asked for at each request: it exists from the agent's start on."""

    def __init__(self, service: Callable[[], HubService]) -> None:
        self._service = service

    def routes(self) -> Sequence[BaseRoute]:
        """GET /datasets, /datasets/{id}, /datasets/{id}/lineage, /lineage/{analysis_id} and /cache."""
        return [
            Route("/datasets", self._datasets, methods=["GET"]),
            Route("/datasets/{dataset_id}", self._dataset, methods=["GET"]),
            Route("/datasets/{dataset_id}/lineage", self._lineage, methods=["GET"]),
            Route("/lineage/{analysis_id}", self._lineage, methods=["GET"]),
            Route("/cache", self._cache, methods=["GET"]),
        ]

    async def _datasets(self, request: Request) -> Response:
        query = DatasetsQuery.model_validate(dict(request.query_params))
        page = await self._service().datasets(limit=query.limit, cursor=query.cursor, name=query.name)
        return JSONResponse(page.model_dump(mode="json"))

    async def _dataset(self, request: Request) -> Response:
        query = DatasetQuery.model_validate({**request.query_params, **request.path_params})
        entry = await self._service().dataset(query.dataset_id, query.version)
        return JSONResponse(entry.model_dump(mode="json"))

    async def _lineage(self, request: Request) -> Response:
        query = LineageQuery.model_validate(request.path_params)
        lineage = await self._service().lineage(analysis_id=query.analysis_id, dataset_id=query.dataset_id)
        return JSONResponse(lineage.model_dump(mode="json"))

    async def _cache(self, _: Request) -> Response:
        return JSONResponse((await self._service().cache_stats()).model_dump(mode="json"))
