"""What a comparison found, in sentences and tables: the verdict first, then how sure it is and what it stands on."""

from typing import Any

from mesh.language import Language, say
from mesh.results import Finding

from .group_figures import (
    detectable_words,
    effect_words,
    extremes,
    gap_words,
    group_value,
    outcome_name,
    value_key,
    value_words,
)
from .group_question import GroupQuestion
from .wording import TEST_NAMES, effect_step, p_part, tell

ALPHA = 0.05
MAX_TOLD = 6
MAX_PAIRS_TOLD = 3


def tell_comparison(
    tests: list[dict[str, Any]], question: GroupQuestion, language: Language
) -> list[Finding]:
    """The verdict of each test, differences before null results; what they assume comes last."""
    if not tests:
        about = ", ".join(question.pair or (*question.groupings, *question.outcomes))
        return [
            tell(
                language,
                en="{about} cannot be compared: there are fewer than two groups with enough rows, or nothing varies.",
                ko="{about}(은/는) 비교할 수 없습니다. 행이 충분한 집단이 둘 미만이거나 값이 모두 같습니다.",
                importance=0.9,
                kind="comparison",
                about=about,
            )
        ]
    order = sorted(
        tests, key=lambda t: (t["p_adjusted"] >= ALPHA, -effect_step(t["effect_name"], t["effect"]))
    )
    found: list[Finding] = []
    for position, test in enumerate(order[:MAX_TOLD]):
        parts = [verdict(test, language), *_pairs(test, language)]
        found += [part.model_copy(update={"importance": part.importance - 0.08 * position}) for part in parts]
    found += [_assumptions(order[0], language)]
    if len(tests) > 1:
        found.append(_correction(tests, language))
    return sorted(found, key=lambda f: -f.importance)


def verdict(test: dict[str, Any], language: Language) -> Finding:
    """Whether the groups of one test differ, by how much, with what certainty."""
    if test["p_adjusted"] >= ALPHA:
        return _nothing_shown(test, language)
    chance, p_values = p_part(test["p_adjusted"])
    high, low, value = extremes(test)
    words_en, words_ko = value_words(test)
    gap_en, gap_ko, gap = gap_words(test)
    size_en, size_ko, size = effect_words(test, language)
    weak = effect_step(test["effect_name"], test["effect"]) == 0 and value_key(test) != "rate"
    return tell(
        language,
        en="{measure} differs significantly by {group}: "
        + words_en
        + " {high_value"
        + value
        + "} for {high} against "
        "{low_value" + value + "} for {low}" + gap_en + " ({test}, " + chance + "; " + size_en + ").",
        ko="{measure}(은/는) {group}에 따라 유의하게 다릅니다. "
        + words_ko
        + " {high} {high_value"
        + value
        + "}, {low} "
        "{low_value" + value + "}입니다" + gap_ko + "({test}, " + chance + "; " + size_ko + ").",
        importance=0.85 if weak else 0.95,
        kind="comparison",
        measure=outcome_name(test),
        group=_grouping(test, language),
        high=high["name"],
        high_value=group_value(test, high),
        low=low["name"],
        low_value=group_value(test, low),
        test=TEST_NAMES[test["test"]],
        **gap,
        **size,
        **p_values,
    )


def _grouping(test: dict[str, Any], language: Language) -> str:
    if test["assumptions"].get("paired"):
        return say(language, en="time of measurement", ko="측정 시점")
    return str(test["group"])


def _nothing_shown(test: dict[str, Any], language: Language) -> Finding:
    chance, p_values = p_part(test["p_adjusted"])
    high, low, value = extremes(test)
    words_en, words_ko = value_words(test)
    need_en, need_ko, need = detectable_words(test)
    return tell(
        language,
        en="No difference in {measure} by {group} could be shown: "
        + words_en
        + " {high_value"
        + value
        + "} for {high} against {low_value"
        + value
        + "} for {low} ({test}, "
        + chance
        + ")"
        + need_en
        + ".",
        ko="{group}에 따른 {measure} 차이는 확인되지 않았습니다. "
        + words_ko
        + " {high} {high_value"
        + value
        + "}, {low} "
        "{low_value" + value + "}입니다({test}, " + chance + ")" + need_ko + ".",
        importance=0.8,
        kind="comparison",
        measure=outcome_name(test),
        group=_grouping(test, language),
        high=high["name"],
        high_value=group_value(test, high),
        low=low["name"],
        low_value=group_value(test, low),
        test=TEST_NAMES[test["test"]],
        **need,
        **p_values,
    )


def _pairs(test: dict[str, Any], language: Language) -> list[Finding]:
    """Which of more than two groups differ from which, at most `MAX_PAIRS_TOLD` by name."""
    pairs = test["pairs"]
    if test["p_adjusted"] >= ALPHA or not pairs:
        return []
    clear = sorted((p for p in pairs if p["p_adjusted"] < ALPHA), key=lambda p: -abs(p["difference"]))
    named = ", ".join(
        f"{p['a']} > {p['b']}" if p["difference"] > 0 else f"{p['b']} > {p['a']}"
        for p in clear[:MAX_PAIRS_TOLD]
    )
    return [
        tell(
            language,
            en="Pair by pair, {clear} of {pairs} differ in {measure}"
            + (", the most {named}." if clear else "."),
            ko="쌍별로 보면 {measure}(은/는) {pairs}쌍 중 {clear}쌍에서 다릅니다"
            + ("(가장 큰 차이: {named})." if clear else "."),
            importance=0.75,
            kind="comparison",
            measure=outcome_name(test),
            clear=len(clear),
            pairs=len(pairs),
            **({"named": named} if clear else {}),
        )
    ]


def _assumptions(test: dict[str, Any], language: Language) -> Finding:
    """Why this test: what was checked and what is taken on trust."""
    key, paired = value_key(test), bool(test["assumptions"].get("paired"))
    reason = {
        "rate": (
            "counts were compared; the smallest expected count is {smallest:.1f}",
            "건수를 비교했으며 가장 작은 기대 도수는 {smallest:.1f}입니다",
        ),
        "mean": (
            "means were compared, as the values are near enough to normal; equal variances are not assumed",
            "값이 정규분포에 충분히 가까워 평균을 비교했으며, 등분산은 가정하지 않았습니다",
        ),
        "median": (
            "ranks were compared, as the values are too far from normal for means",
            "값이 정규분포와 거리가 멀어 평균 대신 순위를 비교했습니다",
        ),
    }[key]
    smallest = {"smallest": test["assumptions"]["smallest_expected"]} if key == "rate" else {}
    trust = (
        ("Each row is taken as one pair", "한 행을 한 쌍으로 보았습니다")
        if paired
        else ("Rows are taken to be independent of each other", "행끼리는 서로 독립이라고 가정합니다")
    )
    return tell(
        language,
        en="How it was tested: " + reason[0] + ". " + trust[0] + ".",
        ko="검정 방법: " + reason[1] + ". " + trust[1] + ".",
        importance=0.3,
        kind="method",
        **smallest,
    )


def _correction(tests: list[dict[str, Any]], language: Language) -> Finding:
    return tell(
        language,
        en="The p-values are corrected for {count} tests (Holm).",
        ko="p 값은 검정 {count}건에 대해 Holm 방법으로 보정했습니다.",
        importance=0.2,
        kind="method",
        count=len(tests),
    )
