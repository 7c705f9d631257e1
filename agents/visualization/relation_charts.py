"""Charts of how numbers go together: scatter with a trend line, correlation heat map."""

from itertools import combinations
from typing import Any

import numpy as np
from scipy import stats

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Numbers

from .distribution_charts import view_limits
from .palette import BLUE, VERMILION
from .scene import Built, Scene
from .spec import Axis, Cells, Chart, Grid, Line, Points
from .wording import inline, label, sentence

MAX_POINTS = 1500
MAX_GRID_ROWS = 200
MAX_COLUMNS = 10
MIN_ROWS = 8
SEED = 1


def scatter(scene: Scene) -> Built:
    """Two numbers against each other with a trend line.

    The columns are those that the question names (x, y in that order), else the pair with the strongest
    Spearman correlation that the exploration reports and that is not arithmetic. Beyond `MAX_POINTS` rows a
    fixed random sample is drawn; line and correlation are of all rows.
    """
    pair = _pair(scene)
    if pair is None:
        return None
    a, b = pair
    x, y = scene.sheet.numeric[a], scene.sheet.numeric[b]
    known = np.isfinite(x) & np.isfinite(y)
    order = np.lexsort((y[known], x[known]))
    x, y = x[known][order], y[known][order]
    if x.size < MIN_ROWS or x[0] == x[-1] or y.min() == y.max():
        return None
    rank = float(stats.spearmanr(x, y).statistic)
    (left, right), (bottom, top) = view_limits(x), view_limits(y)
    seen = (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
    beyond = int(x.size - seen.sum())
    line = _trend_line(x, y, rank, scene)
    evidence = {"a": inline(a, scene.language), "b": label(b), "spearman": plain(rank), "n": int(x.size)}
    x, y = x[seen], y[seen]
    chosen = _sample(int(x.size))
    evidence |= {"shown": len(chosen), "beyond": beyond}
    title = _scatter_title(scene, evidence, rank)
    points = Points(
        sentence(scene.language, en="Rows", ko="행"),
        tuple(x[chosen].tolist()),
        tuple(y[chosen].tolist()),
        BLUE,
        size=4.0 if len(chosen) > 500 else 6.0,
        opacity=0.3 if len(chosen) > 500 else 0.55,
    )
    return Chart(
        kind="scatter",
        title=title,
        subtitle=sentence(
            scene.language,
            en="Spearman {spearman:.2f} over {n:,} rows",
            ko="스피어만 상관 {spearman:.2f}, {n:,}행",
            **evidence,
        ),
        alt=sentence(
            scene.language,
            en="Scatter plot. {title}; Spearman correlation {spearman:.2f}.",
            ko="산점도입니다. {title}, 스피어만 상관은 {spearman:.2f}입니다.",
            title=title,
            **evidence,
        ),
        x=Axis(label(a)),
        y=Axis(label(b)),
        marks=(points, line),
        grid=Grid(
            (a, b),
            tuple(zip(x[chosen].tolist(), y[chosen].tolist(), strict=True))[:MAX_GRID_ROWS],
            sentence(scene.language, en="The first rows drawn.", ko="그려진 행의 일부입니다.")
            if len(chosen) > MAX_GRID_ROWS
            else "",
        ),
        legend=True,
        evidence=evidence,
        warning=_sample_warning(scene, evidence),
    )


def _trend_line(x: Numbers, y: Numbers, rank: float, scene: Scene) -> Line:
    """Least squares where a line tells as much as ranks do; else the median of y in ten equal parts of x."""
    straight = float(np.corrcoef(x, y)[0, 1])
    if straight**2 >= rank**2 - 0.1 and _inside(x, y):
        fit = stats.linregress(x, y)
        ends = view_limits(x)
        heights = tuple(plain(fit.intercept + fit.slope * end) for end in ends)
        return Line(sentence(scene.language, en="Linear trend", ko="선형 추세"), ends, heights, VERMILION)
    cuts = np.unique(np.quantile(x, np.linspace(0, 1, 11)))
    slot = np.clip(np.searchsorted(cuts, x, side="right") - 1, 0, max(0, len(cuts) - 2))
    middles = [(float(np.median(x[slot == k])), float(np.median(y[slot == k]))) for k in np.unique(slot)]
    name = sentence(scene.language, en="Median of ten equal parts", ko="10등분 구간별 중앙값")
    return Line(name, tuple(m[0] for m in middles), tuple(m[1] for m in middles), VERMILION, markers=True)


def _inside(x: Numbers, y: Numbers) -> bool:
    """Whether a least-squares line stays inside the values that occur."""
    fit = stats.linregress(x, y)
    ends = [fit.intercept + fit.slope * end for end in view_limits(x)]
    return bool(float(y.min()) <= min(ends) and max(ends) <= float(y.max()))


def _pair(scene: Scene) -> tuple[str, str] | None:
    numeric = scene.sheet.numeric
    named = scene.request.measures
    if len(named) >= 2:
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
        usable = [pair for pair in usable if named[0] in pair] or [
            (n, named[0]) for n in numeric if n != named[0]
        ]
    if usable:
        return usable[0]
    others = sorted(numeric, key=lambda n: (scene.sheet.additive(n), n not in scene.focus.measures))
    return (others[0], others[1]) if len(others) >= 2 else None


def _sample(size: int) -> list[int]:
    if size <= MAX_POINTS:
        return list(range(size))
    return sorted(np.random.default_rng(SEED).choice(size, MAX_POINTS, replace=False).tolist())


def _scatter_title(scene: Scene, evidence: dict[str, Any], rank: float) -> str:
    if abs(rank) < 0.1:
        return sentence(
            scene.language,
            en="{b} does not go with {a}",
            ko="{a}(과/와) {b}, 뚜렷한 관계 없음",
            a=evidence["a"],
            b=evidence["b"],
        )
    up = rank > 0
    return sentence(
        scene.language,
        en="{b} " + ("rises" if up else "falls") + " as {a} rises",
        ko="{a}(이/가) 클수록 {b}(은/는) " + ("큼" if up else "작음"),
        a=evidence["a"],
        b=evidence["b"],
    )


def _sample_warning(scene: Scene, evidence: dict[str, Any]) -> str:
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
    if evidence["shown"] + evidence["beyond"] < evidence["n"]:
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
    """Spearman correlations of the numeric columns."""
    sheet = scene.sheet
    names = [
        n
        for n, v in sheet.numeric.items()
        if np.isfinite(v).sum() >= MIN_ROWS and np.nanmin(v) < np.nanmax(v)
    ]
    names = sorted(names, key=lambda n: n not in scene.focus.measures)[:MAX_COLUMNS]
    if len(names) < 3:
        return None
    matrix = np.eye(len(names))
    for i, j in combinations(range(len(names)), 2):
        matrix[i, j] = matrix[j, i] = _spearman(sheet.numeric[names[i]], sheet.numeric[names[j]])
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
            en="Spearman correlation of the numeric columns",
            ko="숫자 열 사이의 스피어만 상관",
        ),
        alt=title + ".",
        x=Axis(kind="category", order=labels),
        y=Axis(kind="category", order=labels),
        marks=(Cells(labels, labels, z, diverging=True, labelled=True),),
        grid=Grid(("", *names), tuple((name, *row) for name, row in zip(names, z, strict=True))),
        evidence=evidence,
    )


def _spearman(x: Numbers, y: Numbers) -> float:
    known = np.isfinite(x) & np.isfinite(y)
    a, b = x[known], y[known]
    if a.size < MIN_ROWS or a.min() == a.max() or b.min() == b.max():
        return float("nan")
    return float(stats.spearmanr(a, b).statistic)
