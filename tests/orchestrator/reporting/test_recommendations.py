"""Recommendations: each by a declared rule, with the stored values that meet it, and none without."""

from typing import Any

import pytest

from mesh.analysis import Analysis
from mesh.results import Output
from orchestrator.reporting.advice.advice import recommend
from orchestrator.reporting.advice.recommendation import Recommendation
from tests.orchestrator.reporting.building import analysis, forecast_steps, step
from tests.orchestrator.reporting.test_numbers import at

FORECAST: dict[str, Any] = {
    "target": "revenue",
    "horizon": 30,
    "frequency": "D",
    "total": 462_653_741.97,
    "total_lower_95": 446_272_247.8,
    "total_upper_95": 479_035_236.1,
    "beats_baseline": True,
    "backtest": {"coverage_95": 0.946, "folds": 8},
}


def advised(kind: str, data: dict[str, Any], **values: Any) -> list[Recommendation]:
    """The recommendations on one output."""
    return recommend(analysis(step("s", "x", outputs=[Output(name="o", type=kind, data=data)]), **values))


@pytest.mark.parametrize("name", ["forecast-en", "forecast-ko", "prediction-en", "prediction-ko"])
def test_what_a_recommendation_rests_on_is_stored_where_it_says(made: dict[str, Analysis], name: str) -> None:
    found = recommend(made[name])
    assert found
    document = made[name].model_dump(mode="json")
    for item in found:
        assert item.action
        assert item.reason
        assert item.rule
        assert item.basis
        for basis in item.basis:
            stored = at(basis.pointer, document)
            if not isinstance(stored, list | dict):
                assert stored == basis.value


def test_a_forecast_that_holds_is_to_be_planned_with() -> None:
    (item,) = advised("forecast", FORECAST)
    assert item.action == (
        "Plan the next 30 days with 462,653,742 of revenue, and keep room for 446,272,248 to 479,035,236."
    )
    assert "94.6%" in item.reason
    assert "8 folds" in item.reason


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"beats_baseline": False}, ""),
        ({"total": None}, ""),
        ({"backtest": {"coverage_95": 0.88, "folds": 8}}, ""),
        ({"backtest": {"coverage_95": 0.7, "folds": 8}}, "Keep a larger reserve"),
    ],
)
def test_a_forecast_that_does_not_hold_is_not(change: dict[str, Any], said: str) -> None:
    actions = [item.action for item in advised("forecast", FORECAST | change)]
    assert [action for action in actions if action.startswith("Plan")] == []
    assert "".join(actions).startswith(said)


def test_without_a_gain_the_baseline_is_to_be_used() -> None:
    model = {
        "target": "y",
        "metric": "mae",
        "beats_baseline": False,
        "best": {"mae": 2.5},
        "baseline": {"mae": 2.25},
    }
    (item,) = advised("model", model)
    assert "simple baseline for y" in item.action
    assert "MAE 2.500, the baseline 2.250" in item.reason


def test_a_classifier_that_errs_is_to_rank() -> None:
    confusion = {"labels": ["no", "yes"], "matrix": [[775, 260], [91, 283]]}
    model = {
        "target": "left",
        "beats_baseline": True,
        "best": {"balanced_accuracy": 0.753},
        "holdout": {"confusion": confusion},
    }
    (item,) = advised("model", model)
    assert "283 of 374 with left = yes, and 260 of its 543 alarms" in item.reason
    assert not advised("model", model | {"best": {"balanced_accuracy": 0.95}})


@pytest.mark.parametrize(
    ("share", "levels", "is_told"), [(0.44, 4, True), (0.39, 4, False), (0.44, 3, False), (0.6, 2, False)]
)
def test_dependence_on_one_group_is_told_from_two_fifths_on(share: float, levels: int, is_told: bool) -> None:
    rows = [{"name": "Seoul", "share": share, "value": 1}]
    table = {"dimension": "city", "measure": "revenue", "aggregation": "sum", "levels": levels, "rows": rows}
    assert bool(advised("eda_report", {"breakdowns": [table]})) == is_told
    assert not advised("eda_report", {"breakdowns": [table | {"aggregation": "mean"}]})


def measured(**measure: Any) -> dict[str, Any]:
    """An exploration of one measure over time."""
    return {"time": {"measures": [{"name": "revenue", "aggregation": "sum"} | measure]}}


def test_slowing_growth_is_told_and_steady_growth_is_not() -> None:
    years = [{"year": 2023, "growth": None}, {"year": 2024, "growth": 0.123}, {"year": 2025, "growth": 0.098}]
    (item,) = advised("eda_report", measured(years=years))
    assert item.reason == "It grew by 12.3% in 2024 and by 9.8% in 2025."
    steady = [*years[:2], {"year": 2025, "growth": 0.12}]
    assert not advised("eda_report", measured(years=steady))


def test_a_fall_needs_to_be_clear() -> None:
    fall = {"change_ratio": -0.12, "p": 0.01, "change_from": "2023", "change_to": "2025"}
    assert "Find out why revenue falls" in advised("eda_report", measured(trend=fall))[0].action
    assert not advised("eda_report", measured(trend=fall | {"p": 0.3}))
    assert not advised("eda_report", measured(trend=fall | {"change_ratio": -0.02}))


def test_a_season_is_planned_for_where_amounts_add_up() -> None:
    profile = [
        {"label": "Jan", "index": 0.8},
        {"label": "Jun", "index": 1.0},
        {"label": "Dec", "index": 1.25},
    ]
    season = {"strength": 0.9, "seasonal": True, "profile": profile}
    (item,) = advised("eda_report", measured(seasonality=season))
    assert "Dec" in item.action
    assert "125.0%" in item.reason
    assert "80.0% in Jan" in item.reason
    assert not advised("eda_report", measured(seasonality=season, aggregation="mean"))
    assert not advised("eda_report", measured(seasonality=season | {"strength": 0.5}))


def test_grave_issues_are_to_be_mended_in_the_words_of_their_finder() -> None:
    issue = {
        "kind": "negative",
        "column": "units",
        "severity": "high",
        "count": 3,
        "message": "3 values are negative.",
    }
    (item,) = advised("quality_report", {"issues": [issue, issue | {"severity": "low", "column": "x"}]})
    assert "negative values of units" in item.action
    assert item.reason == "3 values are negative."


def test_recommendations_come_in_the_language_of_the_question() -> None:
    (item,) = advised("forecast", FORECAST, language="ko")
    assert item.action.startswith("앞으로 30일간 revenue는")


def test_strange_data_gives_no_advice_and_no_error() -> None:
    for kind in ("forecast", "model", "eda_report", "quality_report"):
        for data in (
            {"time": 3},
            {"issues": "many"},
            {"holdout": {"confusion": {"labels": [1, 2], "matrix": [[1, 2], [0, 0]]}}},
        ):
            assert advised(kind, data) == []
    assert recommend(analysis(*forecast_steps()[:1])) == []
