"""Texts, numbers and colours as the renderers write them."""

from html import escape
from typing import Any

from mesh.language import Language

from .spec import Cells
from .wording import compact


def escaped(values: tuple[Any, ...]) -> list[Any]:
    """Texts escaped, numbers as they are."""
    return [escape(value, quote=False) if isinstance(value, str) else value for value in values]


def bar_text(value: float | None, language: Language, *, percent: bool) -> str:
    """The number at the end of a bar."""
    if value is None:
        return ""
    return f"{value:.1%}" if percent else compact(value, language)


def cell_text(mark: Cells, value: float | None, language: Language) -> str:
    """The number in a cell: two decimals for a correlation."""
    if value is None:
        return ""
    if mark.percent:
        return f"{value:.1%}"
    return f"{value:.2f}" if mark.diverging else compact(value, language)


def rgba(color: str, opacity: float) -> str:
    """A colour with an opacity, as plotly.js takes it."""
    red, green, blue = (int(color[index : index + 2], 16) for index in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
