"""Answers as clients of the gateway see them: references into storage become paths at the gateway."""

from typing import Any
from urllib.parse import quote

from mesh.analysis import Analysis, AnalyzeOrder
from mesh.storage import OBJECT_SCHEME

from .models import Accepted


def links_of(analysis_id: str) -> dict[str, str]:
    """Where an analysis and what belongs to it are found, as paths at the gateway."""
    path = f"/analyses/{analysis_id}"
    return {
        "self": path,
        "events": f"{path}/events",
        "websocket": f"/ws{path}",
        "report": f"{path}/report",
        "notebook": f"{path}/report?format=ipynb",
        "archive": f"{path}/report?format=zip",
        "lineage": f"{path}/lineage",
        "messages": f"{path}/messages",
    }


def accepted(order: AnalyzeOrder) -> Accepted:
    """The first answer to an order that runs by itself."""
    return Accepted(
        id=order.analysis_id, status="queued", session_id=order.session_id, links=links_of(order.analysis_id)
    )


def presented(analysis: Analysis) -> dict[str, Any]:
    """The analysis as JSON, every `mesh://objects/…` of a file or dataset replaced by `/files/{sha256}/{name}`."""
    body: dict[str, Any] = linked(analysis.model_dump(mode="json"))
    body["links"] = {**links_of(analysis.id), **analysis.links}
    return body


def file_path(uri: str, name: str) -> str:
    """The gateway's path for a stored object; any other URI as it is."""
    if not uri.startswith(OBJECT_SCHEME):
        return uri
    return f"/files/{uri.removeprefix(OBJECT_SCHEME)}/{quote(name, safe='')}"


def linked(value: Any) -> Any:
    """Any JSON with the `uri` of every stored object replaced by its path at the gateway."""
    if isinstance(value, list):
        return [linked(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: linked(item) for key, item in value.items()}
    uri = value.get("uri")
    if isinstance(uri, str):
        name = str(value.get("name") or "file")
        ending = ".parquet" if value.get("format") == "parquet" and not name.endswith(".parquet") else ""
        found["uri"] = file_path(uri, name + ending)
    return found
