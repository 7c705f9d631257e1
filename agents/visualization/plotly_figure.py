"""A chart as a Plotly figure: plain JSON for plotly.js, nothing computed here that the chart does not already say."""

import math
from html import escape
from typing import Any

from mesh.language import Language

from .axis_scale import axis_limits, axis_ticks, marks_range, value_range
from .map_aspect import aspect
from .palette import BASELINE, INK, QUIET, RULE
from .panel_layout import panel_chart, panel_places
from .plotly_traces import Trace, mark_traces
from .raster_text import fit_text
from .spec import Axis, Candles, Chart, Flows, Headline, Line, Slices, Tiles, Violins
from .wording import tick_texts

FONT = "Pretendard, 'Noto Sans KR', NanumGothic, 'Apple SD Gothic Neo', Inter, system-ui, sans-serif"

TITLE_COLUMNS = 84
LABEL_COLUMNS = 24
CLOSEST = {"scatter", "heatmap", "calendar", "box", "violin", "map", "dumbbell", "slope", "lollipop", "dot"}
CLOSEST |= {"actual_vs_predicted", "residuals", "roc", "precision_recall", "calibration", "confusion"}
MAX_TEXTS, THINNED = 16, 9


def plotly_figure(chart: Chart, language: Language) -> dict[str, Any]:
    """`{"data": [...], "layout": {...}}` for `Plotly.newPlot`; all names and texts are HTML-escaped."""
    if chart.panels:
        return _panels(chart, language)
    traces: list[Trace] = []
    for mark in chart.marks:
        traces += mark_traces(mark, chart, language)
    return {"data": traces, "layout": _layout(chart, language)}


def _layout(chart: Chart, language: Language) -> dict[str, Any]:
    layout = _frame(chart) | {
        "xaxis": _axis(chart, "x", value_range(chart, "x"), language),
        "yaxis": _axis(chart, "y", value_range(chart, "y"), language),
    }
    if chart.y2 is not None:
        second = [v for m in chart.marks if isinstance(m, Line) and m.secondary for v in m.y if v is not None]
        layout["yaxis2"] = {
            **_axis_of(chart.y2, [0.0, 1.0] if chart.y2.percent else second, language),
            "overlaying": "y",
            "side": "right",
            "showgrid": False,
        }
    if chart.square:
        layout["yaxis"] |= {"scaleanchor": "x", "scaleratio": aspect(chart)}
    if any(isinstance(mark, Candles) for mark in chart.marks):
        layout["xaxis"]["rangeslider"] = {"visible": False}
    for mark in chart.marks:
        if isinstance(mark, Headline):
            layout |= _headline(mark)
    if any(isinstance(mark, Line) and mark.ended for mark in chart.marks):
        layout["margin"]["r"] = 130
    if any(isinstance(mark, Slices | Tiles | Flows | Headline) for mark in chart.marks):
        layout["hovermode"] = "closest"
    return layout


def _frame(chart: Chart) -> dict[str, Any]:
    """What every figure has: title, fonts, margins, legend."""
    title = escape(fit_text(chart.title, TITLE_COLUMNS, 2), quote=False).replace("\n", "<br>")
    subtitle = f"<br><span style='font-size:13px;color:{QUIET}'>{escape(chart.subtitle, quote=False)}</span>"
    return {
        "title": {
            "text": f"<b>{title}</b>{subtitle}",
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "y": 0.97,
            "yref": "container",
            "yanchor": "top",
            "font": {"size": 18, "color": INK},
        },
        "font": {"family": FONT, "size": 13, "color": QUIET},
        "paper_bgcolor": "#FFFFFF",
        "plot_bgcolor": "#FFFFFF",
        "margin": {"l": 72, "r": 40, "t": 128 if chart.legend else 100, "b": 56},
        "hovermode": "closest" if chart.horizontal or chart.kind in CLOSEST else "x unified",
        "showlegend": chart.legend,
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "xanchor": "left", "yanchor": "bottom"},
        "barmode": "overlay" if chart.bars == "stack" else "group",
        "bargap": 0.25,
    }


