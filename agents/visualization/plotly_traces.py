"""The marks of a chart as Plotly traces; all names and texts are HTML-escaped."""

from html import escape
from typing import Any

from mesh.language import Language

from .palette import DIVERGING, SEQUENTIAL
from .plotly_special import special_traces
from .plotly_text import bar_text, cell_text, escaped, rgba
from .spec import Area, Band, Bars, Bins, Boxes, Cells, Chart, Line, Mark, Points, Slices

Trace = dict[str, Any]


def mark_traces(mark: Mark, chart: Chart, language: Language) -> list[Trace]:
    """One mark as one or two traces."""
    if isinstance(mark, Line):
        return [_line(mark)]
    if isinstance(mark, Area):
        return [_area(mark)]
    if isinstance(mark, Band):
        return _band(mark)
    if isinstance(mark, Bars):
        return [_bars(mark, chart, language)]
    if isinstance(mark, Bins):
        return [_bins(mark)]
    if isinstance(mark, Points):
        return [_points(mark)]
    if isinstance(mark, Cells):
        return [_cells(mark, language)]
    if isinstance(mark, Boxes):
        return [_boxes(mark)]
    if isinstance(mark, Slices):
        return [_slices(mark)]
    return special_traces(mark, chart, language)


def _line(mark: Line) -> Trace:
    trace: Trace = {
        "type": "scatter",
        "mode": "lines+markers" if mark.markers else "lines",
        "name": escape(mark.name, quote=False),
        "x": escaped(mark.x),
        "y": list(mark.y),
        "line": {"color": mark.color, "width": mark.width, "dash": "dash" if mark.dashed else "solid"},
        "connectgaps": False,
    }
    if mark.markers:
        trace["marker"] = {"size": 6, "color": mark.color}
    if mark.secondary:
        trace["yaxis"] = "y2"
    if mark.ended:
        trace |= {
            "mode": "lines+markers+text",
            "text": [*[""] * (len(mark.x) - 1), escape(mark.name, quote=False)],
            "textposition": "middle right",
            "cliponaxis": False,
        }
    return trace


def _area(mark: Area) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": escape(mark.name, quote=False),
        "x": escaped(mark.x),
        "y": list(mark.y),
        "stackgroup": "one",
        "line": {"color": mark.color, "width": 1},
        "fillcolor": rgba(mark.color, 0.75),
    }


def _band(mark: Band) -> list[Trace]:
    edge = {
        "type": "scatter",
        "mode": "lines",
        "x": escaped(mark.x),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
    return [
        {**edge, "y": list(mark.low), "showlegend": False},
        {
            **edge,
            "y": list(mark.high),
            "name": escape(mark.name, quote=False),
            "fill": "tonexty",
            "fillcolor": rgba(mark.color, mark.opacity),
        },
    ]


def _bars(mark: Bars, chart: Chart, language: Language) -> Trace:
    along, values = escaped(mark.x), list(mark.y)
    axis = chart.x if chart.horizontal else chart.y
    trace: Trace = {
        "type": "bar",
        "name": escape(mark.name, quote=False),
        "x": values if chart.horizontal else along,
        "y": along if chart.horizontal else values,
        "orientation": "h" if chart.horizontal else "v",
        "marker": {"color": list(mark.colors) or mark.color},
    }
    if mark.base:
        trace["base"] = list(mark.base)
    if mark.labelled:
        texts = [bar_text(value, language, percent=axis.percent) for value in mark.y]
        trace["text"] = escaped(mark.texts) or texts
        trace["textposition"] = "outside"
        trace["cliponaxis"] = False
    return trace


def _bins(mark: Bins) -> Trace:
    low, high = mark.edges[:-1], mark.edges[1:]
    return {
        "type": "bar",
        "name": escape(mark.name, quote=False),
        "x": [(a + b) / 2 for a, b in zip(low, high, strict=True)],
        "y": list(mark.counts),
        "width": [b - a for a, b in zip(low, high, strict=True)],
        "marker": {"color": mark.color, "line": {"color": "#FFFFFF", "width": 1}},
    }


def _points(mark: Points) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": escape(mark.name, quote=False),
        "x": list(mark.x),
        "y": list(mark.y),
        "marker": {"color": mark.color, "size": list(mark.sizes) or mark.size + 1, "opacity": mark.opacity},
        **({"text": escaped(mark.texts)} if mark.texts else {}),
    }


def _cells(mark: Cells, language: Language) -> Trace:
    colors = DIVERGING if mark.diverging else SEQUENTIAL
    scale = [[index / (len(colors) - 1), color] for index, color in enumerate(colors)]
    trace: Trace = {
        "type": "heatmap",
        "x": escaped(mark.x),
        "y": escaped(mark.y),
        "z": [list(row) for row in mark.z],
        "colorscale": scale,
        "xgap": 2,
        "ygap": 2,
        "showscale": False,
        "hoverongaps": False,
    }
    if mark.diverging:
        trace |= {"zmin": -1, "zmax": 1}
    if mark.labelled:
        trace["text"] = [[cell_text(mark, v, language) for v in row] for row in mark.z]
        trace["texttemplate"] = "%{text}"
    return trace


def _boxes(mark: Boxes) -> Trace:
    return {
        "type": "box",
        "x": escaped(mark.names),
        "lowerfence": list(mark.low),
        "q1": list(mark.q1),
        "median": list(mark.median),
        "q3": list(mark.q3),
        "upperfence": list(mark.high),
        "fillcolor": rgba(mark.color, 0.35),
        "line": {"color": mark.color},
        "showlegend": False,
    }


def _slices(mark: Slices) -> Trace:
    return {
        "type": "pie",
        "labels": escaped(mark.names),
        "values": list(mark.values),
        "marker": {"colors": list(mark.colors), "line": {"color": "#FFFFFF", "width": 2}},
        "hole": 0.5,
        "sort": False,
        "direction": "clockwise",
        "textinfo": "label+percent",
        "textposition": "outside",
        "showlegend": False,
    }
