"""Storage over plain HTTP: bytes in, bytes out, and what is there."""

from collections.abc import Callable, Sequence

from pydantic import Field
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from mesh.results import Model

from .naming import download_name
from .service import StorageService

_FOREVER = "private, max-age=31536000, immutable"


class PutQuery(Model):
    """What names an upload."""

    name: str
    media_type: str = "application/octet-stream"


class GetQuery(Model):
    """`verify` has the whole object read and compared with its checksum before the first byte is sent."""

    verify: bool = False


class VersionsQuery(Model):
    """How many versions to list."""

    limit: int = Field(default=100, ge=1, le=1000)


class NamesQuery(Model):
    """Which names to list."""

    prefix: str = ""
    limit: int = Field(default=100, ge=1, le=1000)
    cursor: str = ""


class StorageRoutes:
    """The routes. `service` is asked for at each request: it exists from the agent's start on."""

    def __init__(self, service: Callable[[], StorageService]) -> None:
        self._service = service

    def routes(self) -> Sequence[BaseRoute]:
        """PUT /objects, GET and HEAD /objects/{sha256}, GET /names and /names/{name}."""
        return [
            Route("/objects", self._put, methods=["PUT"]),
            Route("/objects/{sha256}", self._get, methods=["GET"]),
            Route("/names", self._names, methods=["GET"]),
            Route("/names/{name:path}", self._versions, methods=["GET"]),
        ]

    async def _put(self, request: Request) -> Response:
        query = PutQuery.model_validate(dict(request.query_params))
        declared = request.headers.get("content-length", "")
        service = self._service()
        service.check_size(int(declared) if declared.isdigit() else 0)
        receipt, _ = await service.put(
            request.stream(),
            name=query.name,
            media_type=query.media_type,
            expected_sha256=request.headers.get("x-content-sha256"),
        )
        headers = {"Location": f"/objects/{receipt.sha256}", "ETag": f'"{receipt.sha256}"'}
        return JSONResponse(receipt.model_dump(mode="json"), 201, headers=headers)

    async def _get(self, request: Request) -> Response:
        query = GetQuery.model_validate(dict(request.query_params))
        path, version = await self._service().locate(request.path_params["sha256"], verify=query.verify)
        etag = f'"{version.sha256}"'
        headers = {"ETag": etag, "Cache-Control": _FOREVER, "X-Content-Type-Options": "nosniff"}
        if not query.verify and _has(request, etag):
            return Response(status_code=304, headers=headers)
        return FileResponse(
            path,
            headers={**headers, "Content-Type": version.media_type},
            filename=download_name(version.name),
        )

    async def _names(self, request: Request) -> Response:
        query = NamesQuery.model_validate(dict(request.query_params))
        page = await self._service().names(prefix=query.prefix, limit=query.limit, cursor=query.cursor)
        return JSONResponse(page.model_dump(mode="json"))

    async def _versions(self, request: Request) -> Response:
        query = VersionsQuery.model_validate(dict(request.query_params))
        found = await self._service().versions(request.path_params["name"], limit=query.limit)
        return JSONResponse({"items": [version.model_dump(mode="json") for version in found]})


def _has(request: Request, etag: str) -> bool:
    given = [item.strip().removeprefix("W/") for item in request.headers.get("if-none-match", "").split(",")]
    return etag in given or "*" in given
