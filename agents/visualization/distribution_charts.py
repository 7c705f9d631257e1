"""Charts of how values are distributed: histogram and boxes by group."""

import numpy as np

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Numbers

from .aggregation import by_category
from .palette import BLUE, VERMILION
from .scene import Built, Scene
from .spec import Axis, Bins, Boxes, Chart, Grid, Line
from .wording import inline, label, level_name, sentence

MAX_BINS = 40
MIN_BINS = 5
MAX_BOXES = 10
MIN_BOX_ROWS = 5


def histogram(scene: Scene) -> Built:
    """How often values of the main measure occur, with the median marked.

    Bin width by Freedman & Diaconis (1981), between 5 and 40 bins; integers of few values get a bin each.
    """
    measure = scene.measure
    if measure is None:
        return None
    values = scene.sheet.numeric[measure]
    known = np.sort(values[np.isfinite(values)])
    if known.size < 8 or known[0] == known[-1]:
        return None
    low, high = view_limits(known)
    inside = known[(known >= low) & (known <= high)]
    edges = bin_edges(inside)
    counts, _ = np.histogram(inside, bins=edges)
    median = float(np.median(known))
    evidence = {"median": plain(median), "mean": plain(known.mean()), "n": int(known.size)}
    beyond = int(known.size - inside.size)
    name = label(measure)
    title = sentence(
        scene.language,
        en="Half of the rows have {name} of at most {median}",
        ko="{name}, 절반의 행이 {median} 이하",
        name=inline(measure, scene.language),
        **evidence,
    )
    rows = sentence(scene.language, en="Rows", ko="행 수")
    median_text = sentence(scene.language, en="Median {median}", ko="중앙값 {median}", median=plain(median))
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
        x=Axis(name),
        y=Axis(rows, zero=True),
        marks=(
            Bins(rows, tuple(plain(e) or 0.0 for e in edges), tuple(float(c) for c in counts), BLUE),
            Line(median_text, (median, median), (0.0, float(counts.max())), VERMILION, dashed=True),
        ),
        grid=Grid(
            (
                sentence(scene.language, en="from", ko="이상"),
                sentence(scene.language, en="to", ko="미만"),
                rows,
            ),
            tuple(
                (plain(low), plain(high), int(count))
                for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
            ),
        ),
        legend=True,
        evidence=evidence | {"beyond": beyond, "low": plain(low), "high": plain(high)},
        warning=_view_warning(scene, beyond, low, high),
    )


def view_limits(known: Numbers) -> tuple[float, float]:
    """The range worth drawing: all values, unless a few far ones would squeeze the rest into less than a
    third of it."""
    low, high = float(np.quantile(known, 0.005)), float(np.quantile(known, 0.995))
    span = high - low
    if span <= 0:
        return float(known.min()), float(known.max())
    far_low, far_high = low - float(known.min()) > span, float(known.max()) - high > span
    return (low if far_low else float(known.min())), (high if far_high else float(known.max()))


def _view_warning(scene: Scene, beyond: int, low: float, high: float) -> str:
    if beyond == 0:
        return ""
    return sentence(
        scene.language,
        en="{beyond:,} extreme rows lie outside the range drawn ({low} to {high}).",
        ko="극단적인 {beyond:,}행은 표시 범위({low} ~ {high}) 밖에 있습니다.",
        beyond=beyond,
        low=plain(low),
        high=plain(high),
    )


def bin_edges(known: Numbers) -> Numbers:
    """Edges of equal width over sorted `known` values: Freedman-Diaconis, or one bin per integer up to
    `MAX_BINS`."""
    low, high = float(known[0]), float(known[-1])
    if bool((known == np.round(known)).all()) and high - low < MAX_BINS:
        return np.arange(low - 0.5, high + 1.0)
    spread = float(np.subtract(*np.quantile(known, [0.75, 0.25])))
    width = 2 * spread / known.size ** (1 / 3)
    count = MIN_BINS if width <= 0 else int(np.clip(np.ceil((high - low) / width), MIN_BINS, MAX_BINS))
    return np.linspace(low, high, count + 1)


def boxes(scene: Scene) -> Built:
    """The spread of the main measure in each group of the main dimension, ordered by median."""
    measure, dimension = scene.measure, scene.dimension
    if measure is None or dimension is None:
        return None
    levels, values = scene.sheet.levels[dimension], scene.sheet.numeric[measure]
    largest = by_category(
        levels, np.where(np.isfinite(values), 1.0, np.nan), scene.other, additive=True, limit=999
    )
    fives: list[tuple[str, Five, int]] = []
    for name, count in zip(largest.names, largest.counts, strict=True):
        if count >= MIN_BOX_ROWS and len(fives) < MAX_BOXES:
            sample = values[(levels.codes == levels.names.index(name)) & np.isfinite(values)]
            fives.append((name, five_numbers(sample), count))
    if len(fives) < 2:
        return None
    fives.sort(key=lambda entry: (-entry[1][2], entry[0]))
    top, bottom = fives[0], fives[-1]
    evidence = {
        "top": level_name(dimension, top[0]),
        "high": top[1][2],
        "bottom": level_name(dimension, bottom[0]),
        "low": bottom[1][2],
    }
    title = sentence(
        scene.language,
        en="Typical {inner} runs from {low} ({bottom}) to {high} ({top})",
        ko="{name} 중앙값, {bottom} {low}에서 {top} {high}까지",
        name=label(measure),
        inner=inline(measure, scene.language),
        **evidence,
    )
    left_out = len(largest.names) - len(fives)
    return Chart(
        kind="box",
        title=title,
        subtitle=sentence(
            scene.language,
            en="{name} by {dimension}: box = middle half, line = median",
            ko="{dimension}별 {name}: 상자는 가운데 절반, 선은 중앙값",
            name=label(measure),
            dimension=label(dimension),
        ),
        alt=title + ".",
        x=Axis(kind="category", order=tuple(entry[0] for entry in fives)),
        y=Axis(label(measure)),
        marks=(_boxes(fives),),
        grid=Grid(
            (dimension, "min*", "Q1", sentence(scene.language, en="median", ko="중앙값"), "Q3", "max*", "n"),
            tuple((name, *five, count) for name, five, count in fives),
            sentence(scene.language, en="* within 1.5 IQR of the box", ko="* 상자에서 1.5 IQR 이내"),
        ),
        evidence=evidence | {"left_out": left_out},
        warning=sentence(
            scene.language,
            en="{n} smaller groups are not shown.",
            ko="작은 집단 {n}개는 표시하지 않았습니다.",
            n=left_out,
        )
        if left_out
        else "",
    )


Five = tuple[float, float, float, float, float]


def five_numbers(sample: Numbers) -> Five:
    """Lower whisker, quartiles, upper whisker; whiskers end at the last value inside 1.5 IQR (Tukey 1977)."""
    q1, median, q3 = (float(q) for q in np.quantile(sample, [0.25, 0.5, 0.75]))
    reach = 1.5 * (q3 - q1)
    inside = sample[(sample >= q1 - reach) & (sample <= q3 + reach)]
    low, high = min(q1, float(inside.min())), max(q3, float(inside.max()))
    first, second, third, fourth, fifth = (plain(number) or 0.0 for number in (low, q1, median, q3, high))
    return first, second, third, fourth, fifth


def _boxes(fives: list[tuple[str, Five, int]]) -> Boxes:
    columns = [tuple(entry[1][index] for entry in fives) for index in range(5)]
    low, q1, median, q3, high = columns
    return Boxes(tuple(entry[0] for entry in fives), low, q1, median, q3, high, BLUE)
