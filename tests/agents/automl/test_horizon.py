import pytest

from agents.automl.horizon import Horizon, read_frequency, read_horizon


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Forecast sales for the next 30 days", Horizon(30, "day")),
        ("predict revenue 6 weeks ahead", Horizon(6, "week")),
        ("forecast for six weeks", Horizon(6, "week")),
        ("a 30-day forecast", Horizon(30, "day")),
        ("what will we sell next quarter?", Horizon(1, "quarter")),
        ("다음 3개월 매출을 예측해줘", Horizon(3, "month")),
        ("향후 두 달 수요", Horizon(2, "month")),
        ("다음 달 매출", Horizon(1, "month")),
        ("다음 여덟 달 수요", Horizon(8, "month")),
        ("predict the next twenty days", Horizon(20, "day")),
        ("앞으로 90일", Horizon(90, "day")),
        ("향후 2년 매출", Horizon(2, "year")),
        ("지난 2년 데이터로 다음 6주를 예측해줘", Horizon(6, "week")),
    ],
)
def test_reads_the_horizon(question: str, expected: Horizon) -> None:
    assert read_horizon(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Build a forecast model",
        "예측 모델을 만들어줘",
        "지난 3년 데이터로 예측해줘",
        "use the last 12 months",
        "3년치 판매 데이터를 분석해줘",
        "2025년 매출을 예측해줘",
        "향후 열일곱 명이 더 온다",
    ],
)
def test_a_span_of_the_past_is_no_horizon(question: str) -> None:
    assert read_horizon(question) is None


def test_reads_the_frequency() -> None:
    assert read_frequency("월별 매출 예측") == "month"
    assert read_frequency("weekly forecast") == "week"
    assert read_frequency("forecast sales") is None
