import pandas as pd
import pytest

from agents.automl.calendar_words import read_spans
from agents.automl.outlook import Outlook, days_ahead, look_ahead
from agents.automl.series import RegularSeries
from mesh.errors import BadInputError
from mesh.language import detect_language


def series(first: str, last: str, frequency: str) -> RegularSeries:
    index = pd.date_range(first, last, freq=frequency)
    return RegularSeries(pd.Series(range(len(index)), index=index, dtype=float), frequency, "sum")


DAILY = series("2022-01-01", "2024-09-17", "D")
MONTHLY = series("2020-01-01", "2024-09-01", "MS")


def look(question: str, known: RegularSeries) -> Outlook:
    return look_ahead(question, known, detect_language(question))


@pytest.mark.parametrize(
    ("question", "last_day"),
    [
        ("Forecast sales until June 2025", "2025-06-30"),
        ("forecast revenue through Q3", "2024-09-30"),
        ("predict demand until the end of the year", "2024-12-31"),
        ("forecast to year end", "2024-12-31"),
        ("forecast sales for the rest of the year", "2024-12-31"),
        ("forecast through March 31, 2025", "2025-03-31"),
        ("forecast until 15 March", "2025-03-15"),
        ("forecast until 2025-02-01", "2025-02-01"),
        ("연말까지 매출을 예측해줘", "2024-12-31"),
        ("이번 달 말까지 예측해줘", "2024-09-30"),
        ("2025년 6월까지 예측", "2025-06-30"),
        ("3분기까지 매출 예측", "2024-09-30"),
        ("내년 1월 15일까지 예측", "2025-01-15"),
        ("6월까지 예측", "2025-06-30"),
        ("남은 올해 매출 예측", "2024-12-31"),
        ("2주 뒤까지 예측", "2024-10-01"),
        ("predict the next 6 weeks", "2024-10-29"),
        ("using sales from 2020 to 2023, forecast the next 6 weeks", "2024-10-29"),
        ("2023년까지의 데이터로 다음 10일을 예측해줘", "2024-09-27"),
    ],
)
def test_daily_data_are_forecast_up_to_the_day_that_is_said(question: str, last_day: str) -> None:
    days = (pd.Timestamp(last_day) - pd.Timestamp("2024-09-17")).days
    found = look(question, DAILY)
    assert (found.steps, found.lead) == (days, 0)


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("내년 상반기 매출 예측", "2025-01", "2025-06"),
        ("올해 4분기 매출을 예측해줘", "2024-10", "2024-12"),
        ("forecast sales for the first half of next year", "2025-01", "2025-06"),
        ("forecast sales in Q1 2025", "2025-01", "2025-03"),
        ("Forecast next year", "2025-01", "2025-12"),
        ("내년 3월 매출을 예측해줘", "2025-03", "2025-03"),
        ("2024년 매출을 바탕으로 내년 매출을 예측해줘", "2025-01", "2025-12"),
        ("predict sales for May", "2025-05", "2025-05"),
    ],
)
def test_a_span_that_begins_later_is_what_is_asked_about(question: str, first: str, last: str) -> None:
    """The forecast begins where the data end, in October 2024."""
    found = look(question, MONTHLY)
    months = pd.period_range("2024-10", periods=found.steps, freq="M")[found.lead :]
    assert (str(months[0]), str(months[-1])) == (first, last)
    assert found.said


def test_the_end_of_a_year_that_is_complete_is_that_of_the_next() -> None:
    assert look("연말까지 예측", series("2022-01-01", "2024-12-31", "D")).steps == 365
    assert look("연말까지 예측", series("2020-01-01", "2024-12-01", "MS")).steps == 12


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Forecast sales until June 2020", "'until June 2020' lies in the past: the data end on 2024-09-17"),
        ("2021년 3월까지 매출을 예측해줘", "이미 지난 기간입니다. 자료는 2024-09-17에 끝납니다"),
        ("forecast sales in Q2 2023", "lies in the past"),
        ("forecast until February 30", "no day of the calendar"),
    ],
)
def test_a_date_that_cannot_be_forecast_is_said_in_words(question: str, words: str) -> None:
    with pytest.raises(BadInputError, match=words):
        look(question, DAILY)


@pytest.mark.parametrize(
    "question",
    [
        "Forecast sales by region",
        "the model may predict sales",
        "predict sales based on data for 2023",
        "매출 예측",
    ],
)
def test_without_a_span_the_usual_number_is_forecast(question: str) -> None:
    assert look(question, DAILY) == Outlook(30)


def test_months_count_their_real_days() -> None:
    assert look("next 3 months", series("2022-01-01", "2024-12-31", "D")).steps == 31 + 28 + 31
    assert look("next year", series("2018-01-01", "2024-10-01", "QS")).steps == 4


def test_too_far_a_date_is_cut_and_said() -> None:
    found = look("forecast until 2030", DAILY)
    assert (found.steps, found.cut) == (400, True)


def test_a_far_date_asks_for_a_coarser_step() -> None:
    last = pd.Timestamp("2024-09-17")
    assert days_ahead("forecast until 2030", last) == pytest.approx(365.25 * 6.29, rel=0.01)
    assert days_ahead("forecast sales", last) is None


def test_words_that_only_look_like_dates_are_none() -> None:
    for question in ("sell to the market by marketing", "top 5 by decision", "매월 평균", "1분기별 매출"):
        assert [s.said for s in read_spans(question) if s.until] == []
