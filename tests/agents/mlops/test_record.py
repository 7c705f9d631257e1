import pytest

from agents.mlops.record import build_record, registered_name
from mesh.errors import BadInputError

MODEL = {
    "task": "classification",
    "target": "churn",
    "metric": "auc",
    "engine": "h2o",
    "best": {"model": "GBM_1", "auc": 0.84, "f1": 0.6, "note": "x", "bad": float("nan")},
    "baseline": {"model": "majority_class", "auc": 0.5},
    "beats_baseline": True,
    "features": ["a", "b"],
    "seed": 1,
}


def test_keeps_parameters_and_finite_metrics() -> None:
    record = build_record(MODEL, None, {"dataset_id": "ds-1"})
    assert record.name == "churn-classification"
    assert record.metrics == {"auc": 0.84, "f1": 0.6, "baseline_auc": 0.5}
    assert record.params["model"] == "GBM_1"
    assert record.params["features"] == "2"
    assert record.tags == {"beats_baseline": "true", "metric": "auc", "dataset_id": "ds-1"}


def test_a_model_without_a_score_is_refused() -> None:
    with pytest.raises(BadInputError, match="'metric' and 'best'"):
        build_record({"task": "forecast"}, None, {})


@pytest.mark.parametrize(
    ("given", "expected"),
    [("매출 합계/월", "매출-합계-월"), ("a:b", "a-b"), ("  ", "model"), ("x" * 300, "x" * 120)],
)
def test_names_fit_the_registry(given: str, expected: str) -> None:
    assert registered_name(given) == expected
