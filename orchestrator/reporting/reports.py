"""The documents of an analysis: HTML, Markdown, JSON and the notebook."""

from dataclasses import dataclass
from urllib.parse import quote

from mesh.analysis import Analysis
from mesh.errors import ConflictError, InvalidRequestError
from mesh.storage import StorageClient

from .html import render_html
from .markdown import render_markdown
from .notebook import Notebooks

FORMATS = ("html", "md", "json", "ipynb")
_ENDED = ("completed", "partial", "failed", "cancelled")


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

    async def render(self, analysis: Analysis, form: str) -> Document:
        """The document of a finished analysis.

        Raises: InvalidRequestError for an unknown format; ConflictError while the analysis runs.
        """
        if form not in FORMATS:
            raise InvalidRequestError(f"format={form!r} is not one of {', '.join(FORMATS)}.")
        if analysis.status not in _ENDED:
            raise ConflictError(
                f"The analysis {analysis.id} is still {analysis.status}; its report comes when it ends."
            )
        if form == "md":
            return Document(render_markdown(analysis).encode(), "text/markdown; charset=utf-8")
        if form == "json":
            return Document(analysis.model_dump_json(indent=2).encode(), "application/json")
        if form == "ipynb":
            body = await self._notebooks.of(analysis)
            return Document(body, "application/x-ipynb+json", f"{analysis.id}.ipynb")
        return Document(render_html(analysis).encode(), "text/html; charset=utf-8")
