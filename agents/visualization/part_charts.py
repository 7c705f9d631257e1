"""Charts of how a whole is made up: tree map, Sankey diagram, waterfall."""

from collections import defaultdict
from itertools import pairwise

from mesh.tabular.plain import plain

from .captions import amount_text, by_text, capital
from .crossing import cross
from .keys import key_sql, key_texts
from .palette import BLUE, GREEN, REST, VERMILION, lighter, series_color
from .period_amounts import by_period
from .period_text import partial_warning, period_subtitle
from .ranked_levels import Ranked, left_out, rank_levels, ranked_evidence, ranking_alt, ranking_title
from .scene import Built, Scene
from .spec import Axis, Bars, Chart, Flow, Flows, Grid, Node, Tile, Tiles
from .squares import squarified
from .table import ROW
from .wording import sentence

MAX_TILES = 24
MAX_PARENTS, MAX_CHILDREN = 8, 12
MAX_NODES = 12
MAX_STEPS = 16
GAP = 0.03


def treemap(scene: Scene) -> Built:
    """Areas in proportion to a total, by one grouping or by a second inside the first; None where nothing adds up."""
    measure = scene.measure
    if not scene.keys or not measure.adds_up:
        return None
    key = scene.keys[0]
    ranked = rank_levels(scene.asking(scene.request.but(sort="descending")), key, measure, limit=MAX_TILES)
    if ranked is None or min(ranked.values) < 0 or sum(ranked.values) <= 0:
        return None
    title, evidence = ranking_title(scene, key, measure, ranked)
    if len(scene.keys) > 1:
        tiles, grid = _nested(scene)
    else:
        places = squarified(list(ranked.values), 0.0, 0.0, 16 / 8, 1.0)
        colors = [
            REST if n == scene.other else lighter(BLUE, min(0.6, i * 0.05))
            for i, n in enumerate(ranked.names)
        ]
        tiles = [
            Tile(n, "", v, c, x / 2, y, w / 2, h)
            for n, v, c, (x, y, w, h) in zip(ranked.names, ranked.values, colors, places, strict=True)
        ]
        total = ranked.total or sum(ranked.values)
        share = sentence(scene.language, en="share", ko="비중")
        rows = tuple((n, v, plain(v / total)) for n, v in zip(ranked.names, ranked.values, strict=True))
        grid = Grid((key.name, amount_text(scene, measure), share), rows)
    return Chart(
        kind="treemap",
        title=title,
        subtitle=by_text(scene, measure, *scene.keys[:2]),
        alt=ranking_alt(scene, title, ranked),
        x=Axis(hidden=True),
        y=Axis(hidden=True),
        marks=(Tiles(tuple(tiles), ranked.total or sum(t.value for t in tiles)),),
        grid=grid,
        evidence=evidence | ranked_evidence(ranked),
        warning=left_out(scene, ranked),
    )


def _nested(scene: Scene) -> tuple[list[Tile], Grid]:
    outer, inner = scene.keys[:2]
    found = cross(scene, outer, inner, scene.measure, (MAX_PARENTS, MAX_CHILDREN))
    assert found is not None
    totals = {
        row: sum(values[i] or 0.0 for values in found.parts.values()) for i, row in enumerate(found.rows)
    }
    order = sorted(
        (row for row in totals if totals[row] > 0), key=lambda row: (row == scene.other, -totals[row])
    )
    tiles: list[Tile] = []
    rows: list[tuple[object, ...]] = []
    for place, (row, (x, y, w, h)) in enumerate(
        zip(order, squarified([totals[row] for row in order], 0.0, 0.0, 2.0, 1.0), strict=True)
    ):
        index = found.rows.index(row)
        children = [(n, v[index] or 0.0) for n, v in found.parts.items() if (v[index] or 0.0) > 0]
        children.sort(key=lambda child: (child[0] == scene.other, -child[1]))
        color = REST if row == scene.other else series_color(place)
        inside = squarified([value for _, value in children], x, y, w, h)
        for step, ((name, value), (a, b, c, d)) in enumerate(zip(children, inside, strict=True)):
            tiles.append(
                Tile(name, row, value, lighter(color, 0.12 + min(0.5, step * 0.08)), a / 2, b, c / 2, d)
            )
            rows.append((row, name, value))
    return tiles, Grid((outer.name, inner.name, amount_text(scene, scene.measure)), tuple(rows[:200]))


