"""A trained model explained from its saved file and its held-out rows, in both languages."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from agents.automl.jobs import explain
from agents.automl.scoring_order import ExplanationWish, ModelAnswer, ModelOrder, RowsGiven
from mesh.errors import BadInputError
from mesh.scoring.seal import checksum
from orchestrator.synthesis.numbers import unsupported_numbers

from .conftest import MakeOrder, columns_of, customers, silent
from .test_predicting import trained_model


def assert_every_number_is_known(answer: ModelAnswer) -> None:
    for found in answer.findings:
        assert unsupported_numbers(found.text, [found.evidence]) == [], found.text
    json.dumps(answer.report, allow_nan=False)


def assert_the_card_needs_nothing_else_and_says_the_same(answer: ModelAnswer) -> None:
    page, markdown = (file.path.read_text(encoding="utf-8") for file in answer.files)
    assert page.startswith("<!doctype html>")
    assert 'src="http' not in page
    assert 'href="http' not in page
    assert all(f'id="{part}"' in page for part in ("findings", "row", "thresholds", "fairness", "importance"))
    for found in answer.findings:
        assert found.text in markdown
    for table in answer.tables:
        assert f"| {table.columns[0]} |" in markdown


@pytest.fixture
def churn(make_order: MakeOrder) -> ModelOrder:
    """A model of `customers`: its rule is known, `note` is noise."""
    frame = customers(700)
    return trained_model(
        make_order(frame, "predict churn", columns_of(frame, customer="identifier"), budget_s=3)
    )


def asked(model: ModelOrder, question: str, rows: RowsGiven | None = None, **fields: object) -> ModelAnswer:
    wish = ExplanationWish(question, model.folder / "predictions.parquet", rows=rows)
    return explain(model, replace(wish, **fields), silent)  # type: ignore[arg-type]


def test_everything_of_a_classification_is_told_in_both_languages(churn: ModelOrder, tmp_path: Path) -> None:
    frame = customers(700)
    table = tmp_path / "rows.parquet"
    frame.to_parquet(table, index=False)
    rows = RowsGiven(table, columns_of(frame, customer="identifier"), checksum(table))
    answer = asked(
        churn, "Explain the model: missing one costs 100, a false alarm 5. Fair by contract? Row 3", rows
    )
    report = answer.report
    by_name = {row["feature"]: row for row in report["importance"]["features"]}
    assert report["importance"]["features"][0]["feature"] == "tenure"
    assert by_name["tenure"]["clear"]
    assert not by_name["note"]["clear"]
    curve = next(item for item in report["dependence"] if item["feature"] == "tenure")
    assert curve["mean"][0] > 0.6 > 0.3 > curve["mean"][-1]
    assert report["fairness"]["group"] == "contract"
    assert report["thresholds"]["threshold"] < 0.2
    row = report["row"]
    assert sum(part["effect"] for part in row["parts"]) == pytest.approx(row["predicted"] - row["base"])
    assert next(part["value"] for part in row["parts"] if part["feature"] == "tenure") == str(
        frame["tenure"][2]
    )
    kinds = [found.kind for found in answer.findings]
    assert {"row", "threshold", "fairness"} == set(kinds[:3])
    assert {"importance", "dependence", "calibration"} <= set(kinds)
    assert answer.warnings == []
    assert_every_number_is_known(answer)
    assert_the_card_needs_nothing_else_and_says_the_same(answer)
    korean = asked(
        replace(churn, language="ko"), "모델을 설명해줘. 놓치면 100, 잘못 알리면 5. C00002는 왜?", rows
    )
    assert korean.report["row"]["called"] == "C00002"
    assert korean.report["row"]["parts"] == row["parts"]
    assert "임계값" in korean.findings[1].text
    assert_every_number_is_known(korean)


def test_a_row_is_found_by_its_whole_identifier(churn: ModelOrder, tmp_path: Path) -> None:
    frame = customers(700).head(3).assign(customer=["C100", "C1001", "X-C1001"])
    table = tmp_path / "rows.parquet"
    frame.to_parquet(table, index=False)
    rows = RowsGiven(table, columns_of(frame, customer="identifier"), checksum(table))
    row = asked(churn, "Why was C1001 predicted so?", rows).report["row"]
    assert (row["row"], row["called"]) == (2, "C1001")
    assert asked(churn, "Why was C10011 predicted so?", rows).report["row"] is None


def test_a_planted_weak_segment_of_a_regression_is_told(make_order: MakeOrder) -> None:
    random = np.random.default_rng(5)
    size, kind = random.uniform(1, 10, 2000), random.choice(["flat", "house"], 2000)
    noise = np.where(kind == "house", random.normal(0, 8, 2000), random.normal(0, 1, 2000))
    frame = pd.DataFrame({"size": size, "kind": kind, "price": 10 * size + noise})
    model = trained_model(make_order(frame, "predict price", budget_s=3))
    answer = asked(model, "놓치면 100, 잘못 알리면 5. 공정해?")
    (segment, *_) = answer.report["segments"]["segments"]
    assert segment["where"] == [{"feature": "kind", "value": "house"}]
    assert answer.report["calibration"] is None
    assert len(answer.warnings) == 2
    assert (answer.report["thresholds"], answer.report["fairness"], answer.report["row"]) == (
        None,
        None,
        None,
    )
    assert_every_number_is_known(answer)


def test_several_classes_are_explained(make_order: MakeOrder) -> None:
    random = np.random.default_rng(9)
    x = random.uniform(0, 3, 500)
    frame = pd.DataFrame({"x": x, "kind": np.array(["low", "mid", "top"])[x.astype(int)]})
    frame.loc[::9, "kind"] = "mid"
    answer = asked(trained_model(make_order(frame, "predict kind", budget_s=3)), "Explain the model; row 1")
    assert answer.report["output_class"] == "mid"
    assert answer.report["calibration"]["of"] == "predicted_class"
    assert answer.report["row"]["of"] == "holdout"
    assert_every_number_is_known(answer)


def test_what_is_not_there_is_refused_by_name(churn: ModelOrder) -> None:
    with pytest.raises(BadInputError, match=r"'region' is none of the columns.*tenure"):
        asked(churn, "Explain", group="region")
    with pytest.raises(BadInputError, match=r"no row 9,999"):
        asked(churn, "Explain", row=9999)
    with pytest.raises(BadInputError, match="only one was given"):
        asked(churn, "Explain", missed=100.0)
    with pytest.raises(BadInputError, match="시계열"):
        asked(replace(churn, data={"task": "forecast"}, language="ko"), "설명")
    inputs = [*churn.data["inputs"], {"name": "predicted", "source": "predicted", "type": "number"}]
    with pytest.raises(BadInputError, match="takes a column called 'predicted'"):
        asked(replace(churn, data=churn.data | {"inputs": inputs}), "Explain")
    pd.DataFrame({"actual": ["Yes"]}).to_parquet(churn.folder / "predictions.parquet")
    with pytest.raises(BadInputError, match="held-out rows lack columns"):
        asked(churn, "Explain")
