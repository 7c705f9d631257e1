import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import r2_score, roc_auc_score

from agents.automl.framing import build_problem
from agents.automl.jobs import predict, train
from agents.automl.order import Order
from agents.automl.scoring_order import ModelAnswer, ModelOrder, RowsGiven
from mesh.errors import BadInputError
from mesh.scoring.seal import checksum, seal_of
from orchestrator.synthesis.numbers import unsupported_numbers

from .conftest import MakeOrder, columns_of, customers, silent

TOKEN = "token"


def trained_model(order: Order, *, judged: bool = False) -> ModelOrder:
    """The model of a training, as the agent hands it on; or the one that was judged, which knows no held-out row."""
    trained = train(order, silent)
    path = trained.files[-1 if judged else 0].path
    sha256 = checksum(path)
    data = trained.model | {
        "files": [{"name": path.name, "sha256": sha256, "seal": seal_of(sha256, TOKEN)}],
        "dataset": {"id": "ds-1", "name": "table", "sha256": checksum(order.table)},
    }
    return ModelOrder(data, [path], order.folder, order.language, TOKEN)


def scored(model: ModelOrder, frame: pd.DataFrame, path: Path) -> ModelAnswer:
    """The answer for the rows of `frame`."""
    frame.to_parquet(path, index=False)
    return predict(model, RowsGiven(path, columns_of(frame), checksum(path)), silent)


def assert_numbers_are_known(answer: ModelAnswer) -> None:
    """Every number of a sentence is in its evidence, and everything is plain JSON."""
    for found in answer.findings:
        assert unsupported_numbers(found.text, [found.evidence]) == [], found.text
    json.dumps(answer.report, allow_nan=False)


def test_new_rows_get_the_predictions_that_the_hold_out_got(make_order: MakeOrder, tmp_path: Path) -> None:
    frame = customers(300).assign(joined=pd.date_range("2023-01-01", periods=300, freq="D").astype(str))
    frame["joined"] = frame["joined"].sample(frac=1, random_state=1).to_numpy()
    order = make_order(frame, "predict churn", columns_of(frame, customer="identifier", joined="date"))
    model = trained_model(order, judged=True)
    held_out = frame.iloc[build_problem(order).split.test].reset_index(drop=True)
    answer = scored(model, held_out.drop(columns="churn"), tmp_path / "new.parquet")
    made, kept = pd.read_parquet(answer.dataset.path), pd.read_parquet(order.folder / "predictions.parquet")  # type: ignore[union-attr]
    assert made["probability_Yes"].to_numpy() == pytest.approx(kept["probability"].to_numpy())
    assert made["predicted"].tolist() == kept["predicted"].tolist()
    assert made["customer"].tolist() == held_out["customer"].tolist()
    assert pd.read_csv(answer.files[0].path)["predicted"].tolist() == kept["predicted"].tolist()
    assert answer.report["predicted"] == kept["predicted"].value_counts().reindex(["No", "Yes"]).to_dict()
    assert answer.report["known"] is None
    first = answer.tables[0].rows[0]
    assert first[answer.tables[0].columns.index("probability_Yes")] == round(made["probability_Yes"].max(), 4)
    assert_numbers_are_known(answer)


def test_the_model_that_predicts_has_learned_from_the_held_out_rows_too(
    make_order: MakeOrder, tmp_path: Path
) -> None:
    """The held-out rows alone are `late`: only who has learned from them knows what that means."""
    random = np.random.default_rng(2)
    frame = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=200), "x": random.normal(size=200)})
    frame["late"] = (np.arange(200) >= 160) * 1.0
    frame["y"] = frame["x"] + 10 * frame["late"] + random.normal(0, 0.1, 200)
    order = make_order(frame, "regression of y", columns_of(frame))
    errors = []
    for judged in (True, False):
        answer = scored(trained_model(order, judged=judged), frame, tmp_path / "rows.parquet")
        made = pd.read_parquet(answer.dataset.path)["predicted"]  # type: ignore[union-attr]
        errors.append(float((made - frame["y"]).abs().iloc[160:].mean()))
    assert errors[0] > 5
    assert errors[1] < 2


def test_where_the_outcome_is_known_the_score_stands_beside_the_validation(
    make_order: MakeOrder, tmp_path: Path
) -> None:
    order = make_order(customers(400), "이탈을 예측해줘", columns_of(customers(400), customer="identifier"))
    model = trained_model(order)
    fresh = customers(500, seed=99)
    fresh.loc[:99, "churn"] = None
    answer = scored(model, fresh, tmp_path / "fresh.parquet")
    made = pd.read_parquet(answer.dataset.path).iloc[100:]  # type: ignore[union-attr]
    expected = roc_auc_score(made["churn"] == "Yes", made["probability_Yes"])
    assert answer.report["known"]["auc"] == pytest.approx(expected)
    assert answer.report["known"]["rows"] == 400
    assert answer.report["validation"] == model.data["best"]["auc"]
    found = next(item for item in answer.findings if item.kind == "score")
    assert f"AUC {expected:.3f}" in found.text
    assert "400개 행" in found.text
    assert answer.warnings == []
    assert_numbers_are_known(answer)


def test_the_interval_of_a_regression_holds_what_it_says(make_order: MakeOrder, tmp_path: Path) -> None:
    def houses(rows: int, seed: int) -> pd.DataFrame:
        random = np.random.default_rng(seed)
        size = random.uniform(30, 150, rows)
        return pd.DataFrame({"size": size, "price": 3 * size + random.normal(0, 20, rows)})

    model = trained_model(make_order(houses(1500, 1), "predict price"))
    fresh = houses(4000, 2).assign(predicted="mine")
    answer = scored(model, fresh, tmp_path / "fresh.parquet")
    made = pd.read_parquet(answer.dataset.path)  # type: ignore[union-attr]
    assert list(made["predicted"].unique()) == ["mine"]
    assert answer.report["known"]["r2"] == pytest.approx(r2_score(made["price"], made["model_predicted"]))
    # 90 % of 4000 rows, measured on 300 held-out rows: three standard errors of both.
    assert answer.report["known"]["coverage"] == pytest.approx(0.9, abs=0.06)
    assert answer.report["interval"]["half_width"] == pytest.approx(1.645 * 20, rel=0.15)
    assert_numbers_are_known(answer)


def test_the_training_data_itself_is_recognised(make_order: MakeOrder) -> None:
    frame = customers(120)
    order = make_order(frame, "predict churn", columns_of(frame, customer="identifier"))
    answer = predict(
        trained_model(order), RowsGiven(order.table, columns_of(frame), checksum(order.table)), silent
    )
    assert "the rows that the model was trained on" in answer.warnings[0]


@pytest.mark.parametrize(
    ("data", "said"), [({"task": "forecast"}, "시계열"), ({"task": "regression"}, "다시 학습")]
)
def test_a_model_that_cannot_score_rows_says_so(data: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=said):
        scored(ModelOrder(data, [], tmp_path, "ko", TOKEN), customers(10), tmp_path / "rows.parquet")
