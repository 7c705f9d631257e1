"""Every form: its numbers are those of pandas, and it is drawn from ugly data too."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.visualization.form_rules import FORM_RULES
from agents.visualization.natural_order import natural_order
from agents.visualization.page import PLOTLY_URL
from agents.visualization.request import FORMS
from agents.visualization.service import Drawing, Order, draw
from agents.visualization.squares import squarified
from mesh.errors import BadInputError
from mesh.language import detect_language

from .tables import TABLES, columns_of

ROOT = Path(__file__).resolve().parents[3]
MAX_BYTES = 600_000
Maker = Callable[..., Drawing]


@pytest.fixture
def one(tmp_path: Path) -> Maker:
    """Draws one chart of one of the tables, or of a frame whose columns are declared alike."""

    def make(table: str | tuple[pd.DataFrame, dict[str, tuple[str, str]]], goal: str) -> Drawing:
        frame, meant = TABLES[table]() if isinstance(table, str) else table
        path = tmp_path / "data.parquet"
        frame.to_parquet(path)
        order = Order(path, columns_of(meant), goal, detect_language(goal), "x", {}, tmp_path, 3)
        return draw(order)[0]

    return make


def _column(drawing: Drawing, index: int = 1) -> dict[str, Any]:
    return {row[0]: row[index] for row in drawing.data["table"]["rows"]}


def test_each_aggregation_is_pandas(one: Maker) -> None:
    frame, _ = TABLES["shop"]()
    for words, how in (("median", "median"), ("maximum", "max"), ("minimum", "min"), ("average", "mean")):
        drawn = _column(one("shop", f"bar chart of {words} unit price by region"))
        assert drawn == pytest.approx(frame.groupby("region")["unit_price"].agg(how).to_dict())
    counts = _column(one("shop", "지역별 주문 건수를 막대그래프로"))
    assert counts == frame["region"].value_counts().to_dict()


def test_a_rate_is_the_share_of_rows(one: Maker) -> None:
    frame, _ = TABLES["churn"]()
    expected = (frame["Churn"] == "Yes").groupby(frame["Contract"]).mean()
    assert _column(one("churn", "계약 유형별 이탈률을 막대그래프로")) == pytest.approx(expected.to_dict())


def test_filters_leave_the_rows_that_pass(one: Maker) -> None:
    frame, _ = TABLES["shop"]()
    rows = frame[
        (frame["order_date"].dt.year == 2023) & (frame["unit_price"] >= 250) & (frame["region"] != "광주")
    ]
    drawn = _column(one("shop", "2023년 단가 250 이상, 광주 제외 카테고리별 매출 막대그래프"))
    assert drawn == pytest.approx(rows.groupby("category")["revenue"].sum().to_dict())


def test_the_weekday_and_hour_grid_is_the_mean_of_days(one: Maker) -> None:
    frame, _ = TABLES["sensor"]()
    drawing = one("sensor", "heat map of mean temperature by weekday and hour")
    grid = frame.groupby([frame["timestamp"].dt.day_of_week, frame["timestamp"].dt.hour])[
        "temperature"
    ].mean()
    rows = drawing.data["table"]["rows"]
    assert [row[0] for row in rows] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert rows[2][1:] == pytest.approx([grid[2, hour] for hour in range(24)])


def test_candles_are_first_highest_lowest_last(one: Maker) -> None:
    frame, _ = TABLES["stock"]()
    acme = frame[frame["ticker"] == "ACME"].set_index("date")
    weekly = (
        acme.resample("W-SUN").agg({"open": "first", "high": "max", "low": "min", "close": "last"}).dropna()
    )
    rows = one("stock", "주봉으로 ACME 캔들스틱").data["table"]["rows"]
    assert [row[1:] for row in rows] == weekly.to_numpy().tolist()


def test_the_trend_is_numpys_line_and_the_band_holds_it(one: Maker) -> None:
    rng = np.random.default_rng(2)
    x = rng.uniform(0, 10, 200)
    frame = pd.DataFrame({"x": x, "y": 3 + 2 * x + rng.normal(0, 1, 200)})
    meant = {"x": ("number", "intensive"), "y": ("number", "intensive")}
    traces = one((frame, meant), "scatter of y against x").data["plotly"]["data"]
    line = next(trace for trace in traces if trace.get("name") == "Linear trend")
    slope, intercept = np.polyfit(frame["x"], frame["y"], 1)
    assert line["y"] == pytest.approx([intercept + slope * v for v in line["x"]])
    low, high = traces[1]["y"], traces[2]["y"]
    assert all(a < v < b for a, v, b in zip(low, line["y"], high, strict=True))


def test_stages_of_a_funnel_are_shares_of_the_first(one: Maker) -> None:
    drawing = one("funnel", "단계별 사용자 퍼널 차트")
    assert [row[2] for row in drawing.data["table"]["rows"]] == [1.0, 0.35, 0.12, 0.048]
    assert drawing.data["evidence"]["lost"] == pytest.approx(1 - 1200 / 3500)


def test_steps_of_a_waterfall_end_at_the_total(one: Maker) -> None:
    frame, _ = TABLES["shop"]()
    rows = one("shop", "연도별 매출 증감을 폭포 차트로").data["table"]["rows"]
    yearly = frame.groupby(frame["order_date"].dt.year)["revenue"].sum()
    assert [row[1] for row in rows] == pytest.approx(
        [yearly[2022], yearly[2023] - yearly[2022], yearly[2023]]
    )


def test_flows_into_a_place_are_its_height(one: Maker) -> None:
    sankey = one("flows", "sankey diagram from source to target by amount").data["plotly"]["data"][0]
    names, link = sankey["node"]["label"], sankey["link"]
    into = dict.fromkeys(names, 0.0)
    for target, value in zip(link["target"], link["value"], strict=True):
        into[names[target]] += value
    assert into["power"] == 70
    assert into["homes"] == 65
    assert len(names) == len(set(names))


def test_ordinal_names_stand_in_their_order_and_bars_upright(one: Maker) -> None:
    drawing = one("shop", "사이즈별 판매 수량 막대그래프")
    assert [row[0] for row in drawing.data["table"]["rows"]] == ["S", "M", "L", "XL"]
    assert [row[0] for row in one("store", "만족도별 건수 막대그래프").data["table"]["rows"]] == [
        "하",
        "중",
        "상",
    ]


def test_bands_over_time_are_named_by_both_ends(one: Maker) -> None:
    frame, _ = TABLES["churn"]()
    dated = frame.assign(day=pd.date_range("2022-01-01", periods=len(frame), freq="D"))
    meant = {
        "tenure": ("integer", "intensive"),
        "TotalCharges": ("number", "measure"),
        "day": ("datetime", "date"),
    }
    drawing = one((dated[list(meant)], meant), "monthly total charges by tenure as lines")
    names = [trace["name"] for trace in drawing.data["plotly"]["data"]]
    bands = [[float(end) for end in name.split("–")] for name in names if name != "Other"]
    assert len(bands) == 5
    assert all(low % 10 == 0 and high - low == 10 for low, high in bands)


def test_dots_are_coloured_by_a_part_of_the_date(one: Maker) -> None:
    drawing = one("shop", "scatter of price against quantity by weekday")
    names = [trace.get("name") for trace in drawing.data["plotly"]["data"] if trace.get("mode") == "markers"]
    week = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert names[0] == "Other"
    assert names[1:] == [day for day in week if day in names]
    assert {row[2] for row in drawing.data["table"]["rows"]} <= set(week)


@pytest.mark.parametrize(
    ("goal", "other"), [("bar chart of v by k", "All others"), ("v를 k별 막대로", "기타")]
)
def test_a_group_that_is_called_other_is_not_the_rest(one: Maker, goal: str, other: str) -> None:
    frame = pd.DataFrame({"k": [f"item {i:02d}" for i in range(14)] * 20, "v": 1.0})
    frame.loc[frame["k"].isin(["item 00", "item 01"]), "k"] = "Other"
    drawn = _column(one((frame, {"k": ("string", "category"), "v": ("number", "measure")}), goal))
    assert drawn["Other"] == 40
    assert drawn[other] == 40
    assert sum(drawn.values()) == 280


@pytest.mark.parametrize(
    "names",
    [
        ["Mon", "Tue", "Wed", "Sun"],
        ["1월", "2월", "10월"],
        ["10대", "20대", "60대 이상"],
        ["18-24", "25-34", "35-44"],
        ["Strongly disagree", "Neutral", "Agree"],
        ["Q1", "Q2", "Q4"],
        ["low", "medium", "high"],
        ["매우 불만족", "불만족", "보통", "만족"],
    ],
)
def test_names_with_an_order_are_put_into_it(names: list[str]) -> None:
    assert natural_order(sorted(names, reverse=True)) == tuple(names)
    assert natural_order([*names, "서울"]) is None


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        ("bar chart of total unit price by region", "A sum of Unit price means nothing"),
        ("단가 합계를 지역별 막대그래프로", "평균으로 그렸습니다"),
        ("pie chart of unit price by region", "does not add up"),
        ("제품별 매출 파이 차트", "읽을 수 없습니다"),
        ("3D bar chart of revenue by region", "distorts sizes"),
        ("bar chart of revenue by region, do not start the axis at zero", "start at zero"),
        ("stacked bars of unit price by region and channel", "side by side"),
        ("bar chart of revenue by salesperson", "There is no column for salesperson"),
        ("담당자별 매출 막대그래프", "담당자에 해당하는 열이 없습니다"),
        ("분기별 매출과 단가를 이중축 선그래프로", "선이 만나는 지점에는 의미가 없습니다"),
        ("revenue by region as bars on a log scale", "dots are drawn"),
    ],
)
def test_what_misleads_is_said(one: Maker, goal: str, said: str) -> None:
    assert said in one("shop", goal).data["warning"]


def test_two_measures_of_different_size_get_a_panel_each_and_no_second_axis(one: Maker) -> None:
    layout = one("shop", "분기별 매출과 수량을 선그래프로").data["plotly"]["layout"]
    assert "overlaying" not in json.dumps(layout)
    assert {"xaxis", "xaxis2", "yaxis", "yaxis2"} <= set(layout)


def test_no_row_passing_is_an_error_that_names_the_limit(one: Maker) -> None:
    with pytest.raises(BadInputError, match="2031"):
        one("shop", "2031년 지역별 매출 막대그래프")


UGLY = {
    "one group": pd.DataFrame({"k": "only", "v": np.arange(1.0, 61.0)}),
    "200 groups": pd.DataFrame({"k": [f"item {i % 200}" for i in range(600)], "v": np.arange(1.0, 601.0)}),
    "below zero": pd.DataFrame({"k": ["가", "나", "다"] * 20, "v": np.linspace(-90.0, 29.0, 60)}),
    "zeros": pd.DataFrame({"k": ["a", "b"] * 30, "v": 0.0}),
    "huge": pd.DataFrame({"k": ["a", "b"] * 30, "v": np.linspace(1e15, 9e16, 60)}),
    "missing": pd.DataFrame({"k": ["a", "b", None] * 20, "v": [1.0, None, 3.0, 4.0, None, 6.0] * 10}),
    "long names": pd.DataFrame({"k": ["x" * 90, "가나다 " * 30] * 30, "v": np.arange(1.0, 61.0)}),
}
WANTED = (
    *("bar chart of v by k", "v by month as a line", "월별 k별 v 누적 막대그래프", "treemap of v by k"),
    *("violin plot of v by k", "waterfall of v by k", "monthly v, one panel per k", "calendar of v"),
)


@pytest.mark.parametrize("case", UGLY)
def test_ugly_data_are_drawn_small_and_without_a_warning_of_any_library(one: Maker, case: str) -> None:
    frame = UGLY[case].assign(d=pd.date_range("2023-01-01", periods=len(UGLY[case]), freq="7D"))
    meant = {"k": ("string", "category"), "v": ("number", "measure"), "d": ("datetime", "date")}
    for goal in WANTED:
        drawing = one((frame, meant), goal)
        json.dumps(drawing.data, allow_nan=False)
        assert len(json.dumps(drawing.data)) < MAX_BYTES
        assert drawing.html.stat().st_size < MAX_BYTES
        assert PLOTLY_URL in drawing.html.read_text(encoding="utf-8")


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30))
def test_tiles_fill_the_plane_in_proportion(values: list[float]) -> None:
    ordered = sorted(values, reverse=True)
    tiles = squarified(ordered, 0.0, 0.0, 2.0, 1.0)
    areas = [width * height for _, _, width, height in tiles]
    assert areas == pytest.approx([2.0 * value / sum(ordered) for value in ordered], rel=1e-6, abs=1e-9)
    assert all(left + width <= 2 + 1e-6 and top + height <= 1 + 1e-6 for left, top, width, height in tiles)


def test_the_documented_rules_are_those_of_the_code() -> None:
    text = (ROOT / "docs" / "agents" / "visualization.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    documented = [
        tuple(cell.strip("` ") for cell in row) for row in rows if row[0] not in {"asked for", "---"}
    ]
    declared = [
        (", ".join(asked or "no form" for asked in rule.asked), rule.when, rule.form, rule.en)
        for rule in FORM_RULES
    ]
    assert documented == declared
    assert all(f"`{form}`" in text for form in FORMS)
