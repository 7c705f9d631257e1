"""The charts of an explanation as Plotly figures."""

from typing import Any

BLUE, ORANGE, GREY, GRID = "#0072B2", "#D55E00", "#9AA5B1", "#E4E7EB"
BARS = 12
_LAYOUT: dict[str, Any] = {
    "autosize": True,
    "showlegend": False,
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "margin": {"l": 64, "r": 20, "t": 12, "b": 50},
}


def importance_figure(report: dict[str, Any]) -> dict[str, Any]:
    """Bars with intervals, the most important on top."""
    shown = report["importance"]["features"][:BARS]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": [row["feature"] for row in shown],
        "x": [row["increase"] for row in shown],
        "marker": {"color": [BLUE if row["clear"] else GREY for row in shown]},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [row["high"] - row["increase"] for row in shown],
            "arrayminus": [row["increase"] - row["low"] for row in shown],
            "color": "#52606D",
            "thickness": 1,
        },
    }
    return _figure(
        [bars], x={"zeroline": True}, y={"autorange": "reversed", "type": "category", "automargin": True}
    )


def effects_figure(report: dict[str, Any], low: str, high: str) -> dict[str, Any]:
    """A dot for each row and column: its Shapley value, coloured from `low` to `high` values of the column."""
    traces = []
    points = report["shapley"]["points"]
    for number, (name, point) in enumerate(points.items()):
        ranks = point["ranks"]
        marker: dict[str, Any] = {"size": 6, "opacity": 0.75, "color": GREY}
        if ranks is not None:
            marker |= {"color": ranks, "cmin": 0, "cmax": 1, "colorscale": [[0, BLUE], [1, ORANGE]]}
            if number == next(i for i, other in enumerate(points.values()) if other["ranks"] is not None):
                marker["colorbar"] = {
                    "tickvals": [0, 1],
                    "ticktext": [low, high],
                    "len": 0.6,
                    "thickness": 10,
                }
        height = [number + 0.28 * (((7 * i) % 11) / 5 - 1) for i in range(len(point["values"]))]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": point["values"],
                "y": height,
                "marker": marker,
                "name": name,
                "hovertemplate": "%{x:.3g}<extra>%{fullData.name}</extra>",
            }
        )
    axis = {
        "tickvals": list(range(len(points))),
        "ticktext": list(points),
        "autorange": "reversed",
        "automargin": True,
    }
    return _figure(traces, x={"zeroline": True, "zerolinecolor": GREY}, y=axis)


def dependence_figure(curve: dict[str, Any], share: bool) -> dict[str, Any]:
    """The mean prediction along one column, over the curves of single rows; bars for categories."""
    tick = {"tickformat": ".0%"} if share else {}
    if not curve["numeric"]:
        span = {
            "type": "data",
            "symmetric": False,
            "array": [h - m for h, m in zip(curve["high"], curve["mean"], strict=True)],
            "arrayminus": [m - low for low, m in zip(curve["low"], curve["mean"], strict=True)],
            "color": GREY,
        }
        bars = {
            "type": "bar",
            "x": curve["values"],
            "y": curve["mean"],
            "marker": {"color": BLUE},
            "error_y": span,
        }
        return _figure([bars], x={"type": "category"}, y=tick)
    single = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": curve["values"],
            "y": line,
            "line": {"color": "rgba(154,165,177,0.35)", "width": 1},
            "hoverinfo": "skip",
        }
        for line in curve["curves"]
    ]
    mean = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": curve["values"],
        "y": curve["mean"],
        "line": {"color": BLUE, "width": 3},
        "marker": {"size": 5},
    }
    return _figure([*single, mean], x={}, y=tick)


def reliability_figure(calibration: dict[str, Any], given: str, happened: str) -> dict[str, Any]:
    """Observed shares against predicted ones with their intervals, over the diagonal."""
    curve = calibration["curve"]
    diagonal = {
        "type": "scatter",
        "mode": "lines",
        "x": [0, 1],
        "y": [0, 1],
        "line": {"color": GREY, "dash": "dot"},
        "hoverinfo": "skip",
    }
    points = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [point["given"] for point in curve],
        "y": [point["happened"] for point in curve],
        "line": {"color": BLUE, "width": 2},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [point["high"] - point["happened"] for point in curve],
            "arrayminus": [point["happened"] - point["low"] for point in curve],
            "color": GREY,
        },
    }
    axis = {"tickformat": ".0%", "range": [-0.02, 1.02]}
    return _figure(
        [diagonal, points], x=axis | {"title": {"text": given}}, y=axis | {"title": {"text": happened}}
    )


def cost_figure(choice: dict[str, Any]) -> dict[str, Any]:
    """The cost per row at every threshold, with the chosen one and the model's own marked."""
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": [point["threshold"] for point in choice["curve"]],
        "y": [point["cost"] for point in choice["curve"]],
        "line": {"color": BLUE, "width": 2},
    }
    marks = [
        {
            "type": "line",
            "x0": at,
            "x1": at,
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "line": {"color": color, "dash": "dot"},
        }
        for at, color in ((choice["threshold"], ORANGE), (choice["own_threshold"], GREY))
    ]
    figure = _figure([line], x={"tickformat": ".0%"}, y={"rangemode": "tozero"})
    figure["layout"]["shapes"] = marks
    return figure


def row_figure(row: dict[str, Any]) -> dict[str, Any]:
    """What moves one prediction, the strongest on top: up in orange, down in blue."""
    shown = [part for part in row["parts"] if part["effect"]][:BARS]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": [f"{part['feature']} = {part['value']}" for part in shown],
        "x": [part["effect"] for part in shown],
        "marker": {"color": [ORANGE if part["effect"] > 0 else BLUE for part in shown]},
    }
    return _figure(
        [bars], x={"zeroline": True}, y={"autorange": "reversed", "type": "category", "automargin": True}
    )


def _figure(traces: list[dict[str, Any]], *, x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    axes = {"xaxis": {"gridcolor": GRID, **x}, "yaxis": {"gridcolor": GRID, **y}}
    return {"data": traces, "layout": {**_LAYOUT, **axes}}
