"""The development of a measure over time, by group: lines, stacked areas, stacked, grouped or full-length bars."""

from mesh.tabular.plain import plain

from .amounts import Amount, Measure, amounts
from .captions import amount_text, group_name
from .crossing import shares_of, stacked_bars
from .development_charts import UNCHANGED
from .keys import folded_sql, key_sql, period_sql
from .palette import REST, series_color
from .period_amounts import MONTHS_OF_A_YEAR, Periods, by_period_and_level, combined
from .period_text import partial_warning, period_alt, period_evidence, period_grid, period_subtitle
from .ranked_levels import SMALLEST, rank_levels
from .scene import Built, Scene
from .spec import Area, Axis, Chart, Line, Mark
from .wording import level_name, sentence

MAX_SERIES = 5

Parts = dict[str, tuple[float | None, ...]]


def development_by_group(scene: Scene) -> Built:
    """The measure over time by the first grouping: the largest groups and the rest, never more than six series."""
    grain, measure = scene.grain, scene.measure
    if grain is None or not scene.keys:
        return None
    found = _parts(scene, measure, grain)
    if found is None:
        return None
    periods, parts = found
    if len(periods.starts) < 2 or not parts:
        return None
    if scene.request.form == "share":
        parts = shares_of(parts)
    marks, axis_x, axis_y, kind = _group_marks(scene, parts, periods, measure)
    title, evidence = _group_title(scene, parts, measure)
    return Chart(
        kind=kind,
        title=title,
        subtitle=period_subtitle(scene, [measure], grain, periods, scene.keys[0]),
        alt=period_alt(scene, title, periods),
        x=axis_x,
        y=axis_y,
        marks=tuple(marks),
        grid=period_grid(scene, list(parts), periods, list(parts.values())),
        legend=True,
        bars=("group" if scene.request.form == "grouped" else "stack") if kind == "bar" else "single",
        evidence=evidence | period_evidence(periods),
        warning=partial_warning(scene, periods),
    )


def _parts(scene: Scene, measure: Measure, grain: str) -> tuple[Periods, Parts] | None:
    """The largest groups over time, and all others as one unless only the top is asked for."""
    key, request = scene.keys[0], scene.request
    top = min(request.top, MAX_SERIES + 1) if request.top else None
    largest = scene.asking(request.but(sort="descending", top=top))
    ranked = rank_levels(largest, key, measure, limit=MAX_SERIES + 1, smallest=SMALLEST)
    if ranked is None:
        return None
    raw = [str(value) for value in ranked.raw[: len(ranked.raw) - bool(ranked.other)]]
    sql = key_sql(key, scene.table)
    text = f"CAST({sql} AS VARCHAR)"
    folded = folded_sql(text, raw, scene.other) if ranked.other else text
    levels = (*raw, scene.other) if ranked.other else tuple(raw)
    periods, parts = by_period_and_level(scene, measure, grain, folded, levels)
    shown = dict(zip(levels, ranked.names, strict=True))
    return periods, {shown[value]: values for value, values in parts.items()}


def _group_title(scene: Scene, parts: Parts, measure: Measure) -> tuple[str, dict[str, object]]:
    """Which group changed most between the first and the last full year, else which is largest."""
    what = amount_text(scene, measure)
    key = scene.keys[0]
    moved = (
        _yearly_changes(scene, measure, list(parts)) if scene.request.form != "share" and not key.part else {}
    )
    if moved:
        leader = max(moved, key=lambda name: (abs(moved[name][1] - moved[name][0]), name))
        first, last, start, end = moved[leader]
        up = last >= first
        evidence: dict[str, object] = {
            "leader": level_name(key.column, leader),
            "change": plain(abs(last - first) / first),
            "start": start,
            "end": end,
        }
        title = sentence(
            scene.language,
            en="{leader} "
            + ("gained" if up else "lost")
            + " most {name}: {change:.1%} from {start} to {end}",
            ko="{name}, {leader}의 "
            + ("증가" if up else "감소")
            + "가 가장 큼({start}~{end}년 {change:.1%})",
            name=what,
            **evidence,
        )
        return title, evidence
    totals = {
        n: sum(v for v in vs if v is not None) / max(1, sum(v is not None for v in vs))
        for n, vs in parts.items()
    }
    real = {name: value for name, value in totals.items() if name != scene.other} or totals
    largest = max(real, key=lambda name: (real[name], name))
    evidence = {"leader": group_name(scene, key, largest)}
    share = scene.request.form == "share"
    return (
        sentence(
            scene.language,
            en="{leader} has the " + ("largest share of" if share else "highest") + " {name}",
            ko="{name}"
            + (" 비중" if share else "")
            + ", {leader}(이/가) 가장 "
            + ("큼" if share else "높음"),
            name=what,
            **evidence,
        ),
        evidence,
    )


def _yearly_changes(
    scene: Scene, measure: Measure, names: list[str]
) -> dict[str, tuple[float, float, int, int]]:
    """First and last value of each group with the years that they are of: full years, the same for all groups."""
    if measure.how not in {"sum", "count", "mean"}:
        return {}
    text = f"CAST({key_sql(scene.keys[0], scene.table)} AS VARCHAR)"
    months: dict[tuple[str, int], list[Amount]] = {}
    for row in amounts(scene.table, measure, [period_sql(scene.request.date or "", "MS"), text]):
        months.setdefault((str(row.keys[1]), row.keys[0].year), []).append(row)
    full = {spot: combined(rows, measure) for spot, rows in months.items() if len(rows) == MONTHS_OF_A_YEAR}
    changes: dict[str, tuple[float, float, int, int]] = {}
    for name in names:
        years = sorted(year for level, year in full if level == name)
        if len(years) > 1 and full[name, years[0]] > 0:
            changes[name] = (full[name, years[0]], full[name, years[-1]], years[0], years[-1])
    spans = {change[2:] for change in changes.values()}
    moved = any(abs(last - first) >= UNCHANGED * first for first, last, *_ in changes.values())
    return changes if moved and len(spans) == 1 else {}


def _group_marks(
    scene: Scene, parts: Parts, periods: Periods, measure: Measure
) -> tuple[list[Mark], Axis, Axis, str]:
    colors = {n: REST if n == scene.other else series_color(i) for i, n in enumerate(parts)}
    form, percent = scene.request.form, scene.request.form == "share" or measure.how == "rate"
    if form in {"bar", "stacked", "grouped", "share"}:
        bars: list[Mark] = list(stacked_bars(parts, periods.labels, colors, stack=form != "grouped"))
        top = 1.0 if form == "share" else None
        return (
            bars,
            Axis(kind="category", order=periods.labels),
            Axis(zero=True, percent=percent, high=top),
            "bar",
        )
    if form == "area" and measure.adds_up:
        filled = {name: tuple(v or 0.0 for v in values) for name, values in parts.items()}
        marks: list[Mark] = [
            Area(name, periods.starts, values, colors[name]) for name, values in filled.items()
        ]
        return marks, Axis(kind="time"), Axis(zero=True), "area"
    marks = [Line(name, periods.starts, values, colors[name]) for name, values in parts.items()]
    return (
        marks,
        Axis(kind="time"),
        Axis(zero=measure.adds_up, percent=percent, log=scene.request.log),
        "line",
    )
