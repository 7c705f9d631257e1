"""Files that pages of the mesh share: plotly.js, served from the installed package."""

import gzip
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from mesh.errors import NotFoundError

_CACHE = "public, max-age=604800"


class PlotlyAsset:
    """plotly.min.js and its compressed form, which is made once and kept in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = anyio.Lock()

    async def serve(self, request: Request) -> Response:
        """The script: 304 when the client has it, gzip when the client takes it."""
        release = version("plotly")
        compressed = "gzip" in request.headers.get("accept-encoding", "")
        tag = f'"plotly-{release}{"-gzip" if compressed else ""}"'
        headers = {
            "Cache-Control": _CACHE,
            "ETag": tag,
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        path = script_path()
        if compressed:
            path = await self._compressed(path, release)
            headers["Content-Encoding"] = "gzip"
        return FileResponse(path, media_type="text/javascript", headers=headers)

    async def _compressed(self, path: Path, release: str) -> Path:
        target = self._folder / f"plotly-{release}.min.js.gz"
        async with self._turn:
            if not await anyio.Path(target).is_file():
                await anyio.to_thread.run_sync(_compress, path, target)
        return target


def script_path() -> Path:
    """Where the installed plotly keeps its script. Raises: NotFoundError when it has none."""
    spec = find_spec("plotly")
    path = Path(spec.origin).parent / "package_data" / "plotly.min.js" if spec and spec.origin else None
    if path is None or not path.is_file():
        raise NotFoundError(
            "The installed plotly package has no plotly.min.js. Reinstall it with `make install`."
        )
    return path


def _compress(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_bytes(gzip.compress(source.read_bytes(), 9, mtime=0))
    part.replace(target)
