"""Two sealed scikit-learn models asked for the same new rows."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from agents.mlops.comparison import Candidate, compare
from agents.mlops.desk import FreshRows
from agents.mlops.runs import ModelFile, ModelFiles
from agents.mlops.scoring import score_both
from mesh.scoring.seal import checksum, seal_of

TOKEN = "the mesh's token"


def customers(seed: int, rows: int = 300) -> pd.DataFrame:
    """People of whom the ones with short tenure and high fees leave."""
    random = np.random.default_rng(seed)
    tenure, fee = random.gamma(2, 12, rows).round(1), random.normal(50, 15, rows).round(2)
    leaves = random.random(rows) < 1 / (1 + np.exp(tenure / 8 - fee / 20))
    return pd.DataFrame({"tenure": tenure, "fee": fee, "churn": np.where(leaves, "yes", "no")})


def trained(
    folder: Path, name: str, columns: list[str], data: pd.DataFrame, *, token: str = TOKEN
) -> ModelFiles:
    """A logistic regression on these columns, saved and sealed as the mesh does."""
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(
        data[columns], (data["churn"] == "yes").astype(int)
    )
    path = folder / f"{name}.pkl"
    path.write_bytes(pickle.dumps(model))
    sha256 = checksum(path)
    description: dict[str, Any] = {
        "task": "classification",
        "target": "churn",
        "engine": "scikit-learn",
        "metric": "auc",
        "best": {"model": "logistic", "auc": 0.7},
        "inputs": [{"name": c, "source": c, "type": "number"} for c in columns],
        "classes": ["no", "yes"],
        "threshold": 0.4,
        "dataset": {"id": f"ds-{name}", "name": name, "sha256": name * 8},
        "files": [{"name": path.name, "sha256": sha256, "seal": seal_of(sha256, token)}],
    }
    return ModelFiles(description, (ModelFile(path, sha256),), None)


def fresh(folder: Path, data: pd.DataFrame) -> FreshRows:
    data.to_parquet(folder / "new.parquet", index=False)
    return FreshRows(folder / "new.parquet", "ds-new", "n" * 64)


def test_both_score_the_rows_given_and_the_metric_is_scikit_learns(tmp_path: Path) -> None:
    first = trained(tmp_path, "a", ["tenure"], customers(1))
    second = trained(tmp_path, "b", ["tenure", "fee"], customers(2))
    data = customers(3)
    data.loc[:9, "churn"] = None
    both = score_both(first, second, fresh(tmp_path, data), TOKEN, "en")
    assert both.note == ""
    assert both.pair is not None
    comparison = compare(Candidate("1", first.description), Candidate("2", second.description), both.pair)
    assert (comparison.basis, comparison.rows, comparison.metric) == ("given", 290, "auc")
    known = data.iloc[10:]
    for model, side, columns in (
        (first, "first", ["tenure"]),
        (second, "second", ["tenure", "fee"]),
    ):
        pipeline = pickle.loads(model.files[0].path.read_bytes())
        auc = metrics.roc_auc_score(known["churn"] == "yes", pipeline.predict_proba(known[columns])[:, 1])
        assert getattr(comparison.differences[0], side).value == pytest.approx(auc)


def test_data_that_one_was_trained_on_is_not_used_and_that_is_said(tmp_path: Path) -> None:
    first, second = (trained(tmp_path, name, ["tenure"], customers(1)) for name in "ab")
    rows = fresh(tmp_path, customers(1))
    seen = FreshRows(rows.path, "ds-b", rows.sha256)
    both = score_both(first, second, seen, TOKEN, "ko")
    assert both.pair is None
    assert "학습한 데이터" in both.note


def test_classes_are_known_however_the_dataset_given_writes_them(tmp_path: Path) -> None:
    models = [trained(tmp_path, name, ["tenure"], customers(seed)) for name, seed in (("a", 1), ("b", 2))]
    for model in models:
        model.description["classes"] = ["0", "1"]
    data = customers(3).assign(churn=lambda frame: (frame["churn"] == "yes").astype(float))
    data.loc[:9, "churn"] = None
    both = score_both(models[0], models[1], fresh(tmp_path, data), TOKEN, "en")
    assert both.pair is not None
    assert both.pair[0].scored.actual.tolist() == data["churn"].iloc[10:].tolist()
    data.loc[20, "churn"] = 7
    strange = score_both(models[0], models[1], fresh(tmp_path, data), TOKEN, "en")
    assert strange.pair is None
    assert "'churn' of the dataset given holds values" in strange.note


def test_rows_that_lack_the_target_or_a_column_are_not_used_and_that_is_said(tmp_path: Path) -> None:
    first, second = (trained(tmp_path, name, ["tenure", "fee"], customers(1)) for name in "ab")
    without_target = score_both(
        first, second, fresh(tmp_path, customers(4).drop(columns="churn")), TOKEN, "en"
    )
    assert "no column 'churn'" in without_target.note
    without_fee = score_both(first, second, fresh(tmp_path, customers(4).drop(columns="fee")), TOKEN, "en")
    assert without_fee.pair is None
    assert "'fee'" in without_fee.note


def test_a_model_under_another_seal_is_never_loaded(tmp_path: Path) -> None:
    first = trained(tmp_path, "a", ["tenure"], customers(1))
    second = trained(tmp_path, "b", ["tenure"], customers(2), token="a stranger's token")
    both = score_both(first, second, fresh(tmp_path, customers(5)), TOKEN, "en")
    assert both.pair is None
    assert "not made by this mesh" in both.note
