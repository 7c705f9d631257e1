"""The skill result: what is said, what it rests on, and when it says nothing."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from agents.nlp.answering import answer_question
from agents.nlp.service import answer
from mesh.errors import NeedsInputError
from mesh.language import detect_language
from mesh.results import Column, SkillResult

QUESTIONS = [
    ("sales", "Total revenue by region"),
    ("sales", "What share of revenue comes from Seoul?"),
    ("sales", "which region sold most?"),
    ("korean", "어느 지역이 가장 많이 팔았나요?"),
    ("korean", "지역별 매출 비중"),
    ("bikes", "전년 대비 매출 증가율"),
    ("churn", "이탈한 고객은 몇 명인가요?"),
    ("bikes", "What was the total revenue last quarter?"),
    ("bikes", "2023년 월별 매출 합계"),
    ("korean", "단가가 400 이상인 주문은 몇 건인가요?"),
    ("korean", "매출의 3개월 이동평균"),
    ("sales", "running total of revenue by month in 2023"),
    ("sales", "90th percentile of unit price by region"),
    ("sales", "second best region by revenue"),
    ("korean", "주문이 200건 넘는 상품은?"),
    ("sales", "revenue per unit by region"),
    ("korean", "수량 대비 매출 비율"),
    ("sales", "revenue in Seoul or of Laptop"),
    ("korean", "단가가 30 미만이거나 수량이 18 넘는 주문은 몇 건인가요?"),
    ("sales", "how many customers have more than 9 orders?"),
    ("korean", "노트북을 한 번도 사지 않은 고객은 몇 명인가요?"),
    ("sales", "customers who never bought Laptop"),
    ("sales", "which region grew the most in revenue from 2022 to 2023?"),
    ("korean", "2022년에서 2023년까지 지역별 매출 증가율"),
    ("bikes", "2024년 월별 매출의 전년 동월 대비 증가율"),
    ("sales", "running total of revenue by region and month"),
    ("sales", "share of revenue by product within each region"),
    ("korean", "주말과 평일 매출 비교"),
    ("sales", "revenue on Mondays"),
    ("sales", "revenue between March 5, 2023 and April 9, 2023"),
]


def _columns(schema: list[dict[str, str]]) -> list[Column]:
    return [Column.model_validate(c) for c in schema]


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _numbers(item)
    elif isinstance(value, list):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)
    elif isinstance(value, str):
        yield from (float(n) for n in re.findall(r"\d+(?:\.\d+)?", value))


def _stated(text: str) -> list[str]:
    return re.findall(r"(?:(?<!\d)[-+])?\d[\d,]*(?:\.\d+)?%?", text)


def _is_known(token: str, known: list[float]) -> bool:
    scale = 100 if token.endswith("%") else 1
    plain = token.rstrip("%").replace(",", "")
    digits = len(plain.split(".")[1]) if "." in plain else 0
    return any(abs(round(k * scale, digits) - float(plain)) < 10**-digits / 2 for k in known)


@pytest.mark.parametrize(
    "question", ["daily extended sales", "7-day moving average of extended sales", "일별 매출"]
)
def test_a_sentence_speaks_of_all_rows_though_fewer_are_returned(
    frames: dict[str, pd.DataFrame],
    parquet: dict[str, Path],
    schemas: dict[str, list[dict[str, str]]],
    question: str,
) -> None:
    result = answer(parquet["bikes"], _columns(schemas["bikes"]), question, detect_language(question))
    days = frames["bikes"].groupby(frames["bikes"].date.dt.strftime("%Y-%m-%d")).extended_sales.sum()
    data = result.outputs[0].data
    assert data is not None
    assert (len(data["rows"]), data["row_count"]) == (200, len(days))
    assert (str(days.index[-1]) if "moving" in question else str(days.idxmax())) in result.summary
    known = list(_numbers(result.findings[0].evidence))
    assert [t for t in _stated(result.summary) if not _is_known(t, known)] == []


@pytest.mark.parametrize(("table", "question"), QUESTIONS)
def test_every_number_in_the_prose_is_a_result(
    parquet: dict[str, Path], schemas: dict[str, list[dict[str, str]]], table: str, question: str
) -> None:
    result = answer(parquet[table], _columns(schemas[table]), question, detect_language(question))
    known = list(_numbers(result.outputs[0].data))
    for text in [result.summary, *result.warnings, *(f.text for f in result.findings)]:
        assert [t for t in _stated(text) if not _is_known(t, known)] == []
    json.dumps(result.model_dump(mode="json"), allow_nan=False)


def test_a_single_figure_is_a_kpi(parquet: dict[str, Path], schemas: dict[str, list[dict[str, str]]]) -> None:
    result = answer(parquet["bikes"], _columns(schemas["bikes"]), "average price of Urban Rider", "en")
    assert [(k.label, k.value) for k in result.kpis] == [("average price", 350.0)]


def test_an_abstention_offers_questions_that_can_be_answered(
    parquet: dict[str, Path], schemas: dict[str, list[dict[str, str]]]
) -> None:
    columns = _columns(schemas["churn"])
    result = answer(parquet["churn"], columns, "why did customers churn?", "en")
    data = _data(result)
    assert data["confidence"] == 0
    assert result.findings[0].kind == "abstained"
    assert result.warnings
    for question in data["suggestions"]:
        assert not _data(answer(parquet["churn"], columns, question, "en"))["abstained"]


@pytest.mark.parametrize(
    ("question", "unknown"),
    [("hello", "hello"), ("안녕하세요 반갑습니다", "안녕하세요"), ("tell me a joke", "joke")],
)
def test_a_question_about_nothing_asks_back(
    parquet: dict[str, Path], schemas: dict[str, list[dict[str, str]]], question: str, unknown: str
) -> None:
    with pytest.raises(NeedsInputError) as raised:
        answer(parquet["sales"], _columns(schemas["sales"]), question, detect_language(question))
    assert raised.value.facts["suggestions"]
    assert re.search(rf"""["']{unknown}["']""", str(raised.value))


def test_a_select_of_the_caller_runs_and_is_checked(
    parquet: dict[str, Path], schemas: dict[str, list[dict[str, str]]]
) -> None:
    result = answer(
        parquet["sales"], _columns(schemas["sales"]), "", "en", sql="select count(*) as n from data"
    )
    assert _data(result)["rows"] == [[1200]]
    every = answer(parquet["sales"], _columns(schemas["sales"]), "", "en", sql="select order_id from data")
    assert "more than 200 rows" in every.summary


def test_summing_a_price_is_said_to_be_unusual(
    parquet: dict[str, Path], schemas: dict[str, list[dict[str, str]]]
) -> None:
    asked = answer(parquet["bikes"], _columns(schemas["bikes"]), "total price", "en")
    assert any("not a quantity that adds up" in note for note in asked.warnings)
    plain = answer(parquet["bikes"], _columns(schemas["bikes"]), "price by bike model", "en")
    assert "AVG" in _data(plain)["sql"]


def _data(result: SkillResult) -> dict[str, Any]:
    data = result.outputs[0].data
    assert data is not None
    return data


def test_spellings_of_one_value_are_taken_as_one(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"region": ["Seoul", "SEOUL", "seoul ", "Seoul", "Busan"], "revenue": [1.0, 2.0, 4.0, 8.0, 14.0]}
    )
    path = tmp_path / "spelled.parquet"
    frame.to_parquet(path, index=False)
    columns = [
        Column(name="region", type="string", semantic="geo"),
        Column(name="revenue", type="number", semantic="measure"),
    ]
    for question, rows in [
        ("total revenue by region", [["Seoul", 15.0], ["Busan", 14.0]]),
        ("revenue in seoul", [[15.0]]),
        ("서울의 매출은?", [[15.0]]),
        ("how many regions are there?", [[2]]),
        ("which region has the highest revenue?", [["Seoul", 15.0]]),
    ]:
        result = answer(path, columns, question, detect_language(question))
        assert _data(result)["rows"] == rows
        assert any("SEOUL" in note for note in result.warnings)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("which region grew the most in revenue from 2023 to 2024?", []),
        ("which region had the highest revenue in 2023?", ["Seoul"]),
        ("2023년 매출이 가장 높은 요일은?", ["화요일"]),
        ("best region by revenue in each weekday in 2023", []),
    ],
)
def test_a_shared_place_is_told_by_the_figure_that_ranks_and_in_words(
    tmp_path: Path, question: str, told: list[str]
) -> None:
    frame = pd.DataFrame(
        {
            "day": pd.to_datetime(["2023-05-01", "2023-05-02", "2023-05-03", *["2024-05-06"] * 3]),
            "region": ["Seoul", "Busan", "Daegu"] * 2,
            "revenue": [100.0, 100.0, 50.0, 150.0, 120.0, 40.0],
        }
    )
    path = tmp_path / "tied.parquet"
    frame.to_parquet(path, index=False)
    columns = [
        Column(name="day", type="datetime", semantic="date"),
        Column(name="region", type="string", semantic="geo"),
        Column(name="revenue", type="number", semantic="measure"),
    ]
    result = answer(path, columns, question, detect_language(question))
    assert not _data(result)["abstained"]
    assert ("Monday: Seoul (100)" in result.summary) == ("each weekday" in question)
    shared = [note for note in result.warnings if "same figure" in note or "값이 같습니다" in note]
    assert [note.startswith(name) for note, name in zip(shared, told, strict=True)] == [True] * len(told)


