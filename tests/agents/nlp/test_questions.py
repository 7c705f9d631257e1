"""Questions with the result that pandas computes for them."""

import math
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from .conftest import Ask

Expected = Callable[[pd.DataFrame], Any]


def _in(frame: pd.DataFrame, column: str, start: str, end: str) -> pd.DataFrame:
    return frame[(frame[column] >= start) & (frame[column] < end)]


def _top(
    frame: pd.DataFrame, by: str, what: str, n: int = 1, how: str = "sum", *, largest: bool = True
) -> Any:
    figures = frame.groupby(by)[what].agg(how).sort_values(ascending=not largest).head(n)
    return [[k, v] for k, v in figures.items()]


def _by(frame: pd.DataFrame, by: str, what: str, how: Any = "sum") -> Any:
    return [[k, v] for k, v in frame.groupby(by)[what].agg(how).sort_values(ascending=False).items()]


def _p90(values: pd.Series) -> float:
    return float(values.quantile(0.9))


def _beside(rows: list[list[Any]], figure: Callable[[pd.Series], pd.Series]) -> list[list[Any]]:
    """Each row with what `figure` makes of the second column."""
    return [[*row, value] for row, value in zip(rows, figure(pd.Series([r[1] for r in rows])), strict=True)]


def _months(frame: pd.DataFrame, when: str, what: str) -> Any:
    return [[k, v] for k, v in frame.groupby(frame[when].dt.strftime("%Y-%m"))[what].sum().items()]


def _rate(frame: pd.DataFrame) -> Any:
    return [[(frame.Churn == "Yes").sum(), len(frame), (frame.Churn == "Yes").mean()]]


def _part(frame: pd.DataFrame, mask: pd.Series, what: str) -> Any:
    return [[frame[mask][what].sum(), frame[what].sum(), frame[mask][what].sum() / frame[what].sum()]]


def _parts(frame: pd.DataFrame, by: str, mask: pd.Series, what: str) -> Any:
    rows = [[k, *_part(g, mask[g.index], what)[0]] for k, g in frame.groupby(by)]
    return sorted(rows, key=lambda row: -row[3])


def _shares(frame: pd.DataFrame, by: str, what: str) -> Any:
    return [[k, v, v / frame[what].sum()] for k, v in _by(frame, by, what)]


def _best_of_each(frame: pd.DataFrame, by: str, ranked: str, *what: str, n: int = 1) -> Any:
    rows = []
    for group, part in frame.groupby(by):
        sums = part.groupby(ranked)[list(what)].sum().sort_values(what[0], ascending=False).head(n)
        rows += [
            [group, name, *figures]
            for name, figures in zip(sums.index, sums.to_numpy().tolist(), strict=True)
        ]
    return rows


