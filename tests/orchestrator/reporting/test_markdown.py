"""The Markdown report: the same content, markup-safe, and no number in its prose that nobody computed."""

import re

import pytest

from mesh.language import Language
from mesh.results import Output, Table
from orchestrator.reporting.document import report_of
from orchestrator.reporting.markdown import plain, render_markdown
from orchestrator.synthesis.answer import facts_of
from orchestrator.synthesis.numbers import unsupported_numbers
from tests.orchestrator.reporting.building import analysis, forecast_analysis, step

_NOT_PROSE = re.compile(r"`[^`]*`|!?\[[^\]]*\]\([^)]*\)|^\|.*$|^#.*$|^\*a2a-mesh.*$|^ *\d+\. ", re.MULTILINE)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_number_in_the_prose_is_one_that_was_computed(language: Language) -> None:
    given = forecast_analysis(language)
    prose = _NOT_PROSE.sub(" ", render_markdown(given)).replace("\\", "")
    assert "4,568" in prose
    facts = [*facts_of(given), [len(given.steps)]]
    warned = [number for text in given.warnings for number in re.findall(r"\d+", text)]
    assert set(unsupported_numbers(prose, facts)) <= set(warned)


def test_the_checked_prose_would_show_an_invented_number() -> None:
    given = forecast_analysis(summary="It will be 987,654.")
    prose = _NOT_PROSE.sub(" ", render_markdown(given))
    assert unsupported_numbers(prose, facts_of(given)) == ["987,654"]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_sections_are_those_of_the_report_in_order(language: Language) -> None:
    given = forecast_analysis(language)
    headings = re.findall(r"^## (.*)$", render_markdown(given), re.MULTILINE)
    assert headings == [section.title for section in report_of(given).sections]


def test_tables_have_as_many_cells_in_each_line_as_in_the_head() -> None:
    lines = render_markdown(forecast_analysis()).splitlines()
    tables = "\n".join(line if line.startswith("|") else "" for line in lines).split("\n\n")
    for table in filter(None, (part.strip() for part in tables)):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1


def test_markup_in_names_is_text() -> None:
    evil = "<img src=x> | `code` [link](http://x) *bold*\n# heading"
    table = Table(title=evil, columns=[evil, "n"], rows=[[evil, 1]])
    text = render_markdown(
        analysis(
            step("odd", "novel", summary=evil, tables=[table], outputs=[Output(name="x", type="x", data={})])
        )
    )
    assert "<img" not in text
    assert "\n# heading" not in text
    assert not re.search(r"(?<!\\)\[link(?<!\\)\]\(", text)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("sales_data.csv", "sales_data.csv"),
        ("10~20", "10\\~20"),
        ("- item", "\\- item"),
        ("1. item", "1\\. item"),
        ("# head", "\\# head"),
        ("a|b", "a\\|b"),
        ("_it_", "\\_it\\_"),
        ("a < b & c", "a &lt; b &amp; c"),
    ],
)
def test_plain_text_stays_plain(text: str, escaped: str) -> None:
    assert plain(text) == escaped


def test_charts_show_their_picture_from_storage() -> None:
    text = render_markdown(forecast_analysis())
    assert len(re.findall(r"!\[Alt text of [^\]]*\]\(/files/[0-9a-f]{64}/chart\.png\)", text)) == 6


def test_baselines_are_named_in_the_leaderboard() -> None:
    text = render_markdown(forecast_analysis())
    assert "| **Smoothing** |" in text
    assert "Last value *(baseline)*" in text


def test_the_same_analysis_gives_the_same_text() -> None:
    assert render_markdown(forecast_analysis()) == render_markdown(forecast_analysis())
