"""The HTML report: one page that stands alone, says everything once and lets nothing through."""

import base64
import gzip
import json
import re
from html.parser import HTMLParser

import pytest

from mesh.analysis import Analysis
from mesh.language import Language
from mesh.pages.page import MAX_FIGURES_BYTES, plotly_source
from mesh.results import Column, Finding, Kpi, Output, Table
from orchestrator.reporting.html import render_html
from tests.orchestrator.reporting.building import (
    SHA,
    analysis,
    chart,
    dataset,
    forecast_analysis,
    forecast_steps,
    step,
)

MAX_PAGE_BYTES = 8_000_000
EVIL = "<script>alert(1)</script>\"'&</title>"
FETCHING = {"src", "srcset", "poster", "background", "action", "formaction", "ping", "data"}


class Page(HTMLParser):
    """What a browser would see of a page: tags, ids, attributes that fetch, text of each script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside != "style":
            self.text += data

    def ids(self) -> list[str]:
        return [attrs["id"] or "" for _, attrs in self.tags if "id" in attrs]

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render_html(forecast_analysis()))


def test_sections_come_in_the_order_of_a_report(page: Page) -> None:
    assert [attrs["id"] for attrs in page.named("section")] == [
        "answer",
        "headline",
        "data",
        "quality",
        "trend",
        "breakdowns",
        "drivers",
        "model",
        "forecast",
        "explanation",
        "others",
        "findings",
        "reproduce",
    ]


def test_navigation_leads_to_every_section_and_ids_are_unique(page: Page) -> None:
    ids = page.ids()
    assert len(ids) == len(set(ids))
    targets = {attrs["href"] for attrs in page.named("a") if (attrs.get("href") or "").startswith("#")}
    assert {f"#{attrs['id']}" for attrs in page.named("section")} <= targets
    assert {(target or "")[1:] for target in targets} <= set(ids)


def test_landmarks_language_and_one_title(page: Page) -> None:
    names = [name for name, _ in page.tags]
    assert [names.count(name) for name in ("main", "header", "nav", "footer", "h1", "title")] == [1] * 6
    assert page.named("html")[0]["lang"] == "en"
    assert "Forecast the sales" in page.text


def test_every_chart_is_drawn_once_with_its_alternative_text_and_table(page: Page) -> None:
    charts = forecast_analysis().charts
    plots = [attrs for attrs in page.named("div") if attrs.get("class") == "plot"]
    assert len(plots) == len(page.named("figure")) == len(charts)
    assert sorted(str(attrs["aria-label"]) for attrs in plots) == sorted(
        f"Alt text of {item.title}" for item in charts
    )
    assert page.text.count("Table behind the chart") == len(charts)
    figures = {attrs["id"] for attrs in page.named("script") if attrs.get("type") == "application/json"}
    assert {attrs["data-figure"] for attrs in plots} == figures


def test_charts_carry_neither_title_nor_ground_of_their_own(page: Page) -> None:
    figures = [json.loads(text) for text in page.scripts if text.startswith("{")]
    assert len(figures) == 6
    for figure in figures:
        assert "title" not in figure["layout"]
        assert figure["layout"]["paper_bgcolor"] == "rgba(0,0,0,0)"


def test_plotly_is_embedded_once_and_only_when_there_is_something_to_draw() -> None:
    (packed,) = re.findall(r'id="library">([^<]+)<', render_html(forecast_analysis()))
    assert gzip.decompress(base64.b64decode(packed)).decode() == plotly_source()
    assert 'id="library"' not in render_html(analysis(step("load", "data_loading", outputs=[dataset()])))


def test_a_page_with_every_kind_of_chart_is_small_enough_to_mail() -> None:
    assert len(render_html(forecast_analysis()).encode()) < 2_500_000


def test_a_chart_has_its_picture_for_readers_without_scripts() -> None:
    pixel = b"\x89PNG not really, but bytes of a file"
    text = render_html(forecast_analysis(), {SHA: pixel})
    pictures = Page(text).named("img")
    assert len(pictures) == len(forecast_analysis().charts)
    assert {attrs["src"] for attrs in pictures} == {
        f"data:image/png;base64,{base64.b64encode(pixel).decode()}"
    }
    assert all(attrs["alt"] for attrs in pictures)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_nothing_is_fetched_from_anywhere(language: Language) -> None:
    text = render_html(forecast_analysis(language))
    shown = Page(text)
    for tag, attrs in shown.tags:
        assert not FETCHING & set(attrs), tag
        assert tag not in {"iframe", "object", "embed", "base", "img"}
    assert [attrs["href"] for attrs in shown.named("link")] == ["data:,"]
    assert not re.search(r"https?://|@import|url\(|//cdn", text)
    policy = next(attrs["content"] for attrs in shown.named("meta") if "http-equiv" in attrs) or ""
    assert policy.startswith("default-src 'none'")
    assert "connect-src" not in policy


def test_the_page_stays_below_its_bound_with_many_large_charts() -> None:
    points = [float(number) for number in range(30_000)]
    large = [
        chart("line", f"Large {index}", traces=[{"type": "scatter", "x": points, "y": points}])
        for index in range(12)
    ]
    text = render_html(analysis(step("draw", "visualization", outputs=large)))
    assert len(text.encode()) < MAX_PAGE_BYTES
    shown = Page(text)
    drawn = [attrs for attrs in shown.named("div") if attrs.get("class") == "plot"]
    assert 0 < len(drawn) < len(large)
    assert sum(len(script) for script in shown.scripts if script.startswith("{")) <= MAX_FIGURES_BYTES
    assert shown.text.count("too large to draw") == len(large) - len(drawn)


def test_hostile_names_are_text_everywhere() -> None:
    evil_step = step(
        "load",
        "data_loading",
        skill_name=EVIL,
        summary=EVIL,
        kpis=[Kpi(label=EVIL, value=1, text=EVIL, note=EVIL)],
        tables=[Table(title=EVIL, columns=[EVIL, "n"], rows=[[EVIL, 1]], note=EVIL)],
        outputs=[
            dataset(EVIL, Column(name=EVIL, type="string")),
            chart("bar", EVIL, traces=[{"type": "bar", "x": [EVIL, "<!--"], "y": [1, 2], "name": EVIL}]),
            Output(
                name=EVIL, type="novelty", title=EVIL, data={"text": EVIL, EVIL: EVIL, "rows": [{EVIL: EVIL}]}
            ),
        ],
    )
    text = render_html(
        analysis(
            evil_step,
            query=EVIL,
            summary=EVIL,
            warnings=[EVIL],
            findings=[Finding(text=EVIL, evidence={EVIL: EVIL})],
            links={
                "report": "javascript:alert(1)",
                "lineage": "https://elsewhere.example/",
                "notebook": "//elsewhere",
            },
        )
    )
    assert "<script>alert" not in text
    shown = Page(text)
    assert len(shown.named("script")) == 3
    assert (
        json.loads(next(script for script in shown.scripts if script.startswith("{")))["data"][0]["x"][0]
        == EVIL
    )
    assert not [
        attrs for attrs in shown.named("a") if re.match(r"javascript:|https?:|//", attrs.get("href") or "")
    ]


def test_pictures_from_elsewhere_in_a_chart_are_dropped() -> None:
    images = [{"source": "https://elsewhere.example/a.png"}, {"source": "data:image/png;base64,AA=="}]
    text = render_html(
        analysis(step("draw", "visualization", outputs=[chart("bar", "Picture", images=images)]))
    )
    assert "elsewhere.example" not in text
    assert "data:image/png;base64,AA==" in text


def test_the_page_speaks_the_language_of_the_question() -> None:
    shown = Page(render_html(forecast_analysis("ko")))
    assert shown.named("html")[0]["lang"] == "ko"
    for label in ("유의할 점", "데이터와 출처", "재현 정보", "기준선", "점수 산식", "근거"):
        assert label in shown.text
    for label in ("Keep in mind", "Evidence", "Reproduce"):
        assert label not in shown.text


def test_baselines_are_marked_and_the_best_is_set_apart(page: Page) -> None:
    assert [attrs.get("class") for attrs in page.named("tr")].count("baseline") == 1
    assert [attrs.get("class") for attrs in page.named("tr")].count("best") == 1
    assert "baseline" in page.text


def test_findings_are_ranked_with_their_evidence() -> None:
    text = render_html(forecast_analysis())
    assert text.index("The next 14 days add up", text.index('id="findings"')) < text.index(
        "Quality is 97.25."
    )
    assert "4,567.8" in text[text.index('id="findings"') :]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (
            analysis(status="failed", error={"title": "No data", "detail": "There is no file of that name."}),
            "no file",
        ),
        (analysis(status="cancelled", finished_at=None), "was cancelled"),
        (analysis(plan=None, summary="", links={}), "No result was recorded"),
    ],
)
def test_an_analysis_without_results_says_so(broken: Analysis, said: str) -> None:
    shown = Page(render_html(broken))
    assert said in shown.text
    assert [attrs["id"] for attrs in shown.named("section")] == ["answer", "reproduce"]


def test_a_partial_analysis_names_what_is_missing_where_it_would_have_been() -> None:
    steps = forecast_steps()
    steps[1] = step("check", "quality_check", status="failed", error="The agent did not answer.")
    shown = Page(render_html(analysis(*steps, status="partial", summary="Some of it.")))
    assert "Partial result" in shown.text
    assert "Some steps gave no result" in shown.text
    assert shown.text.count("The agent did not answer.") == 2
    assert "quality" in shown.ids()
