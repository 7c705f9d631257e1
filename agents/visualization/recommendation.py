"""Which charts to draw: the one asked for, or those that say most about the data."""

from dataclasses import replace

from mesh.language import say

from .rules import RULES, TOPIC_WEIGHT, Rule, rule
from .scene import Scene
from .shortfall import shortfall
from .spec import Chart


def recommend(scene: Scene, limit: int) -> list[Chart]:
    """At most `limit` charts, the most telling first; the one chart alone when the question asks for exactly
    one.

    Where the form asked for cannot be drawn from these columns, the closest one that can is drawn with a
    warning. A table with a numeric column always has a chart. The first chart warns of what none shows.
    """
    charts = _chosen(scene, limit) or [
        chart for chart in [_draw(rule("last_resort"), scene)] if chart is not None
    ]
    if charts:
        charts[0] = replace(charts[0], warning=_join(charts[0].warning, shortfall(scene, charts)))
    return charts


def _chosen(scene: Scene, limit: int) -> list[Chart]:
    wanted = _asked_for(scene)
    first = [chart for chart in [_first(scene, wanted)] if chart is not None]
    if first and scene.request.exact:
        return first
    charts = list(first)
    for candidate in sorted(RULES, key=lambda r: -_weight(r, scene)):
        if len(charts) >= limit:
            break
        if candidate.name in wanted[:1] or candidate.weight == 0:
            continue
        chart = _draw(candidate, scene)
        if chart is not None and not any(_same(chart, known) for known in charts):
            charts.append(chart)
    return charts


def _weight(candidate: Rule, scene: Scene) -> float:
    return candidate.weight + TOPIC_WEIGHT * len(candidate.topics & scene.focus.topics)


def _same(a: Chart, b: Chart) -> bool:
    return a.grid.rows == b.grid.rows or (a.kind, a.title) == (b.kind, b.title)


def _draw(candidate: Rule, scene: Scene) -> Chart | None:
    chart = candidate.build(scene)
    if chart is None:
        return None
    return replace(chart, reason=candidate.ko if scene.language == "ko" else candidate.en)


def _asked_for(scene: Scene) -> list[str]:
    """Names of rules that answer the question's own chart request, the best first; empty when it asks for
    none."""
    request = scene.request
    timed = request.grain is not None and scene.focus.date is not None
    form = request.form
    if form in {"histogram", "scatter", "correlation", "pareto", "pie"}:
        return [form, "ranking"] if form in {"pie", "pareto"} else [form]
    if form == "box":
        return ["boxes", "histogram"]
    if form == "heatmap":
        return (
            ["correlation", "calendar"]
            if "correlation" in scene.focus.topics
            else ["calendar", "correlation"]
        )
    if (
        scene.focus.target in request.dimensions
        and not request.measures
        and form in {None, "bar"}
        and request.exact
    ):
        return ["outcome_rate", "ranking"]
    grouped = bool(request.dimensions)
    if timed or (form in {"line", "area"} and scene.focus.date is not None):
        return ["development_by_group", "development"] if grouped else ["development"]
    if form in {"bar", "stacked"}:
        return ["two_way", "ranking"] if len(request.dimensions) > 1 else ["ranking"]
    if form in {"line", "area"}:
        return ["ranking"]
    if request.exact and grouped:
        return ["two_way", "ranking"] if len(request.dimensions) > 1 else ["ranking"]
    return []


def _first(scene: Scene, wanted: list[str]) -> Chart | None:
    for position, name in enumerate(wanted):
        chart = _draw(rule(name), scene)
        if chart is not None:
            return replace(chart, warning=_join(chart.warning, _misfit(scene, chart, position)))
    return None


def _misfit(scene: Scene, chart: Chart, position: int) -> str:
    """Why the chart drawn is not in the form that was asked for, or that the form misleads; empty when it
    fits."""
    form = scene.request.form
    if form in {"line", "area"} and chart.horizontal:
        return say(
            scene.language,
            en="A line would suggest an order that these categories do not have, so bars are drawn.",
            ko="범주에는 순서가 없어 선으로 이으면 오해할 수 있으므로 막대로 그렸습니다.",
        )
    if form == "area" and chart.kind == "line":
        return say(
            scene.language,
            en="An area stands for a sum, which this measure does not have, so a line is drawn.",
            ko="이 값은 더할 수 없어 면적이 의미가 없으므로 선으로 그렸습니다.",
        )
    if form in {"pie", "pareto"} and position > 0:
        return say(
            scene.language,
            en="Shares of this measure mean nothing because it does not add up, so bars are drawn.",
            ko="이 값은 합계가 의미 없어 비중을 나타낼 수 없으므로 막대로 그렸습니다.",
        )
    return ""


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)
