"""What is said of the sentiment of texts: of all, by group, over time, beside a rating, and what either side speaks of."""

from typing import Any

from mesh.language import Language, finding
from mesh.results import Finding

from .breakdown import SIGNIFICANT

ASKED, BESIDE = 0.9, 0.6
"""Importance of what a question asks for, and of what stands beside it."""
_WEAK_RHO = 0.1


def sentiment_findings(data: dict[str, Any], language: Language) -> list[Finding]:
    """The findings on sentiment, none when the report has no such part."""
    tellers = (_sentiment, _by_group, _over_time, _rating, _sides)
    return [item for teller in tellers for item in teller(data, language)]


def _sentiment(data: dict[str, Any], language: Language) -> list[Finding]:
    held = data.get("sentiment")
    if not held or not held["texts"]:
        return []
    return [
        finding(
            language,
            en="Of {texts:,} texts in {column}, {positive:.1%} are positive ({low:.1%} to {high:.1%} at 95 % "
            "confidence), "
            "{negative:.1%} negative and the rest neutral.",
            ko="{column} 열의 글 {texts:,}건 중 {positive:.1%}가 긍정(95% 신뢰구간 {low:.1%}~{high:.1%}), "
            "{negative:.1%}가 부정이고 "
            "나머지는 중립입니다.",
            importance=ASKED,
            kind="sentiment",
            texts=held["texts"],
            column=data["column"],
            positive=held["positive_share"],
            low=held["positive_interval"][0],
            high=held["positive_interval"][1],
            negative=held["negative_share"],
            confidence=95,
        )
    ]


def _by_group(data: dict[str, Any], language: Language) -> list[Finding]:
    found = []
    for grouping in data.get("by_group") or []:
        worst = max(grouping["groups"], key=lambda group: (group["negative_share"], group["group"]))
        best = min(grouping["groups"], key=lambda group: (group["negative_share"], group["group"]))
        sure = grouping["p_value"] is not None and grouping["p_value"] < SIGNIFICANT
        values = {
            "column": grouping["column"],
            "worst": worst["group"],
            "worst_share": worst["negative_share"],
            "worst_low": worst["negative_interval"][0],
            "worst_high": worst["negative_interval"][1],
            "worst_texts": worst["texts"],
            "best": best["group"],
            "best_share": best["negative_share"],
            "best_texts": best["texts"],
            "p_value": grouping["p_value"],
            "confidence": 95,
        }
        if sure:
            found.append(
                finding(
                    language,
                    en="By {column}, {worst} has the most negative texts: {worst_share:.1%} of {worst_texts:,} "
                    "({worst_low:.1%} to "
                    "{worst_high:.1%}); {best} the fewest, {best_share:.1%} of {best_texts:,}.",
                    ko="{column} 기준으로 부정적인 글의 비율은 {worst}(이/가) 가장 높고({worst_texts:,}건 중 "
                    "{worst_share:.1%}, 구간 "
                    "{worst_low:.1%}~{worst_high:.1%}), {best}(이/가) 가장 낮습니다({best_texts:,}건 중 "
                    "{best_share:.1%}).",
                    importance=0.88 if grouping["asked"] else 0.8,
                    kind="sentiment_by_group",
                    **values,
                )
            )
        else:
            found.append(
                finding(
                    language,
                    en="By {column}, negative texts range from {best_share:.1%} ({best}) to {worst_share:.1%} "
                    "({worst}); that may be "
                    "chance.",
                    ko="{column} 기준으로 부정적인 글의 비율은 {best} {best_share:.1%}에서 {worst} "
                    "{worst_share:.1%}까지이며, 이 차이는 "
                    "우연일 수 있습니다.",
                    importance=0.87 if grouping["asked"] else 0.45,
                    kind="sentiment_by_group",
                    **values,
                )
            )
    return found


