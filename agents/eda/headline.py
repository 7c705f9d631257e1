"""The headline numbers of a report."""

from typing import Any

from mesh.language import Language, say
from mesh.results import Kpi

from .wording import compact, sentence


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
