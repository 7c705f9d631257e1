"""A chart as a PNG of 1600 x 900 pixels, drawn by matplotlib without a browser."""

import importlib.util
import logging
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator
from matplotlib.transforms import Bbox

from mesh.language import Language

from .axis_scale import axis_limits, axis_ticks, marks_range, value_range
from .map_aspect import aspect
from .palette import BASELINE, INK, QUIET, RULE
from .panel_layout import panel_chart, panel_places
from .raster_marks import Places, draw_mark
from .raster_text import fit_text, legend_row
from .spec import Axis, Bars, Cells, Chart, Dots, Flows, Headline, Line, Slices, Tiles
from .time_ticks import time_ticks
from .wording import tick_texts

WIDTH_IN, HEIGHT_IN, DPI = 8.0, 4.5, 200
LEFT, RIGHT, BOTTOM = 0.05, 0.965, 0.085
FAMILY = "NanumGothic"
MIN_BARS = 4
STYLE: Any = {
    "font.family": [FAMILY, "DejaVu Sans"],
    "axes.unicode_minus": False,
    "text.color": INK,
    "axes.edgecolor": BASELINE,
    "axes.labelcolor": QUIET,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "font.size": 10,
    "text.parse_math": False,
}


@cache
def load_fonts() -> None:
    """Registers the bundled Korean font by its files, regular and bold; importing its package would change
    global state."""
    spec = importlib.util.find_spec("koreanize_matplotlib")
    if spec is None or not spec.submodule_search_locations:
        return
    folder = Path(next(iter(spec.submodule_search_locations))) / "fonts"
    for name in ("NanumGothic.ttf", "NanumGothicBold.ttf"):
        font_manager.fontManager.addfont(str(folder / name))
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)


def write_png(chart: Chart, path: Path, language: Language, source: str) -> None:
    """Draws `chart` into the PNG file at `path`; `source` is the line of small print at its foot."""
    load_fonts()
    with mpl.rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DPI, facecolor="white")
        canvas = FigureCanvasAgg(figure)
        top = _headings(figure, chart, source)
        if chart.panels:
            _draw_panels(figure, chart, top, language)
        else:
            axes = figure.add_axes((LEFT, BOTTOM + 0.05, RIGHT - LEFT, top - BOTTOM - 0.05))
            _draw(chart, axes, language)
            _fit(figure, canvas, axes, top)
        figure.savefig(path, dpi=DPI, metadata={"Software": "a2a-mesh"})


def _headings(figure: Any, chart: Chart, source: str) -> float:
    """Title, subtitle, legend and source line; returns the height at which the plot may begin."""
    title = fit_text(chart.title, 68, 2)
    figure.text(LEFT, 0.945, title, fontsize=15, fontweight=600, color=INK, va="top", linespacing=1.3)
    top = 0.945 - 0.068 * (title.count("\n") + 1) - 0.012
    if chart.subtitle:
        figure.text(LEFT, top, fit_text(chart.subtitle, 100, 1), fontsize=10, color=QUIET, va="top")
        top -= 0.062
    if chart.legend:
        top = legend_row(figure, chart, LEFT, top)
    note = " · ".join(part for part in (source, chart.warning) if part)
    figure.text(LEFT, 0.035, fit_text(note, 135, 1), fontsize=7.5, color=QUIET, va="center")
    return top - 0.02


def _draw_panels(figure: Any, chart: Chart, top: float, language: Language) -> None:
    """Small charts in rows on scales they share; only those at the edge have tick texts."""
    left, right, bottom = LEFT + 0.055, RIGHT, BOTTOM + 0.045
    for index, (panel, place) in enumerate(zip(chart.panels, panel_places(chart), strict=True)):
        part = panel_chart(chart, index)
        box = (
            left + place.left * (right - left),
            bottom + place.bottom * (top - bottom),
            place.width * (right - left),
            place.height * (top - bottom),
        )
        axes = figure.add_axes(box)
        _draw(part, axes, language, whole=chart, own=panel.y is not None)
        axes.set_title(
            fit_text(panel.title, int(box[2] * 110), 1), loc="left", fontsize=9.5, color=INK, pad=4
        )
        axes.tick_params(labelsize=7.5, labelleft=place.leftmost, labelbottom=place.lowest)
        if len(chart.panels) > 1 and len(axes.get_xticks()) > 4 and place.width < 0.6:
            _thin_ticks(axes)


