from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from agents.eda.group_service import compare
from mesh.errors import BadInputError
from mesh.language import Language
from mesh.results import Column, SkillResult
from tests.agents.eda.prose import unresolved

Table = tuple[pd.DataFrame, list[Column]]
Writer = Callable[[pd.DataFrame], Path]


@pytest.fixture
def experiment() -> Table:
    """An A/B test of 6,000 visitors: B converts better, amounts do not differ, the device means nothing."""
    rng = np.random.default_rng(61)
    variant = rng.choice(["A", "B"], 6000)
    frame = pd.DataFrame(
        {
            "variant": variant,
            "device": rng.choice(["mobile", "desktop", "tablet"], 6000),
            "converted": (rng.random(6000) < np.where(variant == "B", 0.16, 0.10)).astype(int),
            "amount": rng.normal(50, 10, 6000),
        }
    )
    columns = [
        Column(name="variant", type="string", semantic="category"),
        Column(name="device", type="string", semantic="category"),
        Column(name="converted", type="integer", semantic="boolean"),
        Column(name="amount", type="number", semantic="measure"),
    ]
    return frame, columns


def _ask(table: Table, parquet: Writer, goal: str, language: Language) -> SkillResult:
    frame, columns = table
    return compare(parquet(frame), columns, goal, None, None, language)


@pytest.mark.parametrize(
    ("goal", "language"),
    [
        ("Is the difference in conversion between A and B significant?", "en"),
        ("A/B 그룹의 전환율 차이가 유의한가?", "ko"),
    ],
)
def test_a_better_variant_is_called_so(
    experiment: Table, parquet: Writer, goal: str, language: Language
) -> None:
    frame, _ = experiment
    result = _ask(experiment, parquet, goal, language)
    report = result.outputs[0].data
    assert report is not None
    (test,) = report["group_tests"]
    assert (test["group"], test["measure"], test["test"]) == ("variant", "converted", "two_proportions_z")
    rates = frame.groupby("variant")["converted"].mean()
    assert {g["name"]: g["rate"] for g in test["groups"]} == pytest.approx(rates.to_dict())
    assert ("differs significantly" if language == "en" else "유의하게 다릅니다") in result.summary
    assert unresolved(result) == []


def test_what_does_not_differ_is_said_with_what_would_have_shown(experiment: Table, parquet: Writer) -> None:
    result = _ask(experiment, parquet, "does the amount differ between variants?", "en")
    assert result.summary.startswith("No difference in amount by variant could be shown")
    # 2.8 standard errors of the difference of two means of about 3,000 rows with a deviation of 10
    assert result.findings[0].evidence["detectable"] == pytest.approx(2.8 * 10 * np.sqrt(2 / 3000), rel=0.05)
    assert unresolved(result) == []


def test_only_the_groups_that_are_named_are_compared(experiment: Table, parquet: Writer) -> None:
    result = _ask(experiment, parquet, "compare amount between mobile and tablet", "en")
    report = result.outputs[0].data
    assert report is not None
    assert [g["name"] for g in report["group_tests"][0]["groups"]] == ["mobile", "tablet"]


def test_columns_named_before_and_after_are_pairs(parquet: Writer) -> None:
    rng = np.random.default_rng(62)
    before = rng.normal(60, 10, 50)
    frame = pd.DataFrame({"pre_score": before, "post_score": before + rng.normal(4, 3, 50)})
    columns = [Column(name=name, type="number", semantic="intensive") for name in frame.columns]
    result = compare(parquet(frame), columns, "사전 사후 점수가 달라졌나요?", None, None, "ko")
    report = result.outputs[0].data
    assert report is not None
    assert report["group_tests"][0]["test"] == "paired_t"
    assert unresolved(result) == []


def test_a_parameter_names_the_columns(experiment: Table, parquet: Writer) -> None:
    frame, columns = experiment
    result = compare(parquet(frame), columns, "is there a difference?", "amount", "device", "en")
    report = result.outputs[0].data
    assert report is not None
    assert [(t["group"], t["measure"]) for t in report["group_tests"]] == [("device", "amount")]
    with pytest.raises(BadInputError, match="colour cannot be used"):
        compare(parquet(frame), columns, "", "amount", "colour", "en")


def test_no_groups_is_an_error_that_names_the_columns(parquet: Writer) -> None:
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0]})
    with pytest.raises(BadInputError, match="The columns are x"):
        compare(
            parquet(frame), [Column(name="x", type="number", semantic="measure")], "compare", None, None, "en"
        )


def test_noise_is_rarely_called_a_difference(parquet: Writer) -> None:
    columns = [
        Column(name="g", type="string", semantic="category"),
        Column(name="v", type="number", semantic="measure"),
    ]
    called = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame({"g": rng.choice(["a", "b", "c"], 200), "v": rng.gamma(2, 2, 200)})
        result = compare(parquet(frame), columns, "does v differ by g?", None, None, "en")
        called += "differs significantly" in result.summary
    assert called <= 6


def test_two_years_are_compared_day_by_day(shop: Table, parquet: Writer) -> None:
    frame, _ = shop
    result = _ask(shop, parquet, "compare revenue of 2021 and 2023", "en")
    report = result.outputs[0].data
    assert report is not None
    (test,) = report["group_tests"]
    daily = frame.groupby("date")["revenue"].sum()
    means = {"2021": daily["2021"].mean(), "2023": daily["2023"].mean()}
    assert {g["name"]: g["mean"] for g in test["groups"]} == pytest.approx(means)
    assert [g["n"] for g in test["groups"]] == [365, 365]
    assert unresolved(result) == []


def test_weekends_are_set_against_weekdays(shop: Table, parquet: Writer) -> None:
    result = _ask(shop, parquet, "주말과 평일의 매출 차이가 유의한가요?", "ko")
    report = result.outputs[0].data
    assert report is not None
    (test,) = report["group_tests"]
    assert [g["name"] for g in test["groups"]] == ["평일", "주말"]
    assert test["p_adjusted"] < 0.001


def test_a_two_valued_column_that_is_named_beside_a_measure_is_what_is_compared_by(parquet: Writer) -> None:
    rng = np.random.default_rng(62)
    promotion = rng.random(2000) < 0.4
    frame = pd.DataFrame(
        {
            "region": rng.choice(["N", "S", "E"], 2000),
            "promotion": promotion,
            "quantity": rng.normal(50, 10, 2000) + 5 * promotion,
        }
    )
    columns = [
        Column(name="region", type="string", semantic="category"),
        Column(name="promotion", type="boolean", semantic="boolean"),
        Column(name="quantity", type="number", semantic="measure"),
    ]
    result = _ask((frame, columns), parquet, "Do promotions increase the quantity sold?", "en")
    report = result.outputs[0].data
    assert report is not None
    assert [(test["group"], test["measure"]) for test in report["group_tests"]] == [("promotion", "quantity")]
