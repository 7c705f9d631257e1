"""Charts of how values are distributed: histogram, boxes and violins by group; counted and ranked where the rows are."""

import math
from typing import Any

import numpy as np

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Numbers

from .captions import group_name, key_label
from .keys import Key, key_order, key_sql, key_texts
from .palette import BLUE, VERMILION
from .scene import Built, Scene
from .spec import Axis, Bins, Boxes, Chart, Grid, Line, Violins
from .sql import literal, quoted
from .table import sampled
from .wording import inline, label, sentence

MAX_BINS = 40
MIN_BINS = 5
MAX_BOXES = 12
MIN_BOX_ROWS = 5
MIN_ROWS = 8
VIOLIN_STEPS = 48
SAMPLE = 50_000
"""About so many rows tell the quantiles that only bound a drawing."""
SKEWED = 20.0
"""A positive measure whose 99th percentile is this many times its median is easier to read in factors."""


def histogram(scene: Scene) -> Built:
    """How often values of the measure occur, with the median marked.

    Bin width by Freedman & Diaconis (1981), between 5 and 40 bins; integers of few values get a bin each. On a log scale
    the bins are of equal factors.
    """
    measure = scene.column
    if measure is None or measure not in scene.whole.numeric:
        return None
    facts = number_facts(scene, measure)
    if facts is None or facts["n"] < MIN_ROWS or facts["low"] == facts["high"]:
        return None
    log = scene.request.log and facts["low"] > 0
    low, high = (facts["low"], facts["high"]) if log else (facts["left"], facts["right"])
    edges = _log_edges(low, high) if log else _edges(facts, low, high)
    counts = _counts(scene, measure, edges, log=log)
    beyond = int(facts["n"] - sum(counts))
    evidence = {"median": facts["median"], "mean": facts["mean"], "n": int(facts["n"])}
    name = label(measure)
    title = sentence(
        scene.language,
        en="Half of the rows have {name} of at most {median}",
        ko="{name}, 절반의 행이 {median} 이하",
        name=inline(measure, scene.language),
        **evidence,
    )
    rows = sentence(scene.language, en="Rows", ko="행 수")
    median_text = sentence(scene.language, en="Median {median}", ko="중앙값 {median}", median=facts["median"])
    return Chart(
        kind="histogram",
        title=title,
        subtitle=sentence(
            scene.language,
            en="Rows by {name}; mean {mean}, median {median}",
            ko="{name}의 분포, 평균 {mean}, 중앙값 {median}",
            name=name,
            **evidence,
        ),
        alt=sentence(
            scene.language,
            en="{title}. The mean of {n:,} values is {mean}.",
            ko="{title}. 값 {n:,}개의 평균은 {mean}입니다.",
            title=title,
            **evidence,
        ),
        x=Axis(name, log=log),
        y=Axis(rows, zero=True),
        marks=(
            Bins(rows, tuple(plain(e) or 0.0 for e in edges), tuple(float(c) for c in counts), BLUE),
            Line(
                median_text,
                (facts["median"], facts["median"]),
                (0.0, float(max(counts))),
                VERMILION,
                dashed=True,
            ),
        ),
        grid=Grid(
            (
                sentence(scene.language, en="from", ko="이상"),
                sentence(scene.language, en="to", ko="미만"),
                rows,
            ),
            tuple((plain(a), plain(b), c) for a, b, c in zip(edges[:-1], edges[1:], counts, strict=True)),
        ),
        legend=True,
        evidence=evidence | {"beyond": beyond, "low": plain(low), "high": plain(high), "times": SKEWED},
        warning=_view_warning(scene, facts, beyond, low, high, log=log),
    )


