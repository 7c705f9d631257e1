"""The documents of an analysis: HTML, Markdown, JSON, the notebook, the forecast as CSV, and all of it as ZIP."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

import anyio

from mesh.analysis import Analysis
from mesh.errors import ConflictError, InvalidRequestError, MeshError, NotFoundError
from mesh.results import FileRef
from mesh.storage import StorageClient

from .archive import packed, safe_path
from .html import render_html
from .markdown import render_markdown
from .notebook import Notebooks
from .record import render_json
from .spreadsheet import answer_table, forecast_file, table_csv

_ENDED = ("completed", "partial", "failed", "cancelled")
_LARGEST_STILL = 400_000
_STILLS_BYTES = 2_000_000


@dataclass(frozen=True)
class Document:
    """A rendered document."""

    body: bytes
    media_type: str
    filename: str = ""

    def headers(self) -> dict[str, str]:
        """Headers that name the file when it is to be saved."""
        if not self.filename:
            return {}
        return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(self.filename)}"}


class Reports:
    """Renders analyses. Notebooks are made on request, by whichever agent's card offers them."""

    def __init__(self, storage: StorageClient, notebooks: Notebooks) -> None:
        self._storage = storage
        self._notebooks = notebooks
        self._forms: dict[str, Callable[[Analysis], Awaitable[Document]]] = {
            "html": self._html,
            "md": self._markdown,
            "json": self._json,
            "ipynb": self._notebook,
            "csv": self._csv,
            "zip": self._zip,
        }

    async def render(self, analysis: Analysis, form: str) -> Document:
        """The document of a finished analysis.

        Raises: InvalidRequestError for an unknown format; ConflictError while the analysis runs; NotFoundError when the
        analysis has nothing of that form.
        """
        if form not in self._forms:
            raise InvalidRequestError(f"format={form!r} is not one of {', '.join(self._forms)}.")
        if analysis.status not in _ENDED:
            raise ConflictError(
                f"The analysis {analysis.id} is still {analysis.status}; its report comes when it ends."
            )
        return await self._forms[form](analysis)

    async def _html(self, analysis: Analysis) -> Document:
        stills = await self._stills(analysis)
        page = await anyio.to_thread.run_sync(render_html, analysis, stills)
        return Document(page.encode(), "text/html; charset=utf-8")

    async def _markdown(self, analysis: Analysis) -> Document:
        return Document(render_markdown(analysis).encode(), "text/markdown; charset=utf-8")

    async def _json(self, analysis: Analysis) -> Document:
        text = await anyio.to_thread.run_sync(render_json, analysis)
        return Document(text.encode(), "application/json")

    async def _notebook(self, analysis: Analysis) -> Document:
        body = await self._notebooks.of(analysis)
        return Document(body, "application/x-ipynb+json", f"{analysis.id}.ipynb")

    async def _csv(self, analysis: Analysis) -> Document:
        file, table = forecast_file(analysis), answer_table(analysis)
        if file is None and table is None:
            raise NotFoundError(
                f"The analysis {analysis.id} has neither a forecast nor an answer with a table, so there is no CSV of it."
            )
        body = await self._read(file) if file else table_csv(table).encode("utf-8-sig") if table else b""
        return Document(body, "text/csv; charset=utf-8", f"{analysis.id}.csv")

    async def _zip(self, analysis: Analysis) -> Document:
        """All forms that the analysis has, its charts as pictures, and a note on what is missing and why."""
        files: dict[str, bytes] = {}
        missing: list[str] = []
        names = {"html": "report.html", "md": "report.md", "json": "analysis.json", "ipynb": "notebook.ipynb"}
        for form, name in (
            names | {"csv": "forecast.csv" if forecast_file(analysis) else "answer.csv"}
        ).items():
            try:
                files[name] = (await self._forms[form](analysis)).body
            except MeshError as error:
                missing.append(f"{name}: {error.message}")
        for number, picture in enumerate(_pictures(analysis), 1):
            path = safe_path("charts", number, picture.name)
            try:
                files[path] = await self._read(picture)
            except MeshError as error:
                missing.append(f"{path}: {error.message}")
        if missing:
            files["missing.txt"] = ("\n".join(missing) + "\n").encode()
        body = await anyio.to_thread.run_sync(packed, files)
        return Document(body, "application/zip", f"{analysis.id}.zip")

    async def _stills(self, analysis: Analysis) -> dict[str, bytes]:
        """The charts' pictures by checksum, as many as a page may carry; one that cannot be read is left out."""
        stills: dict[str, bytes] = {}
        left = _STILLS_BYTES
        for file in _pictures(analysis):
            if not file.sha256 or file.bytes is None or file.bytes > min(left, _LARGEST_STILL):
                continue
            try:
                stills[file.sha256] = await self._read(file)
            except MeshError:
                continue
            left -= file.bytes
        return stills

    async def _read(self, file: FileRef) -> bytes:
        try:
            return await anyio.Path(await self._storage.local(file)).read_bytes()
        except FileNotFoundError:
            raise NotFoundError(f"The file {file.name} is no longer in storage.") from None


def _pictures(analysis: Analysis) -> list[FileRef]:
    """The PNG picture of each chart, in the order they were made."""
    return [
        file
        for chart in analysis.charts
        for file in [*([chart.file] if chart.file else []), *chart.files]
        if file.media_type == "image/png"
    ]
