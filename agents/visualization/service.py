"""The use case: a Parquet file, a question and earlier results in; chart files and their data out.

Runs in the compute process: nothing heavy is imported before it is called.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.results import Column, Finding

IMPORTANCE = 0.8
"""Of what the one chart that answers a question states: more than facts about the table it was drawn from."""


@dataclass(frozen=True)
class Drawing:
    """One chart on disk. `data` is the `chart` output's data; `png` and `html` lie in the folder given.

    `finding` is what the title states, with its evidence; None where it only names what is drawn.
    """

    name: str
    data: dict[str, Any]
    png: Path
    html: Path
    finding: Finding | None


@dataclass(frozen=True)
class Order:
    """What to draw from. `inputs` holds the optional reports by name, `source` the dataset's name.

    `earlier` holds the data of charts that the question may ask to change.
    """

    path: Path
    columns: Sequence[Column]
    goal: str
    language: Language
    source: str
    inputs: Mapping[str, dict[str, Any]]
    folder: Path
    limit: int = 7
    earlier: Sequence[dict[str, Any]] = field(default_factory=tuple)


def draw(order: Order, progress: Callable[[float, str], None] | None = None) -> list[Drawing]:
    """Chooses charts for the question and writes each as PNG and HTML into `order.folder`.

    Raises: BadInputError when nothing in the dataset can be drawn, or no row passes what the question limits it to.
    """
    from mesh.tabular.focus import choose_focus
    from mesh.tabular.sheet import within_reach

    from .changes import changed_request
    from .recommendation import recommend
    from .request_reading import read_request
    from .scene import Scene
    from .table import read_table

    language = order.language
    tell = progress or (lambda _fraction, _message: None)
    tell(0.05, say(language, en="Reading the dataset", ko="데이터를 읽는 중"))
    table = read_table(order.path, order.columns)
    request = changed_request(table, order.goal, order.earlier) or read_request(table, order.goal)
    scene = Scene(
        whole=table,
        focus=choose_focus(table.outline(), order.goal),
        request=request,
        language=language,
        name=order.source,
        inputs={name: data for name, data in order.inputs.items() if within_reach(data)},
    )
    check_rows(scene)
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
        drawings.append(_write(position, chart, table.respelled, order))
    return drawings


def check_rows(scene: Any) -> None:
    """Says so when the filters leave nothing."""
    if not scene.request.filters or scene.table.rows:
        return
    limits = "; ".join(one.text() for one in scene.request.filters)
    raise BadInputError(
        say(
            scene.language,
            en="No row of the data passes {limits}. Ask for another period or other values.",
            ko="조건({limits})에 맞는 행이 없습니다. 다른 기간이나 값으로 물어보세요.",
            limits=limits,
        )
    )


def _write(position: int, chart: Any, respelled: Mapping[str, int], order: Order) -> Drawing:
    from .page import html_page
    from .plotly_figure import plotly_figure
    from .raster import write_png
    from .spellings import respelled_in, with_note

    merged = respelled_in(chart, respelled)
    chart = with_note(chart, merged, order.language)
    name = f"chart_{position}_{chart.kind}"
    png, html = order.folder / f"{name}.png", order.folder / f"{name}.html"
    figure = plotly_figure(chart, order.language)
    source = (
        say(order.language, en="Source: {name}", ko="자료: {name}", name=order.source) if order.source else ""
    )
    write_png(chart, png, order.language, source)
    html.write_text(html_page(chart, figure, order.language, png), encoding="utf-8")
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
    if chart.request:
        data |= {"request": chart.request, "goal": order.goal}
    if chart.warning:
        data["warning"] = chart.warning
    if merged:
        data["respelled"] = merged
    return Drawing(name, data, png, html, _finding(chart))


def _finding(chart: Any) -> Finding | None:
    """What the chart says of all rows, or of those that its filters leave."""
    if chart.named:
        return None
    limits = chart.evidence.get("filters")
    text = f"{chart.title} ({limits})." if limits else f"{chart.title}."
    return Finding(text=text, evidence=chart.evidence, importance=IMPORTANCE, kind="chart")
