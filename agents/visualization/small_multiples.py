"""The same chart once per group, on axes that they share."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from .captions import key_label
from .keys import Key, key_of
from .ranked_levels import rank_levels
from .request import Filter
from .scene import Built, Scene
from .spec import Axis, Bars, Chart, Grid, Line, Mark, Panel, Points
from .wording import sentence

MAX_PANELS = 9
MAX_GRID_ROWS = 200
FEW_POINTS = 12


def small_multiples(scene: Scene, build: Callable[[Scene], Built]) -> Built:
    """One panel per group of the request's `facet`, the largest first or in their own order, at most `MAX_PANELS`.

    A request that `build` cannot draw whole gives None; one of which fewer than two groups can be drawn is drawn whole.
    """
    facet = scene.request.facet
    if facet is None:
        return None
    key, request = key_of(facet, scene.whole), scene.request.but(facet=None)
    base = build(scene.asking(request))
    counting = scene.asking(request.but(top=None, bottom=None, sort=None, measures=(), aggregation="count"))
    ranked = rank_levels(counting, key, counting.measure, limit=10**6)
    if base is None or ranked is None or base.panels:
        return base
    drawn: dict[str, Chart] = {}
    for name, raw in list(zip(ranked.names, ranked.raw, strict=True))[:MAX_PANELS]:
        value = float(raw) if isinstance(raw, int) else str(raw)
        part = build(scene.asking(request.but(filters=(*request.filters, Filter(key.name, "in", (value,))))))
        if part is not None and not part.panels:
            drawn[name] = part
    if len(drawn) < 2:
        return base
    left = len(ranked.names) - len(drawn)
    by = sentence(scene.language, en="one panel per {key}", ko="{key}별로 나눔", key=key_label(key, scene))
    panels = tuple(Panel(name, tuple(_lean(part))) for name, part in drawn.items())
    return replace(
        base,
        subtitle=f"{base.subtitle} · {by}",
        marks=(),
        panels=panels,
        x=_joined(base.x, [part.x for part in drawn.values()]),
        y=_joined(base.y, [part.y for part in drawn.values()]),
        legend=len(
            {mark.name for panel in panels for mark in panel.marks if isinstance(mark, Line | Bars | Points)}
        )
        > 1,
        grid=_grid(key, drawn),
        evidence=base.evidence | {"left": left},
        warning=" ".join(part for part in (base.warning, _left(scene, left)) if part),
    )


def _lean(chart: Chart) -> list[Mark]:
    """The marks without what is too small to read in a panel: moving means, numbers at bars."""
    marks = [mark for mark in chart.marks if not (isinstance(mark, Line) and mark.dashed)]
    return [
        replace(mark, labelled=False)
        if isinstance(mark, Bars)
        else replace(mark, markers=sum(y is not None for y in mark.y) <= FEW_POINTS)
        if isinstance(mark, Line)
        else mark
        for mark in marks
    ]


def _joined(base: Axis, others: Sequence[Axis]) -> Axis:
    """The axis for all panels: every category that one of them has."""
    if base.kind != "category":
        return base
    return replace(
        base, order=tuple(dict.fromkeys([*base.order, *(name for axis in others for name in axis.order)]))
    )


def _grid(key: Key, drawn: dict[str, Chart]) -> Grid:
    first = next(iter(drawn.values())).grid
    same = [(name, part.grid) for name, part in drawn.items() if len(part.grid.columns) == len(first.columns)]
    rows = tuple((name, *row) for name, grid in same for row in grid.rows)
    return Grid((key.name, *first.columns), rows[:MAX_GRID_ROWS], first.note)


def _left(scene: Scene, left: int) -> str:
    if left <= 0:
        return ""
    return sentence(
        scene.language,
        en="{left} smaller groups are not shown.",
        ko="작은 집단 {left}개는 표시하지 않았습니다.",
        left=left,
    )
