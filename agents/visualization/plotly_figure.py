"""A chart as a Plotly figure: plain JSON for plotly.js, nothing computed here that the chart does not
already say."""

from html import escape
from typing import Any

from mesh.language import Language

from .palette import BASELINE, DIVERGING, INK, QUIET, RULE, SEQUENTIAL
from .spec import Area, Axis, Band, Bars, Bins, Boxes, Cells, Chart, Line, Mark, Points, Slices
from .wording import compact, nice_ticks, tick_texts

FONT = "Pretendard, 'Noto Sans KR', NanumGothic, 'Apple SD Gothic Neo', Inter, system-ui, sans-serif"
Trace = dict[str, Any]


def plotly_figure(chart: Chart, language: Language) -> dict[str, Any]:
    """`{"data": [...], "layout": {...}}` for `Plotly.newPlot`; all names and texts are HTML-escaped."""
    traces: list[Trace] = []
    for mark in chart.marks:
        traces += _traces(mark, chart, language)
    return {"data": traces, "layout": _layout(chart, language)}


def _traces(mark: Mark, chart: Chart, language: Language) -> list[Trace]:
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
    return [_slices(mark)]


def _texts(values: tuple[Any, ...]) -> list[Any]:
    return [escape(value, quote=False) if isinstance(value, str) else value for value in values]


def _line(mark: Line) -> Trace:
    trace: Trace = {
        "type": "scatter",
        "mode": "lines+markers" if mark.markers else "lines",
        "name": escape(mark.name, quote=False),
        "x": _texts(mark.x),
        "y": list(mark.y),
        "line": {"color": mark.color, "width": mark.width, "dash": "dash" if mark.dashed else "solid"},
        "connectgaps": False,
    }
    if mark.markers:
        trace["marker"] = {"size": 6, "color": mark.color}
    if mark.secondary:
        trace["yaxis"] = "y2"
    return trace


def _area(mark: Area) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": escape(mark.name, quote=False),
        "x": _texts(mark.x),
        "y": list(mark.y),
        "stackgroup": "one",
        "line": {"color": mark.color, "width": 1},
        "fillcolor": _rgba(mark.color, 0.75),
    }


def _band(mark: Band) -> list[Trace]:
    edge = {
        "type": "scatter",
        "mode": "lines",
        "x": _texts(mark.x),
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
            "fillcolor": _rgba(mark.color, mark.opacity),
        },
    ]


def _bars(mark: Bars, chart: Chart, language: Language) -> Trace:
    along, values = _texts(mark.x), list(mark.y)
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
        trace["text"] = [bar_text(value, language, percent=axis.percent) for value in mark.y]
        trace["textposition"] = "outside"
        trace["cliponaxis"] = False
    return trace


def bar_text(value: float | None, language: Language, *, percent: bool) -> str:
    """The number at the end of a bar."""
    if value is None:
        return ""
    return f"{value:.1%}" if percent else compact(value, language)


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
        "marker": {"color": mark.color, "size": mark.size + 1, "opacity": mark.opacity},
    }


