"""The numbers of a comparison as parts of a sentence: an English and a Korean template with the values they print."""

from typing import Any

import numpy as np

from mesh.language import Language

from .wording import EFFECT_NAMES, effect_step, effect_word

POWER_FACTOR = 2.8016
"""The sum of the normal quantiles of 97.5 % and 80 %: what a two-sided test at 5 % needs for 80 % power."""
CONFIDENCE = 0.95
RATE_TESTS = frozenset({"two_proportions_z", "fisher_exact", "chi_squared", "chi_squared_permuted"})
RANK_TESTS = frozenset({"mann_whitney", "kruskal_wallis", "wilcoxon", "friedman"})


def effect_words(test: dict[str, Any], language: Language) -> tuple[str, str, dict[str, Any]]:
    """The effect size with its interval, seen from the higher of two groups; for two rates how many times the lower
    one the higher one is."""
    high, low, _ = extremes(test)
    if value_key(test) == "rate" and len(test["groups"]) == 2 and low["rate"] > 0:
        return (
            "{times:.2f} times the lower share",
            "낮은 쪽의 {times:.2f}배",
            {"times": high["rate"] / low["rate"]},
        )
    turned = len(test["groups"]) == 2 and test["effect"] < 0
    ends = (test["effect_high"], test["effect_low"]) if turned else (test["effect_low"], test["effect_high"])
    sign = -1.0 if turned else 1.0
    values: dict[str, Any] = {
        "effect_name": EFFECT_NAMES[test["effect_name"]],
        "effect": sign * test["effect"],
        "size": effect_word(language, test["effect_name"], test["effect"]),
    }
    text = "{effect_name} {effect:.2f}"
    if ends[0] is not None:
        values |= {"effect_low": sign * ends[0], "effect_high": sign * ends[1]}
        text += " [{effect_low:.2f}, {effect_high:.2f}]"
    if effect_step(test["effect_name"], test["effect"]) == 0 and value_key(test) != "rate":
        return (
            text + ", real but too small to matter in most uses",
            text + ", 통계적으로는 차이가 있으나 크기는 무시할 만함",
            values,
        )
    return text + ", {size} effect", text + ", {size} 효과", values


def extremes(test: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any], str]:
    """The groups with the highest and the lowest value, and the format of that value."""
    key = value_key(test)
    high = max(test["groups"], key=lambda g: g[key])
    low = min(test["groups"], key=lambda g: g[key])
    return high, low, ":.1%" if key == "rate" else ""


def group_label(test: dict[str, Any], group: dict[str, Any]) -> str:
    """What a group is called in a sentence: with its column where its name alone says nothing (1, True)."""
    name = str(group["name"])
    bare = name in ("True", "False") or name.replace(".", "", 1).isdigit()
    return f"{test['group']} = {name}" if bare else name


def value_key(test: dict[str, Any]) -> str:
    """What of the groups to show: `rate`, `median` or `mean`; of ranks the median, unless all groups have the same."""
    if test["test"] in RATE_TESTS:
        return "rate"
    medians = {group["median"] for group in test["groups"]}
    return "median" if test["test"] in RANK_TESTS and len(medians) > 1 else "mean"


def group_value(test: dict[str, Any], group: dict[str, Any]) -> float:
    """That of one group."""
    return float(group[value_key(test)])


def value_words(test: dict[str, Any]) -> tuple[str, str]:
    """How it is called, in English and Korean."""
    return {
        "rate": ("a share of", "비율은"),
        "median": ("a median of", "중앙값은"),
        "mean": ("a mean of", "평균은"),
    }[value_key(test)]


def outcome_name(test: dict[str, Any]) -> str:
    """What was compared: the column, of a category with the value that was counted."""
    return f"{test['measure']} = {test['positive']}" if "positive" in test else str(test["measure"])


def gap_words(test: dict[str, Any]) -> tuple[str, str, dict[str, float]]:
    """The difference of two groups with its interval, always as the higher less the lower one."""
    difference, low, high = (test.get(key) for key in ("difference", "difference_low", "difference_high"))
    if difference is None or low is None or high is None:
        return "", "", {}
    if len(test["groups"]) != 2 or test["test"] in RANK_TESTS:
        return "", "", {}
    turned = difference < 0
    ends = (-high, -low) if turned else (low, high)
    values = {"difference": abs(difference), "difference_low": ends[0], "difference_high": ends[1]}
    if value_key(test) == "rate":
        values = {key: 100 * value for key, value in values.items()} | {"confidence": CONFIDENCE}
        return (
            ", {difference:.1f} percentage points more ({confidence:.0%} CI {difference_low:.1f} to {difference_high:.1f})",
            ". 차이는 {difference:.1f}%p({confidence:.0%} 신뢰구간 {difference_low:.1f}~{difference_high:.1f})입니다",
            values,
        )
    return (
        ", {difference} more ({confidence:.0%} CI {difference_low} to {difference_high})",
        ". 차이는 {difference}({confidence:.0%} 신뢰구간 {difference_low}~{difference_high})입니다",
        values | {"confidence": CONFIDENCE},
    )


def detectable_words(test: dict[str, Any]) -> tuple[str, str, dict[str, float]]:
    """The difference that two groups of this size would show four times out of five, where it has a plain unit."""
    groups = test["groups"]
    if len(groups) != 2 or test["assumptions"].get("paired") or test["test"] in RANK_TESTS:
        return "", "", {}
    spread = np.sqrt(sum(1 / group["n"] for group in groups))
    if value_key(test) == "rate":
        rate = sum(g["count"] for g in groups) / sum(g["n"] for g in groups)
        points = 100 * POWER_FACTOR * float(np.sqrt(rate * (1 - rate)) * spread)
        return (
            "; with so many rows a difference below about {detectable:.1f} percentage points would mostly go unseen",
            ". 이 표본 크기로는 약 {detectable:.1f}%p보다 작은 차이는 대체로 드러나지 않습니다",
            {"detectable": points},
        )
    pooled = np.sqrt(sum((g["n"] - 1) * g["std"] ** 2 for g in groups) / (sum(g["n"] for g in groups) - 2))
    return (
        "; with so many rows a difference below about {detectable} would mostly go unseen",
        ". 이 표본 크기로는 약 {detectable}보다 작은 차이는 대체로 드러나지 않습니다",
        {"detectable": POWER_FACTOR * float(pooled * spread)},
    )
