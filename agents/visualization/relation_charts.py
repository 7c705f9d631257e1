"""Charts of how numbers go together: scatter with a trend, counts in cells for many rows, correlation heat map."""

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Numbers

from .color_groups import color_groups, color_sql, with_names
from .distribution_charts import number_facts
from .palette import BLUE
from .scene import Built, Scene
from .spec import Axis, Cells, Chart, Density, Grid, Mark, Points
from .sql import quoted
from .table import sampled
from .trend_marks import pair_of, trend_marks
from .wording import inline, label, sentence

MAX_POINTS = 3000
MAX_RANKED = 50_000
"""Up to this many rows correlations are by rank (Spearman); beyond, by value (Pearson), which needs no sorting."""
MAX_GRID_ROWS = 200
MAX_COLUMNS = 10
MIN_ROWS = 8
CELLS_X, CELLS_Y = 48, 30


def scatter(scene: Scene) -> Built:
    """Two numbers against each other with a trend: dots up to `MAX_POINTS` rows, counts in cells beyond.

    With colours a fixed sample of the rows is drawn instead of cells. Trend and correlation are of all rows.
    """
    named = scatter_pair(scene)
    if named is None:
        return None
    a, b = named
    exact = scene.table.rows <= MAX_RANKED
    facts = [number_facts(scene, name, exact=exact) for name in named]
    fx, fy = facts
    if fx is None or fy is None or fx["low"] == fx["high"] or fy["low"] == fy["high"]:
        return None
    known = f"{quoted(a)} IS NOT NULL AND {quoted(b)} IS NOT NULL"
    pair = pair_of(scene, a, b, known)
    if pair is None or pair.n < MIN_ROWS or not np.isfinite(pair.correlation):
        return None
    n, r = pair.n, pair.correlation
    log_x, log_y = (scene.request.log and fact["low"] > 0 for fact in (fx, fy))
    view = [
        (f["low"], f["high"]) if log else (f["left"], f["right"]) for f, log in ((fx, log_x), (fy, log_y))
    ]
    frame = _rows(scene, a, b, known, n)
    rank = float(stats.spearmanr(frame["x"], frame["y"]).statistic) if n <= MAX_RANKED else r
    evidence: dict[str, Any] = {
        "a": inline(a, scene.language),
        "b": label(b),
        "correlation": plain(rank),
        "method": _method(scene, n),
        "n": n,
        "pearson": plain(r),
    }
    inside = _inside(a, b, view)
    cut = any(side != (fact["low"], fact["high"]) for side, fact in zip(view, (fx, fy), strict=True))
    seen = int(scene.table.fetch("count(*)", where=f"{known} AND {inside}")[0][0]) if cut else n
    evidence |= {"beyond": n - seen}
    dense = seen > MAX_POINTS and scene.request.color is None
    shown = frame[frame["x"].between(*view[0]) & frame["y"].between(*view[1])]
    if not dense and len(shown) > MAX_POINTS:
        shown = shown.sample(MAX_POINTS, random_state=1)
    evidence |= {"shown": seen if dense else len(shown)}
    marks: list[Mark] = [_density(scene, a, b, known, view)] if dense else _dots(scene, shown)
    marks += [] if log_x or log_y else trend_marks(scene, pair, frame, rank, view)
    title = _scatter_title(scene, evidence, rank)
    grid = (
        _dense_grid(scene, a, b, marks[0])
        if dense and isinstance(marks[0], Density)
        else _row_grid(scene, a, b, shown)
    )
    return Chart(
        kind="scatter",
        title=title,
        subtitle=sentence(
            scene.language,
            en="{method} {correlation:.2f} over {n:,} rows",
            ko="{method} {correlation:.2f}, {n:,}행",
            **evidence,
        ),
        alt=sentence(
            scene.language,
            en="Scatter plot. {title}; {method} {correlation:.2f}.",
            ko="산점도입니다. {title}, {method}은 {correlation:.2f}입니다.",
            title=title,
            **evidence,
        ),
        x=Axis(label(a), log=log_x),
        y=Axis(label(b), log=log_y),
        marks=tuple(marks),
        grid=grid,
        legend=True,
        evidence=evidence,
        warning=_scatter_warning(scene, evidence, dense=dense),
    )


def _method(scene: Scene, n: int) -> str:
    if n <= MAX_RANKED:
        return sentence(scene.language, en="Spearman correlation", ko="스피어만 상관")
    return sentence(scene.language, en="Pearson correlation", ko="피어슨 상관")


def _inside(a: str, b: str, view: list[tuple[float, float]]) -> str:
    sides = zip((a, b), view, strict=True)
    return " AND ".join(f"{quoted(name)} BETWEEN {low!r} AND {high!r}" for name, (low, high) in sides)


