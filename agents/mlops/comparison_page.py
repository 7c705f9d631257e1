"""A comparison of models as a page: the choice, the metrics with intervals, the conditions, the groups, the training."""

from collections.abc import Sequence
from typing import Any

from mesh.language import Language
from mesh.pages.blocks import Block, Document, Fact, Picture, Section, Text, Tiles
from mesh.pages.cells import grid_of
from mesh.pages.labels import Labels
from mesh.pages.page import render_page

from .comparison import Comparison
from .comparison_story import (
    MAX_SEGMENTS,
    called,
    comparison_findings,
    comparison_kpis,
    metric_table,
    segment_table,
    setting_table,
)
from .gate_story import gate_table
from .promotion import Decision

_GREY, _BLUE = "#9AA5B1", "#0072B2"
_FRAME_PX, _ROW_PX = 120, 40
_WORDS = {
    "eyebrow": ("Model comparison", "모델 비교"),
    "model": ("Model", "모델"),
    "compared": ("Compared", "비교"),
    "groups": ("Mean error by group", "집단별 평균 오차"),
}


def comparison_page(name: str, compared: Sequence[tuple[Comparison, Decision]], language: Language) -> str:
    """The self-contained HTML page of the comparisons of one model's versions."""
    labels = Labels(language, _WORDS)
    sections = tuple(
        _section(number, comparison, decision, labels)
        for number, (comparison, decision) in enumerate(compared, start=1)
    )
    byline = (
        Fact(labels("model"), name),
        Fact(labels("compared"), ", ".join(_pair(comparison, language) for comparison, _ in compared)),
    )
    return render_page(Document(name, language, labels("eyebrow"), byline, sections), labels)


def _pair(comparison: Comparison, language: Language) -> str:
    return " → ".join(called(c, language) for c in (comparison.first, comparison.second))


def _section(number: int, comparison: Comparison, decision: Decision, labels: Labels) -> Section:
    language = labels.language
    lead, *rest = comparison_findings(language, comparison, decision)
    blocks: list[Block] = [Text(lead.text, "lead")]
    kpis = comparison_kpis(language, comparison)
    if kpis:
        blocks.append(Tiles(tuple(Fact(kpi.label, kpi.text) for kpi in kpis)))
    blocks += [Text(found.text) for found in rest]
    blocks += [
        grid_of(metric_table(language, comparison), labels),
        grid_of(gate_table(language, decision), labels),
    ]
    if comparison.segments:
        blocks.append(_groups(number, comparison, labels))
    blocks.append(grid_of(setting_table(language, comparison), labels))
    return Section(f"comparison-{number}", _pair(comparison, language), tuple(blocks))


def _groups(number: int, comparison: Comparison, labels: Labels) -> Picture:
    """Both models' mean errors in the groups that are worst for the second, side by side."""
    language = labels.language
    shown = comparison.segments[:MAX_SEGMENTS]
    groups = [f"{s.feature} = {s.level} (n={s.rows:,})" for s in shown]
    errors = ([s.before for s in shown], [s.after for s in shown])
    sides = zip((comparison.first, comparison.second), errors, (_GREY, _BLUE), strict=True)
    traces: list[dict[str, Any]] = [
        {
            "type": "bar",
            "orientation": "h",
            "name": called(candidate, language),
            "y": groups,
            "x": values,
            "marker": {"color": colour},
        }
        for candidate, values, colour in sides
    ]
    layout = {
        "autosize": True,
        "barmode": "group",
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1.12, "traceorder": "normal"},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 220, "r": 20, "t": 44, "b": 40},
        "yaxis": {"autorange": "reversed", "type": "category"},
        "xaxis": {"rangemode": "tozero", "gridcolor": "#E4E7EB"},
    }
    table = segment_table(language, comparison)
    return Picture(
        f"groups-{number}",
        labels("groups"),
        "",
        f"{labels('groups')}: {', '.join(groups[:3])}",
        {"data": traces, "layout": layout},
        grid_of(table, labels),
        note=table.note,
        height_px=_FRAME_PX + _ROW_PX * len(shown),
    )
