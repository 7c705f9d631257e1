"""The report in a real browser: it draws its charts, asks for nothing, fits a phone, prints, and reads without scripts."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from mesh.analysis import Analysis
from mesh.results import Table
from orchestrator.reporting.html import render_html
from tests.browser import Tab, browser_tab
from tests.orchestrator.reporting.building import SHA, analysis, forecast_analysis, step

DRAWN = (
    "document.querySelectorAll('.plot').length === document.querySelectorAll('.plot .main-svg').length / 3"
)
FITS = "document.documentElement.scrollWidth <= innerWidth"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    """A tab of one browser for all tests."""
    with browser_tab() as opened:
        yield opened


def shown(tab: Tab, folder: Path, page: str, *, width: int = 1280, dark: bool = False) -> None:
    """Opens a page from a file."""
    path = folder / "report.html"
    path.write_text(page, encoding="utf-8")
    tab.requests.clear()
    tab.errors.clear()
    tab.open(path.as_uri(), width=width, dark=dark)


@pytest.mark.parametrize("width", [1280, 390])
def test_charts_are_drawn_and_nothing_is_asked_for(tab: Tab, tmp_path: Path, width: int) -> None:
    shown(tab, tmp_path, render_html(forecast_analysis(), {SHA: PIXEL}), width=width)
    tab.until(
        "document.querySelectorAll('figure.drawn').length === document.querySelectorAll('.plot').length"
    )
    assert tab.run("document.querySelectorAll('.plot .main-svg').length") >= 6
    assert tab.run("[...document.querySelectorAll('.still')].every(picture => !picture.offsetHeight)")
    assert tab.run(FITS)
    assert tab.errors == []
    assert [address for address in tab.requests if not address.startswith(("file:", "data:", "blob:"))] == []


def test_without_scripts_every_chart_is_a_picture(tab: Tab, tmp_path: Path) -> None:
    tab.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        shown(tab, tmp_path, render_html(forecast_analysis(), {SHA: PIXEL}))
    finally:
        tab.send("Emulation.setScriptExecutionDisabled", value=False)
    assert tab.run("document.querySelectorAll('.still').length") == len(forecast_analysis().charts)
    assert tab.run("[...document.querySelectorAll('.still')].every(picture => picture.offsetHeight > 0)")
    assert tab.run("document.querySelectorAll('.js-plotly-plot').length") == 0


def test_a_chart_that_cannot_be_drawn_gives_way_to_its_picture(tab: Tab, tmp_path: Path) -> None:
    page = render_html(forecast_analysis(), {SHA: PIXEL})
    broken = re.sub(r'(id="library">)[^<]+', r"\1H4sIAAAA", page)
    shown(tab, tmp_path, broken)
    tab.until("!document.querySelector('.plot')")
    assert tab.run("[...document.querySelectorAll('.still')].every(picture => picture.offsetHeight > 0)")


def test_a_table_of_sixty_columns_scrolls_inside_the_page(tab: Tab, tmp_path: Path) -> None:
    wide = Table(
        title="Wide", columns=[f"column_{n}" for n in range(60)], rows=[[n * 1000 for n in range(60)]] * 30
    )
    for width in (1280, 390):
        shown(tab, tmp_path, render_html(analysis(step("look", "x", tables=[wide]))), width=width)
        assert tab.run(FITS)
        assert tab.run("(t => t.scrollWidth > t.clientWidth)(document.querySelector('.wide .scroll'))")


@pytest.mark.parametrize("dark", [False, True])
def test_texts_stand_out_from_their_ground(tab: Tab, tmp_path: Path, dark: bool) -> None:
    """Contrast of at least 4.5 to 1 for every text outside charts. Source: WCAG 2.2, criterion 1.4.3."""
    shown(tab, tmp_path, render_html(forecast_analysis("ko")), dark=dark)
    assert tab.run(_CONTRAST) == []


def test_headings_go_down_one_level_at_a_time_and_landmarks_are_there(tab: Tab, tmp_path: Path) -> None:
    shown(tab, tmp_path, render_html(forecast_analysis()))
    levels = tab.run(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(heading => +heading.tagName[1])"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(lower - upper <= 1 for upper, lower in pairwise(levels))
    for landmark in ("main", "header", "nav", "footer"):
        assert tab.run(f"document.querySelectorAll('{landmark}').length") == 1, landmark


def test_the_printed_report_has_numbered_pages_and_a_running_header(
    tab: Tab, tmp_path: Path, made: dict[str, Analysis]
) -> None:
    shown(tab, tmp_path, render_html(made["forecast-ko"]))
    tab.until("!document.querySelector('.plot:not(.js-plotly-plot)')")
    assert len(re.findall(rb"/Type\s*/Page\b", tab.pdf())) >= 4
    margins = tab.run(_MARGINS)
    assert "counter(page)" in margins["bottom-right"]
    assert "counter(pages)" in margins["bottom-right"]
    assert made["forecast-ko"].query in margins["top-left"]


_MARGINS = """(() => {
  const pages = [...document.styleSheets].flatMap(sheet => [...sheet.cssRules]).filter(rule => rule.media?.mediaText === 'print')
    .flatMap(rule => [...rule.cssRules]).filter(rule => rule instanceof CSSPageRule && !rule.selectorText);
  return Object.fromEntries(pages.flatMap(rule => [...rule.cssRules]).map(rule => [rule.name, rule.style.content])
    .filter(([name, content]) => content));
})()"""
_CONTRAST = """(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (rgb) => rgb.slice(0, 3).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const weak = new Set();
  const walker = document.createTreeWalker(document.querySelector('.page'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || element.closest('.plot, noscript') || !element.offsetParent) continue;
    const [a, b] = [light(parts(getComputedStyle(element).color)), light(ground(element))].sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5) weak.add(element.tagName + '.' + element.className + ' ' + element.textContent.slice(0, 30));
  }
  return [...weak];
})()"""
