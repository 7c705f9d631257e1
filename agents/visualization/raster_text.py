"""Text on a page of fixed size: cut to width, wrapped, and the legend row."""

import unicodedata
from typing import Any

from .axis_scale import all_marks
from .palette import BLUE, INK
from .spec import Area, Band, Bars, Bins, Chart, Density, Dots, Line, Points


def width_of(text: str) -> int:
    """The width of `text` in columns of a half-width letter: Hangul counts two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def fit_text(text: str, columns: int, lines: int) -> str:
    """`text` wrapped at spaces into at most `lines` lines of `columns` columns; what is too long ends in an
    ellipsis."""
    rows = [""]
    for word in text.split(" "):
        candidate = f"{rows[-1]} {word}".strip()
        if width_of(candidate) <= columns or not rows[-1]:
            rows[-1] = candidate
        else:
            rows.append(word)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], " ".join(rows[lines - 1 :])]
    return "\n".join(_cut(row, columns) for row in rows)


def _cut(row: str, columns: int) -> str:
    if width_of(row) <= columns:
        return row
    kept = ""
    for letter in row:
        if width_of(kept + letter) > columns - 1:
            break
        kept += letter
    return kept.rstrip() + "…"


def legend_row(figure: Any, chart: Chart, left: float, top: float) -> float:
    """Names of the marks in their colours in one row (or two); returns where the plot may begin."""
    x, y = left, top
    named: set[str] = set()
    for mark in all_marks(chart):
        if (
            not isinstance(mark, Line | Area | Band | Bars | Bins | Points | Dots | Density)
            or mark.name in named
        ):
            continue
        named.add(mark.name)
        color = BLUE if isinstance(mark, Density) else mark.color
        name = fit_text(mark.name, 34, 1)
        needed = 0.034 + width_of(name) * 0.0088
        if x + needed > 0.97:
            x, y = left, y - 0.052
        opacity = mark.opacity if isinstance(mark, Band) else 1.0
        thin = isinstance(mark, Line)
        figure.patches.append(_swatch(figure, x, y, thin=thin, color=color, opacity=opacity))
        figure.text(x + 0.022, y - 0.014, name, fontsize=9.5, color=INK, va="center")
        x += needed
    return y - 0.045


def _swatch(figure: Any, x: float, y: float, *, thin: bool, color: str, opacity: float) -> Any:
    from matplotlib.patches import Rectangle

    height = 0.007 if thin else 0.024
    return Rectangle(
        (x, y - 0.0145 - height / 2),
        0.016,
        height,
        transform=figure.transFigure,
        facecolor=color,
        alpha=max(opacity, 0.25),
        edgecolor="none",
    )
