"""The tables of a report for people."""

from typing import Any

from mesh.language import Language, say
from mesh.results import Table

from .wording import EFFECT_NAMES, TEST_NAMES


def result_tables(report: dict[str, Any], language: Language) -> list[Table]:
    """The first breakdown, full years, and the group comparisons as tables."""
    return [
        *(_breakdown_table(table, language) for table in report["breakdowns"][:2]),
        *_year_tables(report["time"], language),
        *_test_tables(report["group_tests"], language),
    ]


def _breakdown_table(table: dict[str, Any], language: Language) -> Table:
    kind = {"sum": ("total", "합계"), "mean": ("mean", "평균"), "rate": ("rate", "비율")}[
        table["aggregation"]
    ]
    return Table(
        title=say(
            language,
            en="{m} by {d} ({k})",
            ko="{d}별 {m}({k})",
            m=table["measure"],
            d=table["dimension"],
            k=kind[language == "ko"],
        ),
        columns=[table["dimension"], table["measure"], say(language, en="share", ko="비중"), "n"],
        rows=[[row["name"], row["value"], row["share"], row["n"]] for row in table["rows"]],
    )


def _year_tables(time: dict[str, Any] | None, language: Language) -> list[Table]:
    if time is None or not time["measures"][0]["years"]:
        return []
    measure = time["measures"][0]
    return [
        Table(
            title=say(language, en="{m} per full year", ko="연도별 {m}", m=measure["name"]),
            columns=[
                say(language, en="year", ko="연도"),
                measure["name"],
                say(language, en="growth", ko="증감률"),
            ],
            rows=[[year["year"], year["value"], year["growth"]] for year in measure["years"]],
        )
    ]


def _test_tables(tests: list[dict[str, Any]], language: Language) -> list[Table]:
    if not tests:
        return []
    names = {
        "en": ["group", "measure", "test", "statistic", "p", "corrected p", "effect size", "effect"],
        "ko": ["집단", "측정값", "검정", "통계량", "p", "보정 p", "효과 크기", "효과"],
    }
    return [
        Table(
            title=say(language, en="Group comparisons", ko="집단 비교"),
            columns=names[language],
            rows=[
                [
                    t["group"],
                    t["measure"],
                    TEST_NAMES[t["test"]],
                    t["statistic"],
                    t["p"],
                    t["p_adjusted"],
                    EFFECT_NAMES[t["effect_name"]],
                    t["effect"],
                ]
                for t in tests[:30]
            ],
            note=say(
                language,
                en="Welch tests where groups are near normal, rank tests otherwise; p corrected by Holm.",
                ko="집단이 정규에 가까우면 Welch 검정, 아니면 순위 검정이며 p는 Holm 방법으로 보정했습니다.",
            ),
        )
    ]
