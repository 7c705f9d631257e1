"""Charts of one measure over one grouping: bars, lollipops, Pareto, pie, funnel."""

import numpy as np

from mesh.tabular.plain import plain

from .captions import amount_text, by_text, capital
from .form_rules import MAX_SLICES
from .palette import BLUE, ORANGE, REST, SOFT_BLUE, VERMILION, series_color
from .ranked_levels import (
    Ranked,
    left_out,
    rank_levels,
    ranked_evidence,
    ranked_grid,
    ranking_alt,
    ranking_title,
    without_giant,
)
from .raster_text import width_of
from .scene import Built, Scene
from .spec import Axis, Bars, Chart, Dots, Grid, Line, Mark, Slices, Stems
from .wording import compact, sentence

MAX_COLUMNS = 16
LONG_NAME = 10
PARETO_FROM = 6
PARETO_SHARE = 0.8


def ranking(scene: Scene) -> Built:
    """The measure by one grouping as bars from zero, dots on stems, or a line over groups that have an order.

    Groups with an order of their own stand across, others lie ranked. A log scale has dots, for its bars would have no
    honest length.
    """
    if not scene.keys:
        return None
    key, measure = scene.keys[0], scene.measure
    ranked = rank_levels(scene, key, measure)
    if ranked is None:
        return None
    ranked = without_giant(ranked)
    title, evidence = ranking_title(scene, key, measure, ranked)
    shares = scene.request.aggregation == "share" and ranked.total
    values = (
        tuple(plain(v / ranked.total) or 0.0 for v in ranked.values)
        if shares and ranked.total
        else ranked.values
    )
    upright = ranked.ordered and max(map(width_of, ranked.names)) <= LONG_NAME
    percent = bool(shares) or measure.how == "rate"
    lined = scene.request.form in {"line", "area"}
    log = scene.request.log and min(values) > 0
    number = Axis(zero=not log and not lined, percent=percent, log=log)
    upright = upright or lined
    groups = Axis(kind="category", order=ranked.names)
    what = capital(amount_text(scene, measure))
    grid = ranked_grid(scene, key, measure, ranked)
    if shares:
        share = sentence(scene.language, en="share", ko="비중")
        grid = Grid(
            (*grid.columns, share), tuple((*row, v) for row, v in zip(grid.rows, values, strict=True))
        )
    return Chart(
        kind="line" if lined else "dot" if log else "lollipop" if scene.request.form == "lollipop" else "bar",
        title=title,
        subtitle=by_text(scene, measure, key),
        alt=ranking_alt(scene, title, ranked),
        x=groups if upright else number,
        y=number if upright else groups,
        marks=_marks(scene, what, ranked, values, evidence),
        grid=grid,
        horizontal=not upright,
        evidence=evidence | ranked_evidence(ranked),
        warning=" ".join(part for part in (left_out(scene, ranked), _log_note(scene, log=log)) if part),
    )


def _log_note(scene: Scene, *, log: bool) -> str:
    if log:
        return sentence(
            scene.language,
            en="On a log scale the length of a bar means nothing, so dots are drawn.",
            ko="로그 축에서는 막대 길이에 의미가 없어 점으로 그렸습니다.",
        )
    if scene.request.log:
        return sentence(
            scene.language,
            en="Values of zero and below have no place on a log scale, so the scale is linear.",
            ko="0 이하의 값은 로그 축에 놓을 수 없어 선형 축으로 그렸습니다.",
        )
    return ""


def _marks(
    scene: Scene, what: str, ranked: Ranked, values: tuple[float, ...], evidence: dict[str, object]
) -> tuple[Mark, ...]:
    if scene.request.form in {"line", "area"}:
        return (Line(what, ranked.names, values, BLUE, markers=True),)
    if scene.request.log and min(values) > 0:
        return (Dots(what, ranked.names, values, BLUE, labelled=True),)
    if scene.request.form == "lollipop":
        zeros = (0.0,) * len(values)
        return (
            Stems(ranked.names, zeros, values, SOFT_BLUE),
            Dots(what, ranked.names, values, BLUE, labelled=True),
        )
    overall = evidence.get("overall")
    best = max(range(len(values)), key=lambda i: (values[i] if not _is_other(ranked, i) else -np.inf, -i))
    colors = tuple(
        REST
        if _is_other(ranked, i)
        else (BLUE if value > overall else SOFT_BLUE)
        if isinstance(overall, float)
        else BLUE
        if i == best
        else SOFT_BLUE
        for i, value in enumerate(values)
    )
    return (Bars(what, ranked.names, values, BLUE, colors=colors, labelled=len(values) <= MAX_COLUMNS),)


def _is_other(ranked: Ranked, index: int) -> bool:
    return bool(ranked.other) and index == len(ranked.names) - 1


