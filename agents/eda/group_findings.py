"""What breakdowns, group comparisons and rates say, in sentences."""

from typing import Any

from mesh.language import Language
from mesh.results import Finding

from .group_figures import group_label
from .wording import EFFECT_NAMES, TEST_NAMES, effect_step, effect_word, p_part, tell

ALPHA = 0.05
MAX_TOLD = 4
MIN_RATE_ROWS = 20
EVEN = 1.15


def breakdown_findings(breakdowns: list[dict[str, Any]], language: Language) -> list[Finding]:
    """The leader of each summed breakdown with its share and the concentration, or that it is evenly
    spread."""
    found = []
    for position, table in enumerate(breakdowns):
        rows = [row for row in table["rows"] if not row.get("other")]
        if table["aggregation"] != "sum" or len(rows) < 2 or rows[0]["share"] is None:
            continue
        even = rows[0]["share"] * table["levels"] < EVEN
        found.append(
            _even(table, language) if even else _leader(table, rows[0], 0.82 - 0.07 * position, language)
        )
    return found


def _leader(table: dict[str, Any], top: dict[str, Any], importance: float, language: Language) -> Finding:
    pareto = table["pareto"]
    concentrated = table["levels"] > 3 and 2 * pareto["levels"] <= table["levels"]
    values: dict[str, Any] = {
        "name": table["measure"],
        "dimension": table["dimension"],
        "top": top["name"],
        "value": top["value"],
        "share": top["share"],
    }
    if concentrated:
        values |= {"count": pareto["levels"], "levels": table["levels"], "together": pareto["share"]}
    return tell(
        language,
        en="By {dimension}, {top} has the largest {name}: {value}, {share:.1%} of the total"
        + ("; {count} of {levels} levels make up {together:.1%}." if concentrated else "."),
        ko="{dimension}별로는 {top}의 {name}(이/가) {value}(으로/로) 가장 크며 전체의 {share:.1%}를 "
        "차지합니다"
        + (". {levels}개 중 상위 {count}개가 {together:.1%}를 차지합니다." if concentrated else "."),
        importance=importance,
        kind="breakdown",
        **values,
    )


def _even(table: dict[str, Any], language: Language) -> Finding:
    named = [row for row in table["rows"] if not row.get("other")]
    top, last = named[0], named[-1]
    return tell(
        language,
        en="{name} is spread evenly over {dimension}: shares run from {low:.1%} to {high:.1%}.",
        ko="{name}(은/는) {dimension}에 고르게 나뉘어 있으며 비중은 {low:.1%}에서 {high:.1%} 사이입니다.",
        importance=0.4,
        kind="breakdown",
        name=table["measure"],
        dimension=table["dimension"],
        low=last["share"],
        high=top["share"],
    )


def comparison_findings(tests: list[dict[str, Any]], language: Language) -> list[Finding]:
    """The strongest significant differences, then one sentence naming what does not differ."""
    clear = [test for test in tests if test["p_adjusted"] < ALPHA]
    told = sorted(clear, key=lambda t: -effect_step(t["effect_name"], t["effect"]))[:MAX_TOLD]
    found = [_difference(test, language) for test in told]
    same = [test for test in tests if test["p_adjusted"] >= ALPHA]
    if same:
        found.append(_no_difference(same, language))
    return found


