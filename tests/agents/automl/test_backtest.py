import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from agents.automl import intervals
from agents.automl.accuracy import forecast_errors, naive_scale
from agents.automl.backtest import Origins, evaluate, plan_origins, score
from agents.automl.baselines import Mean, Naive, SeasonalNaive
from agents.automl.evidence import advantage
from agents.automl.harmonic import Harmonic
from agents.automl.lags import future_rows, training_rows, validation_start
from mesh.errors import BadInputError


def daily(values: np.ndarray) -> pd.Series:
    return pd.Series(values, index=pd.date_range("2022-01-03", periods=len(values), freq="D"))


def test_errors_by_hand() -> None:
    actual, predicted = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[2.0, 2.0], [3.0, 2.0]])
    errors = forecast_errors(actual, predicted, scale=0.5)
    assert errors["mae"] == 0.75
    assert errors["mase"] == 1.5
    assert errors["rmse"] == pytest.approx(np.sqrt(5 / 4))
    assert errors["bias"] == -0.25
    assert errors["wape"] == pytest.approx(3 / 10)


def test_the_scale_is_the_seasonal_naive_error() -> None:
    assert naive_scale(np.array([1.0, 5.0, 2.0, 7.0]), 2) == 1.5
    assert naive_scale(np.array([3.0, 3.0, 3.0]), 1) == 1.0


@settings(max_examples=60, deadline=None)
@given(length=st.integers(8, 1500), steps=st.integers(1, 120), season=st.sampled_from([1, 4, 7, 12]))
def test_every_fold_lies_inside_the_history_and_after_its_origin(
    length: int, steps: int, season: int
) -> None:
    origins = plan_origins(daily(np.arange(float(length))), steps, season, 365.25 if length > 548 else None)
    assert 1 <= origins.steps <= steps
    assert 1 <= len(origins.lengths) <= 8
    assert list(origins.lengths) == sorted(set(origins.lengths))
    assert origins.lengths[-1] + origins.steps == length
    assert origins.actual[0, 0] == origins.lengths[0]


def test_too_short_a_history_is_refused() -> None:
    with pytest.raises(BadInputError, match="at least 8"):
        plan_origins(daily(np.arange(5.0)), 2, 1, None)


def test_a_candidate_never_sees_what_it_forecasts() -> None:
    seen: list[int] = []

    class Spy(Naive):
        def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> np.ndarray:
            seen.append(len(values))
            return super().forecast(values, steps)

    values = daily(np.arange(200.0))
    origins = plan_origins(values, 10, 7, None)
    evaluate(Spy(), values, origins)
    assert tuple(seen) == origins.lengths


def test_luck_does_not_beat_a_baseline() -> None:
    random = np.random.default_rng(0)
    values = daily(random.normal(size=400))
    origins = plan_origins(values, 10, 1, None)
    mean = score("mean", "", evaluate(Mean(), values, origins), origins, baseline=True)
    nudged = score(
        "nudged", "", mean.predicted + random.normal(0, 0.01, mean.predicted.shape), origins, baseline=False
    )
    perfect = score("perfect", "", origins.actual, origins, baseline=False)
    assert not advantage(nudged, mean, origins).likely
    assert advantage(perfect, mean, origins).clear


def test_the_advantage_is_a_paired_t_test_over_folds() -> None:
    """Outside answer: scipy's own paired test on the errors of five folds that do not overlap."""
    random = np.random.default_rng(4)
    actual = np.zeros((5, 3))
    origins = Origins((10, 13, 16, 19, 22), 3, 1.0, actual)
    worse, better = 2 + random.random((5, 3)), 1.5 + random.random((5, 3))
    found = advantage(
        score("b", "", better, origins, baseline=False),
        score("w", "", worse, origins, baseline=True),
        origins,
    )
    outside = stats.ttest_rel(worse.mean(axis=1), better.mean(axis=1), alternative="greater")
    assert found.p_value == pytest.approx(outside.pvalue)
    assert found.share == pytest.approx(1 - better.mean() / worse.mean())


def test_folds_that_overlap_count_for_less() -> None:
    actual, random = np.zeros((4, 6)), np.random.default_rng(2)
    worse, better = 2 + random.random((4, 6)), 1 + random.random((4, 6))
    apart = []
    for stride in (6, 2):
        origins = Origins(tuple(10 + stride * i for i in range(4)), 6, 1.0, actual)
        found = advantage(
            score("b", "", better, origins, baseline=False),
            score("w", "", worse, origins, baseline=True),
            origins,
        )
        apart.append(found.errors_apart)
    assert apart[0] / apart[1] == pytest.approx(np.sqrt(3))


def test_one_fold_proves_nothing() -> None:
    origins = Origins((10,), 2, 1.0, np.zeros((1, 2)))
    better, worse = (
        score(n, "", np.full((1, 2), v), origins, baseline=False) for n, v in (("b", 1.0), ("w", 9.0))
    )
    assert not advantage(better, worse, origins).likely


