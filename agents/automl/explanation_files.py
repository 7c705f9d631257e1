"""An explanation as the agent hands it on: sentences, tables, the model card as a page and as Markdown."""

from pathlib import Path
from typing import Any

from mesh.language import Language

from .explanation_page import explanation_markdown, explanation_page
from .explanation_story import explanation_findings, explanation_kpis, explanation_warnings
from .explanation_tables import explanation_tables
from .order import SavedFile
from .scoring_order import ModelAnswer


def tell_explanation(report: dict[str, Any], folder: Path, language: Language) -> ModelAnswer:
    """Everything there is to say of a report, with the model card's two files in `folder`."""
    findings = explanation_findings(report, language)
    kpis, notes = explanation_kpis(report, language), explanation_warnings(report, language)
    tables = explanation_tables(report, language)
    page, markdown = folder / "model_card.html", folder / "model_card.md"
    page.write_text(explanation_page(report, findings, kpis, tables, notes, language), encoding="utf-8")
    markdown.write_text(explanation_markdown(report, findings, tables, notes, language), encoding="utf-8")
    return ModelAnswer(
        report=report,
        findings=findings,
        files=[SavedFile(page, page.name, "text/html"), SavedFile(markdown, markdown.name, "text/markdown")],
        kpis=kpis,
        tables=list(tables.values()),
        warnings=notes,
    )
