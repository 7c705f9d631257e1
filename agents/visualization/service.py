"""The use case: a Parquet file, a question and earlier reports in; chart files and their data out.

Runs in the compute process: nothing heavy is imported before it is called.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.results import Column


@dataclass(frozen=True)
class Drawing:
    """One chart on disk. `data` is the `chart` output's data; `png` and `html` lie in the folder given."""

    name: str
    data: dict[str, Any]
    png: Path
    html: Path


@dataclass(frozen=True)
class Order:
    """What to draw from. `inputs` holds the optional reports by name, `source` the dataset's name."""

    path: Path
    columns: Sequence[Column]
    goal: str
    language: Language
    source: str
    inputs: Mapping[str, dict[str, Any]]
    folder: Path
    limit: int = 7


def draw(order: Order, progress: Callable[[float, str], None] | None = None) -> list[Drawing]:
    """Chooses charts for the question and writes each as PNG and HTML into `order.folder`.

    Raises: BadInputError when nothing in the dataset can be drawn.
    """
    from mesh.tabular.focus import choose_focus
    from mesh.tabular.sheet import read_sheet, within_reach

    from .recommendation import recommend
    from .request import read_request
    from .scene import Scene
    from .spellings import respelled_in, with_note

    language = order.language
    tell = progress or (lambda _fraction, _message: None)
    tell(0.05, say(language, en="Reading the dataset", ko="데이터를 읽는 중"))
    sheet = read_sheet(order.path, order.columns)
    scene = Scene(
        sheet=sheet,
        focus=choose_focus(sheet, order.goal),
        request=read_request(sheet, order.goal),
        language=language,
        name=order.source,
        inputs={name: data for name, data in order.inputs.items() if within_reach(data)},
    )
    tell(0.2, say(language, en="Choosing the charts", ko="그래프를 고르는 중"))
    charts = recommend(scene, order.limit)
    if not charts:
        raise BadInputError(
            say(
                language,
                en="Nothing in this dataset can be drawn: it has no usable numbers, categories or dates.",
                ko="그릴 수 있는 숫자, 범주, 날짜가 데이터에 없습니다.",
            )
        )
    drawings = []
    for position, chart in enumerate(charts, start=1):
        tell(0.2 + 0.75 * position / len(charts), chart.title)
        respelled = respelled_in(chart, sheet)
        drawing = _write(position, with_note(chart, respelled, language), order)
        if respelled:
            drawing.data["respelled"] = respelled
        drawings.append(drawing)
    return drawings


def _write(position: int, chart: Any, order: Order) -> Drawing:
    from .page import html_page
    from .plotly_figure import plotly_figure
    from .raster import write_png

    name = f"chart_{position}_{chart.kind}"
    png, html = order.folder / f"{name}.png", order.folder / f"{name}.html"
    figure = plotly_figure(chart, order.language)
    source = (
        say(order.language, en="Source: {name}", ko="자료: {name}", name=order.source) if order.source else ""
    )
    write_png(chart, png, order.language, source)
    html.write_text(html_page(chart, figure, order.language), encoding="utf-8")
    data: dict[str, Any] = {
        "kind": chart.kind,
        "title": chart.title,
        "subtitle": chart.subtitle,
        "plotly": figure,
        "alt": chart.alt,
        "table": {
            "columns": list(chart.grid.columns),
            "rows": [list(row) for row in chart.grid.rows],
            "note": chart.grid.note,
        },
        "reason": chart.reason,
        "evidence": chart.evidence,
    }
    if chart.warning:
        data["warning"] = chart.warning
    return Drawing(name, data, png, html)