def number_facts(scene: Scene, name: str, *, exact: bool = True) -> dict[str, float] | None:
    """Extent, mean, quantiles and the range worth drawing (`left` to `right`) of a column; None without values.

    Quantiles that are not to be `exact` come from a fixed sample of the rows: enough for a range, and much faster on many.
    The range leaves out a few far values that would squeeze the rest into less than a third of it.
    """
    column = quoted(name)
    row = scene.table.fetch(
        f"count({column}), min({column}), max({column}), avg({column}), bool_and({column} = round({column}))"
    )[0]
    if not row[0]:
        return None
    low, high = float(row[1]), float(row[2])
    where = "TRUE" if exact else sampled(scene.table.rows // SAMPLE)
    found = scene.table.fetch(f"quantile_cont({column}, [0.005, 0.25, 0.5, 0.75, 0.99, 0.995])", where=where)[
        0
    ][0]
    near, q1, median, q3, p99, far = (float(q) for q in found or (low, low, low, high, high, high))
    span = far - near
    return {
        "n": float(row[0]),
        "low": low,
        "high": high,
        "mean": plain(row[3]) or 0.0,
        "median": plain(median) or 0.0,
        "q1": q1,
        "q3": q3,
        "p99": p99,
        "whole": float(bool(row[4])),
        "left": near if span > 0 and near - low > span else low,
        "right": far if span > 0 and high - far > span else high,
    }


def _edges(facts: dict[str, float], low: float, high: float) -> Numbers:
    """Edges of equal width: Freedman-Diaconis, or one bin per integer up to `MAX_BINS`."""
    if facts["whole"] and high - low < MAX_BINS:
        return np.arange(low - 0.5, high + 1.0)
    width = 2 * (facts["q3"] - facts["q1"]) / facts["n"] ** (1 / 3)
    count = MIN_BINS if width <= 0 else int(np.clip(np.ceil((high - low) / width), MIN_BINS, MAX_BINS))
    return np.linspace(low, high, count + 1)


def _log_edges(low: float, high: float) -> Numbers:
    return np.geomspace(low, high, int(np.clip(round(math.log10(high / low) * 8), MIN_BINS, MAX_BINS)) + 1)


def _counts(scene: Scene, name: str, edges: Numbers, *, log: bool) -> list[int]:
    """Rows per bin, counted in one pass; the last bin holds its upper edge."""
    column, bins = quoted(name), len(edges) - 1
    low, high = float(edges[0]), float(edges[-1])
    place = (
        f"(ln({column}) - {math.log(low)!r}) / {math.log(high / low)!r}"
        if log
        else f"({column} - {low!r}) / {high - low!r}"
    )
    found = scene.table.fetch(
        f"least({bins - 1}, CAST(floor(({place}) * {bins}) AS INTEGER)), count(*)",
        "GROUP BY 1",
        f"{column} BETWEEN {low!r} AND {high!r}",
    )
    counts = dict(found)
    return [int(counts.get(index, 0)) for index in range(bins)]


def _view_warning(
    scene: Scene, facts: dict[str, float], beyond: int, low: float, high: float, *, log: bool
) -> str:
    parts = []
    if beyond > 0:
        parts.append(
            sentence(
                scene.language,
                en="{beyond:,} extreme rows lie outside the range drawn ({low} to {high}).",
                ko="극단적인 {beyond:,}행은 표시 범위({low} ~ {high}) 밖에 있습니다.",
                beyond=beyond,
                low=plain(low),
                high=plain(high),
            )
        )
    if scene.request.log and not log:
        parts.append(
            sentence(
                scene.language,
                en="Values of zero and below have no place on a log scale, so the scale is linear.",
                ko="0 이하의 값은 로그 축에 놓을 수 없어 선형 축으로 그렸습니다.",
            )
        )
    elif not log and facts["low"] > 0 and facts["p99"] > SKEWED * facts["median"]:
        parts.append(
            sentence(
                scene.language,
                en="The values are very uneven (1 in 100 is over {times} times the median); a log scale would show more.",
                ko="값이 매우 치우쳐 있어(100개 중 1개가 중앙값의 {times}배 이상) 로그 축이 더 잘 보여 줄 수 있습니다.",
                times=SKEWED,
            )
        )
    return " ".join(parts)


Five = tuple[float, float, float, float, float]


def group_fives(scene: Scene, measure: str, key: Key) -> list[tuple[object, Five, int]]:
    """Lower whisker, quartiles, upper whisker and rows of each group, most rows first.

    Whiskers end at the last value inside 1.5 IQR (Tukey 1977); quartiles are exact.
    """
    column, sql = quoted(measure), key_sql(key, scene.table)
    known = f"{column} IS NOT NULL AND ({sql}) IS NOT NULL"
    quartiles = scene.table.fetch(
        f"{sql} AS k, quantile_cont({column}, [0.25, 0.5, 0.75]), count(*)",
        f"GROUP BY 1 HAVING count(*) >= {MIN_BOX_ROWS} ORDER BY 3 DESC, 1 LIMIT {MAX_BOXES}",
        known,
    )
    if not quartiles:
        return []
    cases = []
    for _, (q1, _median, q3), _n in quartiles:
        reach = 1.5 * (q3 - q1)
        inside = f"{column} BETWEEN {q1 - reach!r} AND {q3 + reach!r}"
        cases.append(f"min({column}) FILTER ({inside}), max({column}) FILTER ({inside})")
    result: list[tuple[object, Five, int]] = []
    keyed = ", ".join(_only(case, sql, row[0]) for case, row in zip(cases, quartiles, strict=True))
    ends = scene.table.fetch(keyed, where=known)[0]
    for place, (name, (q1, median, q3), n) in enumerate(quartiles):
        low, high = min(q1, ends[2 * place]), max(q3, ends[2 * place + 1])
        first, second, third, fourth, fifth = (plain(v) or 0.0 for v in (low, q1, median, q3, high))
        result.append((name, (first, second, third, fourth, fifth), int(n)))
    return result


def _only(case: str, sql: str, value: object) -> str:
    return case.replace("FILTER (", f"FILTER (({sql}) = {literal(value)} AND ")


def boxes(scene: Scene) -> Built:
    """The spread of the measure in each group, as boxes or violins, in an order of their own or by median."""
    measure = scene.column
    if measure is None or not scene.keys or measure not in scene.whole.numeric:
        return None
    key = scene.keys[0]
    fives = group_fives(scene, measure, key)
    if not fives:
        return None
    natural = key_order(key, [entry[0] for entry in fives])
    if natural is not None:
        fives.sort(key=lambda entry: natural.index(entry[0]))
    else:
        fives.sort(key=lambda entry: (-entry[1][2], str(entry[0])))
    names = tuple(key_texts(key, [entry[0] for entry in fives], scene.table, scene.language))
    medians = [entry[1][2] for entry in fives]
    top, bottom = int(np.argmax(medians)), int(np.argmin(medians))
    differ = medians[top] > medians[bottom]
    evidence: dict[str, Any] = {
        "top": group_name(scene, key, names[top]),
        "high": medians[top],
        "bottom": group_name(scene, key, names[bottom]),
        "low": medians[bottom],
    }
    title = sentence(
        scene.language,
        en="Typical {inner} runs from {low} ({bottom}) to {high} ({top})"
        if differ
        else "Typical {inner} is {high} in every group",
        ko="{name} 중앙값, {bottom} {low}에서 {top} {high}까지"
        if differ
        else "모든 집단의 {name} 중앙값이 {high}(으로/로) 같음",
        name=label(measure),
        inner=inline(measure, scene.language),
        **evidence,
    )
    total = int(
        scene.table.fetch(
            f"count(DISTINCT {key_sql(key, scene.table)})", where=f"{quoted(measure)} IS NOT NULL"
        )[0][0]
    )
    left_out = total - len(fives)
    violin = scene.request.form == "violin"
    mark = _violins(scene, measure, key, fives, names) if violin else _boxes(fives, names)
    median_word = sentence(scene.language, en="median", ko="중앙값")
    return Chart(
        kind="violin" if violin else "box",
        title=title,
        subtitle=_subtitle(scene, measure, key, violin=violin),
        alt=title + ".",
        x=Axis(kind="category", order=names),
        y=Axis(label(measure), log=scene.request.log and min(entry[1][0] for entry in fives) > 0),
        marks=(mark,),
        grid=Grid(
            (key.name, "min*", "Q1", median_word, "Q3", "max*", "n"),
            tuple((name, *five, n) for name, (_, five, n) in zip(names, fives, strict=True)),
            sentence(scene.language, en="* within 1.5 IQR of the box", ko="* 상자에서 1.5 IQR 이내"),
        ),
        evidence=evidence | {"left_out": left_out},
        warning=sentence(
            scene.language,
            en="{n} smaller groups are not shown.",
            ko="작은 집단 {n}개는 표시하지 않았습니다.",
            n=left_out,
        )
        if left_out > 0
        else "",
    )


def _subtitle(scene: Scene, measure: str, key: Key, *, violin: bool) -> str:
    return sentence(
        scene.language,
        en="{name} by {dimension}: width = how common, line = median"
        if violin
        else "{name} by {dimension}: box = middle half, line = median",
        ko="{dimension}별 {name}: 폭은 빈도, 선은 중앙값"
        if violin
        else "{dimension}별 {name}: 상자는 가운데 절반, 선은 중앙값",
        name=label(measure),
        dimension=key_label(key, scene),
    )


def _boxes(fives: list[tuple[object, Five, int]], names: tuple[str, ...]) -> Boxes:
    columns = [tuple(entry[1][index] for entry in fives) for index in range(5)]
    low, q1, median, q3, high = columns
    return Boxes(names, low, q1, median, q3, high, BLUE)


def _violins(
    scene: Scene, measure: str, key: Key, fives: list[tuple[object, Five, int]], names: tuple[str, ...]
) -> Violins:
    """Densities from counts in narrow bins, smoothed by a normal kernel with Silverman's (1986) width."""
    low, high = min(entry[1][0] for entry in fives), max(entry[1][4] for entry in fives)
    span = (high - low) or 1.0
    column, sql = quoted(measure), key_sql(key, scene.table)
    rows = scene.table.fetch(
        f"{sql}, least({VIOLIN_STEPS - 1}, CAST(floor(({column} - {low!r}) / {span!r} * {VIOLIN_STEPS}) AS INTEGER)), count(*)",
        "GROUP BY 1, 2",
        f"{column} BETWEEN {low!r} AND {high!r} AND ({sql}) IS NOT NULL",
    )
    centers = low + (np.arange(VIOLIN_STEPS) + 0.5) * span / VIOLIN_STEPS
    places, widths = [], []
    for name, five, n in fives:
        counts = np.zeros(VIOLIN_STEPS)
        for level, place, count in rows:
            if level == name:
                counts[place] = count
        spread = (five[3] - five[1]) / 1.34 or span / VIOLIN_STEPS
        width = max(0.9 * spread * n**-0.2, span / VIOLIN_STEPS * 0.75)
        kernel = np.exp(-0.5 * ((centers[:, None] - centers[None, :]) / width) ** 2)
        density = kernel @ counts
        inside = (centers >= five[0] - span / VIOLIN_STEPS) & (centers <= five[4] + span / VIOLIN_STEPS)
        places.append(tuple(plain(c) or 0.0 for c in centers[inside]))
        widths.append(tuple(plain(w) or 0.0 for w in density[inside] / (density[inside].max() or 1.0)))
    return Violins(names, tuple(places), tuple(widths), tuple(entry[1][2] for entry in fives), BLUE)