def _panels(chart: Chart, language: Language) -> dict[str, Any]:
    """One pair of axes per panel, all of the same scale unless a panel has a measure of its own."""
    traces: list[Trace] = []
    layout = _frame(chart)
    notes = []
    named: set[str] = set()
    for index, (panel, place) in enumerate(zip(chart.panels, panel_places(chart), strict=True)):
        part = panel_chart(chart, index)
        tail = "" if index == 0 else str(index + 1)
        for mark in panel.marks:
            for trace in mark_traces(mark, part, language):
                shown = trace.get("name", "") not in named and trace.get("showlegend", True)
                named.add(trace.get("name", ""))
                traces.append(trace | {"xaxis": f"x{tail}", "yaxis": f"y{tail}", "showlegend": shown})
        own = marks_range(panel.marks, "y", horizontal=chart.horizontal)
        y_values = own if panel.y is not None else value_range(chart, "y")
        x_axis = _axis(part, "x", value_range(chart, "x"), language)
        y_axis = _axis(part, "y", y_values, language)
        right, top = place.left + place.width, place.bottom + place.height
        x_axis |= {
            "domain": [place.left, right],
            "anchor": f"y{tail}",
            "showticklabels": place.lowest,
            "nticks": 4,
        }
        y_axis |= {"domain": [place.bottom, top], "anchor": f"x{tail}", "showticklabels": place.leftmost}
        if index:
            x_axis["matches"] = "x"
        layout |= {f"xaxis{tail}": x_axis, f"yaxis{tail}": y_axis}
        notes.append(_note(escape(panel.title, quote=False), place.left, top, 13, INK, "left"))
    layout |= {"annotations": notes, "hovermode": "closest"}
    return {"data": traces, "layout": layout}


def _note(text: str, x: float, y: float, size: int, color: str, anchor: str) -> dict[str, Any]:
    return {
        "text": text,
        "x": x,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": anchor,
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": size, "color": color},
    }


def _headline(mark: Headline) -> dict[str, Any]:
    blank = {"visible": False, "fixedrange": True}
    notes = [
        _note(f"<b>{escape(mark.text, quote=False)}</b>", 0.5, 0.5, 64, INK, "center"),
        _note(escape(mark.note, quote=False), 0.5, 0.4, 16, QUIET, "center"),
    ]
    return {
        "annotations": notes,
        "xaxis": blank | {"domain": [0.2, 0.8]},
        "yaxis": blank | {"domain": [0.02, 0.32]},
    }


def _axis(chart: Chart, side: str, values: list[float], language: Language) -> dict[str, Any]:
    axis = chart.x if side == "x" else chart.y
    if axis.kind == "category" and any(isinstance(mark, Violins) for mark in chart.marks):
        places = list(range(len(axis.order)))
        return _axis_of(axis, [], language) | {
            "type": "linear",
            "tickvals": places,
            "ticktext": [_short(name) for name in axis.order],
            "range": [-0.6, len(places) - 0.4],
        }
    result = _axis_of(axis, values, language)
    if side == "y" and axis.kind == "category":
        result["autorange"] = "reversed"
    return result


def _short(name: str) -> str:
    return escape(fit_text(name, LABEL_COLUMNS, 2), quote=False).replace("\n", "<br>")


def _axis_of(axis: Axis, values: list[float], language: Language) -> dict[str, Any]:
    result: dict[str, Any] = {
        "title": {"text": escape(axis.title, quote=False)},
        "gridcolor": RULE,
        "linecolor": BASELINE,
        "zeroline": False,
        "automargin": True,
    }
    if axis.hidden:
        result |= {"showgrid": False, "showticklabels": False, "showline": False}
    if axis.kind == "time":
        return result | {"type": "date", "showgrid": False}
    if axis.kind == "category":
        order = [escape(name, quote=False) for name in axis.order]
        every = -(-len(order) // THINNED) if len(order) > MAX_TEXTS else 1
        return result | {
            "type": "category",
            "categoryorder": "array",
            "categoryarray": order,
            "tickvals": order[::every],
            "ticktext": [_short(name) for name in axis.order[::every]],
            "showgrid": False,
        }
    ticks = axis_ticks(axis, values)
    if axis.log:
        limits = [math.log10(limit) for limit in axis_limits(axis, values)]
        texts = tick_texts(ticks, language, percent=axis.percent, apart=True)
        return result | {"type": "log", "tickvals": ticks, "ticktext": texts, "range": limits}
    return result | {
        "type": "linear",
        "tickvals": ticks,
        "ticktext": tick_texts(ticks, language, percent=axis.percent),
        "range": axis_limits(axis, values),
    }
