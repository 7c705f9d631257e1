"""What a person reads."""

import io

import pytest
from rich.console import Console

from mesh.analysis import Analysis
from mesh.cli.answer import print_answer


def printed(analysis: Analysis) -> str:
    out = io.StringIO()
    print_answer(Console(file=out, width=120, no_color=True), analysis, "http://gw")
    return out.getvalue()


def test_the_answer_has_summary_numbers_findings_by_importance_warnings_and_links(done: Analysis) -> None:
    text = printed(done)
    assert text.startswith("Seoul sold most: 42 %.")
    assert "13.5 bn" in text
    assert text.index("Seoul leads.") < text.index("Busan grew [fast].")
    assert "Three rows were dropped." in text
    assert "report: http://gw/analyses/an_1/report" in text


def test_labels_are_in_the_language_of_the_question(done: Analysis) -> None:
    text = printed(done.model_copy(update={"language": "ko"}))
    assert "주요 발견" in text
    assert "Findings" not in text


@pytest.mark.parametrize(
    ("status", "says"),
    [("failed", "The analysis failed: The model server is away."), ("partial", "Only a part")],
)
def test_an_analysis_that_is_not_whole_says_so_first(done: Analysis, status: str, says: str) -> None:
    error = {"detail": "The model server is away."} if status == "failed" else None
    assert printed(done.model_copy(update={"status": status, "error": error})).startswith(says)
