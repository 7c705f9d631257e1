"""Cohorts and funnel as a page: findings, the funnel, the retention heatmap and its curve, each with its table."""

from collections.abc import Sequence
from typing import Any

from mesh.language import Language
from mesh.pages.blocks import Document, Fact, Picture, Section, Text
from mesh.pages.cells import grid_of
from mesh.pages.findings import statements_of
from mesh.pages.labels import Labels
from mesh.pages.page import render_page
from mesh.results import Finding

from .cohort_story import (
    AGES,
    MAX_AGES,
    age_text,
    cohort_warnings,
    curve_table,
    funnel_table,
    retention_table,
)

BLUE = "#0072B2"
ROW_PX = 26
FRAME_PX = 110
LAYOUT: dict[str, Any] = {
    "autosize": True,
    "showlegend": False,
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
}
WORDS = {
    "eyebrow": ("Cohorts and funnel", "코호트·퍼널 분석"),
    "findings": ("Findings", "발견"),
    "funnel": ("Funnel", "퍼널"),
    "retention": ("Retention", "유지율"),
    "heatmap": ("Retention by cohort", "코호트별 유지율"),
    "curve": ("Retention curve", "유지율 곡선"),
    "rows": ("Rows", "행"),
    "people": ("People", "사람 수"),
}


def cohort_page(report: dict[str, Any], findings: Sequence[Finding], goal: str, language: Language) -> str:
    """The self-contained HTML page of one analysis of cohorts."""
    labels = Labels(language, WORDS)
    people = (report["cohorts"] or report["funnel"])["people"]
    notes = tuple(Text(text, "note") for text in cohort_warnings(report, language))
    sections = [Section("findings", labels("findings"), (statements_of(findings, labels), *notes))]
    if report["funnel"]:
        sections.append(Section("funnel", labels("funnel"), (_funnel(report["funnel"], labels, language),)))
    if report["cohorts"]:
        cohorts = report["cohorts"]
        pictures = (_heatmap(cohorts, labels, language), _curve(cohorts, labels, language))
        sections.append(Section("retention", labels("retention"), pictures))
    byline = (Fact(labels("rows"), f"{report['rows']:,}"), Fact(labels("people"), f"{people:,}"))
    document = Document(
        goal.strip() or labels("eyebrow"), language, labels("eyebrow"), byline, tuple(sections)
    )
    return render_page(document, labels)


def _funnel(funnel: dict[str, Any], labels: Labels, language: Language) -> Picture:
    steps = funnel["steps"]
    figure = {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": [step["name"] for step in steps],
                "x": [step["reached"] for step in steps],
                "text": [
                    f"{step['reached']:,}" + (f" ({step['share']:.0%})" if step["share"] is not None else "")
                    for step in steps
                ],
                "textposition": "auto",
                "marker": {"color": BLUE},
            }
        ],
        "layout": LAYOUT
        | {
            "margin": {"l": 140, "r": 20, "t": 12, "b": 40},
            "yaxis": {"autorange": "reversed", "type": "category"},
            "xaxis": {"rangemode": "tozero", "gridcolor": "#E4E7EB"},
        },
    }
    table = funnel_table(funnel, language)
    alt = " → ".join(f"{step['name']} {step['reached']:,}" for step in steps)
    return Picture(
        "funnel-chart",
        labels("funnel"),
        funnel["stage"],
        alt,
        figure,
        grid_of(table, labels),
        note=table.note,
        height_px=FRAME_PX + 44 * len(steps),
    )


def _heatmap(cohorts: dict[str, Any], labels: Labels, language: Language) -> Picture:
    shown = cohorts["cohorts"]
    ages = min(MAX_AGES, max(len(cohort["active"]) for cohort in shown))
    shares = [[active / cohort["size"] for active in cohort["active"][:ages]] for cohort in shown]
    cells = [[*row, *[None] * (ages - len(row))] for row in shares]
    figure = {
        "data": [
            {
                "type": "heatmap",
                "x": [age_text(age, cohorts["grain"], language) for age in range(1, ages)],
                "y": [f"{cohort['label']} (n={cohort['size']:,})" for cohort in shown],
                "z": [row[1:] for row in cells],
                "text": [[f"{share:.0%}" if share is not None else "" for share in row[1:]] for row in cells],
                "texttemplate": "%{text}",
                "hoverongaps": False,
                "colorscale": [[0, "#EAF3FA"], [1, BLUE]],
                "zmin": 0,
                "colorbar": {"tickformat": ".0%"},
            }
        ],
        "layout": LAYOUT
        | {
            "margin": {"l": 140, "r": 20, "t": 12, "b": 60},
            "yaxis": {"autorange": "reversed", "type": "category"},
            "xaxis": {"type": "category"},
        },
    }
    table = retention_table(cohorts, language)
    alt = f"{labels('heatmap')}, {cohorts['first']} – {cohorts['last']}"
    return Picture(
        "retention-heatmap",
        labels("heatmap"),
        cohorts["person"],
        alt,
        figure,
        grid_of(table, labels),
        height_px=FRAME_PX + ROW_PX * len(shown),
    )


def _curve(cohorts: dict[str, Any], labels: Labels, language: Language) -> Picture:
    curve = cohorts["curve"][: MAX_AGES + 1]
    figure = {
        "data": [
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": [point["age"] for point in curve],
                "y": [point["share"] for point in curve],
                "line": {"color": BLUE, "width": 2},
                "error_y": {
                    "type": "data",
                    "symmetric": False,
                    "array": [point["high"] - point["share"] for point in curve],
                    "arrayminus": [point["share"] - point["low"] for point in curve],
                    "color": "#9AA5B1",
                },
            }
        ],
        "layout": LAYOUT
        | {
            "margin": {"l": 64, "r": 20, "t": 12, "b": 50},
            "yaxis": {"rangemode": "tozero", "tickformat": ".0%", "gridcolor": "#E4E7EB"},
            "xaxis": {
                "dtick": 1 if len(curve) < 25 else None,
                "title": {"text": AGES[cohorts["grain"]][2 if language == "ko" else 1]},
            },
        },
    }
    table = curve_table(cohorts, language)
    alt = f"{labels('curve')}: " + ", ".join(f"{point['age']} {point['share']:.0%}" for point in curve)
    return Picture(
        "retention-curve",
        labels("curve"),
        "",
        alt,
        figure,
        grid_of(table, labels),
        note=table.note,
        height_px=340,
    )
