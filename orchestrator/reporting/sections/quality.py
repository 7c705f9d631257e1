"""How good the data is: the score with its formula, and the issues found."""

from collections.abc import Mapping
from typing import Any

from mesh.pages.blocks import Block, Fact, Facts, Fold, Section, Text
from mesh.pages.cells import grid_of, print_number
from mesh.pages.shapes import records
from mesh.results import Table
from orchestrator.reporting.material import Material

from .leftovers import leftovers
from .missing import absences
from .opening import said, tiles_of
from .pictures import charts


def quality(material: Material) -> Section | None:
    """The quality section; None when no step looked at the data's quality."""
    labels, report = material.labels, material.data("quality_report")
    blocks: list[Block] = absences(material, "quality")
    blocks += said(material, "quality")
    kpis = material.kpis("quality")
    if kpis:
        blocks.append(tiles_of([kpi.model_copy(update={"note": ""}) for kpi in kpis]))
    elif isinstance(report.get("score"), int | float):
        blocks.append(Facts((Fact(labels("score"), print_number(float(report["score"]))),)))
    if report.get("score_formula"):
        blocks.append(Text(f"{labels('formula')}: {report['score_formula']}", "note"))
    tables = material.tables("quality") or _issues(report, material)
    if not tables and report.get("issues") == []:
        blocks.append(Text(labels("no_issues")))
    blocks += [grid_of(table, labels, naming=material.naming) for table in tables[:1]]
    blocks += charts(material, "quality")
    blocks += [
        Fold(table.title, (grid_of(table, labels, naming=material.naming, title="", shown=200),))
        for table in tables[1:]
    ]
    blocks += [block for step in material.steps("quality") for block in leftovers(step, material)]
    return Section("quality", labels("quality"), tuple(blocks)) if blocks else None


def _issues(report: Mapping[str, Any], material: Material) -> list[Table]:
    """The issues as a table, for a step that gave none of its own."""
    labels = material.labels
    issues = records(report.get("issues"))
    if not issues:
        return []
    heads = [labels(name) for name in ("severity", "column", "issue", "count", "message")]
    rows = [
        [
            labels.word("severity", issue.get("severity")),
            issue.get("column"),
            issue.get("kind"),
            issue.get("count"),
            issue.get("message"),
        ]
        for issue in issues
    ]
    return [Table(title=labels("issues"), columns=heads, rows=rows)]
