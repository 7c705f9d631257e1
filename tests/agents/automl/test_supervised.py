import json
import pickle

import numpy as np
import pandas as pd
import pytest

from agents.automl.features import build_features
from agents.automl.jobs import train
from agents.automl.leakage import leaks
from agents.automl.splitting import split_rows
from agents.automl.supervised import build_problem
from mesh.errors import BadInputError
from mesh.h2o.address import H2OAddress
from mesh.scoring.features import RARE

from .conftest import MakeOrder, columns_of, customers, daily_sales, silent
from .test_forecasting import unexplained


def test_learns_a_known_rule_and_names_what_matters(make_order: MakeOrder) -> None:
    frame = customers(1500)
    order = make_order(frame, "predict churn", columns_of(frame, customer="identifier"))
    trained = train(order, silent)
    model = trained.model
    chance = 1 / (1 + np.exp(-(1.5 - 0.12 * frame["tenure"] + 1.2 * (frame["contract"] == "monthly"))))
    oracle = _auc(chance.to_numpy(), (frame["churn"] == "Yes").to_numpy())
    assert oracle - 0.05 < model["best"]["auc"] <= 1
    assert model["importance"][0]["feature"] == "tenure"
    assert model["beats_baseline"] is True
    assert model["classes"] == ["No", "Yes"]
    assert {"feature": "customer", "why": "identifier"} in model["excluded"]
    matrix = np.array(model["holdout"]["confusion"]["matrix"])
    assert matrix.sum() == model["rows_test"] == 300
    assert (matrix[0, 0] + matrix[1, 1]) / 300 == pytest.approx(model["best"]["accuracy"])
    assert model["holdout"]["roc"][0] == [0, 0]
    assert model["holdout"]["roc"][-1] == [1, 1]
    json.dumps(model, allow_nan=False)
    assert unexplained(trained) == []


def _auc(score: np.ndarray, positive: np.ndarray) -> float:
    above = score[positive][:, None] > score[~positive][None, :]
    return float(above.mean())


def test_the_board_holds_the_baselines_scored_on_the_same_rows(make_order: MakeOrder) -> None:
    frame = customers()
    trained = train(make_order(frame, "이탈을 예측해줘", columns_of(frame, customer="identifier")), silent)
    board = trained.model["leaderboard"]
    assert {row["model"] for row in board if row["baseline"]} == {"majority_class", "always_positive"}
    assert {row["model"] for row in board if not row["baseline"]} == {
        "logistic",
        "random_forest",
        "gradient_boosting",
    }
    assert sum(row["selected"] for row in board) == 1
    majority = next(row for row in board if row["model"] == "majority_class")
    assert (majority["auc"], majority["f1"]) == (0.5, 0)
    assert trained.model["engine"] == "scikit-learn"
    assert trained.summary.endswith("니다.") or "낫습니다" in trained.summary
    assert unexplained(trained) == []


def test_noise_does_not_beat_the_baseline(make_order: MakeOrder) -> None:
    random = np.random.default_rng(8)
    frame = pd.DataFrame(
        {"a": random.normal(size=400), "b": random.normal(size=400), "y": random.normal(size=400)}
    )
    trained = train(make_order(frame, "predict y"), silent)
    assert trained.model["task"] == "regression"
    assert trained.model["beats_baseline"] is False
    assert "No model beats the naive baseline" in trained.summary
    assert unexplained(trained) == []


def test_is_the_same_twice(make_order: MakeOrder) -> None:
    frame = customers(300)
    boards = [
        train(make_order(frame, "predict churn", columns_of(frame, customer="identifier")), silent).model
        for _ in range(2)
    ]
    assert boards[0]["leaderboard"] == boards[1]["leaderboard"]
    assert boards[0]["importance"] == boards[1]["importance"]


def test_the_saved_pipeline_predicts(make_order: MakeOrder) -> None:
    frame = customers(300)
    order = make_order(frame, "predict churn", columns_of(frame, customer="identifier"))
    trained = train(order, silent)
    pipeline = pickle.loads((order.folder / "model.pkl").read_bytes())
    assert trained.predictions is not None
    table = pd.read_parquet(trained.predictions.path)
    again = pipeline.predict_proba(table[trained.model["features"]])[:, 1]
    np.testing.assert_allclose(again, table["probability"])
    assert [c.name for c in trained.predictions.columns] == list(table.columns)


