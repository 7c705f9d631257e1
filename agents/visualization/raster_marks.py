"""Each mark of a chart on matplotlib axes."""

from typing import Any

import numpy as np

from mesh.language import Language

from .axis_scale import all_marks
from .palette import BASELINE, DIVERGING, INK, QUIET, SEQUENTIAL
from .plotly_text import bar_text, cell_text
from .raster_special import draw_special
from .raster_text import fit_text
from .spec import Area, Band, Bars, Bins, Boxes, Candles, Cells, Chart, Line, Mark, Points, Slices
from .time_ticks import day_number


class Places:
    """Where the keys of a chart lie on its axes: categories by position, dates by day number, numbers as
    they are."""

    def __init__(self, chart: Chart) -> None:
        self.time = chart.x.kind == "time"
        axis = chart.y if chart.horizontal else chart.x
        self.positions = {name: index for index, name in enumerate(axis.order)}
        self.times: list[float] = []
        self.heights: dict[Any, float] = {}
        self.bars = [mark for mark in chart.marks if isinstance(mark, Bars)]
        if self.time:
            for mark in all_marks(chart):
                if isinstance(mark, Line | Area | Band | Candles):
                    self.times += [day_number(str(key)) for key in mark.x]

    def of(self, key: Any) -> float:
        """The place of one key."""
        if self.time and isinstance(key, str):
            return day_number(key)
        return float(self.positions[key]) if isinstance(key, str) else float(key)


def draw_mark(mark: Mark, chart: Chart, axes: Any, places: Places, language: Language) -> None:
    """Draws one mark."""
    if isinstance(mark, Line):
        _line(mark, axes, places)
    elif isinstance(mark, Area):
        _area(mark, axes, places)
    elif isinstance(mark, Band):
        x = [places.of(key) for key in mark.x]
        axes.fill_between(x, mark.low, mark.high, color=mark.color, alpha=mark.opacity, linewidth=0)
    elif isinstance(mark, Bars):
        _bars(mark, chart, axes, places, language)
    elif isinstance(mark, Bins):
        widths = np.diff(mark.edges)
        axes.bar(
            mark.edges[:-1],
            mark.counts,
            widths,
            align="edge",
            color=mark.color,
            edgecolor="white",
            linewidth=0.8,
        )
    elif isinstance(mark, Points):
        area = [size**2 for size in mark.sizes] or mark.size**2
        axes.scatter(
            mark.x, mark.y, s=area, color=mark.color, alpha=mark.opacity, edgecolors="none", zorder=2
        )
    elif isinstance(mark, Cells):
        _cells(mark, axes, language)
    elif isinstance(mark, Boxes):
        _boxes(mark, axes)
    elif isinstance(mark, Slices):
        _slices(mark, axes)
    else:
        draw_special(mark, chart, axes, places, language)


def _line(mark: Line, axes: Any, places: Places) -> None:
    x = [places.of(key) for key in mark.x]
    y = [np.nan if value is None else value for value in mark.y]
    axes.plot(
        x,
        y,
        color=mark.color,
        linewidth=mark.width * 0.9,
        linestyle=(0, (4, 3)) if mark.dashed else "solid",
        marker="o" if mark.markers else None,
        markersize=4,
        solid_capstyle="round",
        zorder=3,
    )
    if mark.ended and mark.y[-1] is not None:
        text = fit_text(mark.name, 20, 1)
        axes.annotate(
            text,
            (x[-1], mark.y[-1]),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=INK,
        )


def _area(mark: Area, axes: Any, places: Places) -> None:
    x = [places.of(key) for key in mark.x]
    low = np.array([places.heights.get(key, 0.0) for key in mark.x])
    high = low + np.array([value or 0.0 for value in mark.y])
    axes.fill_between(x, low, high, color=mark.color, alpha=0.78, linewidth=0)
    places.heights = dict(zip(mark.x, high.tolist(), strict=True))


