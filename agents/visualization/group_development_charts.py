"""The development of a measure over time, by group."""

import numpy as np

from mesh.tabular.periods import full_years
from mesh.tabular.plain import plain
from mesh.tabular.sheet import Levels

from .aggregation import Periods, by_period_and_category, keep_largest
from .development_charts import UNCHANGED
from .palette import REST, series_color
from .period_text import partial_warning, period_alt, period_evidence, period_grid, period_subtitle
from .scene import Built, Scene
from .spec import Area, Axis, Bars, Chart, Line, Mark
from .wording import inline, level_name, sentence

MAX_SERIES = 5


def development_by_group(scene: Scene) -> Built:
    """The main measure over time by the main dimension: the largest groups and the rest."""
    date, grain, measure, dimension = scene.focus.date, scene.grain, scene.measure, scene.dimension
    if date is None or grain is None or measure is None or dimension is None:
        return None
    additive = scene.sheet.additive(measure)
    limit = min(scene.request.top or MAX_SERIES, MAX_SERIES)
    levels = keep_largest(
        scene.sheet.levels[dimension], scene.sheet.numeric[measure], limit, scene.other, additive=additive
    )
    periods, parts = by_period_and_category(scene.sheet, date, measure, levels, grain)
    parts = {name: values for name, values in parts.items() if any(v is not None for v in values)}
    if len(parts) < 2 or len(periods.starts) < 2:
        return None
    marks, axis_x, axis_y, kind = _group_marks(scene, parts, periods, additive=additive)
    title, evidence = _group_title(scene, levels, parts)
    return Chart(
        kind=kind,
        title=title,
        subtitle=period_subtitle(scene, measure, periods, dimension),
        alt=period_alt(scene, title, evidence, periods),
        x=axis_x,
        y=axis_y,
        marks=tuple(marks),
        grid=period_grid(scene, list(parts), periods, list(parts.values())),
        legend=True,
        bars=("stack" if additive else "group") if kind == "bar" else "single",
        evidence=evidence | period_evidence(periods),
        warning=partial_warning(scene, periods),
    )


def _group_title(
    scene: Scene, levels: Levels, parts: dict[str, tuple[float | None, ...]]
) -> tuple[str, dict[str, object]]:
    """Which group changed most between the first and the last full year, else which is largest."""
    measure, date = scene.measure or "", scene.focus.date or ""
    sheet, additive = scene.sheet, scene.sheet.additive(scene.measure or "")
    changes = {}
    for code, name in enumerate(levels.names):
        values = np.where(levels.codes == code, sheet.numeric[measure], np.nan)
        if name == scene.other or name not in parts:
            continue
        years = full_years(sheet.dates[date], values, additive=additive)
        if len(years) >= 2 and years[0][1] > 0:
            changes[name] = (years[-1][1] - years[0][1], years[0], years[-1])
    spans = {(first[0], last[0]) for _, first, last in changes.values()}
    moved = any(abs(difference) >= UNCHANGED * first[1] for difference, first, _ in changes.values())
    if moved and len(spans) == 1:
        leader = max(changes, key=lambda name: (abs(changes[name][0]), name))
        difference, first, last = changes[leader]
        up = difference >= 0
        evidence: dict[str, object] = {
            "leader": level_name(scene.dimension or "", leader),
            "change": plain(abs(difference) / first[1]),
            "start": first[0],
            "end": last[0],
        }
        title = sentence(
            scene.language,
            en="{leader} " + ("gained" if up else "lost") + " most {name}: {change:.1%} from {start} to "
            "{end}",
            ko="{name}, {leader}의 " + ("증가" if up else "감소") + "가 가장 큼({start}~{end}년 "
            "{change:.1%})",
            name=inline(measure, scene.language),
            **evidence,
        )
        return title, evidence
    totals = {n: sum(v for v in vs if v is not None) for n, vs in parts.items() if n != scene.other}
    largest = max(totals, key=lambda name: (totals[name], name))
    evidence = {"leader": level_name(scene.dimension or "", largest)}
    title = sentence(
        scene.language,
        en="{leader} has the highest {name}",
        ko="{name}, {leader}(이/가) 가장 높음",
        name=inline(measure, scene.language),
        **evidence,
    )
    return title, evidence


def _group_marks(
    scene: Scene, parts: dict[str, tuple[float | None, ...]], periods: Periods, *, additive: bool
) -> tuple[list[Mark], Axis, Axis, str]:
    colors = {n: REST if n == scene.other else series_color(i) for i, n in enumerate(parts)}
    form = scene.request.form
    if form in {"bar", "stacked"}:
        marks: list[Mark] = []
        base = [0.0] * len(periods.labels)
        for name, values in parts.items():
            marks.append(
                Bars(name, periods.labels, values, colors[name], base=tuple(base) if additive else ())
            )
            base = [b + (v or 0.0) for b, v in zip(base, values, strict=True)]
        return marks, Axis(kind="category", order=periods.labels), Axis(zero=True), "bar"
    if form == "area" and additive:
        filled = {name: tuple(v or 0.0 for v in values) for name, values in parts.items()}
        marks = [Area(name, periods.starts, values, colors[name]) for name, values in filled.items()]
        return marks, Axis(kind="time"), Axis(zero=True), "area"
    marks = [Line(name, periods.starts, values, colors[name]) for name, values in parts.items()]
    return marks, Axis(kind="time"), Axis(zero=additive), "line"