def test_three_classes(make_order: MakeOrder) -> None:
    random = np.random.default_rng(2)
    kind = random.choice(["setosa", "versicolor", "virginica"], 300)
    width = pd.Series(kind).map({"setosa": 0.0, "versicolor": 1.0, "virginica": 2.0}) + random.normal(
        0, 0.4, 300
    )
    trained = train(
        make_order(pd.DataFrame({"width": width, "species": kind}), "predict the species"), silent
    )
    assert trained.model["metric"] == "logloss"
    assert trained.model["best"]["accuracy"] > 0.75
    assert np.array(trained.model["holdout"]["confusion"]["matrix"]).shape == (3, 3)


def test_a_copy_of_the_target_is_left_out_and_said(make_order: MakeOrder) -> None:
    frame = customers(400)
    frame["cancelled_on"] = np.where(frame["churn"] == "Yes", "2024", "never")
    trained = train(make_order(frame, "predict churn", columns_of(frame, customer="identifier")), silent)
    assert "cancelled_on" in {row["feature"] for row in trained.model["excluded"]}
    assert any("cancelled_on" in f.text for f in trained.findings)
    assert trained.model["best"]["auc"] < 0.99


def test_a_factor_of_the_target_is_left_out() -> None:
    random = np.random.default_rng(6)
    frame = pd.DataFrame({"price": random.uniform(1, 9, 300), "quantity": random.integers(1, 50, 300)})
    frame["revenue"] = frame["price"] * frame["quantity"]
    columns = columns_of(frame, price="intensive")
    features = build_features(frame, columns, "revenue", np.arange(300), "en")
    found = leaks(features, frame["revenue"], classes=False, seed=1, language="en", additive={"quantity"})
    assert list(found) == ["quantity"]
    assert "price × quantity" in found["quantity"]


def test_a_date_puts_the_latest_rows_into_the_hold_out() -> None:
    frame = daily_sales(100)
    split = split_rows(frame, columns_of(frame), frame["sales"], date_column="date", classes=False, seed=1)
    assert split.kind == "time"
    assert frame["date"].iloc[split.train].max() < frame["date"].iloc[split.test].min()


def test_rows_of_one_customer_stay_on_one_side() -> None:
    frame = pd.DataFrame(
        {"customer": np.repeat(np.arange(50), 4), "x": np.arange(200.0), "y": np.arange(200.0)}
    )
    columns = columns_of(frame, customer="identifier")
    split = split_rows(frame, columns, frame["y"], date_column=None, classes=False, seed=1)
    assert split.kind == "group"
    assert not set(frame["customer"].iloc[split.train]) & set(frame["customer"].iloc[split.test])


def test_features_leave_out_what_cannot_help_and_bundle_rare_levels() -> None:
    frame = pd.DataFrame(
        {"id": range(300), "same": 1, "words": [f"text {i}" for i in range(300)], "y": np.arange(300.0)}
    )
    frame["city"] = ["x"] * 200 + [f"c{i}" for i in range(100)]
    frame["when"] = pd.date_range("2024-01-01", periods=300)
    built = build_features(frame, columns_of(frame, id="identifier"), "y", np.arange(300), "ko")
    assert {row["feature"] for row in built.excluded} == {"id", "same", "words"}
    assert {"when_month", "when_weekday", "when_day", "when_days"} <= set(built.frame.columns)
    assert built.frame["city"].nunique() == 51
    assert (built.frame["city"] == RARE).sum() == 51


def test_too_few_rows_are_refused(make_order: MakeOrder) -> None:
    frame = customers(40)
    frame.loc[15:, "churn"] = None
    with pytest.raises(BadInputError, match="15 rows"):
        build_problem(make_order(frame, "predict churn", columns_of(frame, customer="identifier")))


def test_says_why_h2o_is_missing_and_what_to_do(make_order: MakeOrder) -> None:
    frame = customers(300)
    unused = H2OAddress("http://127.0.0.1:9", "mesh", "none")
    order = make_order(
        frame, "predict churn", columns_of(frame, customer="identifier"), budget_s=4, h2o=unused
    )
    trained = train(order, silent)
    assert trained.model["engine"] == "scikit-learn"
    assert sum("raise time_budget_s" in warning for warning in trained.warnings) == 1
