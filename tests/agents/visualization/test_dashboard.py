"""Dashboards in a real browser: after any filter every number on the page is the one that pandas gives for those rows."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from agents.visualization.dashboard_service import BuiltPage, build_dashboard
from agents.visualization.service import Order
from mesh.errors import BadInputError
from mesh.language import detect_language
from mesh.results import Column
from tests.browser import Tab, browser_tab

Build = Callable[..., BuiltPage]
DRAWN = "document.querySelectorAll('#charts figure.drawn').length === document.querySelectorAll('#charts figure').length"
INSIDE = (
    "[...document.querySelectorAll('#charts figure')].every(card => [...card.querySelectorAll('.main-svg')].every("
    "svg => svg.getBoundingClientRect().right <= card.getBoundingClientRect().right + 1))"
)
MAX_PAGE_BYTES = 4_000_000

COLUMNS = [
    Column(name="day", type="datetime", semantic="date"),
    Column(name="region", type="string", semantic="geo"),
    Column(name="product", type="string", semantic="category"),
    Column(name="channel", type="string", semantic="category"),
    Column(name="revenue", type="number", semantic="measure"),
    Column(name="unit_price", type="number", semantic="intensive"),
]


def orders(rows: int = 3000) -> pd.DataFrame:
    """Eighteen months of orders in four regions, twenty products and two channels, with gaps in every column."""
    rng = np.random.default_rng(11)
    frame = pd.DataFrame(
        {
            "day": pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 547, rows), "D"),
            "region": rng.choice(["North", "South", "East", "West"], rows),
            "product": [f"Item {i:02d}" for i in rng.geometric(0.15, rows).clip(max=20)],
            "channel": rng.choice(["Shop", "Web"], rows),
            "revenue": rng.integers(100, 90_000, rows) / 100,
            "unit_price": rng.integers(100, 900, rows) / 100,
        }
    )
    for place, name in enumerate(frame.columns):
        frame.loc[rng.choice(rows, 30 + place, replace=False), name] = None
    return frame


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Builds the dashboard that a question asks for."""

    def make(frame: pd.DataFrame, goal: str, columns: list[Column] | None = None) -> BuiltPage:
        path = tmp_path / "orders.parquet"
        frame.to_parquet(path)
        return build_dashboard(
            Order(path, columns or COLUMNS, goal, detect_language(goal), "orders", {}, tmp_path)
        )

    return make


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    """A tab of one browser for all tests."""
    with browser_tab() as opened:
        yield opened


def shown(tab: Tab, page: Path, *, width: int = 1280) -> None:
    """Opens a dashboard and waits for its charts."""
    tab.requests.clear()
    tab.errors.clear()
    tab.open(page.as_uri(), width=width)
    tab.until(DRAWN)


def tick(tab: Tab, dimension: str, name: str) -> None:
    """Ticks a name in the list of a dimension."""
    tab.run(
        "[...document.querySelectorAll('.filter')].find(list => list.querySelector('summary').textContent.startsWith("
        f"{json.dumps(dimension)})).querySelectorAll('label').forEach(label => label.textContent.trim() === {json.dumps(name)} "
        "&& label.querySelector('input').click())"
    )


def end(tab: Tab, place: int, label: str) -> None:
    """Chooses the first (0) or the last (1) period."""
    tab.run(
        f"(() => {{ const list = document.querySelectorAll('.end select')[{place}]; list.value = [...list.options].find(one => "
        f"one.text === {json.dumps(label)}).value; list.dispatchEvent(new Event('change')); }})()"
    )


def headline(tab: Tab) -> list[float]:
    """The exact numbers of the tiles."""
    texts = tab.run("[...document.querySelectorAll('#numbers .tiles div')].map(tile => tile.dataset.value)")
    return [float(text) for text in texts]


def table(tab: Tab) -> dict[str, list[float]]:
    """The exact numbers of the table by name."""
    rows = tab.run(
        "[...document.querySelectorAll('#groups tbody tr')].map(row => [row.querySelector('.name').textContent, "
        "...[...row.querySelectorAll('.number')].map(cell => cell.dataset.value)])"
    )
    return {name: [float(text) for text in texts] for name, *texts in rows}


def expected(frame: pd.DataFrame) -> list[float]:
    """Total and mean by pandas, as the tiles show them: revenue, mean price, mean revenue, rows."""
    return [frame["revenue"].sum(), frame["unit_price"].mean(), float(len(frame))]


