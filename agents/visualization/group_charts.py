"""Charts over two groupings: bars stacked, side by side or of full length, heat maps, dumbbells and slopes."""

from mesh.tabular.plain import plain

from .captions import amount_text, by_text, capital, group_name
from .crossing import Crossing, cross, shares_of, stacked_bars
from .keys import Key
from .palette import BLUE, ORANGE, REST, SOFT_BLUE, series_color
from .raster_text import width_of
from .scene import Built, Scene
from .spec import Axis, Cells, Chart, Dots, Grid, Line, Mark, Stems
from .wording import label, sentence

MAX_OUTER, MAX_INNER = 9, 6
MAX_CELLS = 31
MAX_PAIRS = 14
LONG_NAME = 10
LABELLED = 160


def two_way(scene: Scene) -> Built:
    """The measure by two groupings: stacked where it adds up, side by side where it does not, or shares of each bar."""
    if len(scene.keys) < 2:
        return None
    outer, inner = scene.keys[:2]
    measure, form = scene.measure, scene.request.form
    lined = form == "line"
    found = cross(scene, outer, inner, measure, (MAX_OUTER, MAX_INNER))
    if found is None or not found.parts:
        return None
    parts = shares_of(found.parts) if form == "share" else found.parts
    stack = measure.adds_up and form != "grouped"
    colors = {n: REST if n == scene.other else series_color(i) for i, n in enumerate(parts)}
    percent = form == "share" or measure.how == "rate"
    title, evidence = _highest(scene, found, parts, percent=percent)
    lying = max(map(width_of, found.rows)) > LONG_NAME and not lined
    bars = (
        [Line(n, found.rows, v, colors[n], markers=True) for n, v in parts.items()]
        if lined
        else stacked_bars(parts, found.rows, colors, stack=stack)
    )
    number = Axis(zero=not lined, percent=percent, high=1.0 if form == "share" else None)
    groups = Axis(kind="category", order=found.rows)
    return Chart(
        kind="line" if lined else "bar",
        title=title,
        subtitle=by_text(scene, measure, outer, inner),
        alt=title + ".",
        x=number if lying else groups,
        y=groups if lying else number,
        marks=tuple(bars),
        grid=_grid(outer, found.rows, parts),
        bars="stack" if stack else "group",
        horizontal=lying,
        legend=True,
        evidence=evidence,
        warning=_folded(scene, found),
    )


def _grid(outer: Key, rows: tuple[str, ...], parts: dict[str, tuple[float | None, ...]]) -> Grid:
    body = tuple((name, *(values[i] for values in parts.values())) for i, name in enumerate(rows))
    return Grid((outer.name, *parts), body)


def _highest(
    scene: Scene, found: Crossing, parts: dict[str, tuple[float | None, ...]], *, percent: bool
) -> tuple[str, dict[str, object]]:
    cells = [
        (value, row, name)
        for name, values in parts.items()
        for row, value in zip(found.rows, values, strict=True)
        if value is not None and scene.other not in (row, name)
    ] or [(v, r, n) for n, vs in parts.items() for r, v in zip(found.rows, vs, strict=True) if v is not None]
    value, row, name = max(cells, key=lambda cell: cell[0])
    evidence: dict[str, object] = {"outer": row, "inner": name, "value": value}
    number = "{value:.1%}" if percent else "{value}"
    what = amount_text(scene, scene.measure)
    share = scene.request.form == "share"
    title = sentence(
        scene.language,
        en=f"{{what}} is highest for {{outer}}, {{inner}}: {number}"
        if not share
        else f"{{inner}} makes up the most in {{outer}}: {number}",
        ko=f"{{what}}, {{outer}}·{{inner}}에서 {number}(으로/로) 최고"
        if not share
        else f"{{inner}} 비중, {{outer}}에서 {number}(으로/로) 최고",
        what=capital(what),
        **evidence,
    )
    return title, evidence


def _folded(scene: Scene, found: Crossing) -> str:
    count = sum(found.folded)
    if not count:
        return ""
    return sentence(
        scene.language,
        en="{count} smaller groups are drawn together as {other}.",
        ko="작은 집단 {count}개는 {other}(으로/로) 묶었습니다.",
        count=count,
        other=scene.other,
    )


