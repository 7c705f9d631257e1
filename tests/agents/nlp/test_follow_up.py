"""Questions that change an earlier one, with the result that pandas computes for the whole."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from agents.nlp.answering import answer_question

from .conftest import Ask


def _sums(frame: pd.DataFrame, by: str, what: str) -> list[list[Any]]:
    return [[k, v] for k, v in frame.groupby(by)[what].sum().sort_values(ascending=False).items()]


def test_a_value_replaces_the_value_before(ask: Ask, frames: dict[str, pd.DataFrame]) -> None:
    d = frames["sales"]
    answer = ask("sales", "total revenue in Seoul in 2023 — what about Busan?")
    expected = d[(d.region == "Busan") & (d.order_date.dt.year == 2023)].revenue.sum()
    assert answer["rows"] == [[pytest.approx(expected)]]
    assert answer["turns"] == ["total revenue in Seoul in 2023", "what about Busan?"]


def test_rows_are_narrowed_in_korean(ask: Ask, frames: dict[str, pd.DataFrame]) -> None:
    d = frames["korean"]
    answer = ask("korean", "상품별 매출 합계 — 그 중 서울만")
    assert answer["rows"] == [
        [k, pytest.approx(v)] for k, v in _sums(d[d.지역 == "서울"], "상품명", "매출액")
    ]


def test_changes_follow_one_another(ask: Ask, frames: dict[str, pd.DataFrame]) -> None:
    d = frames["sales"]
    answer = ask("sales", "revenue by product — only Online — by region — top 2")
    expected = _sums(d[d.channel == "Online"], "region", "revenue")[:2]
    assert answer["rows"] == [[k, pytest.approx(v)] for k, v in expected]
    assert any("instead of" in note for note in answer["notes"])


def test_a_period_replaces_the_period_before(ask: Ask, frames: dict[str, pd.DataFrame]) -> None:
    d = frames["korean"]
    answer = ask("korean", "2022년 매출은 얼마인가요? — 그럼 2023년은?")
    assert answer["rows"] == [[pytest.approx(d[d.주문일.dt.year == 2023].매출액.sum())]]


def test_another_figure_keeps_groups_and_aggregate(ask: Ask, frames: dict[str, pd.DataFrame]) -> None:
    d = frames["sales"]
    answer = ask("sales", "average revenue by region — and quantity?")
    assert dict(answer["rows"]) == pytest.approx(d.groupby("region").quantity.mean().to_dict())
    median = ask("sales", "average revenue by region — what about the median?")
    assert dict(median["rows"]) == pytest.approx(d.groupby("region").revenue.median().to_dict())


def test_the_part_of_a_share_is_replaced(ask: Ask, frames: dict[str, pd.DataFrame]) -> None:
    d = frames["sales"]
    answer = ask("sales", "What share of revenue comes from Seoul? — and Busan?")
    assert answer["rows"][0][2] == pytest.approx(d[d.region == "Busan"].revenue.sum() / d.revenue.sum())


@pytest.mark.parametrize(
    "question",
    [
        "which region sold most? — by month?",
        "revenue by region — make it nicer",
        "revenue by region — Seoul too",
        "revenue by region — top",
        "year over year growth of revenue — only Seoul",
        "revenue by region — why?",
    ],
)
def test_an_unclear_change_is_not_applied(ask: Ask, question: str) -> None:
    assert ask("sales", question)["abstained"]


def test_the_turns_of_an_earlier_answer_are_carried_on(
    parquet: dict[str, Path], schemas: dict[str, list[dict[str, str]]], frames: dict[str, pd.DataFrame]
) -> None:
    d = frames["sales"]
    first = answer_question("revenue by product", parquet["sales"], schemas["sales"], "en")
    then = answer_question("only Seoul", parquet["sales"], schemas["sales"], "en", earlier=first["turns"])
    assert then["rows"] == [
        [k, pytest.approx(v)] for k, v in _sums(d[d.region == "Seoul"], "product", "revenue")
    ]
    alone = answer_question("total revenue", parquet["sales"], schemas["sales"], "en", earlier=then["turns"])
    assert alone["rows"] == [[pytest.approx(d.revenue.sum())]]