def _cells(mark: Cells, language: Language) -> Trace:
    colors = DIVERGING if mark.diverging else SEQUENTIAL
    scale = [[index / (len(colors) - 1), color] for index, color in enumerate(colors)]
    trace: Trace = {
        "type": "heatmap",
        "x": _texts(mark.x),
        "y": _texts(mark.y),
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
        trace["text"] = [[cell_text(v, language, diverging=mark.diverging) for v in row] for row in mark.z]
        trace["texttemplate"] = "%{text}"
    return trace


def cell_text(value: float | None, language: Language, *, diverging: bool) -> str:
    """The number in a cell: two decimals for a correlation."""
    if value is None:
        return ""
    return f"{value:.2f}" if diverging else compact(value, language)


def _boxes(mark: Boxes) -> Trace:
    return {
        "type": "box",
        "x": _texts(mark.names),
        "lowerfence": list(mark.low),
        "q1": list(mark.q1),
        "median": list(mark.median),
        "q3": list(mark.q3),
        "upperfence": list(mark.high),
        "fillcolor": _rgba(mark.color, 0.35),
        "line": {"color": mark.color},
        "showlegend": False,
    }


def _slices(mark: Slices) -> Trace:
    return {
        "type": "pie",
        "labels": _texts(mark.names),
        "values": list(mark.values),
        "marker": {"colors": list(mark.colors), "line": {"color": "#FFFFFF", "width": 2}},
        "hole": 0.5,
        "sort": False,
        "direction": "clockwise",
        "textinfo": "label+percent",
        "textposition": "outside",
        "showlegend": False,
    }


def _layout(chart: Chart, language: Language) -> dict[str, Any]:
    subtitle = f"<br><span style='font-size:13px;color:{QUIET}'>{escape(chart.subtitle, quote=False)}</span>"
    layout: dict[str, Any] = {
        "title": {
            "text": f"<b>{escape(chart.title, quote=False)}</b>{subtitle}",
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "font": {"size": 18, "color": INK},
        },
        "font": {"family": FONT, "size": 13, "color": QUIET},
        "paper_bgcolor": "#FFFFFF",
        "plot_bgcolor": "#FFFFFF",
        "margin": {"l": 72, "r": 40, "t": 96, "b": 64},
        "hovermode": "closest" if chart.kind in {"scatter", "heatmap"} else "x unified",
        "showlegend": chart.legend,
        "legend": {"orientation": "h", "x": 0, "y": -0.16, "xanchor": "left", "yanchor": "top"},
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


def axis_ticks(axis: Axis, values: list[float]) -> list[float]:
    """Round tick values inside the limits of a number axis that has to show `values`."""
    low, high = axis_limits(axis, values)
    slack = (high - low) * 1e-9
    return [tick for tick in nice_ticks(low, high) if low - slack <= tick <= high + slack]


def axis_limits(axis: Axis, values: list[float]) -> list[float]:
    """From zero for an axis that must start there, else with a small margin on both sides."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if axis.zero:
        low, high = min(0.0, low), max(0.0, high)
    span = (high - low) or abs(high) or 1.0
    bottom = low if axis.zero and low >= 0 else low - 0.06 * span
    top = high if axis.zero and high <= 0 else high + 0.06 * span
    return [axis.low if axis.low is not None else bottom, axis.high if axis.high is not None else top]


def value_range(chart: Chart, side: str) -> list[float]:
    """All numbers that the marks put on one axis (the primary one)."""
    values: list[float] = []
    stacked: dict[Any, float] = {}
    value_side = "x" if chart.horizontal else "y"
    for mark in chart.marks:
        if isinstance(mark, Line) and mark.secondary:
            continue
        if isinstance(mark, Area) and side == "y":
            for key, value in zip(mark.x, mark.y, strict=True):
                stacked[key] = stacked.get(key, 0.0) + (value or 0.0)
        elif isinstance(mark, Line | Points):
            values += _numbers(mark.x if side == "x" else mark.y)
        elif isinstance(mark, Band) and side == "y":
            values += [*mark.low, *mark.high]
        elif isinstance(mark, Bars) and side == value_side:
            base = mark.base or (0.0,) * len(mark.y)
            values += [b + (v or 0.0) for b, v in zip(base, mark.y, strict=True)]
        elif isinstance(mark, Bins):
            values += list(mark.edges if side == "x" else mark.counts)
        elif isinstance(mark, Boxes) and side == "y":
            values += [*mark.low, *mark.high]
    return values + list(stacked.values())


def _numbers(values: tuple[Any, ...]) -> list[float]:
    return [float(value) for value in values if isinstance(value, int | float)]


def _rgba(color: str, opacity: float) -> str:
    red, green, blue = (int(color[index : index + 2], 16) for index in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
