"""scikit-learn's weighted metrics are the outside answer."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from agents.mlops.measures import Array, Scored, measure, metrics_of

ROWS = 120


def drawn(seed: int, classes: int) -> tuple[Scored, Array]:
    """Random predictions with ties, and two weightings of the rows: all alike, and as a bootstrap draws them."""
    random = np.random.default_rng(seed)
    weights = np.vstack([np.ones(ROWS), np.bincount(random.integers(0, ROWS, ROWS), minlength=ROWS)])
    if not classes:
        actual = random.normal(50, 10, ROWS)
        return Scored(actual, actual + random.normal(0, 3, ROWS)), weights
    probability = random.multinomial(20, np.full(classes, 1 / classes), ROWS) / 20
    actual = random.integers(0, classes, ROWS).astype(float)
    return Scored(actual, probability.argmax(axis=1).astype(float), probability, classes), weights


@pytest.mark.parametrize("seed", range(3))
def test_numbers_are_measured_as_scikit_learn_does(seed: int) -> None:
    rows, weights = drawn(seed, 0)
    theirs: dict[str, Callable[[Array], float]] = {
        "rmse": lambda w: metrics.root_mean_squared_error(rows.actual, rows.predicted, sample_weight=w),
        "mae": lambda w: metrics.mean_absolute_error(rows.actual, rows.predicted, sample_weight=w),
        "r2": lambda w: metrics.r2_score(rows.actual, rows.predicted, sample_weight=w),
    }
    assert set(theirs) == set(metrics_of(rows))
    for name, their in theirs.items():
        assert measure(name, rows, weights) == pytest.approx([their(w) for w in weights])


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("seed", range(3))
def test_classes_are_measured_as_scikit_learn_does(seed: int, classes: int) -> None:
    rows, weights = drawn(seed, classes)
    assert rows.probability is not None
    actual, predicted, probability = rows.actual, rows.predicted, rows.probability
    codes = list(range(classes))
    shown = codes[1:] if classes == 2 else codes

    def auc(w: Array) -> float:
        areas = [
            metrics.roc_auc_score(actual == code, probability[:, code], sample_weight=w) for code in shown
        ]
        return float(np.mean(areas))

    def f1(w: Array) -> float:
        return float(
            metrics.f1_score(
                actual, predicted, labels=shown, average="macro", zero_division=0, sample_weight=w
            )
        )

    theirs: dict[str, Callable[[Array], float]] = {
        "auc": auc,
        "f1": f1,
        "logloss": lambda w: metrics.log_loss(actual, probability, labels=codes, sample_weight=w),
        "accuracy": lambda w: metrics.accuracy_score(actual, predicted, sample_weight=w),
        "balanced_accuracy": lambda w: metrics.balanced_accuracy_score(actual, predicted, sample_weight=w),
    }
    assert set(theirs) == set(metrics_of(rows))
    for name, their in theirs.items():
        assert measure(name, rows, weights) == pytest.approx([their(w) for w in weights]), name


def test_a_weighting_without_a_class_has_no_auc() -> None:
    rows = Scored(np.array([0.0, 1.0]), np.array([0.0, 1.0]), np.array([[0.9, 0.1], [0.2, 0.8]]), 2)
    one_sided, both = measure("auc", rows, np.array([[2.0, 0.0], [1.0, 1.0]]))
    assert np.isnan(one_sided)
    assert both == 1


@given(st.integers(0, 10_000), st.sampled_from(["auc", "logloss", "accuracy", "f1", "balanced_accuracy"]))
def test_the_order_of_the_rows_does_not_matter(seed: int, name: str) -> None:
    rows, weights = drawn(seed, 3)
    order = np.random.default_rng(seed + 1).permutation(ROWS)
    assert measure(name, rows.take(order), weights[:, order]) == pytest.approx(measure(name, rows, weights))
