import numpy as np
import pandas as pd
import pytest

from agents.automl.choice import choose
from mesh.errors import BadInputError, NeedsInputError
from mesh.results import Column

from .conftest import columns_of, customers, daily_sales


def sales() -> tuple[pd.DataFrame, list[Column]]:
    frame = daily_sales(60).assign(price=9.5, quantity_sold=3)
    frame["price"] += np.arange(len(frame)) % 7
    frame["quantity_sold"] += np.arange(len(frame)) % 5
    return frame, columns_of(frame, price="intensive")


@pytest.mark.parametrize(
    ("question", "target", "task"),
    [
        ("Analyze the sales data and build a forecast model", "sales", "forecast"),
        ("판매 데이터를 분석하고 예측 모델을 만들어줘", "sales", "forecast"),
        ("다음 3개월 매출을 예측해줘", "sales", "forecast"),
        ("판매량을 예측해줘", "quantity_sold", "forecast"),
        ("다음 3개월 동안 매출이 얼마나 될까?", "sales", "forecast"),
        ("How much will sales be in the next two weeks?", "sales", "forecast"),
        ("predict the price", "price", "regression"),
        ("forecast the price for the next 4 weeks", "price", "forecast"),
        ("make a prediction", "sales", "forecast"),
    ],
)
def test_time_and_a_measure_make_a_forecast(question: str, target: str, task: str) -> None:
    frame, columns = sales()
    choice = choose(question, frame, columns, "en")
    assert (choice.target, choice.task) == (target, task)
    assert choice.date_column == "date"
    assert choice.aggregation == ("mean" if target == "price" else "sum")


@pytest.mark.parametrize(
    "question",
    [
        "predict churn",
        "이탈을 예측해줘",
        "Which customers will leave?",
        "train a classifier",
        "예측 모델을 만들어줘",
        "predict churn using tenure",
    ],
)
def test_an_outcome_makes_a_classification(question: str) -> None:
    frame = customers(100)
    choice = choose(question, frame, columns_of(frame, customer="identifier"), "en")
    assert (choice.target, choice.task) == ("churn", "classification")
    assert "churn" in choice.reason


@pytest.mark.parametrize(
    "question",
    [
        "linear model for tenure with contract and churn",
        "a model of tenure using churn",
        "explain tenure by contract and churn",
    ],
)
def test_what_a_model_is_for_is_its_target_and_what_it_uses_is_not(question: str) -> None:
    frame = customers(100)
    assert choose(question, frame, columns_of(frame, customer="identifier"), "en").target == "tenure"


def test_a_number_without_time_makes_a_regression() -> None:
    frame = customers(100)
    choice = choose("predict the tenure", frame, columns_of(frame, customer="identifier"), "en")
    assert (choice.target, choice.task) == ("tenure", "regression")


@pytest.mark.parametrize(
    ("question", "name"), [("predict the salary", "salary"), ("재고를 예측해줘", "재고")]
)
def test_a_target_that_does_not_exist_is_asked_back_with_candidates(question: str, name: str) -> None:
    frame, columns = sales()
    with pytest.raises(NeedsInputError, match=name) as caught:
        choose(question, frame, columns, "en")
    assert caught.value.facts["candidates"] == ["shop", "sales", "price", "quantity_sold"]
    assert "quantity_sold" in caught.value.message


def test_a_given_target_wins_and_must_exist() -> None:
    frame, columns = sales()
    assert choose("predict churn", frame, columns, "en", target="Quantity Sold").target == "quantity_sold"
    with pytest.raises(NeedsInputError, match="nothing"):
        choose("predict", frame, columns, "en", target="nothing")


def test_a_forecast_without_dates_is_refused() -> None:
    frame = customers(100)
    with pytest.raises(BadInputError, match="날짜"):
        choose("tenure 예측", frame, columns_of(frame, customer="identifier"), "ko", task="forecast")


def test_a_task_that_does_not_fit_the_target_is_refused() -> None:
    frame = customers(100)
    columns = columns_of(frame, customer="identifier")
    with pytest.raises(BadInputError, match="numeric"):
        choose("predict churn", frame, columns, "en", task="regression")
    with pytest.raises(BadInputError, match="classes"):
        choose("predict tenure", frame, columns, "en", task="classification")


