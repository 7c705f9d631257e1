"""Charts as the report shows them: the stored Plotly figure without its own title and ground, which the page supplies."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from mesh.results import FileRef, Output, Table

from .blocks import Grid, Picture
from .cells import grid_of
from .labels import Labels
from .shapes import items, mapping

MAX_FIGURE_BYTES = 600_000
_HEIGHT_PX = 380
_ROW_PX = 34
_FRAME_PX = 110
_SQUARE = ("confusion", "roc", "actual_vs_predicted", "heatmap")


def picture_of(
    chart: Output, number: int, labels: Labels, stills: Mapping[str, bytes] | None = None
) -> Picture:
    """The `number`-th chart of a report. Figures beyond `MAX_FIGURE_BYTES` are left out for their picture or table.

    `stills` holds PNG pictures by the checksum of their file; the chart's own is embedded when it is among them.
    """
    data = chart.data or {}
    title = str(data.get("title") or chart.title or chart.name)
    figure = _figure(data.get("plotly"))
    note = str(data.get("warning") or "")
    still = _still(chart.files, stills or {})
    if figure is None:
        note = note or ("" if still else labels("undrawn"))
    elif len(json.dumps(figure)) > MAX_FIGURE_BYTES:
        figure, note = None, "" if still else labels("too_large")
    return Picture(
        id=f"chart-{number}",
        title=title,
        subtitle=str(data.get("subtitle") or ""),
        alt=str(data.get("alt") or chart.description or title),
        figure=figure,
        table=_table(data.get("table"), labels),
        image=_image(chart.files),
        still=still,
        note=note,
        height_px=_height(data, figure),
    )


def file_path(file: FileRef) -> str:
    """Where a stored file is, relative to the gateway; empty for a file that is not in storage."""
    return f"/files/{file.sha256}/{file.name}" if file.sha256 else ""


def _figure(plotly: Any) -> dict[str, Any] | None:
    if not isinstance(plotly, dict) or not isinstance(plotly.get("data"), list) or not plotly["data"]:
        return None
    layout = dict(mapping(plotly.get("layout")))
    for own in ("title", "width", "height", "template"):
        layout.pop(own, None)
    layout["images"] = [
        image
        for image in items(layout.get("images"))
        if isinstance(image, dict) and str(image.get("source", "")).startswith("data:")
    ]
    legend = bool(layout.get("showlegend"))
    layout |= {
        "autosize": True,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 48, "r": 20, "t": 44 if legend else 12, "b": 40},
        "font": {**mapping(layout.get("font")), "family": "inherit", "size": 13},
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": "#9AA5B1", "activecolor": "#0072B2"},
        "hoverlabel": {"bgcolor": "#1F2933", "bordercolor": "#1F2933", "font": {"color": "#FFFFFF"}},
    }
    return {"data": plotly["data"], "layout": layout}


def _height(data: Mapping[str, Any], figure: dict[str, Any] | None) -> int:
    """Enough for every bar of a horizontal bar chart, else one height for all."""
    if figure is None:
        return _HEIGHT_PX
    bars = [trace for trace in figure["data"] if isinstance(trace, dict) and trace.get("orientation") == "h"]
    if bars:
        categories = {str(name) for trace in bars for name in items(trace.get("y"))}
        return max(180, min(640, _FRAME_PX + _ROW_PX * len(categories)))
    return _HEIGHT_PX + 40 if data.get("kind") in _SQUARE else _HEIGHT_PX


def _table(table: Any, labels: Labels) -> Grid | None:
    if not isinstance(table, dict) or not table.get("columns"):
        return None
    given = Table(
        title="",
        columns=[str(name) for name in table["columns"]],
        rows=[row for row in items(table.get("rows")) if isinstance(row, list)],
        note=str(table.get("note") or ""),
    )
    return grid_of(given, labels, shown=200)


def _image(files: list[FileRef]) -> str:
    return next((file_path(file) for file in files if file.media_type == "image/png"), "")


def _still(files: list[FileRef], stills: Mapping[str, bytes]) -> str:
    picture = next((stills[file.sha256] for file in files if file.sha256 and file.sha256 in stills), b"")
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}" if picture else ""