def test_every_filtered_total_is_that_of_pandas(tab: Tab, build: Build) -> None:
    frame = orders()
    built = build(frame, "Make a revenue dashboard by region and product")
    labels = [kpi["label"] for kpi in built.data["kpis"]]
    order = [labels.index(one) for one in ("Total revenue", "Mean unit price", "Rows")]
    shown(tab, built.path)

    def told() -> list[float]:
        numbers = headline(tab)
        return [numbers[place] for place in order]

    assert told() == pytest.approx(expected(frame), rel=1e-12)
    tick(tab, "Region", "North")
    tick(tab, "Region", "East")
    rows = frame[frame["region"].isin(["North", "East"])]
    assert told() == pytest.approx(expected(rows), rel=1e-12)
    tick(tab, "Channel", "Web")
    rows = rows[rows["channel"] == "Web"]
    assert told() == pytest.approx(expected(rows), rel=1e-12)
    end(tab, 0, "2023-04")
    end(tab, 1, "2023-09")
    inside = frame[frame["day"].between("2023-04-01", "2023-09-30")]
    rows = inside[inside["region"].isin(["North", "East"]) & (inside["channel"] == "Web")]
    assert told() == pytest.approx(expected(rows), rel=1e-12)
    every_region = inside[inside["channel"] == "Web"].groupby("region")["revenue"].sum()
    by_region = {name: numbers[order[0]] for name, numbers in table(tab).items() if name in every_region}
    assert by_region == pytest.approx(every_region.to_dict(), rel=1e-12)
    said = str(tab.run("document.querySelector('.said').textContent"))
    assert "Region: " in said
    assert "North" in said
    assert "Channel: Web" in said
    assert "2023-04 – 2023-09" in said
    assert f"{len(rows):,} of 3,000 rows" in said
    tab.run("document.querySelector('.reset').click()")
    assert told() == pytest.approx(expected(frame), rel=1e-12)
    assert tab.errors == []


def test_the_rest_and_rows_without_a_value_are_groups(tab: Tab, build: Build) -> None:
    frame = orders()
    built = build(frame, "revenue dashboard by product")
    known = built.data["filters"][0]
    assert known["other"] == frame["product"].nunique() - (len(known["values"]) - 2)
    shown(tab, built.path)
    found = table(tab)
    own = frame.groupby("product")["revenue"].sum()
    rest = own[[name for name in own.index if name not in known["values"]]].sum()
    assert found[f"Other ({known['other']})"][0] == pytest.approx(rest, rel=1e-12)
    assert found["(no value)"][0] == pytest.approx(frame[frame["product"].isna()]["revenue"].sum(), rel=1e-12)
    assert sum(numbers[-1] for numbers in found.values()) == len(frame)


