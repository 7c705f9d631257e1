"""What the development over time says, in sentences."""

from typing import Any

from mesh.language import Language
from mesh.results import Finding

from .wording import p_part, tell

ALPHA = 0.05
UNCHANGED = 0.0005
"""A change below this is printed as 0.0 %, which is neither a rise nor a fall."""


def time_findings(time: dict[str, Any] | None, language: Language) -> list[Finding]:
    """Growth, trend, season, weekday, best and worst period of each measure, the first measure weighing
    most."""
    if time is None:
        return []
    found: list[Finding] = []
    for position, measure in enumerate(time["measures"]):
        weight = 1.0 if position == 0 else 0.6
        parts = [
            *_growth(measure, language),
            *_trend(measure, time["frequency"], ALPHA / len(time["measures"]), language),
            *_season(measure, "seasonality", language),
            *_season(measure, "weekday", language),
            *_extremes(measure, language),
        ]
        found += [part.model_copy(update={"importance": part.importance * weight}) for part in parts]
    return found


def _growth(measure: dict[str, Any], language: Language) -> list[Finding]:
    trend = measure["trend"]
    if trend["change_ratio"] is None:
        return []
    up = trend["change_ratio"] >= 0
    yearly = trend["change_basis"] == "year"
    values: dict[str, Any] = {
        "name": measure["name"],
        "start": int(trend["change_from"]) if yearly else trend["change_from"],
        "end": int(trend["change_to"]) if yearly else trend["change_to"],
        "first_value": trend["first_value"],
        "last_value": trend["last_value"],
    }
    if abs(trend["change_ratio"]) < UNCHANGED:
        return [_unchanged(values, language, yearly=yearly), *_last_year(measure, language)]
    values["change"] = abs(trend["change_ratio"])
    usual = trend.get("clear") is False
    within_en, within_ko = (
        (", within its usual ups and downs", " 평소의 변동 폭 안입니다.") if usual else ("", "")
    )
    found = [
        tell(
            language,
            en="{name} " + ("rose" if up else "fell") + " by {change:.1%}, from {first_value} in {start} to"
            " {last_value} in {end}" + within_en + ".",
            ko="{name}(은/는) "
            + ("{start}년 {first_value}에서 {end}년 " if yearly else "{start} {first_value}에서 {end} ")
            + "{last_value}(으로/로) {change:.1%} "
            + ("늘었습니다." if up else "줄었습니다.")
            + within_ko,
            importance=0.5 if usual else 0.8 + min(0.1, abs(trend["change_ratio"]) / 5),
            kind="growth",
            **values,
        )
    ]
    return found + _last_year(measure, language)


def _unchanged(values: dict[str, Any], language: Language, *, yearly: bool) -> Finding:
    return tell(
        language,
        en="{name} is unchanged between {start} ({first_value}) and {end} ({last_value}).",
        ko="{name}(은/는) "
        + (
            "{start}년({first_value})과 {end}년({last_value}) 사이에 "
            if yearly
            else "{start}({first_value})에서 {end}({last_value})까지 "
        )
        + "변화가 없습니다.",
        importance=0.8,
        kind="growth",
        **values,
    )


def _last_year(measure: dict[str, Any], language: Language) -> list[Finding]:
    years = [record for record in measure["years"] if record["growth"] is not None]
    if len(years) < 2:
        return []
    last = years[-1]
    if abs(last["growth"]) < UNCHANGED:
        return [
            tell(
                language,
                en="In {year}, {name} was unchanged from the year before.",
                ko="{year}년 {name}(은/는) 전년과 같은 수준이었습니다.",
                importance=0.66,
                kind="growth",
                year=last["year"],
                name=measure["name"],
            )
        ]
    up = last["growth"] >= 0
    return [
        tell(
            language,
            en="In {year}, {name} was {growth:.1%} " + ("above" if up else "below") + " the year before.",
            ko="{year}년 {name}(은/는) 전년보다 {growth:.1%} " + ("많았습니다." if up else "적었습니다."),
            importance=0.66,
            kind="growth",
            year=last["year"],
            name=measure["name"],
            growth=abs(last["growth"]),
        )
    ]


PERIOD_WORDS: dict[str, tuple[str, str]] = {
    "h": ("hour", "매시간"),
    "D": ("day", "매일"),
    "W": ("week", "매주"),
    "MS": ("month", "매월"),
    "QS": ("quarter", "매 분기"),
    "YS": ("year", "매년"),
}


