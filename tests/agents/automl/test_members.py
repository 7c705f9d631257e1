import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.automl.grouping import asked_groups
from agents.automl.jobs import train
from agents.automl.reconciliation import reconcile, shrunk_covariance
from mesh.results import Column

from .conftest import MakeOrder, columns_of, silent
from .test_forecasting import unexplained

COLUMNS = [
    Column(name="date", type="datetime", semantic="date"),
    Column(name="region", type="string", semantic="category"),
    Column(name="product_name", type="string", semantic="category"),
    Column(name="sales", type="number", semantic="measure"),
]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Forecast sales by region for the next 3 months", ["region"]),
        ("predict sales per product and region", ["region", "product_name"]),
        ("forecast the next 6 weeks for each product", ["product_name"]),
        ("지역별로 다음 3개월 매출을 예측해줘", ["region"]),
        ("제품·지역별 매출 예측", ["region", "product_name"]),
        ("상품별 다음 달 매출", ["product_name"]),
        ("월별 매출을 예측해줘", []),
        ("Forecast sales by month in every detail", []),
        ("Forecast sales for the next 3 months", []),
    ],
)
def test_reads_what_to_split_by(question: str, expected: list[str]) -> None:
    assert asked_groups(question, COLUMNS) == expected


@settings(max_examples=50, deadline=None)
@given(parts=st.integers(1, 12), seed=st.integers(0, 10_000), bounded=st.booleans())
def test_reconciled_forecasts_add_up_exactly(parts: int, seed: int, bounded: bool) -> None:
    random = np.random.default_rng(seed)
    means, errors = random.normal(5, 4, (parts + 1, 6)), random.normal(size=(parts + 1, 20))
    made = reconcile(means, errors, 0.0 if bounded else -np.inf)
    np.testing.assert_array_equal(made[0], made[1:].sum(axis=0))
    assert not bounded or made.min() >= 0


def test_the_surer_forecast_changes_least() -> None:
    """By hand: independent errors of variances 1 (total), 9 and 0 (parts), total 16 against 4 + 6: of the gap of 6 the total
    gives 0.6, the first part takes 5.4 and the sure part none."""
    errors = np.array([[1.0, 1.0, -1.0, -1.0], [3.0, -3.0, 3.0, -3.0], [1e-9, -1e-9, -1e-9, 1e-9]])
    made = reconcile(np.array([[16.0], [4.0], [6.0]]), errors, -np.inf)
    assert made[:, 0] == pytest.approx([15.4, 9.4, 6.0], abs=1e-4)


def test_correlations_of_unrelated_errors_are_shrunk_away() -> None:
    errors = np.random.default_rng(1).normal(size=(6, 8))
    raw = errors @ errors.T / 8
    made = shrunk_covariance(errors)
    apart = ~np.eye(6, dtype=bool)
    assert np.abs(made[apart]).sum() < 0.6 * np.abs(raw[apart]).sum()
    np.testing.assert_allclose(np.diag(made), np.diag(raw))
    assert np.linalg.eigvalsh(made).min() > 0


def by_region(months: int = 48) -> pd.DataFrame:
    """North 100 rising by 2 a month, South 300 with a season of 30, West 50: noise of 1."""
    random, t = np.random.default_rng(5), np.arange(months)
    truth = {"North": 100 + 2.0 * t, "South": 300 + 30 * np.sin(2 * np.pi * t / 12), "West": 50 + 0.0 * t}
    index = pd.date_range("2020-01-01", periods=months, freq="MS")
    return pd.concat(
        pd.DataFrame({"date": index, "region": name, "sales": level + random.normal(0, 1, months)})
        for name, level in truth.items()
    )


@pytest.mark.parametrize(
    "question", ["Forecast sales by region for the next 6 months", "지역별로 다음 6개월 매출을 예측해줘"]
)
def test_every_region_gets_a_forecast_and_they_add_up(make_order: MakeOrder, question: str) -> None:
    order = make_order(by_region(), question, budget_s=6)
    trained = train(order, silent)
    assert trained.forecast is not None
    groups = trained.forecast["groups"]
    assert groups["by"] == ["region"]
    found = {member["label"]: member for member in groups["members"]}
    assert list(found) == ["South", "North", "West"]
    ahead = np.arange(48, 54)
    assert found["North"]["value"] == pytest.approx((100 + 2.0 * ahead).sum(), rel=0.03)
    assert found["South"]["value"] == pytest.approx(
        (300 + 30 * np.sin(2 * np.pi * ahead / 12)).sum(), rel=0.03
    )
    assert found["West"]["value"] == pytest.approx(300, rel=0.05)
    assert sum(member["value"] for member in found.values()) == pytest.approx(trained.forecast["total"])
    for number, point in enumerate(trained.forecast["points"]):
        parts = sum(member["points"][number]["mean"] for member in found.values())
        assert parts == pytest.approx(point["mean"], rel=1e-12)
    csv = pd.read_csv(order.folder / "forecast_by_group.csv")
    assert csv.groupby("group").size().to_dict() == {"North": 6, "South": 6, "West": 6}
    json.dumps(trained.forecast, allow_nan=False)
    assert unexplained(trained) == []


def test_averages_are_not_split(make_order: MakeOrder) -> None:
    frame = by_region(24).rename(columns={"sales": "price"})
    question = "Forecast the price by region for the next 3 months"
    order = make_order(frame, question, columns_of(frame, price="intensive"), budget_s=2)
    trained = train(order, silent)
    assert trained.forecast is not None
    assert trained.forecast["aggregation"] == "mean"
    assert "groups" not in trained.forecast
    assert any("region" in warning for warning in trained.warnings)


def test_small_groups_are_forecast_together(make_order: MakeOrder) -> None:
    index = pd.date_range("2022-01-01", periods=20, freq="MS")
    frame = pd.concat(
        pd.DataFrame({"date": index, "store": f"S{i:02d}", "sales": float(100 - i)}) for i in range(30)
    )
    trained = train(make_order(frame, "Forecast sales by store for the next 2 months", budget_s=2), silent)
    assert trained.forecast is not None
    groups = trained.forecast["groups"]
    assert groups["merged"] == 6
    assert len(groups["members"]) == 25
    assert groups["members"][-1]["value"] == pytest.approx(2 * sum(100 - i for i in range(24, 30)))
    assert trained.forecast["total"] == pytest.approx(2 * sum(100 - i for i in range(30)))
    assert any("merged" in warning for warning in trained.warnings)