def test_a_click_on_a_bar_filters_the_other_charts_and_a_second_click_undoes_it(
    tab: Tab, build: Build
) -> None:
    frame = orders()
    built = build(frame, "Make a revenue dashboard by region and product")
    forms = [(chart["form"], chart["x"], chart["series"]) for chart in built.data["charts"]]
    bars, lines = forms.index(("bar", "region", None)), forms.index(("line", "day", None))
    shown(tab, built.path)
    plot = f"document.querySelectorAll('#charts .plot')[{bars}]"

    def press() -> None:
        tab.run(f"{plot}.scrollIntoView({{block: 'center'}})")
        box = tab.run(
            f"(() => {{ const b = {plot}.querySelectorAll('.point path')[0].getBoundingClientRect(); "
            "return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            tab.send("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    name = tab.run(f"{plot}.data[0].y[0]")
    whole = headline(tab)
    press()
    tab.until("document.querySelector('.said').textContent.includes(' of ')")
    months = frame[frame["region"] == name].groupby(frame["day"].dt.strftime("%Y-%m-01"))["revenue"].sum()
    drawn = tab.run(
        f"(() => {{ const line = document.querySelectorAll('#charts .plot')[{lines}].data[0]; "
        "return [line.x, line.y]; })()"
    )
    assert dict(zip(*drawn, strict=True)) == pytest.approx(months.to_dict(), rel=1e-12)
    assert tab.run(f"{plot}.data[0].x.length") == len(built.data["filters"][0]["values"])
    press()
    tab.until("!document.querySelector('.said').textContent.includes(' of ')")
    assert headline(tab) == whole


def test_the_table_filters_by_keyboard(tab: Tab, build: Build) -> None:
    frame = orders()
    shown(tab, build(frame, "Make a revenue dashboard by channel").path)
    tab.run("[...document.querySelectorAll('.name')].find(one => one.textContent === 'Web').focus()")
    for kind in ("keyDown", "keyUp"):
        tab.send(
            "Input.dispatchKeyEvent",
            type=kind,
            key="Enter",
            code="Enter",
            windowsVirtualKeyCode=13,
            text="\r",
        )
    assert headline(tab)[-1] == (frame["channel"] == "Web").sum()
    assert tab.run("document.activeElement.getAttribute('aria-pressed')") == "true"


@pytest.mark.parametrize("width", [1280, 768, 390])
def test_the_page_fits_and_asks_for_nothing(tab: Tab, build: Build, width: int) -> None:
    built = build(orders(), "지역별 상품별 매출 대시보드를 만들어줘")
    shown(tab, built.path, width=width)
    assert tab.run("document.documentElement.scrollWidth <= innerWidth")
    tab.until(INSIDE)
    assert [one for one in tab.requests if not one.startswith(("file:", "data:", "blob:"))] == []
    assert tab.errors == []
    assert tab.run("document.querySelector('.said').textContent") == "전체 3,000행을 보여 줍니다."
    assert detect_language(built.data["charts"][0]["title"]) == "ko"
    assert built.path.stat().st_size < MAX_PAGE_BYTES


def test_text_from_the_data_stays_text(tab: Tab, build: Build) -> None:
    frame = orders(400)
    evil = "</script><img src=x onerror=alert(1)>"
    frame.loc[frame["region"] == "North", "region"] = evil
    built = build(frame, "revenue dashboard by region and channel")
    shown(tab, built.path)
    assert tab.run("document.images.length") == 0
    assert evil in table(tab)
    assert evil not in built.path.read_text(encoding="utf-8")


def test_charts_asked_for_by_name_are_there_and_others_are_of_different_kinds(build: Build) -> None:
    built = build(orders(), "Dashboard of revenue by region with a pie chart by channel and a heatmap")
    charts = built.data["charts"]
    assert ("pie", "channel") in {(chart["form"], chart["x"]) for chart in charts}
    assert "heatmap" in {chart["form"] for chart in charts}
    assert 4 <= len(charts) <= 8
    assert len({chart["title"] for chart in charts}) == len(charts)
    assert len({chart["form"] for chart in charts}) >= 4


@pytest.mark.parametrize(
    ("goal", "words"),
    [("Dashboard of revenue by region with a box plot", "box"), ("지역별 매출 중앙값 대시보드", "중앙값")],
)
def test_what_cannot_be_exact_after_filtering_is_left_out_and_said(
    build: Build, goal: str, words: str
) -> None:
    built = build(orders(), goal)
    assert any(words in note for note in built.data["notes"])
    assert all(kpi["how"] in {"sum", "mean", "rate", "count"} for kpi in built.data["kpis"])


def test_the_data_in_the_page_stay_small(build: Build) -> None:
    rng = np.random.default_rng(2)
    frame = orders(60_000)
    for name in ("a", "b", "c"):
        frame[name] = rng.choice([f"{name}{i}" for i in range(12)], len(frame))
    more = [Column(name=name, type="string", semantic="category") for name in ("a", "b", "c")]
    built = build(frame, "Daily revenue dashboard by region and product", [*COLUMNS, *more])
    assert {"region", "product"} <= {one["column"] for one in built.data["filters"]}
    assert any("too large" in note for note in built.data["notes"])
    text = built.path.read_text(encoding="utf-8")
    assert text.index("const dashboard = ") > 0
    assert len(text[text.index("const dashboard = ") :]) < 2_000_000


def test_filters_of_the_question_hold_for_the_whole_page(build: Build) -> None:
    frame = orders()
    built = build(frame, "Revenue dashboard by channel, only 2023, without North")
    rows = frame[(frame["day"].dt.year == 2023) & (frame["region"] != "North")]
    assert built.data["rows"] == len(rows)
    assert "North" in built.data["limits"]


def test_nothing_to_compare_by_is_an_error(build: Build) -> None:
    frame = pd.DataFrame({"note": ["a", "b"]})
    with pytest.raises(BadInputError, match="needs a category or a date"):
        build(frame, "dashboard", [Column(name="note", type="string", semantic="text")])


def test_an_outcome_is_not_drawn_by_itself(build: Build) -> None:
    rng = np.random.default_rng(4)
    frame = orders(500)
    frame["churn"] = rng.choice(["Yes", "No"], len(frame))
    columns = [*COLUMNS, Column(name="churn", type="string", semantic="boolean")]
    built = build(frame, "Churn dashboard by region", columns)
    rate = built.data["kpis"][0]
    assert (rate["column"], rate["how"]) == ("churn", "rate")
    assert rate["value"] == pytest.approx((frame["churn"] == "Yes").mean(), rel=1e-9)
    assert all(
        "churn" not in {one["x"], one["series"]} for one in built.data["charts"] if "hurn" in one["measure"]
    )


def described(built: BuiltPage) -> dict[str, Any]:
    """The description as a program reads it."""
    data: dict[str, Any] = json.loads(json.dumps(built.data, allow_nan=False))
    return data


def test_the_description_says_what_is_on_the_page(build: Build) -> None:
    data = described(build(orders(), "Make a revenue dashboard by region"))
    assert set(data) >= {"title", "kpis", "charts", "filters", "time", "limits", "notes"}
    assert data["time"] == {"column": "day", "grain": "MS", "first": "2023-01", "last": "2024-06"}
