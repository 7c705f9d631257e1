"""Pages of an agent: what the report does not use is shown too, and nothing in it can act."""

import re
from pathlib import Path
from typing import Any

import pytest

from mesh.pages.blocks import Bars, Block, Cell, Choice, Document, Grid, Picture, Row, Section, Text, pictures
from mesh.pages.page import render_page
from tests.browser import browser_tab

FIGURE: dict[str, Any] = {"data": [{"type": "bar", "x": ["a"], "y": [1]}], "layout": {}}


def document(*blocks: Block) -> Document:
    return Document("Title", "en", "Page", (), (Section("first", "First", blocks),))


def picture(name: str) -> Picture:
    return Picture(name, name, "", "what it shows", FIGURE, None)


def test_every_option_of_a_choice_is_in_the_page_and_its_charts_are_embedded() -> None:
    choice = Choice("Column", (("age", (picture("one"),)), ("city", (Text("Seoul leads."), picture("two")))))
    page = render_page(document(choice))
    assert [item.id for item in pictures([choice])] == ["one", "two"]
    assert re.findall(r'data-title="(\w+)"', page) == ["age", "city"]
    assert 'id="one-figure"' in page
    assert 'id="two-figure"' in page
    assert "Seoul leads." in page


def test_bars_are_drawn_to_the_scale_of_the_highest() -> None:
    page = render_page(document(Bars((1, 4, 2), "three groups")))
    heights = re.findall(r'<rect [^>]*height="([\d.]+)"', page)
    assert heights == ["10.00", "40.00", "20.00"]
    assert 'aria-label="three groups"' in page


def test_bars_without_any_height_are_flat() -> None:
    assert re.findall(r'<rect [^>]*height="([\d.]+)"', render_page(document(Bars((0, 0), "nothing")))) == [
        "0.00",
        "0.00",
    ]


def test_texts_of_new_blocks_are_escaped() -> None:
    evil = "<script>alert(1)</script>"
    grid = Grid(evil, (evil,), ("text",), (Row((Cell(evil),)),), sortable=True)
    page = render_page(document(Choice(evil, ((evil, (Bars((1,), evil, evil, evil), grid)),))))
    assert "alert(1)</script>" not in page


def test_a_page_without_charts_does_not_carry_the_chart_library() -> None:
    assert len(render_page(document(Text("only words")))) < 60_000


def test_own_style_and_script_come_last() -> None:
    page = render_page(document(Text("x")), style=".mine{}", script="mine();")
    assert page.index(".mine{}") < page.index("</style>")
    assert page.rindex("<script>") < page.index("mine();")


def test_dates_are_not_broken_between_lines() -> None:
    page = render_page(document(Text("From 2024-01-01 to <b> 2024-12.")))
    assert 'From <span class="date">2024-01-01</span> to &lt;b&gt; <span class="date">2024-12</span>.' in page


def test_a_running_header_cannot_leave_the_style_sheet() -> None:
    evil = 'x"; } body { display: none } </style><script>'
    page = render_page(Document(evil, "en", "Page", (), (Section("first", "First", (Text("t"),)),)))
    style = page[page.index("<style>") : page.index("</style>")]
    assert "display: none }" not in style.rpartition("@top-left")[2]
    assert page.count("</style>") == 1


def test_dates_stay_on_one_line_before_korean_particles_too() -> None:
    page = render_page(document(Text("2023-01-01부터 2025-12까지, 010-1234-5678")))
    assert re.findall(r'<span class="date">([^<]*)</span>', page) == ["2023-01-01", "2025-12"]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_chart_that_sets_no_font_and_no_margin_is_drawn_on_a_phone_too(tmp_path: Path, width: int) -> None:
    path = tmp_path / "page.html"
    path.write_text(render_page(document(picture("one"))), encoding="utf-8")
    with browser_tab() as tab:
        tab.open(path.as_uri(), width=width)
        tab.until("document.querySelector('figure.drawn')")
        assert tab.errors == []
