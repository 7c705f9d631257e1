"""Charts over categories that compare groups: two categories at once, the rate of an outcome."""

import numpy as np

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Levels, Numbers

from .aggregation import Ranked, by_category, keep_largest
from .palette import BLUE, REST, SOFT_BLUE, series_color
from .ranked_levels import MAX_BARS, amount_text, by_text, ranked_grid
from .scene import Built, Scene
from .spec import Axis, Bars, Chart, Grid, Mark
from .wording import label, level_name, sentence

MAX_GROUPED = 5

POSITIVE = ("yes", "true", "1", "y", "churned", "예", "이탈")

MIN_RATE_ROWS = 20


def two_way(scene: Scene) -> Built:
    """The main measure by two dimensions: stacked bars where it adds up, grouped bars where it does not."""
    if scene.measure is None or len(scene.dimensions) < 2:
        return None
    outer, inner = scene.dimensions[:2]
    measure, sheet = scene.measure, scene.sheet
    additive = sheet.additive(measure)
    values = sheet.numeric[measure]
    rows = keep_largest(sheet.levels[outer], values, 8, scene.other, additive=additive)
    parts = keep_largest(sheet.levels[inner], values, MAX_GROUPED, scene.other, additive=additive)
    table = _cross(rows, parts, values, additive=additive)
    if len(rows.names) < 2 or len(parts.names) < 2 or np.nanmin(table) < 0:
        return None
    nested = bool((np.isfinite(table).sum(axis=1) <= 1).all())
    stack = additive and (nested or scene.request.form != "bar")
    marks: list[Mark] = []
    base = np.zeros(len(rows.names))
    for index, name in enumerate(parts.names):
        color = REST if name == scene.other else series_color(index)
        heights = tuple(plain(v) for v in table[:, index])
        marks.append(Bars(name, rows.names, heights, color, base=tuple(base.tolist()) if stack else ()))
        base = base + np.nan_to_num(table[:, index])
    best = np.unravel_index(int(np.nanargmax(table)), table.shape)
    evidence = {"outer": rows.names[best[0]], "inner": parts.names[best[1]], "value": plain(table[best])}
    title = sentence(
        scene.language,
        en="{what} is highest for {outer}, {inner}: {value}",
        ko="{what}, {outer}·{inner}에서 {value}(으로/로) 최고",
        what=amount_text(scene, measure)[:1].upper() + amount_text(scene, measure)[1:],
        **evidence,
    )
    return Chart(
        kind="bar",
        title=title,
        subtitle=by_text(scene, amount_text(scene, measure), outer) + f" × {label(inner)}",
        alt=title,
        x=Axis(kind="category", order=rows.names),
        y=Axis(zero=True),
        marks=tuple(marks),
        grid=Grid(
            (outer, *parts.names),
            tuple((name, *(plain(v) for v in table[i])) for i, name in enumerate(rows.names)),
        ),
        bars="stack" if stack else "group",
        legend=True,
        evidence=evidence,
    )


def _cross(rows: Levels, parts: Levels, values: Numbers, *, additive: bool) -> Numbers:
    known = (rows.codes >= 0) & (parts.codes >= 0) & np.isfinite(values)
    width = len(parts.names)
    slot = rows.codes[known] * width + parts.codes[known]
    size = len(rows.names) * width
    counts = np.bincount(slot, minlength=size)
    sums = np.bincount(slot, weights=values[known], minlength=size)
    with np.errstate(invalid="ignore", divide="ignore"):
        cells = np.where(counts == 0, np.nan, sums if additive else sums / counts)
    return cells.reshape(len(rows.names), width)


def outcome_rate(scene: Scene) -> Built:
    """The share of an outcome by the dimension that separates it most, with the overall rate as a line."""
    target = scene.focus.target
    if target is None:
        return None
    outcome = scene.sheet.levels[target]
    positive = next((n for n in outcome.names if n.lower() in POSITIVE), outcome.names[-1])
    hit = np.where(outcome.codes < 0, np.nan, outcome.codes == outcome.names.index(positive)).astype(
        np.float64
    )
    candidates = [d for d in scene.request.dimensions if d != target] or [
        d for d, levels in scene.sheet.levels.items() if d != target and 2 <= len(levels.names) <= MAX_BARS
    ]
    tables = {d: by_category(scene.sheet.levels[d], hit, scene.other, additive=False) for d in candidates}
    spread = {
        d: _between(t) for d, t in tables.items() if len(t.names) > 1 and min(t.counts) >= MIN_RATE_ROWS
    }
    if not spread:
        return None
    dimension = max(spread, key=lambda d: (spread[d], d))
    ranked = tables[dimension]
    overall = plain(np.nanmean(hit)) or 0.0
    evidence = {"top": level_name(dimension, ranked.names[0]), "rate": ranked.values[0], "overall": overall}
    title = sentence(
        scene.language,
        en="{target} is {rate:.1%} for {top}, against {overall:.1%} overall",
        ko="{target} 비율, {top}에서 {rate:.1%}(전체 {overall:.1%})",
        target=label(target),
        **evidence,
    )
    colors = tuple(BLUE if value > overall else SOFT_BLUE for value in ranked.values)
    rate = sentence(scene.language, en="Share of {p}", ko="{p} 비율", p=positive)
    return Chart(
        kind="bar",
        title=title,
        subtitle=by_text(
            scene,
            f"{label(target)} {rate}" if scene.language == "ko" else f"{label(target)}: {rate}",
            dimension,
        ),
        alt=sentence(
            scene.language,
            en="{title}. The lowest is {last} with {low:.1%}.",
            ko="{title}. 가장 낮은 값은 {last}의 {low:.1%}입니다.",
            title=title,
            last=ranked.names[-1],
            low=ranked.values[-1],
        ),
        x=Axis(percent=True, zero=True),
        y=Axis(kind="category", order=ranked.names),
        marks=(Bars(rate, ranked.names, ranked.values, BLUE, colors=colors, labelled=True),),
        grid=ranked_grid(dimension, rate, ranked),
        horizontal=True,
        evidence=evidence | {"low": ranked.values[-1]},
    )


def _between(ranked: Ranked) -> float:
    counts, values = np.array(ranked.counts, dtype=np.float64), np.array(ranked.values)
    mean = (counts * values).sum() / counts.sum()
    return float((counts * (values - mean) ** 2).sum() / counts.sum())
