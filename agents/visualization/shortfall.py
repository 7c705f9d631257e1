"""What a reader of the charts must be told that no chart says: periods that are not drawn, columns left out."""

from collections.abc import Sequence

from mesh.language import say
from mesh.tabular.lexicon import GRAINS as GRAIN_TERMS
from mesh.tabular.lexicon import words
from mesh.tabular.oversize import oversize_note
from mesh.tabular.periods import COARSENESS

from .period_text import GRAINS
from .scene import Scene
from .spec import Chart

PERIOD_COLUMNS = {
    "D": {"day", "일"},
    "W": {"week", "주", "주차"},
    "MS": {"month", "월"},
    "QS": {"quarter", "분기"},
    "YS": {"year", "연도", "년도", "년"},
}


def shortfall(scene: Scene, charts: Sequence[Chart]) -> str:
    """The sentences that say so; empty when the charts show all that was asked for."""
    parts = [_undrawn_period(scene, charts)]
    if scene.whole.oversized:
        parts.append(oversize_note(scene.language, scene.whole.oversized))
    return " ".join(part for part in parts if part)


def _undrawn_period(scene: Scene, charts: Sequence[Chart]) -> str:
    asked = scene.request.grain
    if asked is None or _named_by_a_column(scene, asked):
        return ""
    names = {"asked": GRAINS[scene.language][asked]}
    date = scene.request.date or scene.focus.date
    if date is None and any(len(scene.whole.known_days(name)) == 1 for name in scene.whole.dates):
        return say(
            scene.language,
            en="All rows have the same date, so nothing is drawn by {asked}.",
            ko="모든 행의 날짜가 같아 {asked} 그래프는 그릴 수 없습니다.",
            **names,
        )
    if date is None:
        return say(
            scene.language,
            en="The data have no column that reads as dates, so nothing is drawn by {asked}.",
            ko="날짜로 읽을 수 있는 열이 없어 {asked} 그래프는 그릴 수 없습니다.",
            **names,
        )
    if any(name.endswith(f"({date})") for chart in charts for name in chart.request.get("dimensions", ())):
        return ""
    if not any("first" in chart.evidence and "last" in chart.evidence for chart in charts):
        return say(
            scene.language,
            en="These charts do not show the data by {asked}.",
            ko="이 그래프에는 {asked} 변화가 나타나 있지 않습니다.",
            **names,
        )
    drawn = scene.asking(scene.request.but(date=date)).grain or asked
    if COARSENESS.index(drawn) <= COARSENESS.index(asked):
        return ""
    return say(
        scene.language,
        en="The dates do not allow a chart by {asked}; it is drawn by {drawn}.",
        ko="날짜 간격이나 기간 때문에 {asked}(으로/로) 그릴 수 없어 {drawn}(으로/로) 그렸습니다.",
        drawn=GRAINS[scene.language][drawn],
        **names,
    )


def _named_by_a_column(scene: Scene, grain: str) -> bool:
    """Whether a category such as `month` or `월` stands for the period."""
    known = PERIOD_COLUMNS.get(grain, set()) | set(GRAIN_TERMS.get(grain, ()))
    return any(known & set(words(name)) for name in (*scene.whole.levels_known, *scene.whole.numeric))
