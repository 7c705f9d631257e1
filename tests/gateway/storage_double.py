"""A storage service as small as the gateway needs it."""

import hashlib
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from mesh.results import FileRef
from tests.gateway.book import PNG, PNG_SHA256


class StorageDouble:
    """Keeps objects as files; remembers the largest chunk that came in at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []
        self.largest_chunk = 0
        self.app = Starlette(
            routes=[Route("/objects", self.put, methods=["PUT"]), Route("/objects/{sha256}", self.get)]
        )
        self.clear()

    def clear(self) -> None:
        """Forgets what came in; one picture is always there."""
        for path in self.folder.iterdir():
            path.unlink()
        (self.folder / PNG_SHA256).write_bytes(PNG)
        self.names, self.largest_chunk = [], 0

    async def put(self, request: Request) -> Response:
        digest, size, part = hashlib.sha256(), 0, self.folder / f"part-{len(self.names)}"
        with part.open("wb") as file:
            async for chunk in request.stream():
                self.largest_chunk = max(self.largest_chunk, len(chunk))
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
        sha256, name = digest.hexdigest(), request.query_params["name"]
        part.replace(self.folder / sha256)
        self.names.append(name)
        ref = FileRef(
            name=name,
            media_type=request.query_params["media_type"],
            uri=f"mesh://objects/{sha256}",
            bytes=size,
            sha256=sha256,
        )
        return JSONResponse({**ref.model_dump(), "version": 1}, 201)

    async def get(self, request: Request) -> Response:
        path = self.folder / request.path_params["sha256"]
        if not path.is_file():
            problem = {
                "title": "Not found",
                "status": 404,
                "detail": "Storage has no such object.",
                "reason": "not_found",
            }
            return JSONResponse(problem, 404, media_type="application/problem+json")
        start = path.read_bytes()[:8]
        kind = (
            "image/png"
            if start.startswith(b"\x89PNG")
            else "text/html"
            if start.startswith(b"<")
            else "text/csv"
        )
        return FileResponse(path, media_type=kind)
