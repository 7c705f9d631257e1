"""A document as one HTML page that needs nothing else: styles, scripts, charts and data are in it."""

import base64
import gzip
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from .blocks import Block, Document, Grid, pictures
from .labels import Labels

MAX_FIGURES_BYTES = 2_500_000
_LONGEST_HEADER = 90
_DATE = re.compile(r"(?<![\d-])\d{4}-\d{2}(?:-\d{2})?(?![\d-])")
_TEMPLATES = Path(__file__).parent / "templates"


def render_page(
    document: Document, labels: Labels | None = None, *, style: str = "", script: str = ""
) -> str:
    """A self-contained page: it makes no request, works when saved, prints, and is below 8 MB.

    Charts beyond `MAX_FIGURES_BYTES` together are shown as their tables. `style` and `script` are trusted source text that
    a page adds to the shared ones; the script runs last. `labels` default to those of every page.
    """
    drawn = figures_of(document)
    return (
        _environment()
        .get_template("page.html")
        .render(
            document=document,
            say=labels or Labels(document.language),
            figures=drawn,
            library=packed_plotly() if drawn else "",
            style=Markup(style),  # noqa: S704
            script=Markup(script),  # noqa: S704
            kind_of=kind_of,
            is_wide=is_wide,
            css_string=css_string,
            prose=prose,
        )
    )


def figures_of(document: Document) -> dict[str, Markup]:
    """The figures to embed, as JSON that is safe inside a script element, by the chart's id."""
    drawn: dict[str, Markup] = {}
    left = MAX_FIGURES_BYTES
    for section in document.sections:
        for picture in pictures(section.blocks):
            if picture.figure is None:
                continue
            text = figure_json(picture.figure)
            left -= len(text.encode())
            if left >= 0:
                drawn[picture.id] = text
    return drawn


def figure_json(figure: dict[str, Any]) -> Markup:
    """JSON in which no character can end the script element or start a tag."""
    return htmlsafe_json_dumps(figure, ensure_ascii=False, separators=(",", ":"))


@cache
def plotly_source() -> str:
    """The plotly.js of the installed plotly package, safe inside a script element."""
    text = files("plotly").joinpath("package_data", "plotly.min.js").read_text(encoding="utf-8")
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


@cache
def packed_plotly() -> str:
    """plotly.js as gzip in base64, a third of its size; the page unpacks it with the browser's own DecompressionStream."""
    return base64.b64encode(gzip.compress(plotly_source().encode(), 9, mtime=0)).decode()


def css_string(text: str) -> Markup:
    """The text for between quotes in a style sheet: what is not a letter, digit or space is written as its code point."""
    kept = text if len(text) <= _LONGEST_HEADER else text[: _LONGEST_HEADER - 1] + "…"
    return Markup("".join(char if char.isalnum() or char == " " else f"\\{ord(char):x} " for char in kept))  # noqa: S704


def prose(text: str) -> Markup:
    """A sentence in which dates are not broken between lines."""
    return Markup(_DATE.sub(r'<span class="date">\g<0></span>', str(escape(text))))  # noqa: S704


def kind_of(block: Block) -> str:
    """The name of the template macro that shows a block."""
    return type(block).__name__.lower()


def is_wide(grid: Grid) -> bool:
    """Whether a table needs to scroll sideways on narrow screens."""
    return len(grid.columns) > 3


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = _asset
    return environment


@cache
def _asset(name: str) -> Markup:
    """A style sheet or script of the templates folder, as it is."""
    return Markup((_TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704