CASES: list[tuple[str, str, Expected]] = [
    ("sales", "Total revenue by region", lambda d: _by(d, "region", "revenue")),
    (
        "sales",
        "which region sold most?",
        lambda d: [[*_top(d, "region", "quantity")[0], *_top(d, "region", "revenue")[0][1:]]],
    ),
    ("sales", "What share of revenue comes from Seoul?", lambda d: _part(d, d.region == "Seoul", "revenue")),
    ("sales", "Top 3 products by revenue", lambda d: _top(d, "product", "revenue", 3)),
    ("sales", "bottom two regions by quantity", lambda d: _top(d, "region", "quantity", 2, largest=False)),
    (
        "sales",
        "How many units were sold in Busan in 2023?",
        lambda d: [[_in(d[d.region == "Busan"], "order_date", "2023", "2024").quantity.sum()]],
    ),
    ("sales", "How many different customers are there?", lambda d: [[d.customer_id.nunique()]]),
    (
        "sales",
        "how many orders have a unit price of at least 400?",
        lambda d: [[(d.unit_price >= 400).sum()]],
    ),
    ("sales", "average unit price by channel", lambda d: _by(d, "channel", "unit_price", "mean")),
    (
        "sales",
        "average revenue per customer",
        lambda d: [[d.groupby("customer_id").revenue.sum().mean(), d.customer_id.nunique()]],
    ),
    (
        "sales",
        "average monthly revenue",
        lambda d: [[(m := d.groupby(d.order_date.dt.to_period("M")).revenue.sum()).mean(), len(m)]],
    ),
    (
        "sales",
        "which month had the highest revenue?",
        lambda d: sorted(_months(d, "order_date", "revenue"), key=lambda r: -r[1])[:1],
    ),
    (
        "sales",
        "monthly revenue in 2023",
        lambda d: _months(_in(d, "order_date", "2023", "2024"), "order_date", "revenue"),
    ),
    (
        "sales",
        "compare revenue between Seoul and Busan",
        lambda d: _by(d[d.region.isin(["Seoul", "Busan"])], "region", "revenue"),
    ),
    (
        "sales",
        "revenue from Laptop between 2022-03-01 and 2022-06-30",
        lambda d: [
            [_in(d[d["product"] == "Laptop"], "order_date", "2022-03-01", "2022-07-01").revenue.sum()]
        ],
    ),
    ("sales", "total revenue of Desk Pro 2", lambda d: [[d[d["product"] == "Desk Pro 2"].revenue.sum()]]),
    (
        "sales",
        "revenue excluding Seoul by product",
        lambda d: _by(d[d.region != "Seoul"], "product", "revenue"),
    ),
    (
        "sales",
        "which products sold more than 2000 units?",
        lambda d: [r for r in _by(d, "product", "quantity") if r[1] > 2000],
    ),
    ("sales", "correlation between unit price and revenue", lambda d: [[d.unit_price.corr(d.revenue)]]),
    ("sales", "number of customers by region", lambda d: _by(d, "region", "customer_id", "nunique")),
    (
        "sales",
        "When does the data start?",
        lambda d: [[d.order_date.min().date().isoformat(), d.order_date.max().date().isoformat()]],
    ),
    (
        "bikes",
        "What was the total revenue last quarter?",
        lambda d: [[_in(d, "date", "2024-10-01", "2025-01-01").extended_sales.sum()]],
    ),
    ("bikes", "Which bike model has the lowest price?", lambda _: [["Urban Rider", 350]]),
    (
        "bikes",
        "How did revenue grow from 2021 to 2022?",
        lambda d: [
            [2021, (y := d.groupby(d.date.dt.year).extended_sales.sum())[2021], None],
            [2022, y[2022], y[2022] / y[2021] - 1],
        ],
    ),
    (
        "bikes",
        "매출이 가장 높은 요일은?",
        lambda d: [[(w := d.groupby(d.date.dt.isocalendar().day).extended_sales.sum()).idxmax(), w.max()]],
    ),
    (
        "bikes",
        "2023년 월별 매출 합계",
        lambda d: _months(_in(d, "date", "2023", "2024"), "date", "extended_sales"),
    ),
    ("bikes", "평균 가격이 가장 높은 제품 5개는?", lambda d: _top(d, "bike_model", "price", 5, "mean")),
    (
        "bikes",
        "연도별 판매 수량",
        lambda d: [[k, v] for k, v in d.groupby(d.date.dt.year).quantity_sold.sum().items()],
    ),
    (
        "bikes",
        "지난 분기에 가장 많이 팔린 모델은?",
        lambda d: [
            [
                *_top(q := _in(d, "date", "2024-10-01", "2025"), "bike_model", "quantity_sold")[0],
                q[q.bike_model == _top(q, "bike_model", "quantity_sold")[0][0]].extended_sales.sum(),
            ]
        ],
    ),
    ("bikes", "Commuter Swift의 가격은 얼마인가요?", lambda _: [[495.0]]),
    (
        "bikes",
        "2022년과 2023년 매출 비교",
        lambda d: [[y, d[d.date.dt.year == y].extended_sales.sum()] for y in (2022, 2023)],
    ),
    (
        "korean",
        "어느 지역이 가장 많이 팔았나요?",
        lambda d: [[*_top(d, "지역", "수량")[0], *_top(d, "지역", "매출액")[0][1:]]],
    ),
    ("korean", "서울의 매출 비중은?", lambda d: _part(d, d.지역 == "서울", "매출액")),
    (
        "korean",
        "지역별 매출 비중",
        lambda d: [[k, v, v / d.매출액.sum()] for k, v in _by(d, "지역", "매출액")],
    ),
    ("korean", "상위 3개 상품의 매출 합계", lambda d: _top(d, "상품명", "매출액", 3)),
    ("korean", "온라인 채널의 매출은 얼마인가요?", lambda d: [[d[d.판매채널 == "온라인"].매출액.sum()]]),
    ("korean", "단가가 400 이상인 주문은 몇 건인가요?", lambda d: [[(d.단가 >= 400).sum()]]),
    ("korean", "수량이 5개 미만인 주문은 몇 건인가요?", lambda d: [[(d.수량 < 5).sum()]]),
    ("korean", "부산을 제외한 지역별 매출", lambda d: _by(d[d.지역 != "부산"], "지역", "매출액")),
    (
        "korean",
        "2023년 하반기 서울 매출 합계",
        lambda d: [[_in(d[d.지역 == "서울"], "주문일", "2023-07-01", "2024").매출액.sum()]],
    ),
    (
        "korean",
        "월평균 매출은 얼마인가요?",
        lambda d: [[(m := d.groupby(d.주문일.dt.to_period("M")).매출액.sum()).mean(), len(m)]],
    ),
    ("korean", "제품별로 몇 개 팔렸나요?", lambda d: _by(d, "상품명", "수량")),
    ("korean", "고객이 가장 많은 지역은?", lambda d: _top(d, "지역", "고객번호", how="nunique")),
    (
        "korean",
        "2022년 대비 2023년 매출 성장률",
        lambda d: [
            [2022, (y := d.groupby(d.주문일.dt.year).매출액.sum())[2022], None],
            [2023, y[2023], y[2023] / y[2022] - 1],
        ],
    ),
    ("korean", "상품 종류는 몇 개인가요?", lambda d: [[d.상품명.nunique()]]),
    ("korean", "서울과 부산의 매출 비교", lambda d: _by(d[d.지역.isin(["서울", "부산"])], "지역", "매출액")),
    (
        "korean",
        "매출이 가장 높은 달은 언제인가요?",
        lambda d: sorted(_months(d, "주문일", "매출액"), key=lambda r: -r[1])[:1],
    ),
    ("churn", "how many customers churned?", lambda d: [[(d.Churn == "Yes").sum()]]),
    ("churn", "how many customers did not churn?", lambda d: [[(d.Churn == "No").sum()]]),
    ("churn", "What percentage of female customers churned?", lambda d: _rate(d[d.gender == "Female"])),
    (
        "churn",
        "which contract has the highest churn rate?",
        lambda d: sorted([[k, *_rate(g)[0]] for k, g in d.groupby("Contract")], key=lambda r: -r[3])[:1],
    ),
    (
        "churn",
        "Average monthly charges for fiber optic customers",
        lambda d: [[d[d.InternetService == "Fiber optic"].MonthlyCharges.mean()]],
    ),
    (
        "churn",
        "How many customers have no internet service?",
        lambda d: [[(d.InternetService == "No").sum()]],
    ),
    (
        "churn",
        "how many male senior citizens churned?",
        lambda d: [[((d.gender == "Male") & (d.SeniorCitizen == 1) & (d.Churn == "Yes")).sum()]],
    ),
    ("churn", "이탈한 고객은 몇 명인가요?", lambda d: [[(d.Churn == "Yes").sum()]]),
    (
        "churn",
        "계약 유형별 이탈률을 알려줘",
        lambda d: sorted([[k, *_rate(g)[0]] for k, g in d.groupby("Contract")], key=lambda r: -r[3]),
    ),
    ("churn", "결제 방법별 평균 월 요금", lambda d: _by(d, "PaymentMethod", "MonthlyCharges", "mean")),
    ("churn", "가입 기간이 60개월 이상인 고객 수", lambda d: [[(d.tenure >= 60).sum()]]),
    ("churn", "배우자가 없는 고객은 몇 명?", lambda d: [[(d.Partner == "No").sum()]]),
    (
        "churn",
        "남성 고객의 비율은 얼마인가요?",
        lambda d: [[(d.gender == "Male").sum(), len(d), (d.gender == "Male").mean()]],
    ),
    ("churn", "배우자가 있는 고객의 이탈률은?", lambda d: _rate(d[d.Partner == "Yes"])),
    (
        "churn",
        "이탈 고객이 가장 많은 결제 방법은?",
        lambda d: _top(d[d.Churn == "Yes"], "PaymentMethod", "customerID", how="count"),
    ),
    (
        "churn",
        "월 요금이 100 초과인 여성 고객은 몇 명인가요?",
        lambda d: [[((d.gender == "Female") & (d.MonthlyCharges > 100)).sum()]],
    ),
    (
        "sales",
        "best selling product by region",
        lambda d: _best_of_each(d, "region", "product", "quantity", "revenue"),
    ),
    (
        "sales",
        "top 2 products by revenue in each region",
        lambda d: _best_of_each(d, "region", "product", "revenue", n=2),
    ),
    ("sales", "revenue excluding Seoul and Busan", lambda d: [[d[d.region == "Daegu"].revenue.sum()]]),
    (
        "sales",
        "share of Online revenue by region",
        lambda d: _parts(d, "region", d.channel == "Online", "revenue"),
    ),
    (
        "sales",
        "revenue share by product in Seoul",
        lambda d: _shares(d[d.region == "Seoul"], "product", "revenue"),
    ),
    (
        "sales",
        "what share of Seoul revenue is online?",
        lambda d: _part(s := d[d.region == "Seoul"], s.channel == "Online", "revenue"),
    ),
    (
        "sales",
        "revenue from March to May 2023",
        lambda d: [[_in(d, "order_date", "2023-03-01", "2023-06-01").revenue.sum()]],
    ),
    (
        "sales",
        "products with revenue over 500000",
        lambda d: [r for r in _by(d, "product", "revenue") if r[1] > 500000],
    ),
    ("korean", "서울과 부산을 제외한 매출", lambda d: [[d[d.지역 == "대구"].매출액.sum()]]),
    (
        "korean",
        "지역별로 가장 많이 팔린 상품은?",
        lambda d: _best_of_each(d, "지역", "상품명", "수량", "매출액"),
    ),
    ("korean", "서울의 상품별 매출 비중", lambda d: _shares(d[d.지역 == "서울"], "상품명", "매출액")),
    (
        "korean",
        "서울 매출 중 온라인 비율은?",
        lambda d: _part(s := d[d.지역 == "서울"], s.판매채널 == "온라인", "매출액"),
    ),
    ("sales", "revenue in Seoul or Busan", lambda d: [[d[d.region.isin(["Seoul", "Busan"])].revenue.sum()]]),
    ("sales", "second best region by revenue", lambda d: _top(d, "region", "revenue", 2)[1:]),
    ("korean", "매출이 두 번째로 낮은 상품은?", lambda d: _top(d, "상품명", "매출액", 2, largest=False)[1:]),
    (
        "sales",
        "running total of revenue by month",
        lambda d: _beside(_months(d, "order_date", "revenue"), pd.Series.cumsum),
    ),
    (
        "korean",
        "매출의 3개월 이동평균",
        lambda d: _beside(_months(d, "주문일", "매출액"), lambda s: s.rolling(3, min_periods=1).mean()),
    ),
    (
        "sales",
        "regions with more than 300 orders",
        lambda d: [r for r in _by(d, "region", "order_id", "count") if r[1] > 300],
    ),
    (
        "korean",
        "주문이 200건 넘는 상품은?",
        lambda d: [r for r in _by(d, "상품명", "주문번호", "count") if r[1] > 200],
    ),
    (
        "sales",
        "months with revenue over 50,000",
        lambda d: sorted([r for r in _months(d, "order_date", "revenue") if r[1] > 50000]),
    ),
    (
        "korean",
        "평균 단가가 250 이상인 상품은?",
        lambda d: [r for r in _by(d, "상품명", "단가", "mean") if r[1] >= 250],
    ),
    ("sales", "90th percentile of revenue by region", lambda d: _by(d, "region", "revenue", _p90)),
    ("korean", "단가의 90백분위수", lambda d: [[_p90(d.단가)]]),
    ("churn", "third quartile of monthly charges", lambda d: [[d.MonthlyCharges.quantile(0.75)]]),
    ("churn", "성별 월 요금 중앙값", lambda d: _by(d, "gender", "MonthlyCharges", "median")),
    (
        "bikes",
        "compare this year and last year sales",
        lambda d: [[y, d[d.date.dt.year == y].extended_sales.sum()] for y in (2023, 2024)],
    ),
    ("korean", "최대 단가와 최소 단가", lambda d: [[d.단가.max(), d.단가.min()]]),
    (
        "korean",
        "2023년 3월부터 5월까지 매출",
        lambda d: [[_in(d, "주문일", "2023-03-01", "2023-06-01").매출액.sum()]],
    ),
    (
        "korean",
        "고객 한 명당 평균 매출",
        lambda d: [[d.groupby("고객번호").매출액.sum().mean(), d.고객번호.nunique()]],
    ),
    ("sales", "revenue per unit", lambda d: [[d.revenue.sum() / d.quantity.sum()]]),
    (
        "sales",
        "revenue in Seoul or of Laptop",
        lambda d: [[d[(d.region == "Seoul") | (d["product"] == "Laptop")].revenue.sum()]],
    ),
    ("sales", "revenue not in Seoul or Busan", lambda d: [[d[d.region == "Daegu"].revenue.sum()]]),
    (
        "sales",
        "how many products have more than 30 orders?",
        lambda d: [[(d.groupby("product").order_id.count() > 30).sum()]],
    ),
]


def _same(actual: Any, expected: Any) -> bool:
    if isinstance(expected, str) or expected is None:
        return bool(actual == expected)
    return actual is not None and math.isclose(float(actual), float(expected), rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize(("table", "question", "expected"), CASES, ids=[c[1] for c in CASES])
def test_the_rows_are_what_pandas_computes(
    ask: Ask, frames: dict[str, pd.DataFrame], table: str, question: str, expected: Expected
) -> None:
    answer = ask(table, question)
    rows = expected(frames[table])
    assert not answer["abstained"], answer["answer"]
    assert len(answer["rows"]) == len(rows), answer["sql"]
    for actual, wanted in zip(answer["rows"], rows, strict=True):
        assert all(_same(a, w) for a, w in zip(actual, wanted, strict=True)), (answer["sql"], actual, wanted)
