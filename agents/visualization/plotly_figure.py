"""A chart as a Plotly figure: plain JSON for plotly.js, nothing computed here that the chart does not already say."""

from html import escape
from typing import Any

from mesh.language import Language

from .axis_scale import axis_limits, axis_ticks, value_range
from .palette import BASELINE, INK, QUIET, RULE
from .plotly_traces import Trace, mark_traces
from .raster_text import fit_text
from .spec import Axis, Chart
from .wording import tick_texts

FONT = "Pretendard, 'Noto Sans KR', NanumGothic, 'Apple SD Gothic Neo', Inter, system-ui, sans-serif"

TITLE_COLUMNS = 84


def plotly_figure(chart: Chart, language: Language) -> dict[str, Any]:
    """`{"data": [...], "layout": {...}}` for `Plotly.newPlot`; all names and texts are HTML-escaped."""
    traces: list[Trace] = []
    for mark in chart.marks:
        traces += mark_traces(mark, chart, language)
    return {"data": traces, "layout": _layout(chart, language)}


def _layout(chart: Chart, language: Language) -> dict[str, Any]:
    title = escape(fit_text(chart.title, TITLE_COLUMNS, 2), quote=False).replace("\n", "<br>")
    subtitle = f"<br><span style='font-size:13px;color:{QUIET}'>{escape(chart.subtitle, quote=False)}</span>"
    layout: dict[str, Any] = {
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
        "hovermode": "closest" if chart.kind in {"scatter", "heatmap"} else "x unified",
        "showlegend": chart.legend,
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "xanchor": "left", "yanchor": "bottom"},
        "barmode": "overlay" if chart.bars == "stack" else "group",
        "bargap": 0.25,
        "xaxis": _axis(chart, "x", language),
        "yaxis": _axis(chart, "y", language),
    }
    if chart.horizontal or chart.kind in {"box", "actual_vs_predicted", "roc", "confusion"}:
        layout["hovermode"] = "closest"
    if chart.y2 is not None:
        layout["yaxis2"] = {
            **_axis_of(chart.y2, [0.0, 1.0], language),
            "overlaying": "y",
            "side": "right",
            "showgrid": False,
        }
    return layout


def _axis(chart: Chart, side: str, language: Language) -> dict[str, Any]:
    axis = chart.x if side == "x" else chart.y
    result = _axis_of(axis, value_range(chart, side), language)
    if side == "y" and axis.kind == "category":
        result["autorange"] = "reversed"
    return result


def _axis_of(axis: Axis, values: list[float], language: Language) -> dict[str, Any]:
    result: dict[str, Any] = {
        "title": {"text": escape(axis.title, quote=False)},
        "gridcolor": RULE,
        "linecolor": BASELINE,
        "zeroline": False,
        "automargin": True,
    }
    if axis.kind == "time":
        return result | {"type": "date", "showgrid": False}
    if axis.kind == "category":
        order = [escape(name, quote=False) for name in axis.order]
        return result | {
            "type": "category",
            "categoryorder": "array",
            "categoryarray": order,
            "showgrid": False,
        }
    ticks = axis_ticks(axis, values)
    return result | {
        "type": "linear",
        "tickvals": ticks,
        "ticktext": tick_texts(ticks, language, percent=axis.percent),
        "range": axis_limits(axis, values),
    }