def pareto(scene: Scene) -> Built:
    """Bars of a measure that adds up, largest first, with the cumulative share; None for others."""
    measure = scene.measure
    if not scene.keys or not measure.adds_up:
        return None
    key = scene.keys[0]
    plain_order = scene.asking(scene.request.but(sort="descending"))
    ranked = rank_levels(plain_order, key, measure, limit=15)
    if ranked is None or len(ranked.names) < 2 or min(ranked.values) < 0 or not ranked.total:
        return None
    few = len(ranked.names) + max(0, ranked.other - 1) < PARETO_FROM
    if few and scene.request.form != "pareto":
        return None
    cumulative = tuple(plain(c) for c in np.cumsum(ranked.values) / ranked.total)
    needed = next(
        (i for i, c in enumerate(cumulative, 1) if c is not None and c >= PARETO_SHARE - 1e-12),
        len(cumulative),
    )
    evidence = {
        "needed": needed,
        "levels": len(ranked.names) + max(0, ranked.other - 1) + ranked.hidden,
        "share": cumulative[needed - 1],
    }
    what = amount_text(scene, measure)
    title = sentence(
        scene.language,
        en="{needed} of {levels} make up {share:.1%} of {what}",
        ko="{levels}개 중 상위 {needed}개가 {what}의 {share:.1%}를 차지",
        what=what,
        **evidence,
    )
    share_name = sentence(scene.language, en="Cumulative share", ko="누적 비중")
    colors = tuple(BLUE if index < needed else SOFT_BLUE for index in range(len(ranked.names)))
    return Chart(
        kind="pareto",
        title=title,
        subtitle=by_text(scene, measure, key) + f" · {share_name}",
        alt=ranking_alt(scene, title, ranked),
        x=Axis(kind="category", order=ranked.names),
        y=Axis(zero=True),
        y2=Axis(percent=True, zero=True, high=1.0),
        marks=(
            Bars(capital(what), ranked.names, ranked.values, BLUE, colors=colors),
            Line(share_name, ranked.names, cumulative, ORANGE, markers=True, secondary=True),
        ),
        grid=Grid(
            (key.name, what, share_name), tuple(zip(ranked.names, ranked.values, cumulative, strict=True))
        ),
        evidence=evidence | ranked_evidence(ranked),
        warning=left_out(scene, ranked),
    )


def pie(scene: Scene) -> Built:
    """Shares of a total in at most six slices, with a warning; None where shares mean nothing."""
    measure = scene.measure
    if not scene.keys or not measure.adds_up:
        return None
    key = scene.keys[0]
    sorted_scene = scene.asking(scene.request.but(sort=scene.request.sort or "descending"))
    ranked = rank_levels(sorted_scene, key, measure, limit=MAX_SLICES, smallest=0.02)
    if ranked is None or min(ranked.values) < 0 or not ranked.total:
        return None
    title, evidence = ranking_title(scene, key, measure, ranked)
    whole = sum(ranked.values)
    shares = tuple(plain(value / whole) for value in ranked.values)
    colors = tuple(REST if _is_other(ranked, i) else series_color(i) for i in range(len(ranked.names)))
    warning = sentence(
        scene.language,
        en="Angles are hard to compare; bars show the same numbers more exactly.",
        ko="각도는 비교하기 어렵습니다. 같은 수치를 막대그래프로 보면 더 정확합니다.",
    )
    share = sentence(scene.language, en="share", ko="비중")
    return Chart(
        kind="pie",
        title=title,
        subtitle=by_text(scene, measure, key),
        alt=ranking_alt(scene, title, ranked),
        x=Axis(),
        y=Axis(),
        marks=(Slices(ranked.names, ranked.values, colors),),
        grid=Grid(
            (key.name, amount_text(scene, measure), share),
            tuple(zip(ranked.names, ranked.values, shares, strict=True)),
        ),
        evidence=evidence | ranked_evidence(ranked),
        warning=" ".join(part for part in (warning, left_out(scene, ranked)) if part),
    )


def funnel(scene: Scene) -> Built:
    """Stages from the largest to the smallest, each with its share of the first; None for fewer than two."""
    if not scene.keys or not scene.measure.adds_up:
        return None
    key, measure = scene.keys[0], scene.measure
    ranked = rank_levels(
        scene.asking(scene.request.but(sort=scene.request.sort or "descending")), key, measure
    )
    if ranked is None or len(ranked.names) < 2 or min(ranked.values) < 0 or not ranked.values[0]:
        return None
    values = np.array(ranked.values)
    kept, steps = values / values[0], values[1:] / np.where(values[:-1] == 0, np.nan, values[:-1])
    worst = int(np.nanargmin(steps)) if np.isfinite(steps).any() else 0
    evidence = {
        "a": ranked.names[worst],
        "b": ranked.names[worst + 1],
        "lost": plain(1 - steps[worst]) or 0.0,
        "end": plain(kept[-1]),
    }
    title = sentence(
        scene.language,
        en="The largest loss is from {a} to {b}: {lost:.1%}",
        ko="{a}에서 {b}(으로/로) 갈 때 {lost:.1%}가 빠져 손실이 가장 큼",
        **evidence,
    )
    texts = tuple(
        f"{compact(v, scene.language)}  ({k:.1%})"
        for v, k in zip(values.tolist(), kept.tolist(), strict=True)
    )
    colors = tuple(VERMILION if i == worst + 1 else BLUE for i in range(len(values)))
    share = sentence(scene.language, en="of the first", ko="첫 단계 대비")
    return Chart(
        kind="funnel",
        title=title,
        subtitle=by_text(scene, measure, key)
        + sentence(scene.language, en=" · {end:.1%} reach the end", ko=" · 끝까지 {end:.1%}", **evidence),
        alt=ranking_alt(scene, title, ranked),
        x=Axis(zero=True, hidden=True),
        y=Axis(kind="category", order=ranked.names),
        marks=(
            Bars(
                capital(amount_text(scene, measure)),
                ranked.names,
                ranked.values,
                BLUE,
                colors=colors,
                labelled=True,
                texts=texts,
            ),
        ),
        grid=Grid(
            (key.name, amount_text(scene, measure), share),
            tuple((n, v, plain(k)) for n, v, k in zip(ranked.names, ranked.values, kept, strict=True)),
        ),
        horizontal=True,
        evidence=evidence | ranked_evidence(ranked),
        warning=left_out(scene, ranked),
    )
