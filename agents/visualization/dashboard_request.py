"""What a question says of a dashboard: its measures, groupings and filters, and the charts asked for by name."""

import re
from dataclasses import dataclass

from mesh.language import say

from .amounts import Measure
from .dashboard_cube import Dimension
from .dashboard_plan import FORMS, TIME, Plot, fitted, place_of
from .form_words import form_in
from .request import Request
from .request_reading import read_request
from .scene import Scene
from .table import Table

_CLAUSES = re.compile(
    r"[,;.\n]|\band\b|\bwith\b|\bplus\b|(?<=[가-힣])(?:와|과|하고|이랑|랑)\s|그리고|\s및\s|포함"
)


@dataclass(frozen=True)
class Wish:
    """A chart asked for by name, as a request of its own."""

    form: str
    request: Request


def read_wishes(table: Table, goal: str) -> list[Wish]:
    """The charts that the parts of `goal` name, in their order, each form once."""
    wishes: dict[str, Wish] = {}
    for part in _CLAUSES.split(goal):
        form, _ = form_in(part.lower())
        if form is not None and form not in {"kpi", *wishes}:
            wishes[form] = Wish(form, read_request(table, part))
    return list(wishes.values())


def named_groupings(request: Request, wishes: list[Wish]) -> list[str]:
    """Every grouping that the question names, the whole question's first."""
    names = [*request.dimensions, request.color, request.facet]
    for wish in wishes:
        names += [*wish.request.dimensions, wish.request.color]
        if wish.form == "histogram":
            names += [f"bands({name})" for name in wish.request.measures]
    return [name for name in dict.fromkeys(names) if name]


def asked_plots(
    scene: Scene,
    wishes: list[Wish],
    measures: list[Measure],
    dimensions: list[Dimension],
    whole: list[bool],
    *,
    timed: bool,
) -> tuple[list[Plot], list[str]]:
    """The charts asked for, and in words those that cannot be there."""
    plots: list[Plot] = []
    notes: list[str] = []
    for wish in wishes:
        plot = _plot(scene, wish, measures, dimensions, timed=timed) if wish.form in FORMS else None
        if plot is not None:
            plots.append(fitted(plot, dimensions, whole))
        elif wish.form in FORMS:
            notes.append(
                say(
                    scene.language,
                    en="The {form} chart asked for does not fit these columns and is left out.",
                    ko="요청한 {form} 그래프는 이 열로 그릴 수 없어 뺐습니다.",
                    form=wish.form,
                )
            )
        else:
            notes.append(
                say(
                    scene.language,
                    en="A {form} chart does not follow exactly from sums and counts once rows are filtered; ask for it as a "
                    "chart of its own.",
                    ko="{form} 그래프는 거른 뒤 합계와 건수만으로 정확히 그릴 수 없어 뺐습니다. 따로 그래프로 요청하세요.",
                    form=wish.form,
                )
            )
    return plots, notes


def _plot(
    scene: Scene, wish: Wish, measures: list[Measure], dimensions: list[Dimension], *, timed: bool
) -> Plot | None:
    request = wish.request
    by_column = [place for place, one in enumerate(measures) if one.column in request.measures]
    measure = by_column[0] if by_column else 0
    if wish.form == "histogram":
        bands = next(
            (p for n in request.measures if (p := place_of(f"bands({n})", scene, dimensions)) is not None),
            None,
        )
        return Plot("bar", len(measures) - 1, bands) if bands is not None else None
    named = [
        p
        for n in (*request.dimensions, request.color)
        if n and (p := place_of(n, scene, dimensions)) is not None
    ]
    rest = [place for place in range(len(dimensions)) if place not in named]
    sides = [*named, *rest]
    if wish.form == "scatter":
        others = [place for place, one in enumerate(measures) if place != measure and one.column is not None]
        against = by_column[1] if len(by_column) > 1 else next(iter(others), None)
        return Plot("scatter", measure, sides[0], against=against) if sides and against is not None else None
    along_time = timed and (wish.form in {"line", "area"} or (request.date is not None and len(named) < 2))
    if along_time and wish.form not in {"pie", "treemap", "lollipop"}:
        series = named[0] if named else None
        if series is None and wish.form not in {"line", "area", "bar"}:
            series = next(iter(sides), None)
        return Plot(wish.form, measure, TIME, series)
    needed = 2 if wish.form in {"stacked", "grouped", "share", "heatmap"} else 1
    if len(sides) < needed:
        return None
    return Plot(wish.form, measure, sides[0], sides[1] if needed > 1 else None)
