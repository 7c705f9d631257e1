"""Charts over categories: ranking bars, grouped and stacked bars, Pareto, shares, rates of an outcome."""

import numpy as np

from .aggregation import Ranked, by_category, keep_largest
from .palette import BLUE, ORANGE, REST, SOFT_BLUE, series_color
from .plain import plain
from .scene import Built, Scene
from .sheet import Levels, Numbers
from .spec import Axis, Bars, Chart, Grid, Line, Mark, Slices
from .wording import inline, label, level_name, sentence

MAX_BARS = 12
MAX_SLICES = 6
MAX_GROUPED = 5
PARETO_FROM = 6
PARETO_SHARE = 0.8
POSITIVE = ("yes", "true", "1", "y", "churned", "예", "이탈")
MIN_RATE_ROWS = 20


def ranking(scene: Scene) -> Built:
    """The main measure by the main dimension as bars from zero, largest first (rows are counted without a
    measure)."""
    dimension = scene.dimension
    if dimension is None:
        return None
    limit = scene.request.top + 1 if scene.request.top else MAX_BARS
    ranked = _ranked(scene, dimension, scene.measure, limit)
    if ranked is None:
        return None
    share = _share(scene, ranked) if min(ranked.values) >= 0 else None
    title, evidence = _ranking_title(scene, dimension, scene.measure, ranked, share)
    what = _what(scene, scene.measure)
    colors = tuple(
        REST if ranked.other and i == len(ranked.names) - 1 else BLUE if i == 0 else SOFT_BLUE
        for i in range(len(ranked.names))
    )
    return Chart(
        kind="bar",
        title=title,
        subtitle=_by(scene, what, dimension),
        alt=_ranking_alt(scene, title, ranked),
        x=Axis(zero=True),
        y=Axis(kind="category", order=ranked.names),
        marks=(Bars(what, ranked.names, ranked.values, BLUE, colors=colors, labelled=True),),
        grid=_ranked_grid(dimension, what, ranked),
        horizontal=True,
        evidence=evidence
        | {"lowest": ranked.values[-1], "highest": ranked.values[0], "count": len(ranked.names)},
        warning=_other_warning(scene, ranked),
    )


def _ranked(
    scene: Scene, dimension: str, measure: str | None, limit: int, smallest: float = 0.0
) -> Ranked | None:
    levels = scene.sheet.levels[dimension]
    if measure is None:
        ones = np.ones(scene.sheet.rows)
        return by_category(levels, ones, scene.other, additive=True, limit=limit, smallest=smallest)
    values = scene.sheet.numeric[measure]
    if not (np.isfinite(values) & (levels.codes >= 0)).any():
        return None
    return by_category(
        levels, values, scene.other, additive=scene.sheet.additive(measure), limit=limit, smallest=smallest
    )


def _share(scene: Scene, ranked: Ranked) -> float | None:
    additive = scene.measure is None or scene.sheet.additive(scene.measure)
    return plain(ranked.values[0] / ranked.total) if additive and ranked.total > 0 else None


def _ranking_title(
    scene: Scene, dimension: str, measure: str | None, ranked: Ranked, share: float | None
) -> tuple[str, dict[str, object]]:
    first = 1 if ranked.other and ranked.names[0] == scene.other and len(ranked.names) > 1 else 0
    evidence: dict[str, object] = {
        "top": level_name(dimension, ranked.names[first]),
        "value": ranked.values[first],
    }
    what = _what(scene, measure)
    if share is not None:
        evidence["share"] = plain(ranked.values[first] / ranked.total)
        en, ko = "{top} makes up {share:.1%} of {what}", "{what}의 {share:.1%}가 {top}"
    else:
        en, ko = "{top} has the highest {what}: {value}", "{what}, {top}(이/가) {value}(으로/로) 가장 높음"
    inside = what.lower() if scene.language == "en" and measure is None else what
    return sentence(scene.language, en=en, ko=ko, what=inside, **evidence), evidence


def _what(scene: Scene, measure: str | None) -> str:
    if measure is None:
        return sentence(scene.language, en="Rows", ko="행 수")
    word = scene.aggregation(measure)[1]
    if scene.language == "ko":
        return f"{label(measure)} {word}"
    return f"{word} {inline(measure, scene.language)}"


def _by(scene: Scene, what: str, dimension: str) -> str:
    if scene.language == "ko":
        return f"{label(dimension)}별 {what}"
    return f"{what[:1].upper()}{what[1:]} by {label(dimension)}"


def _ranking_alt(scene: Scene, title: str, ranked: Ranked) -> str:
    return sentence(
        scene.language,
        en="{title}. Bars for {count} categories from {highest} ({first}) down to {lowest} ({last}).",
        ko="{title}. 막대 {count}개가 {first}({highest})부터 {last}({lowest})까지 이어집니다.",
        title=title,
        count=len(ranked.names),
        highest=ranked.values[0],
        first=ranked.names[0],
        lowest=ranked.values[-1],
        last=ranked.names[-1],
    )


def _ranked_grid(dimension: str, what: str, ranked: Ranked) -> Grid:
    return Grid((dimension, what, "n"), tuple(zip(ranked.names, ranked.values, ranked.counts, strict=True)))


