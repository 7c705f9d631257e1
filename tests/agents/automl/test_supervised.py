import json
import pickle
import time

import numpy as np
import pandas as pd
import pytest
from sklearn.tree import DecisionTreeClassifier

from agents.automl.framing import build_problem
from agents.automl.jobs import train
from agents.automl.sklearn_training import train_sklearn
from mesh.errors import BadInputError
from mesh.h2o.address import H2OAddress
from mesh.scoring.sklearn_model import LEAST_PROBABILITY, ask_sklearn

from .conftest import MakeOrder, columns_of, customers, silent
from .test_forecasting import unexplained


def test_learns_a_known_rule_and_names_what_matters(make_order: MakeOrder) -> None:
    frame = customers(1500)
    order = make_order(frame, "predict churn", columns_of(frame, customer="identifier"), budget_s=5)
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
    columns = columns_of(frame, customer="identifier")
    trained = train(make_order(frame, "이탈을 예측해줘", columns, budget_s=4), silent)
    board = trained.model["leaderboard"]
    assert {row["model"] for row in board if row["baseline"]} == {"majority_class", "always_positive"}
    assert {row["model"] for row in board if row["simple"]} == {"logistic", "small_tree"}
    assert {row["model"]: row["label"] for row in board}["small_tree"] == "작은 의사결정나무"
    assert all(row["lower"] <= row["auc"] <= row["upper"] for row in board)
    assert sum(row["selected"] for row in board) == 1
    majority = next(row for row in board if row["model"] == "majority_class")
    assert (majority["auc"], majority["f1"]) == (0.5, 0)
    assert trained.model["engine"] == "scikit-learn"
    assert trained.summary.startswith("'churn' 값이 'Yes'인지")
    assert unexplained(trained) == []


def test_noise_does_not_beat_the_baseline(make_order: MakeOrder) -> None:
    random = np.random.default_rng(8)
    frame = pd.DataFrame(
        {"a": random.normal(size=400), "b": random.normal(size=400), "y": random.normal(size=400)}
    )
    trained = train(make_order(frame, "predict y", budget_s=3), silent)
    assert trained.model["task"] == "regression"
    assert trained.model["beats_baseline"] is False
    assert "No model beats the naive baseline" in trained.summary
    assert unexplained(trained) == []


def test_where_few_rows_are_held_out_all_rows_say_whether_the_model_is_better(make_order: MakeOrder) -> None:
    """A correlation of 0.37 in 150 rows is certain (p < 0.00001), in the 30 that are held out it is not."""
    random = np.random.default_rng(4)
    x = random.normal(size=150)
    frame = pd.DataFrame({"x": x, "y": 0.45 * x + random.normal(size=150)})
    trained = train(make_order(frame, "predict y", budget_s=20), silent)
    across = trained.model["across"]
    assert across["rows"] == 150
    assert across["lower"] < across["score"] < across["upper"]
    assert across["score"] < across["baseline"]
    assert trained.model["beats_baseline"] is True
    assert "Across 150 rows" in " ".join(found.text for found in trained.findings)
    assert unexplained(trained) == []


def test_a_tree_that_has_met_one_class_in_a_leaf_is_not_certain_of_it() -> None:
    rows = pd.DataFrame({"x": range(6)})
    tree = DecisionTreeClassifier(max_depth=1).fit(rows, [0.0, 0, 0, 2, 2, 2])
    made = ask_sklearn(tree, 3, rows.iloc[[0, 5]])
    assert made.sum(axis=1) == pytest.approx([1, 1])
    assert made.min() == pytest.approx(LEAST_PROBABILITY / (1 + 3 * LEAST_PROBABILITY))
    assert made.argmax(axis=1).tolist() == [0, 2]


def test_is_the_same_twice(make_order: MakeOrder) -> None:
    frame = customers(80)
    problem = build_problem(make_order(frame, "predict churn", columns_of(frame, customer="identifier")))
    late = time.monotonic() + 600
    first, second = (train_sklearn(problem, late, lambda *_: None, patience=1).entries for _ in range(2))
    assert [(e.name, e.validation, e.threshold) for e in first] == [
        (e.name, e.validation, e.threshold) for e in second
    ]
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(
            one.predictor.predict(problem.test), other.predictor.predict(problem.test)
        )


def test_the_saved_pipeline_predicts(make_order: MakeOrder) -> None:
    frame = customers(300)
    order = make_order(frame, "predict churn", columns_of(frame, customer="identifier"), budget_s=3)
    trained = train(order, silent)
    pipeline = pickle.loads(trained.files[-1].path.read_bytes())
    assert trained.predictions is not None
    table = pd.read_parquet(trained.predictions.path)
    again = pipeline.predict_proba(table[trained.model["features"]])[:, 1]
    np.testing.assert_allclose(again, table["probability"], atol=LEAST_PROBABILITY)
    assert [c.name for c in trained.predictions.columns] == list(table.columns)