def _difference(test: dict[str, Any], language: Language) -> Finding:
    by = "mean" if test["test"].startswith("welch") else "median"
    high = max(test["groups"], key=lambda g: g[by])
    low = min(test["groups"], key=lambda g: g[by])
    chance, p_values = p_part(test["p_adjusted"])
    step = effect_step(test["effect_name"], test["effect"])
    word = {"mean": "평균", "median": "중앙값"}[by]
    return tell(
        language,
        en=f"{{measure}} differs by {{group}}: {by} {{high_value}} for {{high}} against {{low_value}} for "
        f"{{low}}"
        f" ({{test}}, corrected {chance}; {{size}} effect, {{effect_name}} {{effect:.2f}}).",
        ko=f"{{measure}}(은/는) {{group}}에 따라 다릅니다. {word}은 {{high}} {{high_value}}, {{low}} "
        f"{{low_value}}입니다"
        f"({{test}}, 보정 {chance}, {{size}} 효과, {{effect_name}} {{effect:.2f}}).",
        importance=(0.25, 0.45, 0.58, 0.7)[step] + 0.05 * min(1.0, abs(test["effect"])),
        kind="comparison",
        measure=test["measure"],
        group=test["group"],
        high=group_label(test, high),
        high_value=high[by],
        low=group_label(test, low),
        low_value=low[by],
        test=TEST_NAMES[test["test"]],
        size=effect_word(language, test["effect_name"], test["effect"]),
        effect_name=EFFECT_NAMES[test["effect_name"]],
        effect=abs(test["effect"]),
        **p_values,
    )


def _no_difference(tests: list[dict[str, Any]], language: Language) -> Finding:
    smallest = min(test["p_adjusted"] for test in tests)
    named = ", ".join(f"{t['measure']} / {t['group']}" for t in tests[:MAX_TOLD])
    return tell(
        language,
        en="No statistically clear difference after correction in {count} comparison(s), among them {named}"
        " (smallest corrected p = {smallest:.3f}).",
        ko="보정 후 통계적으로 뚜렷한 차이가 없는 비교는 {count}건입니다: {named} 등(가장 작은 보정 p = "
        "{smallest:.3f}).",
        importance=0.3,
        kind="comparison",
        count=len(tests),
        named=named,
        smallest=smallest,
    )


def rate_findings(
    target: dict[str, Any] | None, breakdowns: list[dict[str, Any]], language: Language
) -> list[Finding]:
    """The overall rate of the outcome, and per dimension where it is highest and lowest (levels of 20 rows
    or more)."""
    if target is None:
        return []
    found = [
        tell(
            language,
            en="{positive} in {name} makes up {rate:.1%} of rows ({count:,} of {n:,}).",
            ko="{name}의 {positive} 비율은 {rate:.1%}입니다({n:,}행 중 {count:,}행).",
            importance=0.97,
            kind="rate",
            **{key: target[key] for key in ("name", "positive", "rate", "count", "n")},
        )
    ]
    rates = [t for t in breakdowns if t["aggregation"] == "rate"]
    clear = [t for t in rates if t.get("clear", True)]
    if rates and not clear:
        found.append(_no_rate_differs(target, rates, language))
    for position, table in enumerate(clear):
        rows = [row for row in table["rows"] if row["n"] >= MIN_RATE_ROWS]
        if position > 2 or len(rows) < 2 or rows[0]["value"] == rows[-1]["value"]:
            continue
        found.append(
            tell(
                language,
                en="By {dimension}, the {name} rate runs from {low_rate:.1%} ({low}) to {high_rate:.1%} "
                "({high}), {lift:.2f} times the overall rate.",
                ko="{dimension}별 {name} 비율은 {low}의 {low_rate:.1%}에서 {high}의 {high_rate:.1%}까지 "
                "차이가 나며, 최고치는 전체 비율의 {lift:.2f}배입니다.",
                importance=0.8 - 0.06 * position,
                kind="driver",
                dimension=table["dimension"],
                name=target["name"],
                low=rows[-1]["name"],
                low_rate=rows[-1]["value"],
                high=rows[0]["name"],
                high_rate=rows[0]["value"],
                lift=rows[0]["lift"],
            )
        )
    return found


def _no_rate_differs(target: dict[str, Any], rates: list[dict[str, Any]], language: Language) -> Finding:
    return tell(
        language,
        en="No column could be shown to go with {name}: its rate does not differ clearly by {dimensions}.",
        ko="{name}(과/와) 관련된 열은 확인되지 않았습니다. {dimensions}에 따른 비율 차이가 뚜렷하지 않습니다.",
        importance=0.6,
        kind="driver",
        name=target["name"],
        dimensions=", ".join(table["dimension"] for table in rates[:MAX_TOLD]),
    )
