"""Which chart a question asks for: its form, its columns, its period, how many rows, and whether nothing
else."""

import re
from dataclasses import dataclass

from mesh.tabular.focus import asked_columns
from mesh.tabular.lexicon import CONCEPTS, concepts_of, grain_in, says, words
from mesh.tabular.sheet import Sheet

FORMS: dict[str, tuple[str, ...]] = {
    "histogram": ("히스토그램", "도수분포", "histogram"),
    "box": (
        "상자 그림",
        "상자그림",
        "상자수염",
        "박스플롯",
        "박스 플롯",
        "box plot",
        "boxplot",
        "box-plot",
        "box chart",
    ),
    "scatter": ("산점도", "스캐터", "점그래프", "scatter", "scatterplot"),
    "correlation": ("상관 히트맵", "상관행렬", "상관 행렬", "correlation heatmap", "correlation matrix"),
    "heatmap": ("히트맵", "heatmap", "heat map"),
    "pareto": ("파레토", "pareto"),
    "pie": ("파이", "원그래프", "원 그래프", "도넛", "pie", "donut", "doughnut"),
    "area": ("영역", "면적", "area chart", "area graph", "area plot"),
    "stacked": ("누적", "stacked"),
    "bar": ("막대", "바 차트", "바차트", "bar", "bar chart", "column chart", "histogram of categories"),
    "line": ("선그래프", "선 그래프", "꺾은선", "라인", "line", "line chart"),
}
DRAW = (
    "그려",
    "그래프",
    "차트",
    "시각화",
    "draw",
    "plot",
    "chart",
    "graph",
    "visualize",
    "visualise",
    "show me",
)
WIDER = (
    "분석",
    "예측",
    "모델을",
    "모형",
    "보고서",
    "analyse",
    "analyze",
    "analysis",
    "forecast",
    "predict",
    "report",
    "dashboard",
    "대시보드",
)
_TOP = re.compile(r"(?:상위|top)\s*(\d{1,2})", re.IGNORECASE)
_AGAINST = re.compile(r"\b(?:against|versus|vs\.?)\s", re.IGNORECASE)


@dataclass(frozen=True)
class Request:
    """What was asked for. `exact` means this one chart and no others.

    `measures` and `dimensions` are in the order of mention, except that `y against x` gives x first.
    """

    form: str | None = None
    measures: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    grain: str | None = None
    top: int | None = None
    exact: bool = False


def read_request(sheet: Sheet, goal: str) -> Request:
    """The chart that `goal` asks for, in the columns of `sheet`."""
    lowered = goal.lower()
    form = next((name for name, terms in FORMS.items() if any(says(lowered, term) for term in terms)), None)
    asked = sorted(asked_columns(sheet, goal), key=lambda column: _position(lowered, column))
    measures = [column for column in asked if column in sheet.numeric]
    dimensions = [column for column in asked if column in sheet.levels]
    if _AGAINST.search(goal) and len(measures) >= 2:
        measures[:2] = measures[1::-1]
    grain = grain_in(goal)
    top = _TOP.search(goal)
    drawn = any(term in lowered for term in DRAW)
    outcome = len(dimensions) > 1 and any("outcome" in concepts_of(column) for column in dimensions)
    specific = form is not None or (drawn and (outcome or (bool(measures) and bool(dimensions or grain))))
    return Request(
        form=form,
        measures=tuple(measures),
        dimensions=tuple(dimensions),
        grain=grain,
        top=int(top.group(1)) if top else None,
        exact=specific and not any(term in lowered for term in WIDER),
    )


def _position(lowered: str, column: str) -> int:
    """Where the question first speaks of `column`; its end where it does not."""
    terms = {column.lower(), " ".join(words(column))}
    for concept in concepts_of(column):
        terms |= set(CONCEPTS[concept][0])
    found = [lowered.find(term) for term in terms if says(lowered, term)]
    return min((position for position in found if position >= 0), default=len(lowered))
