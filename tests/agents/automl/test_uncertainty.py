import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from agents.automl.uncertainty import interval, redraws, surely_better, weighted_auc


def test_the_weighted_area_is_that_of_scikit_learn_also_with_ties() -> None:
    random = np.random.default_rng(4)
    actual, weights = random.integers(0, 2, 80), random.integers(0, 4, (5, 80)).astype(float)
    score = random.integers(0, 9, 80) / 9
    made = weighted_auc(actual, score, weights)
    assert made == pytest.approx([roc_auc_score(actual, score, sample_weight=w) for w in weights])


def test_the_interval_of_a_mean_error_is_near_the_textbook_one() -> None:
    random = np.random.default_rng(5)
    errors = random.normal(0, 2, 900)
    draws = redraws(np.arange(900), 1).scores("rmse", errors, np.zeros(900))
    bounds = interval(draws)
    exact = np.sqrt((errors**2).sum() / stats.chi2.ppf([0.975, 0.025], 900))
    assert bounds == pytest.approx(exact, rel=0.03)


def test_rows_of_one_entity_are_worth_one() -> None:
    random = np.random.default_rng(6)
    errors = np.repeat(random.normal(size=50), 20)
    alone = interval(redraws(np.arange(1000), 1).scores("rmse", errors, np.zeros(1000)))
    together = interval(redraws(np.repeat(np.arange(50), 20), 1).scores("rmse", errors, np.zeros(1000)))
    assert alone is not None
    assert together is not None
    assert np.diff(together) > 3 * np.diff(alone)


def test_better_means_better_in_nearly_every_draw() -> None:
    worse, better = np.linspace(2, 3, 400), np.linspace(1, 2, 400)
    assert surely_better("rmse", better, worse)
    assert not surely_better("auc", better, worse)
    assert not surely_better("rmse", better, better)
