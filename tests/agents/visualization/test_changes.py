"""Follow-ups: what a few words change in an earlier chart, and what they leave as it was."""

from pathlib import Path
from typing import Any

import pytest

from agents.visualization.changes import changed_request
from agents.visualization.form_rules import choose_form
from agents.visualization.request import Request, read_back
from agents.visualization.request_reading import read_request
from agents.visualization.service import Order, draw
from agents.visualization.table import Table, read_table

from .tables import columns_of, shop, table_of

Y23 = [{"column": "order_date", "op": "between", "values": ["2023-01-01", "2023-12-31"]}]
Y22 = [{"column": "order_date", "op": "between", "values": ["2022-01-01", "2022-12-31"]}]
BARS = "지역별 매출을 막대그래프로 그려줘"
LINES = "plot monthly revenue by category"
DOTS = "scatter of price against quantity"


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    """Two years of orders."""
    return table_of("shop", tmp_path_factory.mktemp("shop"))


def _after(table: Table, first: str, change: str) -> tuple[Request, dict[str, Any] | None]:
    """The first request, and the one after the change as it is written; None when it is no change."""
    old, _ = choose_form(read_request(table, first), table)
    new = changed_request(table, change, [{"request": old.written(), "goal": first}])
    return old, choose_form(new, table)[0].written() if new is not None else None


@pytest.mark.parametrize(
    ("first", "change", "changed"),
    [
        (BARS, "월별로 바꿔줘", {"form": "stacked", "date": "order_date", "grain": "MS"}),
        (BARS, "only 2023", {"filters": Y23}),
        (BARS, "작년만", {"filters": Y22, "counted": ["작년"]}),
        (BARS, "채널별로 쌓아줘", {"form": "stacked", "dimensions": ["region", "channel"]}),
        (BARS, "상위 3개만", {"top": 3}),
        (BARS, "제목을 '지역 매출'로 바꿔줘", {"title": "지역 매출"}),
        (BARS, "채널별로", {"dimensions": ["channel"]}),
        (BARS, "평균으로", {"aggregation": "mean"}),
        (BARS, "수량으로 바꿔줘", {"measures": ["quantity"]}),
        (BARS, "as a pie", {"form": "pie"}),
        (BARS, "오름차순으로", {"sort": "ascending"}),
        (LINES, "월별 말고 분기별로", {"grain": "QS"}),
        (LINES, "make it quarterly", {"grain": "QS"}),
        (LINES, "막대로 바꿔줘", {"form": "stacked"}),
        (LINES, "by region instead of category", {"dimensions": ["region"]}),
        (LINES, "exclude 가구", {"filters": [{"column": "category", "op": "not in", "values": ["가구"]}]}),
        (LINES, f"{LINES}. Only 2023", {"filters": Y23}),
        (DOTS, "색을 지역별로", {"color": "region"}),
        (DOTS, "로그 스케일로", {"log": True}),
    ],
)
def test_a_follow_up_changes_what_it_names_and_nothing_else(
    table: Table, first: str, change: str, changed: dict[str, Any]
) -> None:
    old, new = _after(table, first, change)
    assert new == old.but(exact=True).written() | changed


def test_a_question_of_its_own_is_no_change(table: Table) -> None:
    assert _after(table, LINES, BARS)[1] is None
    assert changed_request(table, "only 2023", []) is None


def test_the_second_of_several_charts_is_counted_out(table: Table) -> None:
    charts = [{"request": read_request(table, goal).written(), "goal": goal} for goal in (BARS, LINES)]
    new = changed_request(table, "make the second chart quarterly", charts)
    assert new is not None
    assert (new.dimensions, new.grain) == (("category",), "QS")


def test_a_request_is_read_back_as_it_was_written(table: Table) -> None:
    goals = (
        BARS,
        LINES,
        DOTS,
        "단가 500 이상, 2023년 서울과 부산의 상위 3개 상품 막대그래프, 제목은 '요약'으로 해줘",
    )
    for goal in goals:
        request = read_request(table, goal)
        assert read_back(request.written()) == request


def test_the_changed_chart_is_drawn(tmp_path: Path) -> None:
    frame, meant = shop()
    frame.to_parquet(tmp_path / "shop.parquet")
    columns = columns_of(meant)

    def asked(goal: str, *earlier: dict[str, Any]) -> dict[str, Any]:
        order = Order(tmp_path / "shop.parquet", columns, goal, "ko", "shop", {}, tmp_path, 3, earlier)
        (drawing,) = draw(order)
        return drawing.data

    first = asked("지역별 매출을 막대그래프로 그려줘")
    second = asked("2023년만, 상위 2개", first)
    in_2023 = frame[frame["order_date"].dt.year == 2023].groupby("region")["revenue"].sum()
    best = in_2023.sort_values(ascending=False).head(2)
    assert [row[0] for row in second["table"]["rows"]] == best.index.tolist()
    assert [row[1] for row in second["table"]["rows"]] == pytest.approx(best.tolist())
    assert second["subtitle"].endswith("order_date 2023")
    assert read_table(tmp_path / "shop.parquet", columns).rows == len(frame)