def test_plurals_in_zes_are_read_as_their_columns(tmp_path: Path) -> None:
    path = tmp_path / "prizes.parquet"
    pd.DataFrame({"size": ["L", "M"], "prize": [100.0, 50.0]}).to_parquet(path, index=False)
    columns = [
        Column(name="size", type="string", semantic="category"),
        Column(name="prize", type="number", semantic="measure"),
    ]
    for question, rows in [("how many different sizes are there?", [[2]]), ("total prizes", [[150.0]])]:
        assert _data(answer(path, columns, question, "en"))["rows"] == rows


def test_a_column_that_begins_like_a_word_and_a_rate_beside_a_figure(tmp_path: Path) -> None:
    path = tmp_path / "visits.parquet"
    columns = [
        ("지점", "string", "geo"),
        ("대기일수", "integer", "measure"),
        ("진료비", "integer", "measure"),
        ("노쇼", "boolean", "boolean"),
    ]
    pd.DataFrame(
        {
            "지점": ["강남", "일산"] * 2,
            "대기일수": [1, 2, 5, 6],
            "진료비": [10, 20, 30, 50],
            "노쇼": [True, False] * 2,
        }
    ).to_parquet(path)
    described = [{"name": name, "type": kind, "semantic": meaning} for name, kind, meaning in columns]
    both = answer_question("지점별 평균 대기일수와 총 진료비", path, described, "ko")
    assert both["rows"] == [["일산", 4.0, 70], ["강남", 3.0, 40]]
    mixed = answer_question("지점별 평균 진료비와 노쇼율", path, described, "ko")
    assert mixed["abstained"]
    assert "평균 진료비" in mixed["answer"]