def test_harmonic_regression_recovers_weekly_and_yearly_season() -> None:
    index = pd.date_range("2021-01-01", periods=1461, freq="D")
    angle = 2 * np.pi * np.asarray(index.day_of_year) / 365.25
    truth = 1000 + 0.2 * np.arange(1461) + 200 * np.sin(angle) + 50 * (index.day_of_week >= 5)
    series = pd.Series(np.asarray(truth), index=index)
    made = Harmonic(7, 365.25, log=False).forecast(series.iloc[:1371], 90)
    assert np.abs(made - series.iloc[1371:].to_numpy()).max() < 3


def test_lag_features_know_nothing_after_the_origin() -> None:
    random = np.random.default_rng(1)
    values = daily(random.normal(size=200))
    ahead, level = future_rows(values.iloc[:150], 7, 7, None)
    changed = values.copy()
    changed.iloc[150:] = 1e9
    again, level_again = future_rows(changed.iloc[:150], 7, 7, None)
    pd.testing.assert_frame_equal(ahead, again)
    np.testing.assert_array_equal(level, level_again)
    features, change, levels = training_rows(values.iloc[:150], 7, 7, None, seed=1)
    assert list(features.columns) == list(ahead.columns)
    assert not features.isna().any(axis=None)
    assert np.abs(change + levels).max() == pytest.approx(np.abs(values.iloc[57:150]).max())


def test_no_period_is_both_learnt_and_validated_on() -> None:
    values = daily(np.arange(200.0))
    cut = validation_start(200, 7, None, 0.2)
    _, learnt, level = training_rows(values.iloc[:cut], 30, 7, None, seed=1)
    _, judged, judged_level = training_rows(values, 30, 7, None, seed=1, since=cut - 1)
    assert (learnt + level).max() == cut - 1
    assert (judged + judged_level).min() == cut
    assert (judged + judged_level).max() == 199


def test_intervals_cover_what_they_promise_on_normal_errors() -> None:
    random = np.random.default_rng(5)
    spread = np.sqrt(np.arange(1, 31))
    half = intervals.widths(random.normal(size=(8, 30)) * spread, 30)
    fresh = np.abs(random.normal(size=(4000, 30)) * spread)
    assert np.mean(fresh <= half[0.80]) == pytest.approx(0.80, abs=0.06)
    assert np.mean(fresh <= half[0.95]) == pytest.approx(0.95, abs=0.04)
    assert (np.diff(half[0.95]) >= 0).all()
    assert (half[0.95] > half[0.80]).all()


def test_intervals_reach_beyond_the_tested_steps() -> None:
    half = intervals.widths(np.ones((4, 5)), 20)
    assert half[0.95].shape == (20,)
    assert half[0.95][19] == pytest.approx(2 * half[0.95][4])


def test_coverage_judges_each_fold_by_those_before_it() -> None:
    calm = np.full((4, 50), 1.0)
    calm[3] = 10.0
    assert intervals.coverage(calm)[0.95] == pytest.approx(2 / 3)
    assert intervals.coverage(calm[::-1])[0.95] == pytest.approx(1)


def test_intervals_hold_again_after_errors_have_grown() -> None:
    """Errors three times as large in the last four of eight folds: by simulation the next fold is covered as promised."""
    random = np.random.default_rng(12)
    inside: dict[float, list[float]] = {level: [] for level in intervals.LEVELS}
    for _ in range(120):
        errors = random.normal(size=(8, 6)) * np.repeat([1.0, 3.0], 4)[:, None]
        half = intervals.widths(errors, 6)
        for level in intervals.LEVELS:
            inside[level].append(float(np.mean(np.abs(random.normal(0, 3, (50, 6))) <= half[level])))
    assert np.mean(inside[0.80]) == pytest.approx(0.80, abs=0.08)
    assert np.mean(inside[0.95]) == pytest.approx(0.95, abs=0.04)


def test_folds_that_overlap_make_wider_intervals() -> None:
    errors = np.random.default_rng(3).normal(size=(5, 8))
    apart, together = (intervals.widths(errors, 8, overlap)[0.95].mean() for overlap in (1.0, 2.5))
    assert together > 1.2 * apart


def test_the_total_of_correlated_errors_is_wider_than_of_independent_ones() -> None:
    random = np.random.default_rng(2)
    shifted = np.repeat(random.normal(size=(8, 1)), 30, axis=1)
    assert intervals.total_width(shifted, 30) > 3 * 1.96 * np.sqrt(30) * 0.5


def test_seasonal_naive_repeats_the_last_season() -> None:
    values = daily(np.arange(14.0))
    assert SeasonalNaive(7).forecast(values, 9).tolist() == [7, 8, 9, 10, 11, 12, 13, 7, 8]


def test_intervals_hold_when_the_errors_of_a_fold_are_alike() -> None:
    """Five folds whose steps err together are five observations, not fifty; one that falls out widens what comes next."""
    random = np.random.default_rng(3)
    inside: dict[float, list[float]] = {level: [] for level in intervals.LEVELS}
    for _ in range(100):
        half = intervals.widths(np.repeat(random.normal(size=(5, 1)), 10, axis=1), 10)
        fresh = np.abs(random.normal(size=400))
        for level in intervals.LEVELS:
            inside[level].append(float(np.mean(fresh <= half[level][0])))
    assert 0.78 <= np.mean(inside[0.80]) <= 0.93
    assert np.mean(inside[0.95]) == pytest.approx(0.95, abs=0.04)