def _rows(scene: Scene, a: str, b: str, known: str, n: int) -> pd.DataFrame:
    """All rows up to `MAX_RANKED`, else a fixed sample of that order, sorted; with colour, the group of each."""
    hashed = f"AND {sampled(n // MAX_RANKED)}" if n > MAX_RANKED else ""
    frame = scene.table.frame(
        f"{quoted(a)} AS x, {quoted(b)} AS y{color_sql(scene)}",
        f"ORDER BY ALL LIMIT {2 * MAX_RANKED}",
        f"{known} {hashed}",
    )
    return with_names(scene, frame)


def scatter_pair(scene: Scene) -> tuple[str, str] | None:
    """The columns that the request names, else the pair that the exploration found to correlate most."""
    numeric = scene.whole.numeric
    named = [name for name in scene.request.measures if name in numeric]
    if len(named) > 1:
        return named[0], named[1]
    report = scene.inputs.get("eda_report", {})
    arithmetic = {
        frozenset((i["result"], i[side])) for i in report.get("identities", []) for side in ("left", "right")
    }
    pairs = [
        (record["a"], record["b"])
        for record in report.get("correlations", [])
        if record["method"] == "spearman" and frozenset((record["a"], record["b"])) not in arithmetic
    ]
    usable = [pair for pair in pairs if pair[0] in numeric and pair[1] in numeric]
    if named:
        usable = [p for p in usable if named[0] in p] or [(n, named[0]) for n in numeric if n != named[0]]
    if usable:
        return usable[0]
    others = sorted(numeric, key=lambda n: (scene.whole.additive(n), n not in scene.focus.measures))
    return (others[0], others[1]) if len(others) > 1 else None


def _dots(scene: Scene, shown: pd.DataFrame) -> list[Mark]:
    size, opacity = (4.0, 0.35) if len(shown) > 500 else (6.0, 0.6)
    if scene.request.color is None:
        name = sentence(scene.language, en="Rows", ko="행")
        return [Points(name, tuple(shown["x"].tolist()), tuple(shown["y"].tolist()), BLUE, size, opacity)]
    return [
        Points(name, tuple(part["x"].tolist()), tuple(part["y"].tolist()), color, size, opacity + 0.15)
        for name, part, color in color_groups(scene, shown)
    ]


def _density(scene: Scene, a: str, b: str, known: str, view: list[tuple[float, float]]) -> Density:
    """Rows counted in a grid of cells, in one pass."""
    cells = []
    for name, (low, high), count in zip((a, b), view, (CELLS_X, CELLS_Y), strict=True):
        span = (high - low) or 1.0
        cells.append(
            f"least({count - 1}, CAST(floor(({quoted(name)} - {low!r}) / {span!r} * {count}) AS INTEGER))"
        )
    found = scene.table.fetch(
        f"{cells[0]}, {cells[1]}, count(*)", "GROUP BY 1, 2", f"{known} AND {_inside(a, b, view)}"
    )
    counts = np.zeros((CELLS_Y, CELLS_X), dtype=np.int64)
    for column, row, count in found:
        counts[row, column] = count
    x, y = (
        tuple(float(edge) for edge in np.linspace(*side, count + 1))
        for side, count in zip(view, (CELLS_X, CELLS_Y), strict=True)
    )
    name = sentence(scene.language, en="Rows per cell", ko="칸별 행 수")
    return Density(x, y, tuple(tuple(row) for row in counts.tolist()), name)


def _dense_grid(scene: Scene, a: str, b: str, density: Density) -> Grid:
    cells = [
        (plain(density.x[c]), plain(density.y[r]), n)
        for r, row in enumerate(density.counts)
        for c, n in enumerate(row)
        if n
    ]
    cells.sort(key=lambda cell: -cell[2])
    note = sentence(
        scene.language,
        en="The fullest cells, by their lower edges.",
        ko="행이 많은 칸, 아래쪽 경계 기준입니다.",
    )
    return Grid((a, b, "n"), tuple(cells[:MAX_GRID_ROWS]), note)


def _row_grid(scene: Scene, a: str, b: str, shown: pd.DataFrame) -> Grid:
    color = [scene.request.color] if scene.request.color else []
    rows = tuple(tuple(row) for row in shown.head(MAX_GRID_ROWS).astype(object).to_numpy().tolist())
    note = sentence(scene.language, en="The first rows drawn.", ko="그려진 행의 일부입니다.")
    return Grid((a, b, *color), rows, note if len(shown) > MAX_GRID_ROWS else "")


def _scatter_title(scene: Scene, evidence: dict[str, Any], rank: float) -> str:
    if abs(rank) < 0.1:
        en, ko = "{b} does not go with {a}", "{a}(과/와) {b}, 뚜렷한 관계 없음"
    else:
        up = rank > 0
        en = "{b} " + ("rises" if up else "falls") + " as {a} rises"
        ko = "{a}(이/가) 클수록 {b}(은/는) " + ("큼" if up else "작음")
    return sentence(scene.language, en=en, ko=ko, a=evidence["a"], b=evidence["b"])


