"""What charts of tables of other shapes get right: years in a column of numbers, counted tables, flows both ways, accounts."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from agents.visualization.moments import stretches
from agents.visualization.recommendation import recommend
from agents.visualization.request_reading import read_request
from agents.visualization.scene import Scene
from agents.visualization.spec import Bars, Chart, Flows, Line
from agents.visualization.table import read_table
from mesh.language import detect_language
from mesh.results import Column
from mesh.tabular.focus import choose_focus

Drawn = Callable[..., Chart]

YEARS = pd.DataFrame(
    [
        (country, year, base + step * 3.0, 100 * base)
        for country, base in (("Chile", 50), ("Korea", 40), ("Mali", 30))
        for step, year in enumerate(range(1952, 2012, 5))
    ],
    columns=["country", "year", "lifeExp", "pop"],
)
YEAR_MEANINGS = {"country": "category", "year": "category", "lifeExp": "intensive", "pop": "measure"}
FLOWS = pd.DataFrame(
    [("a", "b", 5), ("b", "a", 3), ("a", "c", 2), ("c", "a", 1)], columns=["source", "destination", "movers"]
)
TASKS = pd.DataFrame(
    [(task, who, n) for n, (task, who) in enumerate((t, w) for t in "PQR" for w in ("Wife", "Husband"))],
    columns=["Task", "Who", "Freq"],
)
DAYS = pd.DataFrame({"day": pd.date_range("2022-01-01", "2024-08-17")}).assign(
    store=lambda f: ["east" if d % 2 else "west" for d in range(len(f))],
    sold_time=lambda f: [f"{9 + d % 3}:30" for d in range(len(f))],
    sales=100.0,
)
DAY_MEANINGS = {"day": "date", "store": "category", "sold_time": "category", "sales": "measure"}


def _columns(frame: pd.DataFrame, meanings: dict[str, str]) -> list[Column]:
    kinds = {"M": "date", "i": "integer", "f": "number"}
    return [
        Column.model_validate(
            {"name": n, "type": kinds.get(frame[n].dtype.kind, "string"), "semantic": meanings[n]}
        )
        for n in frame.columns
    ]


@pytest.fixture
def drawn(parquet: Callable[[pd.DataFrame], Path]) -> Drawn:
    """The one chart that a question asks for."""

    def make(frame: pd.DataFrame, meanings: dict[str, str], goal: str) -> Chart:
        table = read_table(parquet(frame), _columns(frame, meanings))
        focus = choose_focus(table.outline(), goal)
        request = read_request(table, goal)
        (chart,) = recommend(Scene(table, focus, request, detect_language(goal)), 7)
        return chart

    return make


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("작년 매출", "2023-01-01", "2023-12-31"),
        ("재작년 매출", "2022-01-01", "2022-12-31"),
        ("올해 매출", "2024-01-01", "2024-12-31"),
        ("지난달 매출", "2024-07-01", "2024-07-31"),
        ("sales last month", "2024-07-01", "2024-07-31"),
        ("sales of last quarter", "2024-04-01", "2024-06-30"),
        ("last year's sales", "2023-01-01", "2023-12-31"),
        ("작년 3월 매출", "2023-03-01", "2023-03-31"),
        ("작년 하반기 매출", "2023-07-01", "2023-12-31"),
        ("작년 3월부터 6월까지", "2023-03-01", "2023-06-30"),
        ("지난주 매출", "2024-08-05", "2024-08-11"),
        ("최근 세 달", "2024-05-18", "2024-08-17"),
        ("the last six months", "2024-02-18", "2024-08-17"),
        ("the past year", "2023-08-18", "2024-08-17"),
        ("올해와 작년 매출", "2023-01-01", "2024-12-31"),
    ],
)
def test_periods_that_count_from_the_end_of_the_data(text: str, first: str, last: str) -> None:
    (stretch,) = stretches(text, date(2024, 8, 17))
    assert [day.isoformat() for day in stretch.days] == [first, last]
    assert stretch.counted


def test_without_dates_nothing_counts_from_their_end() -> None:
    assert stretches("작년 매출과 지난달 매출", None) == []


def test_the_reader_is_told_from_where_a_period_counts(drawn: Drawn) -> None:
    chart = drawn(DAYS, DAY_MEANINGS, "지난달 store별 sales 막대그래프")
    assert chart.request["filters"] == [
        {"column": "day", "op": "between", "values": ["2024-07-01", "2024-07-31"]}
    ]
    assert "2024-08-17" in chart.warning
    assert chart.subtitle.endswith("day 2024-07")


def test_a_year_is_compared_with_the_one_before_over_the_months_that_both_have(drawn: Drawn) -> None:
    chart = drawn(DAYS, DAY_MEANINGS, "bar chart of sales by store, year over year")
    months = pd.to_datetime(DAYS["day"]).dt.month <= 7
    years = pd.to_datetime(DAYS["day"]).dt.year
    expected = DAYS[months & (years > 2022)].groupby(["store", years.astype(str)])["sales"].sum()
    found = {(row[0], row[1]): row[2] for row in _pairs(chart)}
    assert found == expected.to_dict()


def _pairs(chart: Chart) -> list[tuple[Any, ...]]:
    columns = chart.grid.columns[1:]
    return [
        (row[0], name, value) for row in chart.grid.rows for name, value in zip(columns, row[1:], strict=True)
    ]


def test_months_of_two_years_lie_over_each_other_without_the_month_that_is_not_over(drawn: Drawn) -> None:
    chart = drawn(DAYS, DAY_MEANINGS, "올해와 작년 월별 sales 비교")
    lines = {mark.name: mark.y for mark in chart.marks if isinstance(mark, Line)}
    known = [value for value in lines["2024"] if value is not None]
    assert len(known) == 7
    assert known[:2] == [3100.0, 2900.0]


def test_time_runs_along_a_column_of_years(drawn: Drawn) -> None:
    chart = drawn(YEARS, YEAR_MEANINGS, "나라별 평균 기대수명 추이")
    lines = {mark.name: mark.y for mark in chart.marks if isinstance(mark, Line)}
    assert lines["Chile"] == tuple(YEARS[YEARS["country"] == "Chile"]["lifeExp"])


def test_a_year_in_words_limits_a_column_of_years(drawn: Drawn) -> None:
    chart = drawn(YEARS, YEAR_MEANINGS, "bar chart of population by country in 2007")
    assert chart.subtitle.endswith("year 2007")
    assert {row[0]: row[2] for row in chart.grid.rows} == {"Chile": 1, "Korea": 1, "Mali": 1}


def test_cases_of_a_counted_table_are_its_counts_and_not_its_rows(drawn: Drawn) -> None:
    meanings = {"Task": "category", "Who": "category", "Freq": "measure"}
    chart = drawn(TASKS, meanings, "number of cases by task")
    assert {row[0]: row[1] for row in chart.grid.rows} == {"P": 1.0, "Q": 5.0, "R": 9.0}


def test_a_category_by_another_counts_its_rows(drawn: Drawn) -> None:
    chart = drawn(DAYS, DAY_MEANINGS, "stores by month as stacked bars")
    assert chart.request["aggregation"] == "count"
    assert chart.request["dimensions"] == ["store"]


def test_hours_come_from_the_column_that_has_them(drawn: Drawn) -> None:
    chart = drawn(DAYS, DAY_MEANINGS, "요일별 시간대별 건수 히트맵")
    assert chart.request["dimensions"] == ["weekday(day)", "hour(sold_time)"]
    assert chart.x.order == ("9시", "10시", "11시")


def test_what_flows_both_ways_stands_on_two_sides(drawn: Drawn) -> None:
    meanings = {"source": "category", "destination": "category", "movers": "measure"}
    (flows,) = drawn(FLOWS, meanings, "sankey diagram").marks
    assert isinstance(flows, Flows)
    assert sorted((node.name, node.column) for node in flows.nodes) == [
        (name, side) for name in "abc" for side in (0, 1)
    ]


def test_a_waterfall_keeps_the_order_of_an_account(drawn: Drawn) -> None:
    account = pd.DataFrame({"item": ["sales", "other income", "costs", "tax"], "amount": [100, 5, -60, -9]})
    chart = drawn(account, {"item": "category", "amount": "measure"}, "waterfall chart")
    (bars,) = (mark for mark in chart.marks if isinstance(mark, Bars))
    assert bars.x[:4] == ("sales", "other income", "costs", "tax")


def test_an_amount_that_no_column_has_is_said(drawn: Drawn) -> None:
    chart = drawn(YEARS, YEAR_MEANINGS, "bar chart of revenue by country")
    assert "There is no column for revenue" in chart.warning
    assert "so Pop is drawn" in chart.warning


def test_degrees_and_letter_grades_keep_their_order(drawn: Drawn) -> None:
    people = pd.DataFrame(
        [
            (d, g, i)
            for i, (d, g) in enumerate(zip(["Doctor", "Below_College", "Master"] * 4, "CAB" * 4, strict=True))
        ],
        columns=["education", "grade", "pay"],
    )
    meanings = {"education": "category", "grade": "category", "pay": "measure"}
    assert drawn(people, meanings, "lines of pay by education").x.order == (
        "Below_College", "Master", "Doctor",
    )  # fmt: skip
    assert drawn(people, meanings, "lines of pay by grade").x.order == ("A", "B", "C")


def test_an_everyday_word_is_no_value(drawn: Drawn) -> None:
    states = pd.DataFrame({"state": ["IN", "AK", "OR"] * 4, "people": range(12)})
    chart = drawn(states, {"state": "category", "people": "measure"}, "bar chart of people by state in order")
    assert "filters" not in chart.request


def test_what_is_joined_to_a_grouping_groups_too(drawn: Drawn) -> None:
    rows = pd.DataFrame({"team": list("xyz") * 8, "hour": list(range(24)), "wait": range(24)})
    meanings = {"team": "category", "hour": "measure", "wait": "measure"}
    chart = drawn(rows, meanings, "mean wait by team and hour as a heatmap")
    assert chart.request["dimensions"] == ["team", "bands(hour)"]


def test_a_month_beside_a_date_is_the_month_of_the_date(drawn: Drawn) -> None:
    rows = DAYS.assign(month=pd.to_datetime(DAYS["day"]).dt.month)[["day", "month", "sales"]]
    chart = drawn(rows, {"day": "date", "month": "category", "sales": "measure"}, "sales per month over time")
    assert (chart.request["date"], chart.request["grain"]) == ("day", "MS")
    assert "dimensions" not in chart.request


def test_a_heat_map_has_a_row_for_each_of_many_years(drawn: Drawn) -> None:
    rows = pd.DataFrame({"day": pd.date_range("1950-01-01", "1999-12-01", freq="MS"), "sold": 1.0})
    chart = drawn(rows, {"day": "date", "sold": "measure"}, "heat map of sold by year and month")
    assert chart.y.order == tuple(str(year) for year in range(1950, 2000))


def test_a_share_of_answers_is_the_rate_of_yes(drawn: Drawn) -> None:
    rows = pd.DataFrame({"tip": ["yes", "no", "no", "no"] * 3, "dow": ["Mon", "Mon", "Tue", "Tue"] * 3})
    chart = drawn(rows, {"tip": "boolean", "dow": "category"}, "팁을 준 비율을 요일별로")
    assert {row[0]: row[1] for row in chart.grid.rows} == {"Mon": 0.5, "Tue": 0.0}


def test_weekdays_beside_a_date_are_those_of_the_date_and_their_short_names_keep_their_order(
    drawn: Drawn,
) -> None:
    names = ["Mon", "Tues", "Wed", "Thurs", "Fri", "Sat", "Sun"]
    rows = pd.DataFrame(
        {"day": pd.date_range("2024-01-01", periods=28), "wday": names * 4, "sold": range(28)}
    )
    meanings = {"day": "date", "wday": "category", "sold": "measure"}
    assert drawn(rows, meanings, "요일별 평균 sold 막대그래프").request["dimensions"] == ["weekday(day)"]
    alone = rows.drop(columns="day")
    assert drawn(alone, meanings, "요일별 평균 sold 선그래프").x.order == tuple(names)


@pytest.mark.parametrize("goal", ["한국의 기대 수명 추이", "life expectancy of South Korea over time"])
def test_a_value_is_known_by_its_name_in_the_other_language(
    parquet: Callable[[pd.DataFrame], Path], goal: str
) -> None:
    table = read_table(parquet(YEARS), _columns(YEARS, YEAR_MEANINGS))
    (kept,) = read_request(table, goal).filters
    assert (kept.column, kept.values) == ("country", ("Korea",))