def _over_time(data: dict[str, Any], language: Language) -> list[Finding]:
    held = data.get("over_time")
    if not held or held["rho"] is None:
        return []
    first, last = held["periods"][0], held["periods"][-1]
    moves = held["p_value"] < SIGNIFICANT and abs(held["rho"]) >= _WEAK_RHO
    values = {
        "column": held["column"],
        "rho": held["rho"],
        "p_value": held["p_value"],
        "first": first["period"],
        "last": last["period"],
        "first_share": first["negative_share"],
        "last_share": last["negative_share"],
    }
    if not moves:
        en = (
            "Over time ({first} to {last}) the sentiment shows no direction (rank correlation with the date "
            "{rho:.2f})."
        )
        ko = "기간({first}~{last}) 동안 감성에 뚜렷한 방향은 없습니다(날짜와의 순위상관 {rho:.2f})."
        return [
            finding(
                language,
                en=en,
                ko=ko,
                importance=0.86 if held["asked"] else 0.4,
                kind="sentiment_over_time",
                **values,
            )
        ]
    better = held["rho"] > 0
    en = (
        f"Over time the texts become more {'positive' if better else 'negative'}: negative ones go from "
        f"{{first_share:.1%}} "
        "({first}) to {last_share:.1%} ({last}), rank correlation with the date {rho:.2f}."
    )
    ko = (
        f"시간이 지나면서 글이 더 {'긍정적으로' if better else '부정적으로'} 바뀌었습니다. 부정 비율은 "
        f"{{first}} {{first_share:.1%}}에서 "
        "{last} {last_share:.1%}(으로/로) 변했고 날짜와의 순위상관은 {rho:.2f}입니다."
    )
    return [
        finding(
            language,
            en=en,
            ko=ko,
            importance=0.86 if held["asked"] else 0.75,
            kind="sentiment_over_time",
            **values,
        )
    ]


def _rating(data: dict[str, Any], language: Language) -> list[Finding]:
    held = data.get("rating")
    if not held:
        return []
    agrees = held["rho"] >= 0.3
    values = {
        "column": held["column"],
        "rho": held["rho"],
        "texts": held["texts"],
        "p_value": held["p_value"],
    }
    if agrees:
        en = "The sentiment agrees with {column}, which the same {texts:,} people gave: rank correlation {rho:.2f}."
        ko = "감성 점수는 같은 글 {texts:,}건의 {column}(과/와) 맞습니다(순위상관 {rho:.2f})."
    else:
        en = (
            "The sentiment hardly agrees with {column} (rank correlation {rho:.2f} over {texts:,} texts): "
            "judge with care."
        )
        ko = (
            "감성 점수가 {column}(과/와) 거의 맞지 않으므로(글 {texts:,}건의 순위상관 {rho:.2f}) 주의해서 "
            "해석해 주십시오."
        )
    return [
        finding(language, en=en, ko=ko, importance=0.5 if agrees else 0.65, kind="sentiment_check", **values)
    ]


def _sides(data: dict[str, Any], language: Language) -> list[Finding]:
    """What negative and positive texts speak of more than the others, with a sentence of theirs."""
    held = data.get("sentiment")
    if not held:
        return []
    found = []
    for side, en_side, ko_side in (
        ("negative", "Negative", "부정적인"),
        ("positive", "Positive", "긍정적인"),
    ):
        part = held["sides"][side]
        if not part["quotes"]:
            continue
        first = part["quotes"][0]
        words = ", ".join(item["word"] for item in part["words"][:4])
        values = {"words": words, "row": first["row"], "quote": first["text"], "texts": held[side]}
        if words:
            en = f"{en_side} texts ({{texts:,}}) speak more of {{words}}. Row {{row}}: “{{quote}}”"
            ko = f"{ko_side} 글 {{texts:,}}건에는 {{words}}(이/가) 더 자주 나옵니다. {{row}}행: “{{quote}}”"
        else:
            en = f"{en_side} texts ({{texts:,}}) sound like row {{row}}: “{{quote}}”"
            ko = f"{ko_side} 글 {{texts:,}}건을 대표하는 문장은 {{row}}행의 “{{quote}}”입니다."
        found.append(finding(language, en=en, ko=ko, importance=BESIDE, kind=f"{side}_texts", **values))
    return found