def heatmap(scene: Scene) -> Built:
    """The measure by two groupings as colours; the first runs down, the second across."""
    if len(scene.keys) < 2:
        return None
    down, across = scene.keys[:2]
    if down.part and not across.part:
        down, across = across, down
    measure = scene.measure
    found = cross(scene, down, across, measure, (MAX_CELLS, MAX_CELLS))
    if found is None or not found.parts:
        return None
    names = tuple(found.parts)
    z = tuple(tuple(values[i] for values in found.parts.values()) for i in range(len(found.rows)))
    cells = [(v, r, c) for r, row in enumerate(z) for c, v in enumerate(row) if v is not None]
    value, r, c = max(cells, key=lambda cell: (cell[0], -cell[1], -cell[2]))
    evidence: dict[str, object] = {"value": value, "row": found.rows[r], "column": names[c]}
    row, column = group_name(scene, down, found.rows[r]), group_name(scene, across, names[c])
    number = "{value:.1%}" if measure.how == "rate" else "{value}"
    title = sentence(
        scene.language,
        en="{what} is highest for {row}, {column}",
        ko="{what}, {row}·{column}에서 가장 높음",
        what=capital(amount_text(scene, measure)),
        row=row,
        column=column,
    )
    return Chart(
        kind="heatmap",
        title=title,
        subtitle=by_text(scene, measure, down, across),
        alt=sentence(
            scene.language,
            en=f"Heat map of {{what}}. The highest cell is {{row}}, {{column}} with {number}.",
            ko=f"{{what}} 히트맵입니다. 가장 높은 칸은 {{row}} {{column}}, 값은 {number}입니다.",
            what=amount_text(scene, measure),
            **evidence,
        ),
        x=Axis(kind="category", order=names),
        y=Axis(kind="category", order=found.rows),
        marks=(
            Cells(
                names,
                found.rows,
                z,
                diverging=False,
                labelled=len(cells) <= LABELLED,
                percent=measure.how == "rate",
            ),
        ),
        grid=Grid((down.name, *names), tuple((name, *row) for name, row in zip(found.rows, z, strict=True))),
        evidence=evidence,
        warning=_folded(scene, found),
    )


def pairs(scene: Scene) -> Built:
    """How groups differ between two values of a second grouping: dots joined by a stem, or sloping lines."""
    if len(scene.keys) < 2:
        return None
    outer, inner = scene.keys[:2]
    measure = scene.measure
    found = cross(scene, outer, inner, measure, (MAX_PAIRS, 999))
    if found is None:
        return None
    usable = [name for name in found.parts if name != scene.other]
    if len(usable) < 2:
        return None
    first, last = (usable[0], usable[-1]) if inner.part or inner.column in scene.whole.numeric else usable[:2]
    rows = [
        (name, a, b)
        for name, a, b in zip(found.rows, found.parts[first], found.parts[last], strict=True)
        if a is not None and b is not None
    ]
    if not rows:
        return None
    rows.sort(key=lambda row: -(row[2]))
    name, a, b = max(rows, key=lambda row: abs(row[2] - row[1]))
    evidence: dict[str, object] = {"name": name, "start": a, "end": b, "first": first, "last": last}
    title = sentence(
        scene.language,
        en="{name} differs most: {start} ({first}) to {end} ({last})",
        ko="{name}의 차이가 가장 큼: {first} {start}, {last} {end}",
        **evidence,
    )
    slope = scene.request.form == "slope"
    names = tuple(row[0] for row in rows)
    lows, highs = tuple(row[1] for row in rows), tuple(row[2] for row in rows)
    change = sentence(scene.language, en="difference", ko="차이")
    left = len(usable) - 2
    marks: tuple[Mark, ...] = (
        Stems(names, lows, highs, "#C9D1D9"),
        Dots(first, names, lows, ORANGE),
        Dots(last, names, highs, BLUE),
    )
    if slope:
        top = {row[0] for row in sorted(rows, key=lambda row: -abs(row[2] - row[1]))[:3]}
        marks = tuple(
            Line(n, (first, last), (x, y), BLUE if n in top else SOFT_BLUE, markers=True, ended=True)
            for n, x, y in rows
        )
    return Chart(
        kind="slope" if slope else "dumbbell",
        title=title,
        subtitle=by_text(scene, measure, outer) + f" · {first} → {last}",
        alt=title + ".",
        x=Axis(kind="category", order=(first, last)) if slope else Axis(zero=min(lows + highs) >= 0),
        y=Axis() if slope else Axis(kind="category", order=names),
        marks=marks,
        grid=Grid((outer.name, first, last, change), tuple((*row, plain(row[2] - row[1])) for row in rows)),
        horizontal=not slope,
        legend=not slope,
        evidence=evidence | {"left": left},
        warning=_skipped(scene, left, label(inner.column)) or _folded(scene, found),
    )


def _skipped(scene: Scene, left: int, inner: str) -> str:
    if not left:
        return ""
    return sentence(
        scene.language,
        en="{left} other values of {inner} are not shown.",
        ko="{inner}의 나머지 값 {left}개는 표시하지 않았습니다.",
        left=left,
        inner=inner,
    )
