"""The report in sentences: findings ranked by strength, headline numbers, tables, the summary."""

from typing import Any

from mesh.language import Language, say
from mesh.results import Finding, Kpi, Table

from .column_findings import association_findings, correlation_findings, skew_findings, total_findings
from .group_findings import breakdown_findings, comparison_findings, rate_findings
from .time_findings import time_findings
from .wording import EFFECT_NAMES, TEST_NAMES, compact, sentence, tell

MAX_FINDINGS = 16
SUMMARY_SENTENCES = 3
TOPIC_KINDS: dict[str, frozenset[str]] = {
    "season": frozenset({"season", "weekday"}),
    "trend": frozenset({"trend", "growth"}),
    "driver": frozenset({"driver"}),
    "comparison": frozenset({"comparison"}),
    "correlation": frozenset({"correlation", "driver"}),
    "distribution": frozenset({"distribution", "total"}),
    "breakdown": frozenset({"breakdown"}),
}
TOPIC_WEIGHT = 0.3
OFF_TARGET_WEIGHT = 0.6


def find_insights(report: dict[str, Any], language: Language) -> list[Finding]:
    """All findings, what the question asks about first, then by strength, at most `MAX_FINDINGS`."""
    focus = report["focus"]
    measures = tuple(focus["measures"])
    numeric = sum(1 for c in report["columns"] if c["semantic"] in {"measure", "count", "intensive"})
    found = [
        *total_findings(report["columns"], measures[:2], report["time"], language),
        *time_findings(report["time"], language),
        *breakdown_findings(report["breakdowns"], language),
        *rate_findings(report["target"], report["breakdowns"], language),
        *_drivers(report["drivers"], language),
        *comparison_findings(report["group_tests"], language),
        *correlation_findings(report["correlations"], report["identities"], numeric, language),
        *association_findings(report["associations"], language),
        *skew_findings(report["columns"], measures, language),
        *_reversals(report["reversals"], language),
    ]
    wanted = frozenset[str]().union(*(TOPIC_KINDS[topic] for topic in focus["topics"]))
    strength = [_strength(f, wanted, focus["target"]) for f in found]
    order = sorted(range(len(found)), key=lambda index: -strength[index])[:MAX_FINDINGS]
    highest = max([1.0, *strength])
    return [found[i].model_copy(update={"importance": round(strength[i] / highest, 4)}) for i in order]


def _strength(told: Finding, wanted: frozenset[str], target: str | None) -> float:
    """Its own importance, more when its kind is asked for, less when an outcome is and it is not about
    that."""
    about_target = target is None or target in told.evidence.values()
    return told.importance * (1.0 if about_target else OFF_TARGET_WEIGHT) + TOPIC_WEIGHT * (
        told.kind in wanted
    )


def _drivers(drivers: list[dict[str, Any]], language: Language) -> list[Finding]:
    if not drivers:
        return []
    top = drivers[0]
    if top["share"] < 0.01:
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
    more = second is not None and second["share"] >= 0.01
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


def _reversals(reversals: list[dict[str, Any]], language: Language) -> list[Finding]:
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


def headline(report: dict[str, Any], language: Language) -> list[Kpi]:
    """Three to five numbers: total or mean, growth, leader, peak, rate, rows; fewer when the data have
    fewer."""
    kpis = [*_rate_kpi(report, language), *_measure_kpis(report, language)]
    rows = say(language, en="Rows", ko="행 수")
    kpis.append(Kpi(label=rows, value=report["rows"], text=f"{report['rows']:,}"))
    return kpis[:5]


def _rate_kpi(report: dict[str, Any], language: Language) -> list[Kpi]:
    target = report["target"]
    if target is None:
        return []
    label = sentence(language, en="{name} rate", ko="{name} 비율", name=target["name"])
    kpis = [Kpi(label=label, value=target["rate"], text=f"{target['rate']:.1%}", note=target["positive"])]
    for table in [t for t in report["breakdowns"] if t["aggregation"] == "rate"][:1]:
        top = table["rows"][0]
        label = sentence(
            language,
            en="Highest {dimension}: {top}",
            ko="최고 {dimension}: {top}",
            dimension=table["dimension"],
            top=top["name"],
        )
        kpis.append(Kpi(label=label, value=top["value"], text=f"{top['value']:.1%}", note=f"n={top['n']:,}"))
    return kpis


def _measure_kpis(report: dict[str, Any], language: Language) -> list[Kpi]:
    kpis: list[Kpi] = []
    for name in report["focus"]["measures"][:1]:
        record = next(c for c in report["columns"] if c["name"] == name)
        additive = record["semantic"] in {"measure", "count"}
        value = record.get("sum" if additive else "mean")
        if value is None:
            continue
        label = sentence(
            language,
            en="Total {name}" if additive else "Mean {name}",
            ko="{name} 합계" if additive else "{name} 평균",
            name=name,
        )
        kpis.append(Kpi(label=label, value=value, text=compact(value, language)))
    kpis += _time_kpis(report["time"], language)
    sums = [] if report["target"] else [t for t in report["breakdowns"] if t["aggregation"] == "sum"]
    for table in sums[:1]:
        top = table["rows"][0]
        if top["share"] is not None:
            label = sentence(
                language,
                en="Largest {dimension}: {top}",
                ko="최대 {dimension}: {top}",
                dimension=table["dimension"],
                top=top["name"],
            )
            kpis.append(
                Kpi(
                    label=label,
                    value=top["share"],
                    text=f"{top['share']:.1%}",
                    note=compact(top["value"], language),
                )
            )
    return kpis


def _time_kpis(time: dict[str, Any] | None, language: Language) -> list[Kpi]:
    if time is None:
        return []
    measure = time["measures"][0]
    kpis = []
    change = measure["trend"]["change_ratio"]
    if change is not None:
        label = sentence(
            language,
            en="Change {start} to {end}",
            ko="{start}→{end} 증감",
            start=measure["trend"]["change_from"],
            end=measure["trend"]["change_to"],
        )
        kpis.append(Kpi(label=label, value=change, text=f"{change:+.1%}", note=measure["name"]))
    best = measure["best"]
    if best is not None:
        label = sentence(language, en="Best period: {label}", ko="최고 기간: {label}", label=best["label"])
        kpis.append(
            Kpi(label=label, value=best["value"], text=compact(best["value"], language), note=measure["name"])
        )
    return kpis


def summarise(findings: list[Finding], topics: list[str]) -> str:
    """The first sentences of the answer: the strongest finding of each kind that was asked for, then the
    rest."""
    wanted = frozenset[str]().union(*(TOPIC_KINDS[topic] for topic in topics))
    chosen: list[Finding] = []
    for candidate in [f for f in findings if f.kind in wanted] + findings:
        if all(candidate.kind != known.kind for known in chosen):
            chosen.append(candidate)
    return " ".join(f.text for f in chosen[:SUMMARY_SENTENCES])


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