def _bars(mark: Bars, chart: Chart, axes: Any, places: Places, language: Language) -> None:
    count = len(places.bars) if chart.bars == "group" else 1
    width = 0.8 / count if count > 1 else 0.68 if chart.horizontal or len(mark.x) <= 20 else 0.8
    shift = (places.bars.index(mark) - (count - 1) / 2) * width if count > 1 else 0.0
    at = [places.of(key) + shift for key in mark.x]
    values = [value or 0.0 for value in mark.y]
    base = list(mark.base) or [0.0] * len(values)
    colors = list(mark.colors) or mark.color
    if not chart.horizontal:
        edge = "white" if chart.bars == "stack" and len(mark.x) <= 24 else "none"
        axes.bar(at, values, width, bottom=base, color=colors, edgecolor=edge, linewidth=0.6, zorder=2)
        if base != [0.0] * len(values) or min(values, default=0.0) < 0:
            axes.axhline(0, color=BASELINE, linewidth=0.9, zorder=3)
        if mark.labelled:
            _upright_labels(mark, chart, axes, at, language)
        return
    axes.barh(at, values, width, left=base, color=colors, zorder=2)
    axes.axvline(0, color=BASELINE, linewidth=0.9, zorder=3)
    if mark.labelled:
        reach = max(abs(value) for value in values) or 1.0
        for index, (place, value) in enumerate(zip(at, mark.y, strict=True)):
            text = mark.texts[index] if mark.texts else bar_text(value, language, percent=chart.x.percent)
            end = max(0.0, value or 0.0) + 0.012 * reach
            axes.text(end, place, text, va="center", ha="left", fontsize=9.5, color=INK)


def _upright_labels(mark: Bars, chart: Chart, axes: Any, at: list[float], language: Language) -> None:
    """The number above each bar, below one that goes down."""
    bases = mark.base or (0.0,) * len(mark.y)
    for place, value, base in zip(at, mark.y, bases, strict=True):
        down = (value or 0.0) < 0 and not mark.base
        end = base + (value or 0.0) if down else max(base, base + (value or 0.0))
        axes.annotate(
            bar_text(value, language, percent=chart.y.percent),
            (place, end),
            xytext=(0, -4 if down else 4),
            textcoords="offset points",
            ha="center",
            va="top" if down else "bottom",
            fontsize=9.5 if len(at) <= 12 else 8,
            color=INK,
        )


def _cells(mark: Cells, axes: Any, language: Language) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    colors = LinearSegmentedColormap.from_list("scale", DIVERGING if mark.diverging else SEQUENTIAL)
    z = np.array([[np.nan if value is None else value for value in row] for row in mark.z], dtype=np.float64)
    low, high = (-1.0, 1.0) if mark.diverging else (float(np.nanmin(z)), float(np.nanmax(z)))
    span = (high - low) or 1.0
    axes.pcolormesh(
        np.arange(len(mark.x) + 1) - 0.5,
        np.arange(len(mark.y) + 1) - 0.5,
        np.ma.masked_invalid(z),
        cmap=colors,
        vmin=low,
        vmax=low + span,
        edgecolors="white",
        linewidth=2 if len(mark.x) <= 40 else 0.8,
    )
    if not mark.labelled:
        return
    size = 9.5 if len(mark.x) <= 10 else 7.5 if len(mark.x) <= 16 else 6
    for row, values in enumerate(mark.z):
        for column, value in enumerate(values):
            text = cell_text(mark, value, language)
            depth = 0.0 if value is None else abs(value) if mark.diverging else (value - low) / span
            ink = "white" if depth > 0.5 else INK
            axes.text(column, row, text, ha="center", va="center", fontsize=size, color=ink)


def _boxes(mark: Boxes, axes: Any) -> None:
    for index in range(len(mark.names)):
        axes.plot([index, index], [mark.low[index], mark.q1[index]], color=QUIET, linewidth=1.2)
        axes.plot([index, index], [mark.q3[index], mark.high[index]], color=QUIET, linewidth=1.2)
        axes.bar(
            index,
            mark.q3[index] - mark.q1[index],
            0.5,
            bottom=mark.q1[index],
            color=mark.color,
            alpha=0.35,
            linewidth=0,
            zorder=2,
        )
        ends = [index - 0.25, index + 0.25]
        axes.plot(
            ends, [mark.median[index]] * 2, color=mark.color, linewidth=2.6, zorder=3, solid_capstyle="butt"
        )


def _slices(mark: Slices, axes: Any) -> None:
    total = sum(mark.values)
    texts = [
        f"{fit_text(name, 20, 2)}  {value / total:.1%}"
        for name, value in zip(mark.names, mark.values, strict=True)
    ]
    axes.pie(
        mark.values,
        labels=texts,
        colors=mark.colors,
        startangle=90,
        counterclock=False,
        wedgeprops={"width": 0.42, "edgecolor": "white", "linewidth": 2},
        textprops={"fontsize": 10, "color": INK},
    )
    axes.set_aspect("equal")
