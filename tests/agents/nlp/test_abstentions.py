"""Questions that nothing sure can be said to, and what is given back for them."""

import pytest

from .conftest import Ask

ABSTAINS = [
    ("sales", "top product in each region"),
    ("sales", "how many products have revenue over 5000?"),
    ("sales", "share of online orders in Seoul"),
    ("sales", "why did revenue fall in 2023?"),
    ("sales", "predict revenue for next month"),
    ("sales", "revenue in Tokyo"),
    ("sales", "which region is happiest?"),
    ("sales", "moving average of revenue"),
    ("sales", "running total of average unit price by month"),
    ("korean", "상품별 매출 백분위수"),
    ("sales", "what was revenue in March?"),
    ("sales", "average salary by region"),
    ("sales", "which region should we invest in?"),
    ("sales", "second and third best region by revenue"),
    ("sales", "how many products were sold?"),
    ("sales", "total revenue in 2019년"),
    ("korean", "매출이 왜 떨어졌나요?"),
    ("korean", "다음 달 매출 예측"),
    ("korean", "도쿄의 매출은?"),
    ("korean", "영업이익이 가장 높은 지역은?"),
    ("korean", "3월 매출은 얼마인가요?"),
    ("korean", "누적 매출 합계"),
    ("churn", "이탈 고객의 평균 요금은?"),
    ("churn", "churn in 2023"),
    ("churn", "monthly churn rate by region"),
]


@pytest.mark.parametrize(("table", "question"), ABSTAINS, ids=[c[1] for c in ABSTAINS])
def test_an_unsure_question_is_not_answered(ask: Ask, table: str, question: str) -> None:
    answer = ask(table, question)
    assert answer["abstained"]
    assert answer["confidence"] == 0
    assert answer["sql"] == ""
    assert answer["rows"] == []
    assert answer["answer"]
    assert answer["suggestions"]
