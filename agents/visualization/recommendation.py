"""Which charts to draw: the one asked for, or those that say most about the data."""

from dataclasses import replace

from mesh.language import say

from .building import build
from .rules import RULES, TOPIC_WEIGHT, Rule, rule
from .scene import Scene
from .shortfall import shortfall
from .spec import Chart


def recommend(scene: Scene, limit: int) -> list[Chart]:
    """At most `limit` charts, the most telling first; the one chart alone when the question asks for exactly one.

    Where the form asked for cannot be drawn from these columns, the one that these columns make is drawn with a warning.
    A table with a numeric column always has a chart. The first chart warns of what none shows.
    """
    charts = _chosen(scene, limit) or [
        chart for chart in [_draw(rule("last_resort"), scene)] if chart is not None
    ]
    if charts:
        charts[0] = replace(charts[0], warning=_join(charts[0].warning, shortfall(scene, charts)))
    return charts


def _chosen(scene: Scene, limit: int) -> list[Chart]:
    asked = _asked_for(scene)
    if asked is not None and scene.request.exact:
        return [asked]
    charts = [asked] if asked is not None else []
    for candidate in sorted(RULES, key=lambda r: -_weight(r, scene)):
        if len(charts) >= limit:
            break
        if candidate.weight == 0:
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


def _asked_for(scene: Scene) -> Chart | None:
    """The chart that the question asks for, or the nearest that can be drawn; None when it asks for none."""
    request = scene.request
    if request.form is None and not request.exact:
        return None
    made = build(scene)
    if made is not None:
        chart, _, rule_used = made
        reason = (rule_used.ko if scene.language == "ko" else rule_used.en) if rule_used else _as_asked(scene)
        return replace(chart, reason=reason)
    if not request.exact:
        return None
    for form in (None, "bar", "line", "histogram"):
        nearest = build(scene.asking(request.but(form=form, facet=None)))
        if nearest is not None:
            return replace(
                nearest[0], reason=_as_asked(scene), warning=_join(_cannot(scene), nearest[0].warning)
            )
    return None


def _as_asked(scene: Scene) -> str:
    return say(scene.language, en="The question asks for this form.", ko="질문에서 요청한 그래프입니다.")


def _cannot(scene: Scene) -> str:
    return say(
        scene.language,
        en="The form asked for cannot be drawn from these columns and rows, so this one is drawn.",
        ko="요청한 형태는 이 열과 행으로 그릴 수 없어 이 그래프로 그렸습니다.",
    )


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)