def _trend(measure: dict[str, Any], grain: str, alpha: float, language: Language) -> list[Finding]:
    trend = measure["trend"]
    if trend["p"] is None:
        return []
    chance, p_values = p_part(trend["p"])
    english, korean = PERIOD_WORDS[grain]
    if trend["p"] >= alpha:
        return [
            tell(
                language,
                en="{name} has no statistically clear trend over the whole span (" + chance + ").",
                ko="{name}에는 전체 기간에 걸친 통계적으로 뚜렷한 추세가 없습니다(" + chance + ").",
                importance=0.55,
                kind="trend",
                name=measure["name"],
                **p_values,
            )
        ]
    up = trend["slope_per_period"] > 0
    return [
        tell(
            language,
            en="{name} "
            + ("rises" if up else "falls")
            + f" by {{slope}} per {english} on average ("
            + chance
            + ").",
            ko="{name}(은/는) "
            f"{korean} 평균 {{slope}}씩 " + ("늘어납니다(" if up else "줄어듭니다(") + chance + ").",
            importance=0.5 + 0.2 * float(trend["r_squared"] or 0),
            kind="trend",
            name=measure["name"],
            slope=abs(trend["slope_per_period"]),
            **p_values,
        )
    ]


def _season(measure: dict[str, Any], key: str, language: Language) -> list[Finding]:
    season = measure[key]
    if season is None:
        return []
    weekly = key == "weekday"
    english, korean = ("weekly", "요일") if weekly else ("yearly", "연간 계절")
    kind = "weekday" if weekly else "season"
    if not season["seasonal"]:
        chance, p_values = p_part(season["p"])
        return [
            tell(
                language,
                en=f"{{name}} shows no convincing {english} pattern (STL strength {{strength:.2f}}, "
                f"{chance}).",
                ko=f"{{name}}에서는 뚜렷한 {korean} 패턴이 확인되지 않습니다(STL 강도 {{strength:.2f}}, "
                f"{chance}).",
                importance=0.3 if weekly else 0.5,
                kind=kind,
                name=measure["name"],
                strength=season["strength"],
                **p_values,
            )
        ]
    rows = [row for row in season["profile"] if row["index"] is not None]
    if not rows:
        return _season_without_index(measure, season, english, korean, kind, language)
    high, low = max(rows, key=lambda r: r["index"]), min(rows, key=lambda r: r["index"])
    return [
        tell(
            language,
            en=f"{{name}} has a clear {english} pattern (STL strength {{strength:.2f}}): {{high}} runs "
            f"{{above:.1%}} above"
            " trend, {low} {below:.1%} below it.",
            ko=f"{{name}}에는 뚜렷한 {korean} 패턴이 있습니다(STL 강도 {{strength:.2f}}). {{high}}(은/는) "
            f"추세보다 {{above:.1%}} 높고, "
            "{low}(은/는) {below:.1%} 낮습니다.",
            importance=(0.5 if weekly else 0.62)
            + 0.25 * season["strength"] * min(1.0, 2 * (high["index"] - low["index"])),
            kind=kind,
            name=measure["name"],
            strength=season["strength"],
            high=high["label"],
            above=high["index"] - 1,
            low=low["label"],
            below=1 - low["index"],
        )
    ]


def _season_without_index(
    measure: dict[str, Any], season: dict[str, Any], english: str, korean: str, kind: str, language: Language
) -> list[Finding]:
    rows = [row for row in season["profile"] if row["value"] is not None]
    high, low = max(rows, key=lambda r: r["value"]), min(rows, key=lambda r: r["value"])
    return [
        tell(
            language,
            en=f"{{name}} has a clear {english} pattern (STL strength {{strength:.2f}}): highest in "
            f"{{high}}, lowest in {{low}}.",
            ko=f"{{name}}에는 뚜렷한 {korean} 패턴이 있습니다(STL 강도 {{strength:.2f}}). {{high}}에 가장 "
            f"높고 {{low}}에 가장 낮습니다.",
            importance=0.6,
            kind=kind,
            name=measure["name"],
            strength=season["strength"],
            high=high["label"],
            low=low["label"],
        )
    ]


def _extremes(measure: dict[str, Any], language: Language) -> list[Finding]:
    best, worst = measure["best"], measure["worst"]
    if best is None or worst is None or best["label"] == worst["label"]:
        return []
    return [
        tell(
            language,
            en="{name} was highest in {best} ({best_value}) and lowest in {worst} ({worst_value}).",
            ko="{name}(이/가) 가장 높았던 기간은 {best}({best_value}), 가장 낮았던 기간은 "
            "{worst}({worst_value})입니다.",
            importance=0.5,
            kind="extremes",
            name=measure["name"],
            best=best["label"],
            best_value=best["value"],
            worst=worst["label"],
            worst_value=worst["value"],
        )
    ]
