"""What a comparison found, in sentences and tables: the verdict first, then how sure it is and what it stands on."""

from typing import Any

from mesh.language import Language
from mesh.results import Finding

from .group_figures import (
    RANK_TESTS,
    RATE_TESTS,
    detectable_words,
    effect_words,
    extremes,
    gap_words,
    group_label,
    group_value,
    outcome_name,
    value_key,
    value_words,
)
from .group_question import GroupQuestion
from .held_story import held_findings
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
        parts = [verdict(test, language), *held_findings(test, language), *_pairs(test, language)]
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
    opening_en, opening_ko = _opening(test)
    weak = effect_step(test["effect_name"], test["effect"]) == 0 and value_key(test) != "rate"
    return tell(
        language,
        en=opening_en + words_en + " {high_value" + value + "} for {high} against "
        "{low_value" + value + "} for {low}" + gap_en + " ({test}, " + chance + "; " + size_en + ").",
        ko=opening_ko + words_ko + " {high} {high_value" + value + "}, {low} "
        "{low_value" + value + "}입니다" + gap_ko + "({test}, " + chance + "; " + size_ko + ").",
        importance=0.85 if weak else 0.95,
        kind="comparison",
        measure=outcome_name(test),
        group=test["group"],
        high=group_label(test, high),
        high_value=group_value(test, high),
        low=group_label(test, low),
        low_value=group_value(test, low),
        test=TEST_NAMES[test["test"]],
        **gap,
        **size,
        **p_values,
    )


def _opening(test: dict[str, Any]) -> tuple[str, str]:
    """What differs: a column by groups, or two columns of the same rows."""
    if _two_columns(test):
        return (
            "{measure} and {group} differ significantly, row by row: ",
            "{group}(과/와) {measure}(은/는) 같은 행끼리 비교해 유의하게 다릅니다. ",
        )
    return (
        "{measure} differs significantly by {group}: ",
        "{measure}(은/는) {group}에 따라 유의하게 다릅니다. ",
    )


def _two_columns(test: dict[str, Any]) -> bool:
    return bool(test["assumptions"].get("paired")) and "subject" not in test


def _nothing_shown(test: dict[str, Any], language: Language) -> Finding:
    chance, p_values = p_part(test["p_adjusted"])
    high, low, value = extremes(test)
    words_en, words_ko = value_words(test)
    need_en, need_ko, need = detectable_words(test)
    return tell(
        language,
        en=(
            "No difference between {group} and {measure} could be shown: "
            if _two_columns(test)
            else "No difference in {measure} by {group} could be shown: "
        )
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
        ko=("{group}(과/와) {measure}의 차이는" if _two_columns(test) else "{group}에 따른 {measure} 차이는")
        + " 확인되지 않았습니다. "
        + words_ko
        + " {high} {high_value"
        + value
        + "}, {low} "
        "{low_value" + value + "}입니다({test}, " + chance + ")" + need_ko + ".",
        importance=0.8,
        kind="comparison",
        measure=outcome_name(test),
        group=test["group"],
        high=group_label(test, high),
        high_value=group_value(test, high),
        low=group_label(test, low),
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
    paired = bool(test["assumptions"].get("paired"))
    means = "change" if paired else "mean"
    key = "rate" if test["test"] in RATE_TESTS else "median" if test["test"] in RANK_TESTS else means
    reason = {
        "rate": (
            "counts were compared; the smallest expected count is {smallest:.1f}",
            "건수를 비교했으며 가장 작은 기대 도수는 {smallest:.1f}입니다",
        ),
        "mean": (
            "means were compared, as the values are near enough to normal; equal variances are not assumed",
            "값이 정규분포에 충분히 가까워 평균을 비교했으며, 등분산은 가정하지 않았습니다",
        ),
        "change": (
            "means were compared, as the differences are near enough to normal",
            "차이가 정규분포에 충분히 가까워 평균을 비교했습니다",
        ),
        "median": (
            "ranks were compared, as the values are too far from normal for means",
            "값이 정규분포와 거리가 멀어 평균 대신 순위를 비교했습니다",
        ),
    }[key]
    smallest = {"smallest": test["assumptions"]["smallest_expected"]} if key == "rate" else {}
    trust, named = _trust(test)
    return tell(
        language,
        en="How it was tested: " + reason[0] + ". " + trust[0] + ".",
        ko="검정 방법: " + reason[1] + ". " + trust[1] + ".",
        importance=0.3,
        kind="method",
        **smallest,
        **named,
    )


def _trust(test: dict[str, Any]) -> tuple[tuple[str, str], dict[str, Any]]:
    """What the test takes rows to be: pairs, repeated measurements of subjects, or independent of each other."""
    repeated = test.get("repeated")
    if "subject" in test:
        return (
            "Rows of the same {subject} are compared with each other",
            "{subject}(이/가) 같은 행끼리 비교했습니다",
        ), {"subject": test["subject"]}
    if test["assumptions"].get("paired"):
        return ("Each row is taken as one pair", "한 행을 한 쌍으로 보았습니다"), {}
    if repeated:
        english = (
            "Beware: the {rows:,} rows are of only {subjects:,} {subject}, and rows of one are alike, so that the difference "
            "looks surer than it is"
        )
        korean = (
            "주의: {rows:,}개 행이 {subject} {subjects:,}개에서 나와 서로 독립이 아니므로 "
            "차이가 실제보다 확실해 보일 수 있습니다"
        )
        return (english, korean), repeated
    return ("Rows are taken to be independent of each other", "행끼리는 서로 독립이라고 가정합니다"), {}


def _correction(tests: list[dict[str, Any]], language: Language) -> Finding:
    return tell(
        language,
        en="The p-values are corrected for {count} tests (Holm).",
        ko="p 값은 검정 {count}건에 대해 Holm 방법으로 보정했습니다.",
        importance=0.2,
        kind="method",
        count=len(tests),
    )
