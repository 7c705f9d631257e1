import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from agents.eda.service import explore
from mesh.errors import BadInputError
from mesh.results import Column
from tests.agents.eda.prose import unresolved

Table = tuple[pd.DataFrame, list[Column]]
Writer = Callable[[pd.DataFrame], Path]


@pytest.mark.parametrize(
    "goal",
    ["매출 데이터를 분석해줘", "Analyse the sales data", "is there a seasonal pattern?", "price by region"],
)
def test_every_number_in_the_prose_is_in_the_result(shop: Table, parquet: Writer, goal: str) -> None:
    frame, columns = shop
    language = "ko" if "매출" in goal else "en"
    result = explore(parquet(frame), columns, goal, language)  # type: ignore[arg-type]
    assert unresolved(result) == []


def test_every_number_about_an_outcome_is_in_the_result(customers: Table, parquet: Writer) -> None:
    frame, columns = customers
    for goal, language in (("who churns?", "en"), ("이탈 요인을 찾아줘", "ko")):
        result = explore(parquet(frame), columns, goal, language)  # type: ignore[arg-type]
        assert unresolved(result) == []


def test_the_order_of_rows_does_not_matter(shop: Table, parquet: Writer) -> None:
    frame, columns = shop
    shuffled = frame.sample(frac=1, random_state=3)
    first = explore(parquet(frame), columns, "analyse", "en")
    second = explore(parquet(shuffled), columns, "analyse", "en")
    assert first == second


def test_the_report_is_plain_json_in_the_agreed_shape(shop: Table, parquet: Writer) -> None:
    frame, columns = shop
    result = explore(parquet(frame), columns, "analyse the sales", "en")
    report = json.loads(json.dumps(result.outputs[0].data, allow_nan=False))
    assert result.outputs[0].type == "eda_report"
    assert {"rows", "columns", "correlations", "associations", "group_tests", "time", "breakdowns"} <= set(
        report
    )
    measure = report["time"]["measures"][0]
    assert measure["name"] == "revenue"
    assert measure["aggregation"] == "sum"
    assert report["time"]["frequency"] == "MS"
    assert len(measure["series"]) == 36
    assert sum(point["value"] for point in measure["series"]) == pytest.approx(frame["revenue"].sum())
    assert measure["seasonality"]["seasonal"]
    assert measure["weekday"]["seasonal"]
    assert 3 <= len(result.kpis) <= 5


def test_intensive_measures_are_never_summed(shop: Table, parquet: Writer) -> None:
    frame, columns = shop
    result = explore(parquet(frame), columns, "price by region per month", "en")
    report = result.outputs[0].data
    assert report is not None
    prices = [m for m in report["time"]["measures"] if m["name"] == "price"]
    assert [m["aggregation"] for m in prices] == ["mean"]
    assert all(b["aggregation"] == "mean" for b in report["breakdowns"] if b["measure"] == "price")
    assert not any("price adds up" in f.text for f in result.findings)


def test_the_summary_answers_what_was_asked(shop: Table, customers: Table, parquet: Writer) -> None:
    frame, columns = shop
    seasonal = explore(parquet(frame), columns, "is there a seasonal pattern?", "en")
    assert seasonal.summary.startswith("revenue has a clear yearly pattern")
    frame, columns = customers
    driven = explore(parquet(frame), columns, "어떤 요인이 이탈에 영향을 주나요?", "ko")
    assert driven.summary.startswith("contract별 churn 비율은 yearly의")


def test_what_does_not_differ_is_said(parquet: Writer) -> None:
    rng = np.random.default_rng(9)
    frame = pd.DataFrame({"group": rng.choice(["a", "b"], 300), "score": rng.normal(size=300)})
    columns = [
        Column(name="group", type="string", semantic="category"),
        Column(name="score", type="number", semantic="intensive"),
    ]
    result = explore(parquet(frame), columns, "does the score differ?", "en")
    assert any(f.text.startswith("No statistically clear difference") for f in result.findings)


def test_a_month_cut_short_is_said(shop: Table, parquet: Writer) -> None:
    frame, columns = shop
    cut = frame[frame["date"] < "2023-12-10"]
    result = explore(parquet(cut), columns, "analyse", "en")
    assert result.warnings == [
        "The data cover 2023-12 only in part; trend, season and best or worst periods leave it out."
    ]


@pytest.mark.parametrize("values", [[None, None, None], [1.0, 1.0, 1.0], [5.0, None, 7.0]])
def test_poor_columns_do_no_harm(parquet: Writer, values: list[float | None]) -> None:
    frame = pd.DataFrame({"x": pd.Series(values, dtype="float64"), "k": ["a", "b", None]})
    columns = [
        Column(name="x", type="number", semantic="measure"),
        Column(name="k", type="string", semantic="category"),
    ]
    result = explore(parquet(frame), columns, "", "ko")
    json.dumps(result.outputs[0].data, allow_nan=False)
    assert result.summary


def test_nothing_to_explore_is_an_error(parquet: Writer) -> None:
    frame = pd.DataFrame({"note": ["a", "b"]})
    with pytest.raises(BadInputError, match="nothing to explore"):
        explore(parquet(frame), [Column(name="note", type="string", semantic="text")], "", "en")
    with pytest.raises(BadInputError, match="no rows"):
        explore(parquet(frame[:0]), [Column(name="note", type="string", semantic="text")], "", "en")


def test_a_reason_that_is_asked_for_beside_an_analysis_is_given(shop: Table, parquet: Writer) -> None:
    frame, columns = shop
    goal = "매출 데이터를 분석하고 왜 2023년 2월 매출이 줄었는지 설명해줘"
    result = explore(parquet(frame), columns, goal, "ko")
    report = result.outputs[0].data
    assert report is not None
    assert report["change"]["spans"] == ["2023-01", "2023-02"]
    assert result.summary.startswith("질문과 달리 revenue는 2023년 1월")
    assert unresolved(result) == []
