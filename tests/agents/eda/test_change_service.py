from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from agents.eda.change_service import explain_change
from mesh.errors import BadInputError
from mesh.language import Language
from mesh.results import Column, SkillResult
from tests.agents.eda.prose import unresolved

Table = tuple[pd.DataFrame, list[Column]]
Writer = Callable[[pd.DataFrame], Path]


@pytest.fixture
def fallen(shop: Table) -> Table:
    """The shop, where Busan sells 60 % less from October 2023 on."""
    frame, columns = shop
    hit = (frame["region"] == "Busan") & (frame["date"] >= "2023-10-01")
    frame = frame.assign(quantity=np.where(hit, np.round(frame["quantity"] * 0.4), frame["quantity"]))
    return frame.assign(revenue=frame["price"] * frame["quantity"]), columns


def _ask(table: Table, parquet: Writer, goal: str, language: Language) -> tuple[SkillResult, dict[str, Any]]:
    frame, columns = table
    result = explain_change(parquet(frame), columns, goal, None, language)
    report = result.outputs[0].data
    assert report is not None
    return result, report["change"]


@pytest.mark.parametrize(
    ("goal", "language"),
    [("Why did revenue fall in October 2023?", "en"), ("왜 2023년 10월 매출이 줄었나?", "ko")],
)
def test_the_planted_cause_comes_first(fallen: Table, parquet: Writer, goal: str, language: Language) -> None:
    result, change = _ask(fallen, parquet, goal, language)
    frame, _ = fallen
    monthly = frame.groupby([frame["date"].dt.strftime("%Y-%m"), "region"])["revenue"].sum()
    assert change["spans"] == ["2023-09", "2023-10"]
    assert change["before"] == pytest.approx(monthly["2023-09"].sum())
    assert change["after"] == pytest.approx(monthly["2023-10"].sum())
    first = change["dimensions"][0]["rows"][0]
    assert first["name"] == "Busan"
    assert first["change"] == pytest.approx(monthly["2023-10", "Busan"] - monthly["2023-09", "Busan"])
    assert "Busan" in result.summary
    assert unresolved(result) == []


def test_the_calendar_is_taken_into_account(shop: Table, parquet: Writer) -> None:
    result, change = _ask(shop, parquet, "Why did revenue fall in February 2023?", "en")
    assert (change["days"]["days_before"], change["days"]["days_after"]) == (31, 28)
    assert "28 days" in result.summary
    assert change["usual"]["years"] == 2


def test_a_question_that_has_it_the_wrong_way_round_is_told_so(shop: Table, parquet: Writer) -> None:
    result, _ = _ask(shop, parquet, "Why did revenue fall in 2023?", "en")
    assert result.summary.startswith("Other than the question says, revenue rose")


def test_without_a_period_the_step_that_goes_that_way_is_explained(fallen: Table, parquet: Writer) -> None:
    _, change = _ask(fallen, parquet, "매출 감소 원인을 찾아줘", "ko")
    assert change["change"] < 0


def test_two_groups_are_set_against_each_other(shop: Table, parquet: Writer) -> None:
    result, change = _ask(shop, parquet, "why is revenue lower in Jeju than in Seoul?", "en")
    frame, _ = shop
    totals = frame.groupby("region")["revenue"].sum()
    assert (change["from"], change["to"]) == ("Seoul", "Jeju")
    assert change["change"] == pytest.approx(totals["Jeju"] - totals["Seoul"])
    assert unresolved(result) == []


def test_a_rate_is_split_into_mix_and_what_changed_inside(customers: Table, parquet: Writer) -> None:
    frame, columns = customers
    result = explain_change(parquet(frame), columns, "why is churn higher for red than for blue?", None, "en")
    report = result.outputs[0].data
    assert report is not None
    change = report["change"]
    rates = frame.assign(hit=frame["churn"] == "Yes").groupby("colour")["hit"].mean()
    assert change["change"] == pytest.approx(rates["red"] - rates["blue"])
    for record in change["dimensions"]:
        assert record["mix"] + record["inner"] == pytest.approx(change["change"])
    assert unresolved(result) == []


def test_a_period_that_has_only_begun_is_compared_day_for_day(shop: Table, parquet: Writer) -> None:
    frame, columns = shop
    cut = frame[frame["date"] < "2023-12-11"]
    result, change = _ask((cut, columns), parquet, "compare 2023-12 with 2023-11", "en")
    begun = frame[(frame["date"] >= "2023-11-01") & (frame["date"] < "2023-11-11")]
    assert change["cut"]
    assert change["before"] == pytest.approx(begun["revenue"].sum())
    assert any("same number of days" in warning for warning in result.warnings)


def test_a_period_without_data_is_an_error_that_says_what_there_is(shop: Table, parquet: Writer) -> None:
    with pytest.raises(BadInputError, match="the data run from 2021-01-01 to 2023-12-31"):
        _ask(shop, parquet, "why did revenue fall in 2019?", "en")


def test_nothing_to_compare_is_an_error(parquet: Writer) -> None:
    frame = pd.DataFrame({"x": [1.0, 2.0], "k": ["a", "b"]})
    columns = [
        Column(name="x", type="number", semantic="measure"),
        Column(name="k", type="string", semantic="category"),
    ]
    with pytest.raises(BadInputError, match="between two periods or two groups"):
        explain_change(parquet(frame), columns, "why did it fall?", None, "en")