def sankey(scene: Scene) -> Built:
    """What flows from the groups of one column to those of the next.

    A name in both columns is one place, unless something flows back to where it came from: the two columns then stand apart.
    """
    measure = scene.measure
    if len(scene.keys) < 2 or not measure.adds_up:
        return None
    outer, inner = scene.keys[:2]
    found = cross(scene, outer, inner, measure, (MAX_NODES, MAX_NODES))
    if found is None:
        return None
    links = [
        (row, name, value)
        for i, row in enumerate(found.rows)
        for name, values in found.parts.items()
        if (value := values[i]) is not None and value > 0 and row != name
    ]
    if not links:
        return None
    nodes, flows = _laid_out(links, shared=_one_way(links))
    a, b, value = max(links, key=lambda link: link[2])
    total = sum(link[2] for link in links if link[0] in {n.name for n in nodes if n.column == 0}) or 1.0
    evidence = {"a": a, "b": b, "value": value, "share": plain(value / total)}
    title = sentence(
        scene.language,
        en="The largest flow is from {a} to {b}: {value}",
        ko="가장 큰 흐름은 {a}에서 {b}(으로/로) {value}",
        **evidence,
    )
    return Chart(
        kind="sankey",
        title=title,
        subtitle=by_text(scene, measure, outer, inner),
        alt=title + ".",
        x=Axis(hidden=True),
        y=Axis(hidden=True),
        marks=(Flows(tuple(nodes), tuple(flows)),),
        grid=Grid((outer.name, inner.name, amount_text(scene, measure)), tuple(links)),
        evidence=evidence,
    )


def _one_way(links: list[tuple[str, str, float]]) -> bool:
    """Whether no way leads back to where it began."""
    onward = {(a, b) for a, b, _ in links}
    while True:
        sources = {a for a, _ in onward} - {b for _, b in onward}
        if not sources:
            return not onward
        onward = {(a, b) for a, b in onward if a not in sources}


def _laid_out(links: list[tuple[str, str, float]], *, shared: bool) -> tuple[list[Node], list[Flow]]:
    """Places of nodes and flows: a node's column is its longest way from a source; heights are flows through it."""

    def left(name: str) -> str:
        return name if shared else f"<{name}"

    def right(name: str) -> str:
        return name if shared else f">{name}"

    keyed = [(left(a), right(b), value) for a, b, value in links]
    column: dict[str, int] = {}
    for a, b, _ in keyed:
        column.setdefault(a, 0)
        column.setdefault(b, 0)
    for _ in range(len(column)):
        for a, b, _value in keyed:
            column[b] = min(max(column[b], column[a] + 1), len(column))
    deepest = min(max(column.values()), MAX_NODES)
    through: dict[str, float] = {}
    for name in column:
        out = sum(v for a, _, v in keyed if a == name)
        into = sum(v for _, b, v in keyed if b == name)
        through[name] = max(out, into)
    columns: dict[int, list[str]] = defaultdict(list)
    for name in sorted(column, key=lambda n: -through[n]):
        columns[min(column[name], deepest)].append(name)
    heaviest = max(sum(through[n] for n in names) + 0.0 for names in columns.values())
    scale = (1 - GAP * (max(len(names) for names in columns.values()) - 1)) / heaviest
    nodes: list[Node] = []
    index: dict[str, int] = {}
    for place in sorted(columns):
        names = columns[place]
        height = sum(through[n] for n in names) * scale + GAP * (len(names) - 1)
        at = (1 - height) / 2
        for name in names:
            index[name] = len(nodes)
            high = at + through[name] * scale
            nodes.append(
                Node(
                    name.lstrip("<>") if not shared else name,
                    place,
                    at,
                    high,
                    through[name],
                    series_color(len(nodes) % 6),
                )
            )
            at = high + GAP
    leaving = {name: nodes[i].low for name, i in index.items()}
    entering = dict(leaving)
    flows: list[Flow] = []
    for a, b, value in sorted(keyed, key=lambda link: (index[link[0]], index[link[1]])):
        thick = value * scale
        flows.append(Flow(index[a], index[b], value, leaving[a], entering[b], thick))
        leaving[a] += thick
        entering[b] += thick
    return nodes, flows


