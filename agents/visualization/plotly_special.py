"""Marks of the rarer charts as Plotly traces: dots, violins, cells, tiles, flows, candles, one number."""

from html import escape
from itertools import pairwise
from typing import Any

from mesh.language import Language

from .palette import SEQUENTIAL
from .plotly_text import bar_text, escaped, rgba
from .spec import Candles, Chart, Density, Dots, Flows, Headline, Mark, Stems, Tiles, Violins

Trace = dict[str, Any]


def special_traces(mark: Mark, chart: Chart, language: Language) -> list[Trace]:
    """One of these marks as traces."""
    if isinstance(mark, Dots):
        return [_dots(mark, chart, language)]
    if isinstance(mark, Stems):
        return [_stems(mark, chart)]
    if isinstance(mark, Violins):
        return _violins(mark)
    if isinstance(mark, Density):
        return [_density(mark)]
    if isinstance(mark, Tiles):
        return [_tiles(mark)]
    if isinstance(mark, Flows):
        return [_flows(mark)]
    if isinstance(mark, Candles):
        return [_candles(mark)]
    assert isinstance(mark, Headline)
    return [_headline(mark)]


def _dots(mark: Dots, chart: Chart, language: Language) -> Trace:
    along, values = escaped(mark.x), list(mark.y)
    axis = chart.x if chart.horizontal else chart.y
    trace: Trace = {
        "type": "scatter",
        "mode": "markers+text" if mark.labelled else "markers",
        "name": escape(mark.name, quote=False),
        "x": values if chart.horizontal else along,
        "y": along if chart.horizontal else values,
        "marker": {"color": mark.color, "size": 13},
        "cliponaxis": False,
    }
    if mark.labelled:
        trace["text"] = [bar_text(value, language, percent=axis.percent) for value in mark.y]
        trace["textposition"] = "middle right" if chart.horizontal else "top center"
    return trace


def _stems(mark: Stems, chart: Chart) -> Trace:
    names: list[Any] = []
    values: list[Any] = []
    for name, low, high in zip(escaped(mark.x), mark.low, mark.high, strict=True):
        names += [name, name, None]
        values += [low, high, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": values if chart.horizontal else names,
        "y": names if chart.horizontal else values,
        "line": {"color": mark.color, "width": mark.width},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _violins(mark: Violins) -> list[Trace]:
    traces: list[Trace] = []
    for index, name in enumerate(mark.names):
        places, widths = mark.places[index], mark.widths[index]
        left = [index - 0.42 * w for w in widths]
        right = [index + 0.42 * w for w in reversed(widths)]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": escape(name, quote=False),
                "x": [*left, *right],
                "y": [*places, *reversed(places)],
                "fill": "toself",
                "fillcolor": rgba(mark.color, 0.35),
                "line": {"color": mark.color, "width": 1.2},
                "hoverinfo": "name",
                "showlegend": False,
            }
        )
    traces.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": list(range(len(mark.names))),
            "y": list(mark.medians),
            "marker": {"symbol": "line-ew", "size": 26, "line": {"width": 3, "color": mark.color}},
            "text": escaped(mark.names),
            "hovertemplate": "%{text}: %{y}<extra></extra>",
            "showlegend": False,
        }
    )
    return traces


def _density(mark: Density) -> Trace:
    middles = [[(a + b) / 2 for a, b in pairwise(side)] for side in (mark.x, mark.y)]
    shades = SEQUENTIAL[1:]
    return {
        "type": "heatmap",
        "name": escape(mark.name, quote=False),
        "x": middles[0],
        "y": middles[1],
        "z": [[count or None for count in row] for row in mark.counts],
        "colorscale": [[index / (len(shades) - 1), color] for index, color in enumerate(shades)],
        "showscale": False,
        "hoverongaps": False,
    }


def _tiles(mark: Tiles) -> Trace:
    parents = list(dict.fromkeys(tile.parent for tile in mark.tiles if tile.parent))
    totals = {parent: sum(t.value for t in mark.tiles if t.parent == parent) for parent in parents}
    return {
        "type": "treemap",
        "ids": escaped((*parents, *(f"{t.parent}/{t.name}" for t in mark.tiles))),
        "labels": escaped((*parents, *(t.name for t in mark.tiles))),
        "parents": escaped((*("" for _ in parents), *(t.parent for t in mark.tiles))),
        "values": [*totals.values(), *(t.value for t in mark.tiles)],
        "branchvalues": "total",
        "marker": {"colors": [*("#E4E8EC" for _ in parents), *(t.color for t in mark.tiles)]},
        "textinfo": "label+percent root",
        "tiling": {"packing": "squarify"},
        "pathbar": {"visible": False},
        "showlegend": False,
    }


def _flows(mark: Flows) -> Trace:
    return {
        "type": "sankey",
        "node": {
            "label": escaped(tuple(node.name for node in mark.nodes)),
            "color": [node.color for node in mark.nodes],
            "pad": 16,
            "thickness": 16,
            "line": {"width": 0},
        },
        "link": {
            "source": [flow.source for flow in mark.flows],
            "target": [flow.target for flow in mark.flows],
            "value": [flow.value for flow in mark.flows],
            "color": [rgba(mark.nodes[flow.source].color, 0.35) for flow in mark.flows],
        },
    }


def _candles(mark: Candles) -> Trace:
    return {
        "type": "candlestick",
        "x": list(mark.x),
        "open": list(mark.opened),
        "high": list(mark.high),
        "low": list(mark.low),
        "close": list(mark.closed),
        "increasing": {"line": {"color": mark.rising}, "fillcolor": mark.rising},
        "decreasing": {"line": {"color": mark.falling}, "fillcolor": mark.falling},
        "showlegend": False,
    }


def _headline(mark: Headline) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(range(len(mark.history))),
        "y": list(mark.history),
        "line": {"color": mark.color, "width": 2},
        "hoverinfo": "skip",
        "showlegend": False,
    }
