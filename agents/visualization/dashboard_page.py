"""A dashboard as one HTML page: headline numbers, charts and a table that filter one another, from a cube in the page."""

from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from mesh.language import Language, say
from mesh.pages.blocks import Align, Block, Cell, Document, Fact, Grid, Picture, Row, Section, Text, Tiles
from mesh.pages.page import figure_json, render_page
from mesh.tabular.periods import PERIOD_CODES

from .amounts import Measure
from .dashboard import Dashboard
from .dashboard_plan import TIME, Plot
from .palette import REST, SEQUENTIAL, SERIES
from .wording import Figure

_TALL_PX, _LOW_PX, _ROW_PX = 340, 250, 24


def dashboard_page(board: Dashboard) -> str:
    """The page; it makes no request and holds no row of the data."""
    data = figure_json(_data(board))
    return render_page(
        _document(board),
        style=_part("dashboard.css"),
        script=f"const dashboard = {data};\n{_part('dashboard.js')}",
    )


def _document(board: Dashboard) -> Document:
    language = board.language
    facts = [Fact(say(language, en="Data", ko="자료"), board.source)] if board.source else []
    facts.append(Fact(say(language, en="Rows", ko="행"), f"{board.rows:,}"))
    if board.limits:
        facts.append(Fact(say(language, en="Only", ko="조건"), board.limits))
    sections = [
        Section("filters", say(language, en="Filters", ko="필터"), (Text(_how_to(language), "note"),)),
        Section("numbers", say(language, en="Headline numbers", ko="핵심 지표"), (Tiles(_tiles(board)),)),
        Section("charts", say(language, en="Charts", ko="그래프"), tuple(_pictures(board))),
    ]
    if board.dimensions:
        sections.append(Section("groups", say(language, en="Table", ko="표"), (_table(board),)))
    if board.notes:
        notes: tuple[Block, ...] = tuple(Text(note, "note") for note in board.notes)
        sections.append(Section("notes", say(language, en="Notes", ko="참고"), notes))
    return Document(
        title=board.title,
        language=language,
        eyebrow=say(language, en="Dashboard", ko="대시보드"),
        byline=tuple(facts),
        sections=tuple(sections),
        generator="a2a-mesh",
    )


def _how_to(language: Language) -> str:
    return say(
        language,
        en="Click a bar, point, cell or row to filter everything else; click it again to undo. Shift adds to the choice.",
        ko="막대·점·칸·행을 누르면 나머지가 모두 걸러지고 다시 누르면 풀립니다. Shift를 누른 채 여러 개를 고를 수 있습니다.",
    )


def _tiles(board: Dashboard) -> tuple[Fact, ...]:
    return tuple(
        Fact(label, _text(one, board.total(place))) for place, (one, label) in enumerate(board.labelled())
    )


def _pictures(board: Dashboard) -> list[Picture]:
    return [
        Picture(
            id=f"chart-{place}",
            title=board.plot_title(plot),
            subtitle="",
            alt=board.plot_title(plot),
            figure={
                "data": [],
                "layout": {"font": {"size": 12}, "margin": {"l": 8, "r": 16, "t": 12, "b": 8}},
            },
            table=None,
            height_px=_height(board, plot),
        )
        for place, plot in enumerate(board.plots)
    ]


def _height(board: Dashboard, plot: Plot) -> int:
    if plot.form == "heatmap" and plot.series is not None and plot.series != TIME:
        return max(_TALL_PX, 90 + _ROW_PX * len(board.dimensions[plot.series].names))
    if plot.x == TIME and plot.series is None:
        return _LOW_PX
    if plot.x != TIME and plot.form in {"bar", "lollipop"}:
        return max(_LOW_PX, 60 + _ROW_PX * len(board.dimensions[plot.x].names))
    return _TALL_PX


def _table(board: Dashboard) -> Grid:
    """The first grouping's groups; the page puts another in its place when it is chosen."""
    first, cube = board.dimensions[0], board.cube
    rows = []
    for place, name in enumerate(first.names):
        cells = cube.codes[0] == place
        texts = [_text(one, board.total(at, cells)) for at, one in enumerate(board.measures)]
        rows.append(Row(tuple(Cell(text) for text in (name, *texts))))
    names = (first.label, *(label for _, label in board.labelled()))
    numbers: list[Align] = ["number"] * len(board.measures)
    return Grid("", names, ("text", *numbers), tuple(rows), shown=len(rows))


def _text(measure: Measure, value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.1%}" if measure.how == "rate" else f"{Figure(value)}"


def _data(board: Dashboard) -> dict[str, Any]:
    """What the script reads; `own` counts the names of a dimension that stand for one group each."""
    language = board.language
    return {
        "dimensions": [
            {"label": one.label, "names": list(one.names), "own": len(one.raw), "ordered": one.ordered}
            for one in board.dimensions
        ],
        "time": {
            "starts": list(board.cube.starts),
            "labels": list(board.cube.labels),
            "ends": [_end(start, board.grain) for start in board.cube.starts],
        },
        "measures": [{"label": label, "how": one.how} for one, label in board.labelled()],
        "plots": [
            {
                "form": one.form,
                "measure": one.measure,
                "x": one.x,
                "series": one.series,
                "against": one.against,
            }
            for one in board.plots
        ],
        "cube": board.cube.written(),
        "colors": {
            "series": list(SERIES),
            "rest": REST,
            "scale": [[place / (len(SEQUENTIAL) - 1), color] for place, color in enumerate(SEQUENTIAL)],
        },
        "words": {
            "filters": say(language, en="Filters", ko="필터"),
            "from": say(language, en="From", ko="시작"),
            "to": say(language, en="to", ko="끝"),
            "reset": say(language, en="Reset", ko="초기화"),
            "by": say(language, en="Table by", ko="표 기준"),
            "rest": say(language, en="The rest", ko="나머지"),
            "all": say(language, en="Showing all {{all}} rows.", ko="전체 {{all}}행을 보여 줍니다."),
            "some": say(
                language,
                en="Showing {{rows}} of {{all}} rows: {{filters}}",
                ko="전체 {{all}}행 중 {{rows}}행을 보여 줍니다: {{filters}}",
            ),
        },
    }


def _end(start: str, grain: str | None) -> str:
    """The last moment of a period, for the shade over it."""
    last = pd.Timestamp(start).to_period(PERIOD_CODES[grain or "D"]).end_time
    return str(last.isoformat(timespec="seconds"))


@cache
def _part(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