def test_a_target_without_values_or_with_one_is_refused_for_what_it_is() -> None:
    frame = customers(100).assign(churn="Yes", paid=np.nan)
    columns = columns_of(frame, customer="identifier")
    with pytest.raises(BadInputError, match="Every row has the same 'churn'"):
        choose("predict it", frame, columns, "en", target="churn")
    with pytest.raises(BadInputError, match="'paid' 값이 있는 행이 없어"):
        choose("예측해줘", frame, columns, "ko", target="paid")
    with pytest.raises(BadInputError, match="No row has a value of 'paid'"):
        choose("predict paid", frame, columns, "en")


@pytest.mark.parametrize(
    ("question", "target"),
    [
        ("스팸 메일을 가려내는 모델 만들어줘", "spam"),
        ("Train a spam filter", "spam"),
        ("직원 이직을 예측해줘", "Attrition"),
    ],
)
def test_an_outcome_is_found_by_what_it_is_called_also_in_a_dated_table(question: str, target: str) -> None:
    frame = pd.DataFrame({"sent": pd.date_range("2024-01-01", periods=60), "length": np.arange(60)})
    frame[target] = ["Yes", "No", "No"] * 20
    choice = choose(question, frame, columns_of(frame), "en")
    assert (choice.target, choice.task) == (target, "classification")


@pytest.mark.parametrize(
    ("question", "target", "task"),
    [
        ("다음 달 예약 수를 지점별로 예측해줘", None, "forecast"),
        ("Forecast the number of bookings per branch for the next 4 weeks", None, "forecast"),
        ("다음 달 진료비를 지점별로 예측해줘", "진료비", "forecast"),
        ("지점별 노쇼 여부를 예측해줘", "노쇼", "classification"),
    ],
)
def test_what_is_split_by_is_no_target_and_what_is_asked_to_be_counted_is_counted(
    question: str, target: str | None, task: str
) -> None:
    frame = pd.DataFrame(
        {
            "예약일": pd.date_range("2024-01-01", periods=60),
            "지점": ["강남", "분당", "일산"] * 20,
            "branch": ["A", "B", "C"] * 20,
            "진료비": np.arange(60),
            "노쇼": [True, False] * 30,
        }
    )
    columns = columns_of(
        frame, 예약일="date", 지점="geo", branch="category", 진료비="measure", 노쇼="boolean"
    )
    choice = choose(question, frame, columns, "ko")
    assert (choice.target, choice.task) == (target, task)


def test_events_without_a_number_are_counted() -> None:
    frame = pd.DataFrame({"when": pd.date_range("2024-01-01", periods=50, freq="D"), "kind": ["a", "b"] * 25})
    choice = choose("forecast the next 7 days", frame, columns_of(frame), "en", task="forecast")
    assert choice.target is None
    assert choice.aggregation == "sum"


def test_a_constant_target_is_refused_and_no_other_column_taken() -> None:
    frame = pd.DataFrame({"dose": np.arange(50.0), "outcome_rate": 1.0})
    with pytest.raises(BadInputError, match="same 'outcome_rate'"):
        choose("train a regression for outcome_rate", frame, columns_of(frame), "en")
    with pytest.raises(BadInputError, match="'outcome_rate' 값이 같아"):
        choose("outcome_rate를 예측해줘", frame, columns_of(frame), "ko")


@pytest.mark.parametrize("question", ["forecast the next 20 days", "다음 3개월 매출을 예측해줘"])
def test_a_look_ahead_in_a_table_without_dates_is_no_regression(question: str) -> None:
    frame = daily_sales(60).drop(columns="date")
    with pytest.raises(BadInputError, match="needs a date column"):
        choose(question, frame, columns_of(frame), "en")


def test_a_number_that_is_the_same_at_every_date_is_not_replaced_by_a_count() -> None:
    frame = pd.DataFrame({"date": pd.date_range("2024-01-01", periods=40), "sales": 0})
    with pytest.raises(BadInputError, match="Every row has the same 'sales'"):
        choose("forecast the next 3 weeks", frame, columns_of(frame), "en")
    several = pd.concat([frame, frame])
    assert choose("forecast the next 3 weeks", several, columns_of(several), "en").target is None
