"""Marks of the rarer charts on matplotlib axes: dots, violins, cells, tiles, flows, candles, one number."""

from typing import Any

import numpy as np

from mesh.language import Language

from .palette import BASELINE, INK, QUIET, SEQUENTIAL
from .plotly_text import bar_text
from .raster_text import fit_text, width_of
from .spec import Candles, Chart, Density, Dots, Flows, Headline, Mark, Node, Stems, Tiles, Violins

COLUMN_WIDTH = 0.0105
"""The width of a half-width letter at 9 points, as a share of the picture's width."""
LETTER_HEIGHT = 0.05
NODE_WIDTH = 0.02
LEGIBLE = 3.0
"""The contrast that large or bold text needs (WCAG 2.1)."""


def draw_special(mark: Mark, chart: Chart, axes: Any, places: Any, language: Language) -> None:
    """Draws one of these marks."""
    if isinstance(mark, Dots):
        _dots(mark, chart, axes, places, language)
    elif isinstance(mark, Stems):
        at = [places.of(name) for name in mark.x]
        draw = axes.hlines if chart.horizontal else axes.vlines
        draw(at, mark.low, mark.high, color=mark.color, linewidth=mark.width, zorder=2)
    elif isinstance(mark, Violins):
        _violins(mark, axes)
    elif isinstance(mark, Density):
        _density(mark, axes)
    elif isinstance(mark, Tiles):
        _tiles(mark, axes)
    elif isinstance(mark, Flows):
        _flows(mark, axes)
    elif isinstance(mark, Candles):
        _candles(mark, axes, places)
    elif isinstance(mark, Headline):
        _headline(mark, axes)


def _dots(mark: Dots, chart: Chart, axes: Any, places: Any, language: Language) -> None:
    at = [places.of(name) for name in mark.x]
    x, y = (mark.y, at) if chart.horizontal else (at, mark.y)
    axes.scatter(x, y, s=64, color=mark.color, zorder=3, clip_on=False)
    if not mark.labelled:
        return
    axis = chart.x if chart.horizontal else chart.y
    for place, value in zip(at, mark.y, strict=True):
        text = bar_text(value, language, percent=axis.percent)
        spot = (value, place) if chart.horizontal else (place, value)
        shift, side = (
            ((9, 0), {"ha": "left", "va": "center"})
            if chart.horizontal
            else ((0, 8), {"ha": "center", "va": "bottom"})
        )
        axes.annotate(text, spot, xytext=shift, textcoords="offset points", fontsize=9.5, color=INK, **side)


def _violins(mark: Violins, axes: Any) -> None:
    for index, (places, widths) in enumerate(zip(mark.places, mark.widths, strict=True)):
        half = 0.42 * np.array(widths)
        axes.fill_betweenx(
            places, index - half, index + half, color=mark.color, alpha=0.35, linewidth=0, zorder=2
        )
        axes.plot(index - half, places, color=mark.color, linewidth=1, zorder=2)
        axes.plot(index + half, places, color=mark.color, linewidth=1, zorder=2)
        axes.plot(
            [index - 0.12, index + 0.12], [mark.medians[index]] * 2, color=mark.color, linewidth=3, zorder=3
        )


def _density(mark: Density, axes: Any) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    counts = np.array(mark.counts, dtype=np.float64)
    shades = LinearSegmentedColormap.from_list("scale", SEQUENTIAL[1:])
    axes.pcolormesh(mark.x, mark.y, np.ma.masked_equal(counts, 0), cmap=shades, zorder=1)


def _tiles(mark: Tiles, axes: Any) -> None:
    from matplotlib.patches import Rectangle

    axes.set_xlim(0, 1)
    axes.set_ylim(1, 0)
    for tile in mark.tiles:
        axes.add_patch(
            Rectangle(
                (tile.left, tile.top),
                tile.width,
                tile.height,
                facecolor=tile.color,
                edgecolor="white",
                linewidth=2,
            )
        )
        columns = int(tile.width / COLUMN_WIDTH) - 2
        lines = int(tile.height / LETTER_HEIGHT)
        if columns < 4 or lines < 1:
            continue
        share = f"{tile.value / mark.total:.1%}"
        text = fit_text(tile.name, columns, max(1, min(2, lines - 1)))
        shown = f"{text}\n{share}" if lines > 1 and width_of(share) <= columns else text
        axes.text(
            tile.left + 0.008,
            tile.top + 0.016,
            shown,
            va="top",
            ha="left",
            fontsize=9,
            color=_ink_on(tile.color),
            linespacing=1.25,
        )
    _parents(mark, axes)


