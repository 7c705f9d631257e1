"""What a comparison found as headline numbers and tables."""

from typing import Any

from mesh.language import Language, say
from mesh.results import Kpi, Table

from .group_figures import extremes, group_value, outcome_name, value_key
from .wording import EFFECT_NAMES, SMALL_P, TEST_NAMES, compact, sentence

MAX_TESTS = 6


def group_kpis(tests: list[dict[str, Any]], language: Language) -> list[Kpi]:
    """The highest and the lowest group of the first test, and its p."""
    if not tests:
        return []
    test = min(tests, key=lambda t: t["p_adjusted"])
    high, low, _ = extremes(test)
    shown = [
        Kpi(
            label=f"{outcome_name(test)}: {group['name']}",
            value=group_value(test, group),
            text=_printed(test, group, language),
        )
        for group in (high, low)
    ]
    p = f"{test['p_adjusted']:.3f}" if test["p_adjusted"] >= SMALL_P else f"< {SMALL_P}"
    return [*shown, Kpi(label=say(language, en="Corrected p", ko="보정 p"), value=test["p_adjusted"], text=p)]


def _printed(test: dict[str, Any], group: dict[str, Any], language: Language) -> str:
    value = group_value(test, group)
    return f"{value:.1%}" if value_key(test) == "rate" else compact(value, language)


def group_tables(tests: list[dict[str, Any]], language: Language) -> list[Table]:
    """For each test the groups; for the first one with pairs, the pairs."""
    found = [_group_table(test, language) for test in tests[:MAX_TESTS]]
    paired = next((test for test in tests if test["pairs"]), None)
    return [*found, _pair_table(paired, language)] if paired else found


def _group_table(test: dict[str, Any], language: Language) -> Table:
    rate = value_key(test) == "rate"
    keys = (
        ("name", "n", "count", "rate", "ci_low", "ci_high")
        if rate
        else ("name", "n", "mean", "ci_low", "ci_high", "median", "std")
    )
    heads = {
        "en": {
            "name": test["group"],
            "count": "count",
            "rate": "share",
            "mean": "mean",
            "median": "median",
            "std": "std",
        },
        "ko": {
            "name": test["group"],
            "count": "건수",
            "rate": "비율",
            "mean": "평균",
            "median": "중앙값",
            "std": "표준편차",
        },
    }[language]
    bounds = {
        "ci_low": say(language, en="95 % CI from", ko="95% 신뢰구간 하한"),
        "ci_high": say(language, en="to", ko="상한"),
    }
    return Table(
        title=sentence(language, en="{m} by {g}", ko="{g}별 {m}", m=outcome_name(test), g=test["group"]),
        columns=[bounds.get(key) or heads.get(key, key) for key in keys],
        rows=[[group.get(key) for key in keys] for group in test["groups"]],
        note=f"{TEST_NAMES[test['test']]}: p = {test['p']:.3g}, {EFFECT_NAMES[test['effect_name']]} = {test['effect']:.3g}",
    )


def _pair_table(test: dict[str, Any], language: Language) -> Table:
    return Table(
        title=sentence(language, en="{m}: pair by pair", ko="{m}: 쌍별 비교", m=outcome_name(test)),
        columns=[
            "A",
            "B",
            say(language, en="A less B", ko="A-B 차이"),
            say(language, en="corrected p", ko="보정 p"),
        ],
        rows=[[p["a"], p["b"], p["difference"], p["p_adjusted"]] for p in test["pairs"][:100]],
    )
