"""Charts of one measure over one category: ranking bars, Pareto, pie."""

import numpy as np

from mesh.tabular.plain import plain

from .aggregation import Ranked
from .palette import BLUE, ORANGE, REST, SOFT_BLUE, series_color
from .ranked_levels import (
    MAX_BARS,
    amount_text,
    by_text,
    leading_share,
    other_warning,
    rank_levels,
    ranked_grid,
    ranking_alt,
    ranking_title,
)
from .scene import Built, Scene
from .spec import Axis, Bars, Chart, Grid, Line, Slices
from .wording import label, sentence

MAX_SLICES = 6
ALL = 10**6

PARETO_FROM = 6

PARETO_SHARE = 0.8


def ranking(scene: Scene) -> Built:
    """The main measure by the main dimension as bars from zero, largest first (rows are counted without a
    measure)."""
    dimension = scene.dimension
    if dimension is None:
        return None
    top = scene.request.top
    ranked = rank_levels(scene, dimension, scene.measure, MAX_BARS if top is None else ALL)
    if ranked is None:
        return None
    hidden = 0 if top is None else max(0, len(ranked.names) - top)
    if hidden:
        ranked = Ranked(ranked.names[:top], ranked.values[:top], ranked.counts[:top], ranked.total, 0)
    share = leading_share(scene, ranked) if min(ranked.values) >= 0 else None
    title, evidence = ranking_title(scene, dimension, scene.measure, ranked, share)
    what = amount_text(scene, scene.measure)
    colors = tuple(
        REST if ranked.other and i == len(ranked.names) - 1 else BLUE if i == 0 else SOFT_BLUE
        for i in range(len(ranked.names))
    )
    return Chart(
        kind="bar",
        title=title,
        subtitle=by_text(scene, what, dimension),
        alt=ranking_alt(scene, title, ranked),
        x=Axis(zero=True),
        y=Axis(kind="category", order=ranked.names),
        marks=(Bars(what, ranked.names, ranked.values, BLUE, colors=colors, labelled=True),),
        grid=ranked_grid(dimension, what, ranked),
        horizontal=True,
        evidence=evidence
        | {
            "lowest": ranked.values[-1],
            "highest": ranked.values[0],
            "count": len(ranked.names),
            "other": ranked.other,
            "hidden": hidden,
        },
        warning=other_warning(scene, ranked) or _hidden_warning(scene, hidden),
    )


def _hidden_warning(scene: Scene, hidden: int) -> str:
    if not hidden:
        return ""
    return sentence(
        scene.language,
        en="{hidden} more categories are not shown.",
        ko="나머지 {hidden}개 항목은 표시하지 않았습니다.",
        hidden=hidden,
    )


def pareto(scene: Scene) -> Built:
    """Bars of an additive measure, largest first, with the cumulative share; None for intensive measures."""
    dimension, measure = scene.dimension, scene.measure
    if dimension is None or measure is None or not scene.sheet.additive(measure):
        return None
    ranked = rank_levels(scene, dimension, measure, 15)
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
        what=amount_text(scene, measure),
        **evidence,
    )
    colors = tuple(BLUE if index < needed else SOFT_BLUE for index in range(len(ranked.names)))
    grid = Grid(
        (
            dimension,
            amount_text(scene, measure),
            sentence(scene.language, en="cumulative share", ko="누적 비중"),
        ),
        tuple(zip(ranked.names, ranked.values, cumulative, strict=True)),
    )
    share_name = sentence(scene.language, en="Cumulative share", ko="누적 비중")
    return Chart(
        kind="pareto",
        title=title,
        subtitle=by_text(scene, amount_text(scene, measure), dimension) + f" · {share_name}",
        alt=ranking_alt(scene, title, ranked),
        x=Axis(kind="category", order=ranked.names),
        y=Axis(zero=True),
        y2=Axis(percent=True, zero=True, high=1.0),
        marks=(
            Bars(label(measure), ranked.names, ranked.values, BLUE, colors=colors),
            Line(share_name, ranked.names, cumulative, ORANGE, markers=True, secondary=True),
        ),
        grid=grid,
        evidence=evidence
        | {
            "highest": ranked.values[0],
            "lowest": ranked.values[-1],
            "count": len(ranked.names),
            "other": ranked.other,
        },
        warning=other_warning(scene, ranked),
    )


def pie(scene: Scene) -> Built:
    """Shares of an additive total in at most six slices, with a warning; bars instead where shares mean
    nothing."""
    dimension, measure = scene.dimension, scene.measure
    if dimension is None:
        return None
    ranked = rank_levels(scene, dimension, measure, MAX_SLICES, smallest=0.02)
    additive = measure is None or scene.sheet.additive(measure)
    if ranked is None or not additive or min(ranked.values) < 0 or ranked.total <= 0:
        return None
    title, evidence = ranking_title(scene, dimension, measure, ranked, 1.0)
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
    what = amount_text(scene, measure)
    return Chart(
        kind="pie",
        title=title,
        subtitle=by_text(scene, what, dimension),
        alt=ranking_alt(scene, title, ranked),
        x=Axis(),
        y=Axis(),
        marks=(Slices(ranked.names, ranked.values, colors),),
        grid=Grid(
            (dimension, what, sentence(scene.language, en="share", ko="비중")),
            tuple(zip(ranked.names, ranked.values, shares, strict=True)),
        ),
        evidence=evidence
        | {
            "highest": ranked.values[0],
            "lowest": ranked.values[-1],
            "count": len(ranked.names),
            "other": ranked.other,
        },
        warning=" ".join(part for part in (warning, other_warning(scene, ranked)) if part),
    )