def _other_warning(scene: Scene, ranked: Ranked) -> str:
    if not ranked.other:
        return ""
    return sentence(
        scene.language,
        en="{count} smaller categories are drawn together as {other}.",
        ko="작은 항목 {count}개는 {other}(으로/로) 묶었습니다.",
        count=ranked.other,
        other=scene.other,
    )


def pareto(scene: Scene) -> Built:
    """Bars of an additive measure, largest first, with the cumulative share; None for intensive measures."""
    dimension, measure = scene.dimension, scene.measure
    if dimension is None or measure is None or not scene.sheet.additive(measure):
        return None
    ranked = _ranked(scene, dimension, measure, 15)
    few = len(scene.sheet.levels[dimension].names) < PARETO_FROM and scene.request.form != "pareto"
    if ranked is None or few or len(ranked.names) < 3 or min(ranked.values) < 0 or ranked.total <= 0:
        return None
    cumulative = tuple(plain(c) for c in np.cumsum(ranked.values) / ranked.total)
    needed = next(i for i, c in enumerate(cumulative, start=1) if c is not None and c >= PARETO_SHARE - 1e-12)
    evidence = {
        "needed": needed,
        "levels": len(ranked.names) + max(0, ranked.other - 1),
        "share": cumulative[needed - 1],
    }
    title = sentence(
        scene.language,
        en="{needed} of {levels} make up {share:.1%} of {what}",
        ko="{levels}개 중 상위 {needed}개가 {what}의 {share:.1%}를 차지",
        what=_what(scene, measure),
        **evidence,
    )
    colors = tuple(BLUE if index < needed else SOFT_BLUE for index in range(len(ranked.names)))
    grid = Grid(
        (dimension, _what(scene, measure), sentence(scene.language, en="cumulative share", ko="누적 비중")),
        tuple(zip(ranked.names, ranked.values, cumulative, strict=True)),
    )
    share_name = sentence(scene.language, en="Cumulative share", ko="누적 비중")
    return Chart(
        kind="pareto",
        title=title,
        subtitle=_by(scene, _what(scene, measure), dimension) + f" · {share_name}",
        alt=_ranking_alt(scene, title, ranked),
        x=Axis(kind="category", order=ranked.names),
        y=Axis(zero=True),
        y2=Axis(percent=True, zero=True, high=1.0),
        marks=(
            Bars(label(measure), ranked.names, ranked.values, BLUE, colors=colors),
            Line(share_name, ranked.names, cumulative, ORANGE, markers=True, secondary=True),
        ),
        grid=grid,
        evidence=evidence
        | {"highest": ranked.values[0], "lowest": ranked.values[-1], "count": len(ranked.names)},
        warning=_other_warning(scene, ranked),
    )


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
    stack = additive and scene.request.form != "bar"
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
        what=_what(scene, measure)[:1].upper() + _what(scene, measure)[1:],
        **evidence,
    )
    return Chart(
        kind="bar",
        title=title,
        subtitle=_by(scene, _what(scene, measure), outer) + f" × {label(inner)}",
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


def pie(scene: Scene) -> Built:
    """Shares of an additive total in at most six slices, with a warning; bars instead where shares mean
    nothing."""
    dimension, measure = scene.dimension, scene.measure
    if dimension is None:
        return None
    ranked = _ranked(scene, dimension, measure, MAX_SLICES, smallest=0.02)
    additive = measure is None or scene.sheet.additive(measure)
    if ranked is None or not additive or min(ranked.values) < 0 or ranked.total <= 0:
        return None
    title, evidence = _ranking_title(scene, dimension, measure, ranked, 1.0)
    shares = tuple(plain(value / ranked.total) for value in ranked.values)
    colors = tuple(
        REST if ranked.other and i == len(ranked.names) - 1 else series_color(i)
        for i in range(len(ranked.names))
    )
    warning = sentence(
        scene.language,
        en="Angles are hard to compare; bars show the same numbers more exactly.",
        ko="각도는 비교하기 어렵습니다. 같은 수치를 막대그래프로 보면 더 정확합니다.",
    )
    what = _what(scene, measure)
    return Chart(
        kind="pie",
        title=title,
        subtitle=_by(scene, what, dimension),
        alt=_ranking_alt(scene, title, ranked),
        x=Axis(),
        y=Axis(),
        marks=(Slices(ranked.names, ranked.values, colors),),
        grid=Grid(
            (dimension, what, sentence(scene.language, en="share", ko="비중")),
            tuple(zip(ranked.names, ranked.values, shares, strict=True)),
        ),
        evidence=evidence
        | {"highest": ranked.values[0], "lowest": ranked.values[-1], "count": len(ranked.names)},
        warning=" ".join(part for part in (warning, _other_warning(scene, ranked)) if part),
    )


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
        subtitle=_by(
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
        grid=_ranked_grid(dimension, rate, ranked),
        horizontal=True,
        evidence=evidence | {"low": ranked.values[-1]},
    )


def _between(ranked: Ranked) -> float:
    counts, values = np.array(ranked.counts, dtype=np.float64), np.array(ranked.values)
    mean = (counts * values).sum() / counts.sum()
    return float((counts * (values - mean) ** 2).sum() / counts.sum())
