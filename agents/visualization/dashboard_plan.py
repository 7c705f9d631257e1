"""Which headline numbers and charts a dashboard has: those asked for by name, then different kinds, none of which says what
another does."""

from collections.abc import Sequence
from dataclasses import dataclass

from .amounts import Measure
from .captions import amount_text, capital
from .dashboard_cube import Dimension
from .form_rules import MAX_SLICES
from .keys import key_of
from .scene import Scene

TIME = -1
"""Stands for the time axis where the number of a dimension stands otherwise."""
MAX_PLOTS = 8
MAX_MEASURES = 5
FEW_MEASURES = 3
MAX_SERIES = 6
MIN_POINTS = 4

FORMS = (
    "line",
    "area",
    "bar",
    "stacked",
    "grouped",
    "share",
    "lollipop",
    "pie",
    "treemap",
    "heatmap",
    "scatter",
    "histogram",
)
"""The forms that follow exactly from sums and counts of cells."""
_TWO_SIDED = {"area", "stacked", "grouped", "share", "heatmap"}
_OF_A_WHOLE = {"area", "stacked", "share", "pie", "treemap"}


@dataclass(frozen=True)
class Plot:
    """One chart: measure number `measure` (a scatter's second is `against`) along dimension `x`, divided by `series`."""

    form: str
    measure: int
    x: int
    series: int | None = None
    against: int | None = None

    @property
    def says(self) -> tuple[object, ...]:
        """What the chart shows, whatever its form."""
        return self.measure, frozenset({self.x, self.series}), self.against


def measures_of(scene: Scene) -> list[Measure]:
    """The measures that the question names, the rate of an outcome, others that matter, and the rows; at most `MAX_MEASURES`."""
    request, table = scene.request, scene.whole
    found = [Measure(name, _how(scene, name)) for name in request.measures if name in table.numeric]
    rates = [name for name in request.measures if name in table.levels_known] or (
        [scene.focus.target] if scene.focus.target else []
    )
    found += [Measure(name, "rate", positive=scene.positive(name)) for name in rates[:1]]
    found += [Measure(name, _how(scene, name)) for name in scene.focus.measures]
    unique = list(dict.fromkeys(found))[: MAX_MEASURES - 1]
    first = next((one for one in unique if one.how == "sum"), None)
    if first is not None and len(unique) < FEW_MEASURES:
        unique.append(Measure(first.column, "mean"))
    return [*unique, Measure(None, "count")]


def _how(scene: Scene, name: str) -> str:
    return "sum" if scene.whole.additive(name) and scene.request.aggregation != "mean" else "mean"


def plots_of(
    asked: Sequence[Plot],
    measures: Sequence[Measure],
    dimensions: Sequence[Dimension],
    whole: Sequence[bool],
    *,
    timed: bool,
) -> list[Plot]:
    """The charts asked for, then the recommended ones, at most `MAX_PLOTS`, the most telling first.

    `whole` says of each measure that it adds up and is nowhere below zero, so that its parts can be drawn as parts.
    """
    chosen = list(dict.fromkeys(asked))
    for plot in _recommended(measures, dimensions, whole, timed=timed):
        about_itself = any(
            dimensions[place].key.column == measures[plot.measure].column
            for place in (plot.x, plot.series)
            if place is not None and place != TIME
        )
        if not about_itself and len(chosen) < MAX_PLOTS and all(plot.says != known.says for known in chosen):
            chosen.append(plot)
    return chosen[:MAX_PLOTS]


def _recommended(
    measures: Sequence[Measure], dimensions: Sequence[Dimension], whole: Sequence[bool], *, timed: bool
) -> list[Plot]:
    plots: list[Plot] = [Plot("line", 0, TIME)] if timed else []
    series = next((place for place, one in enumerate(dimensions) if is_series(one)), None)
    other = next((place for place, one in enumerate(measures) if place and one.column is not None), None)
    if dimensions:
        plots.append(Plot("bar", 0, 0))
    if timed and series is not None:
        plots.append(Plot("stacked" if whole[0] else "line", 0, TIME, series))
    if len(dimensions) > 1:
        few = len(dimensions[1].names) <= MAX_SLICES
        plots.append(Plot(("pie" if few else "treemap") if whole[0] else "lollipop", 0, 1))
        plots.append(Plot("heatmap", 0, 0, 1))
    if other is not None and dimensions:
        plots.append(
            Plot("lollipop" if measures[other].how != "sum" else "bar", other, min(1, len(dimensions) - 1))
        )
    plots += [Plot("bar" if place % 2 == 0 else "lollipop", 0, place) for place in range(2, len(dimensions))]
    if other is not None and dimensions and len(dimensions[0].names) >= MIN_POINTS:
        plots.append(Plot("scatter", 0, 0, against=other))
    if other is not None and timed:
        plots.append(Plot("line", other, TIME))
    if dimensions:
        plots.append(Plot("bar", len(measures) - 1, 0))
    return plots


def is_series(dimension: Dimension) -> bool:
    """Whether the groups can be told apart as series: beyond `MAX_SERIES` the smaller are one, unless they have an order."""
    return not dimension.ordered or len(dimension.names) <= MAX_SERIES


def measure_label(scene: Scene, measure: Measure) -> str:
    """A measure as a heading."""
    return capital(amount_text(scene, measure))


def place_of(name: str, scene: Scene, dimensions: Sequence[Dimension]) -> int | None:
    """The number of the dimension that a request calls `name`."""
    key = key_of(name, scene.whole)
    return next((place for place, one in enumerate(dimensions) if one.key == key), None)


def fitted(plot: Plot, dimensions: Sequence[Dimension], whole: Sequence[bool]) -> Plot:
    """The chart in a form that does not mislead: parts only of a whole, two sides only where there are two."""
    form = plot.form
    if form in _OF_A_WHOLE and not whole[plot.measure]:
        form = {"area": "line", "stacked": "grouped", "share": "grouped"}.get(form, "bar")
    if plot.series is None and form in _TWO_SIDED and form != "area":
        form = "bar"
    if form == "line" and plot.x != TIME and not dimensions[plot.x].ordered:
        form = "bar" if plot.series is None else "grouped"
    return Plot(form, plot.measure, plot.x, plot.series, plot.against)