def _thin_ticks(axes: Any) -> None:
    """Every second or third tick text, so that those of narrow panels do not touch."""
    ticks, texts = axes.get_xticks(), [text.get_text() for text in axes.get_xticklabels()]
    every = -(-len(ticks) // 3)
    axes.set_xticks(ticks[::every], labels=[text.split("\n")[-1] for text in texts[::every]])


def _draw(
    chart: Chart, axes: Any, language: Language, *, whole: Chart | None = None, own: bool = False
) -> None:
    """The marks and axes of a chart, or of a panel on the scales of the `whole` unless its measure is its `own`."""
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, labelsize=9.5, pad=5)
    axes.set_axisbelow(True)
    places = Places(whole or chart)
    right = axes.twinx() if chart.y2 is not None else None
    for mark in chart.marks:
        target = right if isinstance(mark, Line) and mark.secondary and right is not None else axes
        draw_mark(mark, chart, target, places, language)
    if any(isinstance(mark, Slices | Tiles | Flows | Headline) for mark in chart.marks):
        axes.set_axis_off()
        return
    for side in ("x", "y"):
        values = marks_range(chart.marks, side, horizontal=chart.horizontal)
        if whole is not None and not (own and side == "y"):
            values = value_range(whole, side)
        _finish_axis(axes, chart, side, places, values, language)
    if chart.square:
        axes.set_aspect(aspect(chart), adjustable="box", anchor="W")
    if right is not None and chart.y2 is not None:
        _secondary(right, chart, chart.y2, language)
    if not chart.horizontal and not any(isinstance(mark, Cells) for mark in chart.marks):
        axes.spines["bottom"].set_visible(True)


def _finish_axis(
    axes: Any, chart: Chart, side: str, places: Places, values: list[float], language: Language
) -> None:
    axis = chart.x if side == "x" else chart.y
    which = axes.xaxis if side == "x" else axes.yaxis
    limit = axes.set_xlim if side == "x" else axes.set_ylim
    if axis.title:
        which.set_label_text(axis.title, fontsize=9.5, color=QUIET)
    if axis.kind == "category":
        _category_axis(which, limit, axis, side, chart)
        return
    if axis.kind == "time":
        ticks, texts = time_ticks(places.times, language)
        which.set_ticks(ticks, labels=texts)
        span = max(places.times) - min(places.times)
        limit(min(places.times) - 0.015 * span, max(places.times) + 0.015 * span)
        return
    if axis.log:
        axes.set_xscale("log") if side == "x" else axes.set_yscale("log")
        which.set_minor_locator(NullLocator())
    numbers = axis_ticks(axis, values)
    labels = tick_texts(numbers, language, percent=axis.percent, apart=axis.log)
    labelled = any(isinstance(mark, Bars) and mark.labelled for mark in chart.marks)
    bare = axis.hidden or (chart.horizontal and side == "x" and labelled)
    if bare:
        labels = [""] * len(numbers)
    which.set_ticks(numbers, labels=labels)
    low, high = axis_limits(axis, values)
    dotted = chart.horizontal and side == "x" and any(isinstance(m, Dots) and m.labelled for m in chart.marks)
    limit(low, high * 1.06 if bare or dotted else high)
    if not bare:
        which.grid(visible=True, color=RULE, linewidth=0.8)


def _category_axis(which: Any, limit: Any, axis: Axis, side: str, chart: Chart) -> None:
    count = len(axis.order)
    every = 1 if side == "y" or count <= 12 else -(-count // 9)
    shown = list(range(0, count, every))
    longest = 26 if side == "y" else max(5, 100 // max(1, len(shown)) - 1)
    lines = 1 if side == "y" else 2
    which.set_ticks(shown, labels=[fit_text(axis.order[index], longest, lines) for index in shown])
    if side == "y":
        cells = any(isinstance(mark, Cells) for mark in chart.marks)
        limit((count if cells else max(count, MIN_BARS)) - 0.5, -0.5)
    elif any(isinstance(mark, Cells) for mark in chart.marks):
        limit(-0.5, count - 0.5)
    else:
        limit(-0.6, count - 0.4)


def _secondary(right: Any, chart: Chart, axis: Axis, language: Language) -> None:
    for side in ("top", "right", "left", "bottom"):
        right.spines[side].set_visible(False)
    right.tick_params(length=0, labelsize=9.5, pad=5)
    if axis.percent:
        ticks, limits = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0], [0.0, 1.06]
    else:
        values = [v for m in chart.marks if isinstance(m, Line) and m.secondary for v in m.y if v is not None]
        ticks, limits = axis_ticks(axis, values), axis_limits(axis, values)
    right.yaxis.set_ticks(ticks, labels=tick_texts(ticks, language, percent=axis.percent))
    right.set_ylim(*limits)
    if axis.title:
        right.yaxis.set_label_text(axis.title, fontsize=9.5, color=QUIET)


def _fit(figure: Any, canvas: Any, axes: Any, top: float) -> None:
    """Moves the plot right and up until its labels end inside the page."""
    canvas.draw()
    boxes = [other.get_tightbbox(canvas.get_renderer()) for other in figure.axes]
    box = Bbox.union(boxes).transformed(figure.transFigure.inverted())
    place = axes.get_position()
    left = place.x0 + max(0.0, LEFT - box.x0)
    right = place.x1 - max(0.0, box.x1 - RIGHT)
    bottom = place.y0 + max(0.0, BOTTOM - box.y0)
    for other in figure.axes:
        other.set_position((left, bottom, right - left, top - bottom))