def _parents(mark: Tiles, axes: Any) -> None:
    """The outline of each outer group, with its name in the lower right where there is room."""
    from matplotlib.patches import Rectangle

    for parent in dict.fromkeys(tile.parent for tile in mark.tiles if tile.parent):
        inside = [tile for tile in mark.tiles if tile.parent == parent]
        left, top = min(t.left for t in inside), min(t.top for t in inside)
        right, bottom = max(t.left + t.width for t in inside), max(t.top + t.height for t in inside)
        axes.add_patch(
            Rectangle((left, top), right - left, bottom - top, fill=False, edgecolor="white", linewidth=5)
        )
        last = max(inside, key=lambda t: (t.top + t.height, t.left + t.width))
        columns = int((right - left) / COLUMN_WIDTH) - 2
        if last.height > 3 * LETTER_HEIGHT and columns > 3:
            axes.text(
                right - 0.01, bottom - 0.018, fit_text(parent, columns, 1), va="bottom", ha="right", fontsize=10.5,
                fontweight=600, color=_ink_on(last.color),
            )  # fmt: skip


def _ink_on(color: str) -> str:
    """White where it can be read on a colour, else dark (relative luminance, WCAG 2.1)."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "white" if 1.05 / (light + 0.05) >= LEGIBLE else INK


def _flows(mark: Flows, axes: Any) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(1.0, 0)
    deepest = max(node.column for node in mark.nodes)
    step = (1 - NODE_WIDTH) / max(1, deepest)
    t = np.linspace(0, 1, 40)
    bend = 3 * t**2 - 2 * t**3
    for flow in mark.flows:
        a, b = mark.nodes[flow.source], mark.nodes[flow.target]
        x = a.column * step + NODE_WIDTH + t * ((b.column - a.column) * step - NODE_WIDTH)
        upper = flow.leaves + bend * (flow.enters - flow.leaves)
        axes.fill_between(x, upper, upper + flow.thick, color=a.color, alpha=0.32, linewidth=0)
    for node in mark.nodes:
        axes.fill_between(
            [node.column * step, node.column * step + NODE_WIDTH],
            node.low,
            node.high,
            color=node.color,
            linewidth=0,
        )
        _node_text(node, deepest, step, axes)


def _node_text(node: Node, deepest: int, step: float, axes: Any) -> None:
    last = node.column == deepest
    x = node.column * step - 0.008 if last else node.column * step + NODE_WIDTH + 0.008
    text = fit_text(node.name, 22, 1)
    axes.text(
        x,
        (node.low + node.high) / 2,
        text,
        va="center",
        ha="right" if last else "left",
        fontsize=9.5,
        color=INK,
    )


def _candles(mark: Candles, axes: Any, places: Any) -> None:
    at = np.array([places.of(key) for key in mark.x])
    width = 0.7 * float(np.min(np.diff(at))) if len(at) > 1 else 0.7
    opened, closed = np.array(mark.opened), np.array(mark.closed)
    colors = [mark.rising if up else mark.falling for up in closed >= opened]
    axes.vlines(at, mark.low, mark.high, color=colors, linewidth=1, zorder=2)
    height = np.maximum(np.abs(closed - opened), 1e-9 * np.abs(closed).max())
    axes.bar(at, height, width, bottom=np.minimum(opened, closed), color=colors, zorder=3)


def _headline(mark: Headline, axes: Any) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.text(0.5, 0.62, mark.text, ha="center", va="center", fontsize=54, fontweight=600, color=INK)
    axes.text(0.5, 0.42, mark.note, ha="center", va="center", fontsize=13, color=QUIET)
    if len(mark.history) > 1:
        history = np.array(mark.history)
        span = float(history.max() - history.min()) or 1.0
        x = np.linspace(0.3, 0.7, len(history))
        y = 0.05 + 0.22 * (history - history.min()) / span
        axes.plot(x, y, color=mark.color, linewidth=2)
        axes.scatter(x[-1:], y[-1:], color=mark.color, s=28, zorder=3)
        axes.plot([0.3, 0.7], [0.03, 0.03], color=BASELINE, linewidth=0.8)