def _scatter_warning(scene: Scene, evidence: dict[str, Any], *, dense: bool) -> str:
    parts = []
    if evidence["beyond"]:
        parts.append(
            sentence(
                scene.language,
                en="{beyond:,} extreme rows lie outside the range drawn.",
                ko="극단적인 {beyond:,}행은 표시 범위 밖에 있습니다.",
                **evidence,
            )
        )
    if dense:
        parts.append(
            sentence(
                scene.language,
                en="{shown:,} rows are too many for dots: darker cells hold more rows.",
                ko="{shown:,}행은 점으로 그리기에 많아 칸별 행 수를 색의 진하기로 나타냈습니다.",
                **evidence,
            )
        )
    elif evidence["shown"] + evidence["beyond"] < evidence["n"]:
        parts.append(
            sentence(
                scene.language,
                en="{shown:,} of {n:,} rows are drawn at random; trend and correlation are of all rows.",
                ko="{n:,}행 중 {shown:,}행을 무작위로 뽑아 그렸습니다. 추세와 상관은 전체 행의 값입니다.",
                **evidence,
            )
        )
    return " ".join(parts)


def correlation_heatmap(scene: Scene) -> Built:
    """Correlations of the numeric columns, by rank up to `MAX_RANKED` rows and by value beyond."""
    named = [name for name in scene.request.measures if name in scene.whole.numeric]
    names = _varying(scene, named if len(named) > 1 else list(scene.whole.numeric))
    names = (
        sorted(names, key=lambda n: n not in scene.focus.measures)[:MAX_COLUMNS] if len(named) < 2 else names
    )
    if len(names) < (2 if len(named) > 1 else 3):
        return None
    rows = scene.table.rows
    matrix = _matrix(scene, names, rows)
    pairs = [
        (abs(matrix[i, j]), i, j) for i, j in combinations(range(len(names)), 2) if np.isfinite(matrix[i, j])
    ]
    if not pairs:
        return None
    _, i, j = max(pairs, key=lambda p: (p[0], -p[1], -p[2]))
    evidence = {"a": label(names[i]), "b": label(names[j]), "value": plain(matrix[i, j])}
    title = sentence(
        scene.language,
        en="Strongest link: {a} and {b} ({value:.2f})",
        ko="가장 강한 상관: {a}·{b}({value:.2f})",
        **evidence,
    )
    labels = tuple(label(name) for name in names)
    z = tuple(tuple(plain(value) for value in row) for row in matrix)
    return Chart(
        kind="heatmap",
        title=title,
        subtitle=sentence(
            scene.language,
            en="{method} of the numeric columns",
            ko="숫자 열 사이의 {method}",
            method=_method(scene, rows),
        ),
        alt=title + ".",
        x=Axis(kind="category", order=labels),
        y=Axis(kind="category", order=labels),
        marks=(Cells(labels, labels, z, diverging=True, labelled=True),),
        grid=Grid(("", *names), tuple((name, *row) for name, row in zip(names, z, strict=True))),
        evidence=evidence,
    )


def _varying(scene: Scene, names: list[str]) -> list[str]:
    if not names:
        return []
    parts = ", ".join(
        f"count({quoted(n)}) >= {MIN_ROWS} AND min({quoted(n)}) < max({quoted(n)})" for n in names
    )
    flags = scene.table.fetch(parts)[0]
    return [name for name, flag in zip(names, flags, strict=True) if flag]


def _matrix(scene: Scene, names: list[str], rows: int) -> Numbers:
    matrix = np.eye(len(names))
    spots = list(combinations(range(len(names)), 2))
    if rows <= MAX_RANKED:
        frame = scene.table.frame(", ".join(quoted(name) for name in names))
        values = [
            _spearman(frame[names[i]].to_numpy(float), frame[names[j]].to_numpy(float)) for i, j in spots
        ]
    else:
        calls = ", ".join(f"corr({quoted(names[i])}, {quoted(names[j])})" for i, j in spots)
        values = [float("nan") if v is None else float(v) for v in scene.table.fetch(calls)[0]]
    for (i, j), value in zip(spots, values, strict=True):
        matrix[i, j] = matrix[j, i] = value
    return matrix


def _spearman(x: Numbers, y: Numbers) -> float:
    known = np.isfinite(x) & np.isfinite(y)
    a, b = x[known], y[known]
    if a.size < MIN_ROWS or a.min() == a.max() or b.min() == b.max():
        return float("nan")
    return float(stats.spearmanr(a, b).statistic)
