"""Periods, comparisons and limits read from text, with answers by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.nlp.magnitudes import find_comparisons
from agents.nlp.numerals import find_limits
from agents.nlp.periods import ambiguous_month, find_periods, shift, start_of

FIRST = date(2022, 1, 1)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2023년 매출", date(2023, 1, 1), date(2024, 1, 1)),
        ("2023년 2월 매출", date(2023, 2, 1), date(2023, 3, 1)),
        ("2023년 하반기", date(2023, 7, 1), date(2024, 1, 1)),
        ("2023년 1분기", date(2023, 1, 1), date(2023, 4, 1)),
        ("2023년 3월부터 5월까지", date(2023, 3, 1), date(2023, 6, 1)),
        ("2023년 5월 이후", date(2023, 5, 1), None),
        ("2023년 이전", None, date(2023, 1, 1)),
        ("지난 분기", date(2024, 7, 1), date(2024, 10, 1)),
        ("지난달", date(2024, 10, 1), date(2024, 11, 1)),
        ("작년", date(2023, 1, 1), date(2024, 1, 1)),
        ("재작년", date(2022, 1, 1), date(2023, 1, 1)),
        ("이번 달", date(2024, 11, 1), date(2024, 12, 1)),
        ("최근 3개월", date(2024, 8, 16), date(2024, 11, 16)),
        ("revenue in 2023", date(2023, 1, 1), date(2024, 1, 1)),
        ("in february 2024", date(2024, 2, 1), date(2024, 3, 1)),
        ("q2 2023", date(2023, 4, 1), date(2023, 7, 1)),
        ("from march to may 2023", date(2023, 3, 1), date(2023, 6, 1)),
        ("between 2022-03-01 and 2022-06-30", date(2022, 3, 1), date(2022, 7, 1)),
        ("since june 2024", date(2024, 6, 1), None),
        ("after 2022", date(2023, 1, 1), None),
        ("before 2023", None, date(2023, 1, 1)),
        ("last quarter", date(2024, 7, 1), date(2024, 10, 1)),
        ("last 7 days", date(2024, 11, 9), date(2024, 11, 16)),
        ("on march 5, 2024", date(2024, 3, 5), date(2024, 3, 6)),
    ],
)
def test_a_period_is_read(text: str, start: date | None, end: date | None) -> None:
    periods = find_periods(text, FIRST, date(2024, 11, 15))
    assert [(p.start, p.end) for p in periods] == [(start, end)]


def test_the_last_quarter_is_the_one_that_ends_with_the_data() -> None:
    assert [(p.start, p.end) for p in find_periods("last quarter", FIRST, date(2024, 12, 31))] == [
        (date(2024, 10, 1), date(2025, 1, 1))
    ]


@pytest.mark.parametrize("text", ["2019 units", "product 5000", "2023년13월", "no time here"])
def test_a_number_that_is_no_year_of_the_data_is_no_period(text: str) -> None:
    assert [
        p for p in find_periods(text, FIRST, date(2024, 12, 31)) if p.grain != "year" or "2019" in p.text
    ] == []


def test_a_month_without_its_year_is_noticed() -> None:
    assert ambiguous_month("매출은 3월에 얼마", []) == "3월"
    assert ambiguous_month("revenue in march", []) == "march"
    whole = find_periods("2023년 3월", FIRST, date(2024, 12, 31))
    assert ambiguous_month("2023년 3월", whole) is None


@pytest.mark.parametrize(
    ("text", "op", "low", "high"),
    [
        ("at least 1,000", ">=", 1000, None),
        ("more than 2.5k", ">", 2500, None),
        ("between 10 and 20", "between", 10, 20),
        ("100만원 이상", ">=", 1_000_000, None),
        ("3억 미만", "<", 300_000_000, None),
        ("60개월 이하", "<=", 60, None),
        ("10에서 20 사이", "between", 10, 20),
        ("500달러를 초과하는", ">", 500, None),
        (">= 5", ">=", 5, None),
        ("exactly 7", "=", 7, None),
    ],
)
def test_a_comparison_is_read(text: str, op: str, low: float, high: float | None) -> None:
    assert [(c.op, c.low, c.high) for c in find_comparisons(text)] == [(op, low, high)]


@pytest.mark.parametrize(
    ("text", "count", "order"),
    [
        ("top 5 products", 5, "desc"),
        ("bottom three", 3, "asc"),
        ("상위 10개", 10, "desc"),
        ("제품 다섯 개는", 5, ""),
        ("하위 3개", 3, "asc"),
    ],
)
def test_a_limit_is_read(text: str, count: int, order: str) -> None:
    assert [(limit.count, limit.order) for limit in find_limits(text)] == [(count, order)]


@given(
    st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from(["day", "week", "month", "quarter", "year"])
)
def test_a_day_lies_in_its_own_period(day: date, unit: str) -> None:
    start = start_of(day, unit)
    assert start <= day < shift(start, unit, 1)
    assert start_of(start, unit) == start
