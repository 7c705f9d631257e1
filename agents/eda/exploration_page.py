"""The exploration as an interactive page: findings, every column by itself, and every relation in sortable tables."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mesh.language import Language
from mesh.pages.blocks import (
    Bars,
    Block,
    Choice,
    Document,
    Fact,
    Facts,
    Picture,
    Section,
    Text,
)
from mesh.pages.cells import grid_of, print_value
from mesh.pages.findings import statements_of
from mesh.pages.labels import Labels
from mesh.pages.page import render_page
from mesh.results import Finding, Table

from .survey import bounds_note
from .wording import EFFECT_NAMES, TEST_NAMES

MAX_RELATIONS = 150
WORDS = {
    "eyebrow": ("Exploration", "탐색적 분석"),
    "findings": ("Findings", "발견"),
    "columns": ("Columns", "열"),
    "column": ("Column", "열"),
    "time": ("Over time", "시간에 따른 변화"),
    "relations": ("Relations between columns", "열 사이의 관계"),
    "tests": ("Group comparisons", "집단 비교"),
    "missing": ("Missing values", "결측값"),
    "rows": ("Rows", "행"),
    "none": ("There is nothing to show here.", "표시할 내용이 없습니다."),
    "histogram": ("Histogram", "히스토그램"),
    "aggregation.sum": ("sum", "합계"),
    "aggregation.mean": ("mean", "평균"),
    "method.pearson": ("Pearson's r", "피어슨 상관"),
    "method.spearman": ("Spearman's rank correlation", "스피어만 순위 상관"),
    "method.cramers_v": ("Cramér's V", "크라메르 V"),
    "method.correlation_ratio": ("correlation ratio η", "상관비 η"),
    "method.mutual_information": ("mutual information, normalised", "정규화 상호정보량"),
    "best": ("Closest distribution", "가장 가까운 분포"),
}
NUMBER_FACTS = {
    "n": ("known values", "값이 있는 행"),
    "missing": ("missing", "결측"),
    "distinct": ("distinct", "고유값"),
    "mean": ("mean", "평균"),
    "median": ("median", "중앙값"),
    "std": ("standard deviation", "표준편차"),
    "min": ("smallest", "최솟값"),
    "q25": ("lower quartile", "1사분위수"),
    "q75": ("upper quartile", "3사분위수"),
    "max": ("largest", "최댓값"),
    "sum": ("sum", "합계"),
    "zeros": ("zeros", "0의 개수"),
    "negatives": ("negatives", "음수의 개수"),
    "skew": ("skewness", "왜도"),
    "excess_kurtosis": ("excess kurtosis", "초과 첨도"),
    "outside_fences": ("beyond 1.5 IQR", "1.5 IQR 밖"),
    "first": ("first", "처음"),
    "last": ("last", "마지막"),
}


def exploration_page(
    report: dict[str, Any], findings: Sequence[Finding], goal: str, language: Language
) -> str:
    """The self-contained HTML page of one exploration."""
    labels = Labels(language, WORDS)
    byline = (
        Fact(labels("rows"), f"{report['rows']:,}"),
        Fact(labels("columns"), str(len(report["columns"]))),
    )
    sections = [
        Section(
            "findings", labels("findings"), (*_bounds(report, language), statements_of(findings, labels))
        ),
        Section("columns", labels("columns"), (_columns(report, labels, language),)),
        _time(report, labels),
        _relations(report, labels, language),
        _tests(report, labels, language),
        _missing(report, labels, language),
    ]
    title = goal.strip() or labels("eyebrow")
    document = Document(
        title, language, labels("eyebrow"), byline, tuple(s for s in sections if s is not None)
    )
    return render_page(document, labels)


def _bounds(report: dict[str, Any], language: Language) -> tuple[Block, ...]:
    return (Text(bounds_note(report["bounds"], language), "note"),) if report["bounds"] else ()


def _columns(report: dict[str, Any], labels: Labels, language: Language) -> Choice:
    focus = report["focus"]
    first = [focus["target"], *focus["measures"], *focus["dimensions"]]
    ordered = sorted(
        report["columns"], key=lambda c: first.index(c["name"]) if c["name"] in first else len(first)
    )
    options = tuple((record["name"], _column(record, labels, language)) for record in ordered)
    return Choice(labels("column"), options)


def _column(record: dict[str, Any], labels: Labels, language: Language) -> tuple[Block, ...]:
    word = int(language == "ko")
    facts = tuple(
        Fact(names[word], print_value(record[key], labels).removesuffix("T00:00:00"))
        for key, names in NUMBER_FACTS.items()
        if record.get(key) is not None
    )
    blocks: list[Block] = [Facts(facts, f"{record['name']} · {record['type']} · {record['semantic']}")]
    bins = record.get("histogram")
    if bins:
        low, high = print_value(bins["low"], labels), print_value(bins["high"], labels)
        alt = f"{labels('histogram')}: {record['name']}, {low} – {high}"
        blocks.insert(0, Bars(tuple(float(count) for count in bins["counts"]), alt, low, high))
    if record.get("fit"):
        fits = record["fit"]["fits"]
        table = Table(
            title=labels("best"),
            columns=["", "AIC", "BIC"],
            rows=[[f["name"], f["aic"], f["bic"]] for f in fits],
        )
        blocks.append(grid_of(table, labels))
    if record.get("top"):
        table = Table(
            title="",
            columns=[record["name"], "n", "share"],
            rows=[[t["name"], t["count"], t["share"]] for t in record["top"]],
        )
        blocks.append(replace(grid_of(table, labels), sortable=True))
    return tuple(blocks)


def _time(report: dict[str, Any], labels: Labels) -> Section | None:
    time = report["time"]
    if not isinstance(time, dict):
        return None
    pictures = []
    for number, measure in enumerate(time["measures"], start=1):
        points = measure["series"]
        dates, values = [point["date"] for point in points], [point["value"] for point in points]
        figure = {
            "data": [
                {
                    "type": "scatter",
                    "mode": "lines",
                    "x": dates,
                    "y": values,
                    "line": {"color": "#0072B2", "width": 2},
                }
            ],
            "layout": {
                "autosize": True,
                "showlegend": False,
                "margin": {"l": 64, "r": 20, "t": 12, "b": 40},
                "paper_bgcolor": "rgba(0,0,0,0)",
                "plot_bgcolor": "rgba(0,0,0,0)",
                "yaxis": {
                    "rangemode": "tozero" if measure["aggregation"] == "sum" else "normal",
                    "gridcolor": "#E4E7EB",
                },
                "xaxis": {"gridcolor": "#F5F7FA"},
            },
        }
        table = Table(
            title="",
            columns=[time["date_column"], measure["name"]],
            rows=[[d, v] for d, v in zip(dates, values, strict=True)],
        )
        alt = f"{measure['name']}, {time['start']} – {time['end']}"
        pictures.append(
            Picture(
                f"time-{number}",
                measure["name"],
                labels.word("aggregation", measure["aggregation"]),
                alt,
                figure,
                grid_of(table, labels),
                height_px=320,
            )
        )
    return Section("time", labels("time"), tuple(pictures))


def _relations(report: dict[str, Any], labels: Labels, language: Language) -> Section:
    names = (
        ("A", "B", "method", "strength", "p", "n")
        if language == "en"
        else ("A", "B", "방법", "강도", "p", "n")
    )
    rows = [
        [r["a"], r["b"], labels.word("method", r["method"]), r["value"], r["p_adjusted"], r["n"]]
        for r in (*report["correlations"], *report["associations"])
    ]
    rows += [
        [r["a"], r["b"], labels.word("method", "mutual_information"), r["value"], r["p_adjusted"], r["n"]]
        for r in report["dependencies"]
    ]
    rows.sort(key=lambda row: -abs(row[3]))
    return Section("relations", labels("relations"), _sortable(names, rows[:MAX_RELATIONS], labels))


def _tests(report: dict[str, Any], labels: Labels, language: Language) -> Section:
    names = (
        ("group", "measure", "test", "p", "effect", "size", "from", "to")
        if language == "en"
        else ("집단", "측정값", "검정", "p", "효과", "크기", "하한", "상한")
    )
    rows = [
        [
            t["group"],
            t["measure"],
            TEST_NAMES[t["test"]],
            t["p_adjusted"],
            EFFECT_NAMES[t["effect_name"]],
            t["effect"],
            t["effect_low"],
            t["effect_high"],
        ]
        for t in report["group_tests"]
    ]
    return Section("tests", labels("tests"), _sortable(names, rows, labels))


def _missing(report: dict[str, Any], labels: Labels, language: Language) -> Section | None:
    lacking = [record for record in report["columns"] if record["missing"]]
    if not lacking:
        return None
    names = ("column", "missing", "share") if language == "en" else ("열", "결측", "비중")
    rows = [
        [r["name"], r["missing"], r["missing"] / report["rows"]]
        for r in sorted(lacking, key=lambda r: -r["missing"])
    ]
    return Section("missing", labels("missing"), _sortable(names, rows, labels))


def _sortable(names: Sequence[str], rows: list[list[Any]], labels: Labels) -> tuple[Block, ...]:
    if not rows:
        return (Text(labels("none"), "note"),)
    return (replace(grid_of(Table(title="", columns=list(names), rows=rows), labels), sortable=True),)
