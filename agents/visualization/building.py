"""From a request to a chart: what it leaves open is filled in, the form that fits is chosen, its builder draws."""

from collections.abc import Callable
from dataclasses import replace

from .calendar_charts import calendar, candlestick
from .caveats import caveats
from .development_charts import development, developments
from .distribution_charts import boxes, histogram
from .form_rules import FormRule, choose_form
from .group_charts import heatmap, pairs, two_way
from .group_development_charts import development_by_group
from .headline_charts import headline
from .keys import has_order
from .map_charts import place_map
from .part_charts import sankey, treemap, waterfall
from .ranking_charts import funnel, pareto, pie, ranking
from .relation_charts import correlation_heatmap, scatter
from .request import Request
from .scene import Built, Scene
from .small_multiples import small_multiples
from .spec import Chart

BUILDERS: dict[str, Callable[[Scene], Built]] = {
    "histogram": histogram,
    "box": boxes,
    "violin": boxes,
    "scatter": scatter,
    "correlation": correlation_heatmap,
    "heatmap": heatmap,
    "calendar": calendar,
    "candlestick": candlestick,
    "treemap": treemap,
    "pareto": pareto,
    "waterfall": waterfall,
    "map": place_map,
    "sankey": sankey,
    "funnel": funnel,
    "kpi": headline,
    "dumbbell": pairs,
    "slope": pairs,
    "pie": pie,
    "lollipop": ranking,
}
"""The builder of each form; those not listed (lines, areas, bars) depend on what the request groups by."""

NEEDED: dict[str, int] = {
    **dict.fromkeys(("pie", "pareto", "treemap", "funnel", "box", "violin", "lollipop", "bar"), 1),
    **dict.fromkeys(("sankey", "dumbbell", "slope", "heatmap", "stacked", "grouped", "share"), 2),
}
"""How many groupings a form needs."""

_PARTS = {"pie", "treemap", "share", "stacked", "sankey", "pareto", "funnel"}
"""The forms that divide a whole: of rows, where the table has no measure that adds up."""
_UNMEASURED = {"map", "correlation", "scatter", "candlestick"}
_ALONG_TIME = {"line", "area", "calendar", "candlestick"}
_OVER_TIME = {"line", "area", "bar", "stacked", "grouped", "share", "waterfall"}


def build(scene: Scene) -> tuple[Chart, Scene, FormRule | None] | None:
    """The chart that the scene's request asks for, the scene as it was settled, and the rule that chose the form.

    None where these columns cannot be drawn so.
    """
    asked = scene.request
    scene = scene.asking(settled(scene))
    request, rule = choose_form(scene.request, scene.whole)
    scene = scene.asking(request)
    draw = small_multiples_of if request.facet else builder(request)
    chart = draw(scene)
    if chart is None:
        return None
    if request.title:
        chart = replace(chart, title=request.title, named=True)
    limits = " · ".join(one.text() for one in request.filters)
    if limits:
        chart = replace(
            chart, subtitle=f"{chart.subtitle} · {limits}", evidence=chart.evidence | {"filters": limits}
        )
    notes = [chart.warning, *caveats(scene, rule, asked)]
    chart = replace(chart, warning=" ".join(note for note in notes if note), request=scene.request.written())
    return chart, scene, rule


def small_multiples_of(scene: Scene) -> Built:
    """Small multiples of the chart that the request asks for."""
    return small_multiples(scene, builder(scene.request.but(facet=None)))


def builder(request: Request) -> Callable[[Scene], Built]:
    """What draws a request."""
    if request.form in BUILDERS:
        return BUILDERS[request.form]
    if request.date is not None:
        return (
            development_by_group
            if request.dimensions
            else developments
            if len(request.measures) > 1
            else development
        )
    return two_way if len(request.dimensions) > 1 else ranking


def settled(scene: Scene) -> Request:
    """The request with a measure, groupings and a time axis where its form needs them and it names none."""
    request, focus = scene.request, scene.focus
    counted = request.aggregation in {"count", "share", "rate"}
    if not request.measures and not counted and request.form not in _UNMEASURED and focus.measures:
        whole = request.form in _PARTS and not scene.whole.additive(focus.measures[0])
        request = request.but(aggregation="count") if whole else request.but(measures=focus.measures[:1])
    if request.form in _ALONG_TIME and request.date is None and not _ordered(scene, request):
        request = request.but(date=focus.date)
    if request.form == "waterfall" and not request.dimensions and request.date is None:
        request = request.but(date=focus.date, dimensions=() if focus.date else focus.dimensions[:1])
    if request.form == "heatmap":
        request = _grid(request, focus.date)
    timed = request.date is not None and request.form in _OVER_TIME
    needed = NEEDED.get(request.form or "", 0) - timed
    missing = needed - len(request.dimensions)
    if missing > 0:
        known = (*request.dimensions, request.facet, request.color)
        more = [
            name for name in ranked_dimensions(scene) if name not in known and name not in request.measures
        ]
        request = request.but(dimensions=(*request.dimensions, *more[:missing]))
    return request


def _ordered(scene: Scene, request: Request) -> bool:
    """Whether the first grouping has an order that a line can follow."""
    if not request.dimensions or request.form not in {"line", "area"}:
        return False
    return has_order(request.dimensions[0], scene.whole)


def _grid(request: Request, day: str | None) -> Request:
    """A heat map's two sides: units of time become parts of the date, and a side that is not named is one of them."""
    date = request.date or day
    sides = request.dimensions
    if request.date is not None:
        part = {"YS": "year", "QS": "quarter", "W": "weekday", "D": "weekday", "h": "hour"}.get(
            request.grain or "", "month"
        )
        sides = (*sides, f"{part}({date})")
    elif not sides and date is not None:
        sides = (f"weekday({date})",)
    if len(sides) == 1 and date is not None and "(" in sides[0]:
        sides = (
            (f"year({date})", *sides)
            if sides[0].startswith(("month", "quarter"))
            else (*sides, f"month({date})")
        )
    return request.but(date=None, grain=None, dimensions=sides)


def ranked_dimensions(scene: Scene) -> tuple[str, ...]:
    """The groupings in the order in which the exploration found them to matter for the measure; the outcome last."""
    tables = scene.inputs.get("eda_report", {}).get("breakdowns", [])
    measure = next(iter(scene.request.measures or scene.focus.measures), None)
    found = [
        t["dimension"] for t in tables if t["measure"] == measure and t["dimension"] in scene.focus.dimensions
    ]
    return tuple(
        dict.fromkeys(
            [*found, *scene.focus.dimensions, *([scene.focus.target] if scene.focus.target else [])]
        )
    )
