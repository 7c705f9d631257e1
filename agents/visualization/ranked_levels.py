"""Levels in order of a measure, and what a chart of them says: title, alt text, table, warning."""

import numpy as np

from mesh.tabular.plain import plain

from .aggregation import Ranked, by_category
from .scene import Scene
from .spec import Grid
from .wording import inline, label, level_name, sentence

MAX_BARS = 12


def rank_levels(
    scene: Scene, dimension: str, measure: str | None, limit: int, smallest: float = 0.0
) -> Ranked | None:
    """`measure` (or rows) by the levels of `dimension`, largest first; None when nothing is known."""
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


def leading_share(scene: Scene, ranked: Ranked) -> float | None:
    """The first level's share of the total; None where the measure does not add up."""
    additive = scene.measure is None or scene.sheet.additive(scene.measure)
    return plain(ranked.values[0] / ranked.total) if additive and ranked.total > 0 else None


def ranking_title(
    scene: Scene, dimension: str, measure: str | None, ranked: Ranked, share: float | None
) -> tuple[str, dict[str, object]]:
    """What a ranking says, and the numbers it says it with."""
    first = 1 if ranked.other and ranked.names[0] == scene.other and len(ranked.names) > 1 else 0
    evidence: dict[str, object] = {
        "top": level_name(dimension, ranked.names[first]),
        "value": ranked.values[first],
    }
    what = amount_text(scene, measure)
    if share is not None:
        evidence["share"] = plain(ranked.values[first] / ranked.total)
        en, ko = "{top} makes up {share:.1%} of {what}", "{what}의 {share:.1%}가 {top}"
    else:
        en, ko = "{top} has the highest {what}: {value}", "{what}, {top}(이/가) {value}(으로/로) 가장 높음"
    inside = what.lower() if scene.language == "en" and measure is None else what
    return sentence(scene.language, en=en, ko=ko, what=inside, **evidence), evidence


def amount_text(scene: Scene, measure: str | None) -> str:
    """What is ranked: `total revenue`, `mean price`, `rows`."""
    if measure is None:
        return sentence(scene.language, en="Rows", ko="행 수")
    word = scene.aggregation(measure)[1]
    if scene.language == "ko":
        return f"{label(measure)} {word}"
    return f"{word} {inline(measure, scene.language)}"


def by_text(scene: Scene, what: str, dimension: str) -> str:
    """The subtitle: what, by which dimension."""
    if scene.language == "ko":
        return f"{label(dimension)}별 {what}"
    return f"{what[:1].upper()}{what[1:]} by {label(dimension)}"


def ranking_alt(scene: Scene, title: str, ranked: Ranked) -> str:
    """What a person who cannot see the bars is told."""
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


def ranked_grid(dimension: str, what: str, ranked: Ranked) -> Grid:
    """The table behind a ranking."""
    return Grid((dimension, what, "n"), tuple(zip(ranked.names, ranked.values, ranked.counts, strict=True)))


def other_warning(scene: Scene, ranked: Ranked) -> str:
    """How many levels the last row stands for; empty when none."""
    if not ranked.other:
        return ""
    return sentence(
        scene.language,
        en="{count} smaller categories are drawn together as {other}.",
        ko="작은 항목 {count}개는 {other}(으로/로) 묶었습니다.",
        count=ranked.other,
        other=scene.other,
    )