def waterfall(scene: Scene) -> Built:
    """What each group adds to the total, or how each period differs from the one before, from start to end."""
    measure = scene.measure
    if not measure.adds_up:
        return None
    grain = scene.grain
    if grain is not None:
        periods = by_period(scene, measure, grain)
        known = [(n, v) for n, v in zip(periods.labels, periods.values, strict=True) if v is not None][
            -MAX_STEPS:
        ]
        if len(known) < 2:
            return None
        names = [name for name, _ in known]
        steps = [known[0][1], *(b[1] - a[1] for a, b in pairwise(known))]
        start, end = True, sentence(scene.language, en="End", ko="최종")
        subtitle = period_subtitle(scene, [measure], grain, periods)
        subtitle += sentence(
            scene.language, en=" · change from the period before", ko=" · 직전 기간 대비 증감"
        )
        warning = partial_warning(scene, periods)
    else:
        ranked = rank_levels(scene, scene.keys[0], measure, limit=MAX_STEPS - 1) if scene.keys else None
        if ranked is None:
            return None
        names, steps = _as_written(scene, ranked)
        start, end = False, sentence(scene.language, en="Total", ko="합계")
        subtitle, warning = by_text(scene, measure, scene.keys[0]), left_out(scene, ranked)
    return _bridge(scene, names, steps, end, subtitle, warning, start=start)


def _as_written(scene: Scene, ranked: Ranked) -> tuple[list[str], list[float]]:
    """The groups in the order of their first rows, as an account is written; as ranked where the request sorts."""
    steps = dict(zip(ranked.names, ranked.values, strict=True))
    if scene.request.sort or ranked.other or ranked.ordered:
        return list(steps), list(steps.values())
    rows = scene.table.fetch(f"{key_sql(scene.keys[0], scene.table)}, min({ROW})", "GROUP BY 1 ORDER BY 2")
    texts = key_texts(
        scene.keys[0], [row[0] for row in rows if row[0] is not None], scene.table, scene.language
    )
    names = [text for text in texts if text in steps]
    return names, [steps[name] for name in names]


def _bridge(
    scene: Scene, names: list[str], steps: list[float], end: str, subtitle: str, warning: str, *, start: bool
) -> Chart:
    reached, base = [], []
    level = 0.0
    for step in steps:
        base.append(level)
        level += step
        reached.append(level)
    names, values, base = [*names, end], [*steps, level], [*base, 0.0]
    whole = {0, len(values) - 1} if start else {len(values) - 1}
    colors = tuple(REST if i in whole else GREEN if v >= 0 else VERMILION for i, v in enumerate(values))
    moves = [i for i in range(len(steps)) if i not in whole] or [0]
    best = max(moves, key=lambda i: abs(values[i]))
    evidence = {
        "name": names[best],
        "step": abs(values[best]),
        "total": plain(level),
        "first": names[0],
        "last": names[-2],
    }
    up = values[best] >= 0
    title = sentence(
        scene.language,
        en="{name} " + ("adds" if up else "takes away") + " most: {step}",
        ko="{name}에서 {step} " + ("증가해" if up else "감소해") + " 변화가 가장 큼"
        if start
        else "{name}의 몫이 {step}(으로/로) 가장 큼",
        **evidence,
    )
    what = capital(amount_text(scene, scene.measure))
    change = sentence(scene.language, en="change", ko="증감")
    ends = sentence(scene.language, en="reached", ko="누계")
    return Chart(
        kind="waterfall",
        title=title,
        subtitle=subtitle,
        alt=sentence(
            scene.language,
            en="{title}. It ends at {total}.",
            ko="{title}. 최종 값은 {total}입니다.",
            title=title,
            **evidence,
        ),
        x=Axis(kind="category", order=tuple(names)),
        y=Axis(zero=True),
        marks=(
            Bars(
                what,
                tuple(names),
                tuple(plain(v) for v in values),
                BLUE,
                base=tuple(base),
                colors=colors,
                labelled=True,
            ),
        ),
        grid=Grid(
            ("", change, ends),
            tuple(zip(names, map(plain, values), map(plain, [*reached, level]), strict=True)),
        ),
        bars="stack",
        evidence=evidence,
        warning=warning,
    )
