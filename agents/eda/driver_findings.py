"""What goes with the main measure, and where a relation turns round, in sentences."""

from typing import Any

from mesh.language import Language
from mesh.results import Finding

from .wording import tell

ALPHA = 0.05
MIN_SHARE = 0.01


def driver_findings(drivers: list[dict[str, Any]], language: Language) -> list[Finding]:
    """The one or two columns that go most with the main measure or outcome, or that none does."""
    if not drivers:
        return []
    top = drivers[0]
    if top["share"] < MIN_SHARE or top["p_adjusted"] >= ALPHA:
        return [
            tell(
                language,
                en="No column goes clearly with {about}: the strongest, {feature}, accounts for "
                "{share:.1%} of its variation.",
                ko="{about}(과/와) 뚜렷하게 관련된 열은 없습니다. 가장 강한 {feature}도 변동의 "
                "{share:.1%}에 그칩니다.",
                importance=0.4,
                kind="driver",
                about=top["about"],
                feature=top["feature"],
                share=top["share"],
            )
        ]
    second = next(iter(drivers[1:]), None)
    more = second is not None and second["share"] >= MIN_SHARE and second["p_adjusted"] < ALPHA
    values = {"about": top["about"], "feature": top["feature"], "share": top["share"]}
    if second is not None and more:
        values |= {"second": second["feature"], "second_share": second["share"]}
    return [
        tell(
            language,
            en="{feature} goes most strongly with {about}: alone it accounts for {share:.1%} of the variation"
            + (", then {second} with {second_share:.1%}" if more else "")
            + " (association, not proof of cause).",
            ko="{about}(과/와) 가장 관련이 큰 요인은 {feature}(으로/로), 단독으로 변동의 {share:.1%}를 "
            "설명합니다"
            + (". 다음은 {second}({second_share:.1%})입니다" if more else "")
            + "(연관일 뿐 인과의 증거는 아닙니다).",
            importance=0.55 + 0.2 * min(1.0, top["share"]),
            kind="driver",
            **values,
        )
    ]


def reversal_findings(reversals: list[dict[str, Any]], language: Language) -> list[Finding]:
    """Warnings of Simpson's paradox, at most two."""
    return [
        tell(
            language,
            en="Simpson's paradox: {a} and {b} correlate at {overall:.2f} overall, but at {within:.2f} "
            "within {dimension}."
            " Read them by {dimension}.",
            ko="심슨의 역설에 유의해야 합니다. {a}(과/와) {b}의 상관은 전체로 보면 {overall:.2f}이지만 "
            "{dimension} 안에서는 "
            "{within:.2f}입니다. {dimension}별로 나누어 보아야 합니다.",
            importance=0.6,
            kind="paradox",
            **{key: record[key] for key in ("a", "b", "dimension", "overall", "within")},
        )
        for record in reversals[:2]
    ]
