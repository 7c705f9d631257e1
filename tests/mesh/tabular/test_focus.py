import pandas as pd
import pytest

from mesh.results import Column
from mesh.tabular.focus import choose_focus
from mesh.tabular.lexicon import grain_in, mentions, says
from mesh.tabular.sheet import Sheet, sheet_of

Table = tuple[pd.DataFrame, list[Column]]


@pytest.fixture
def sheet(shop: Table) -> Sheet:
    return sheet_of(*shop)


@pytest.mark.parametrize("goal", ["매출 데이터를 분석해줘", "analyse the sales data", "anything else"])
def test_revenue_comes_first(sheet: Sheet, goal: str) -> None:
    focus = choose_focus(sheet, goal)
    assert focus.measures[0] == "revenue"
    assert focus.date == "date"
    assert focus.dimensions == ("region",)


@pytest.mark.parametrize("goal", ["가격과 지역의 관계", "how does price differ by area?"])
def test_what_the_question_names_comes_before_revenue(sheet: Sheet, goal: str) -> None:
    focus = choose_focus(sheet, goal)
    assert focus.measures[0] == "price"
    assert {"price", "region"} <= focus.asked


@pytest.mark.parametrize(
    "goal", ["what drives the interest rate of a loan?", "대출 금리(interest rate)의 요인"]
)
def test_a_column_named_in_full_comes_before_those_that_share_a_word(goal: str) -> None:
    frame = pd.DataFrame(
        {"loan_amount": [1.0, 2.0], "paid_interest": [3.0, 4.0], "interest_rate": [5.0, 6.0]}
    )
    columns = [
        Column(name="loan_amount", type="number", semantic="measure"),
        Column(name="paid_interest", type="number", semantic="measure"),
        Column(name="interest_rate", type="number", semantic="intensive"),
    ]
    focus = choose_focus(sheet_of(frame, columns), goal)
    assert focus.measures[0] == "interest_rate"
    assert "paid_interest" not in focus.asked


@pytest.mark.parametrize("goal", ["is the arrival delay different between carriers?", "도착 지연의 차이"])
def test_the_column_with_more_of_the_meanings_is_meant(goal: str) -> None:
    frame = pd.DataFrame({name: [1.0, 2.0] for name in ("dep_delay", "arr_time", "arr_delay")})
    columns = [Column(name=name, type="number", semantic="intensive") for name in frame.columns]
    assert choose_focus(sheet_of(frame, columns), goal).asked == {"arr_delay"}


@pytest.mark.parametrize(
    ("goal", "column"),
    [
        ("연비가 좋은 차", "Miles_per_Gallon"),
        ("기대 수명 추이", "lifeExp"),
        ("키와 몸무게", "height_cm"),
        ("동네별 집값", "Sale_Price"),
    ],
)
def test_everyday_words_of_either_language_find_the_column(goal: str, column: str) -> None:
    frame = pd.DataFrame({"other": [1.0, 2.0], column: [3.0, 4.0]})
    columns = [Column(name=name, type="number", semantic="intensive") for name in frame.columns]
    assert choose_focus(sheet_of(frame, columns), goal).asked == {column}


def test_a_two_valued_outcome_becomes_the_target(customers: Table) -> None:
    assert choose_focus(sheet_of(*customers), "이탈 고객을 분석해줘").target == "churn"


@pytest.mark.parametrize(
    ("goal", "topic"),
    [
        ("is there a seasonal pattern?", "season"),
        ("계절성이 있나요?", "season"),
        ("어떤 요인이 매출에 영향을 주나요?", "driver"),
        ("are sales growing?", "trend"),
        ("지역별 차이가 유의한가요?", "comparison"),
    ],
)
def test_the_topic_of_the_question(sheet: Sheet, goal: str, topic: str) -> None:
    assert topic in choose_focus(sheet, goal).topics


@pytest.mark.parametrize(
    ("goal", "grain"),
    [
        ("월별 매출", "MS"),
        ("monthly sales", "MS"),
        ("주간 추이", "W"),
        ("by year", "YS"),
        ("매출 분석", None),
    ],
)
def test_the_period_of_the_question(goal: str, grain: str | None) -> None:
    assert grain_in(goal) == grain


def test_words_match_whole_in_english() -> None:
    assert says("total sales", "sales")
    assert says("two stores", "store")
    assert not says("percentage", "age")
    assert mentions("what about unit price?", "unit_price")