def test_three_classes(make_order: MakeOrder) -> None:
    random = np.random.default_rng(2)
    kind = random.choice(["setosa", "versicolor", "virginica"], 300)
    width = pd.Series(kind).map({"setosa": 0.0, "versicolor": 1.0, "virginica": 2.0}) + random.normal(
        0, 0.4, 300
    )
    trained = train(
        make_order(pd.DataFrame({"width": width, "species": kind}), "predict the species", budget_s=3), silent
    )
    assert trained.model["metric"] == "logloss"
    assert trained.model["best"]["accuracy"] > 0.75
    assert np.array(trained.model["holdout"]["confusion"]["matrix"]).shape == (3, 3)


def test_a_copy_of_the_target_is_left_out_and_said(make_order: MakeOrder) -> None:
    frame = customers(400)
    frame["cancelled_on"] = np.where(frame["churn"] == "Yes", "2024", "never")
    columns = columns_of(frame, customer="identifier")
    trained = train(make_order(frame, "predict churn", columns, budget_s=3), silent)
    assert "cancelled_on" in {row["feature"] for row in trained.model["excluded"]}
    assert any("cancelled_on" in f.text for f in trained.findings)
    assert trained.model["best"]["auc"] < 0.99


def test_too_few_rows_are_refused(make_order: MakeOrder) -> None:
    frame = customers(40)
    frame.loc[12:, "churn"] = None
    with pytest.raises(BadInputError, match="at least 15 rows with a value of 'churn', and there are 12"):
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


def test_a_target_with_one_value_or_hardly_a_second_is_refused(make_order: MakeOrder) -> None:
    frame = customers(60)
    order = make_order(frame, "predict churn", columns_of(frame, customer="identifier"))
    frame.assign(churn="Yes").to_parquet(order.table)
    with pytest.raises(BadInputError, match="same 'churn' \\(Yes\\)"):
        build_problem(order)
    frame.assign(churn=["Yes"] * 57 + ["No"] * 3).to_parquet(order.table)
    with pytest.raises(BadInputError, match="of No there are 3"):
        build_problem(order)


def test_many_levels_of_noise_do_not_beat_the_baseline(make_order: MakeOrder) -> None:
    """Two hundred random levels: means of the target that saw their own rows would look like knowledge."""
    random = np.random.default_rng(11)
    frame = pd.DataFrame(
        {"shop": [f"S{i:03d}" for i in random.integers(0, 200, 800)], "y": random.normal(size=800)}
    )
    order = make_order(frame, "predict y with a regression", budget_s=4)
    trained = train(order, silent)
    assert trained.model["beats_baseline"] is False
    validations = [row["validation"] for row in trained.model["leaderboard"] if not row["baseline"]]
    assert min(validations) > 0.97 * frame["y"].std()


def test_many_levels_that_matter_are_learned(make_order: MakeOrder) -> None:
    random = np.random.default_rng(12)
    level, shop = random.normal(0, 3, 100), random.integers(0, 100, 1200)
    frame = pd.DataFrame({"shop": [f"S{i:03d}" for i in shop], "y": level[shop] + random.normal(size=1200)})
    trained = train(make_order(frame, "predict y with a regression", budget_s=4), silent)
    assert trained.model["best"]["rmse"] == pytest.approx(1, abs=0.15)
    assert unexplained(trained) == []


def test_sentences_decide(make_order: MakeOrder) -> None:
    """Only the words tell the classes apart; one row in ten has the other class's words."""
    random = np.random.default_rng(13)
    happy, angry = (
        ["배송이 빨라요", "정말 좋아요", "추천합니다"],
        ["배송이 늦어요", "별로예요", "환불해 주세요"],
    )
    filler = [f"상품{i}" for i in range(80)]
    bad = random.integers(0, 2, 300)
    said = np.where(random.random(300) < 0.1, 1 - bad, bad)
    notes = [" ".join([random.choice(angry if b else happy), *random.choice(filler, 3)]) for b in said]
    frame = pd.DataFrame({"review": notes, "complaint": np.where(bad, "예", "아니오")})
    columns = columns_of(frame, review="text")
    trained = train(make_order(frame, "complaint 여부를 분류해줘", columns, budget_s=4), silent)
    assert trained.model["inputs"] == [{"name": "review", "source": "review", "type": "text"}]
    assert trained.model["best"]["accuracy"] == pytest.approx(0.9, abs=0.1)
    assert trained.summary.startswith("'complaint' 값이 '예'인지")
    assert unexplained(trained) == []
