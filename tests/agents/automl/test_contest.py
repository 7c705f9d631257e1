import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.automl.backtest import Origins, plan_origins, score
from agents.automl.boosting import Boosting
from agents.automl.combination import COMBINED, combination_weights
from agents.automl.contest import Contest
from agents.automl.forecaster import make_forecast
from agents.automl.outlook import Outlook
from agents.automl.sarima import Sarima
from agents.automl.series import RegularSeries


def walk(seed: int, length: int = 120) -> RegularSeries:
    steps = np.random.default_rng(seed).normal(size=length)
    index = pd.date_range("2010-01-01", periods=length, freq="MS")
    return RegularSeries(pd.Series(500 + np.cumsum(steps), index=index), "MS", "mean")


def test_weights_by_hand() -> None:
    """Errors 1, 2 and 4 give inverse squares 16 : 4 : 1; a fourth method and the second of a kind stay out. Six folds count
    twice as much as the prior, which gives the two steady methods and the naive one a third each.
    """
    errors = {
        "ets": 1.0,
        "fourier_regression": 2.0,
        "fourier_regression_log": 2.5,
        "naive": 4.0,
        "theta": 4.5,
    }
    assert combination_weights(errors, "naive", 6) == pytest.approx(
        {
            "ets": 2 / 3 * 16 / 21 + 1 / 9,
            "fourier_regression": 2 / 3 * 4 / 21,
            "naive": 2 / 3 / 21 + 1 / 9,
            "theta": 1 / 9,
        }
    )


def test_a_steady_method_that_is_far_behind_is_not_drawn_in() -> None:
    weights = combination_weights(
        {"harmonic": 1.0, "theta": 2.0, "ets": 5.1, "sarima": 1.5, "naive": 90.0}, "naive", 3
    )
    assert "ets" not in weights
    assert weights["naive"] < 0.001
    assert sum(weights.values()) == pytest.approx(1)


def test_many_folds_outweigh_what_is_usual_and_few_do_not() -> None:
    errors = {"sarima": 1.0, "ets": 3.0, "theta": 3.0, "naive": 3.0}
    known, vague = (combination_weights(errors, "naive", folds)["sarima"] for folds in (60, 1))
    assert known > 0.7
    assert vague < 0.25


def test_the_naive_method_is_always_in_the_combination() -> None:
    weights = combination_weights({"harmonic": 1.0, "drift": 1.0, "sarima": 1.0, "naive": 2.0}, "naive", 3)
    assert weights["naive"] == pytest.approx(0.5 * (1 / 4) / (3 + 1 / 4) + 0.5)


@given(errors=st.lists(st.floats(0, 1e6), min_size=1, max_size=9))
def test_weights_are_a_partition(errors: list[float]) -> None:
    named = {f"m{i}": e for i, e in enumerate(errors)} | {"naive": 1.0}
    weights = combination_weights(named, "naive", 4)
    assert sum(weights.values()) == pytest.approx(1)
    assert min(weights.values()) >= 0


def test_no_fold_has_a_say_in_the_weights_that_forecast_it() -> None:
    """Each of two methods is perfect in one fold alone: chosen by the other fold it fails, so the combination must not shine."""
    actual = np.zeros((2, 4))
    origins = Origins((10, 14), 4, 1.0, actual)
    first, second = np.array([[0.0] * 4, [3.0] * 4]), np.array([[3.0] * 4, [0.0] * 4])
    contest = Contest(origins, [score("theta", "", first, origins, baseline=False)])
    contest.scores += [score("ets", "", second, origins, baseline=False)]
    contest.scores += [score("naive", "", np.full((2, 4), 6.0), origins, baseline=True)]
    combined = contest.combine()
    assert combined is not None
    assert combined.mase == pytest.approx(3.0, rel=1e-3)
    assert contest.pooled is not None
    assert contest.pooled.mase < 2.5


def test_random_walks_are_rarely_said_to_be_beaten() -> None:
    """At 5 % two or fewer of twelve in 98 of 100 such tests (binomial)."""
    made = [
        make_forecast(walk(seed), Outlook(6), seed=1, deadline=time.monotonic() + 60, quick=True)
        for seed in range(12)
    ]
    assert sum(one.contest.beats_baseline for one in made) <= 2


def test_a_clear_season_beats_the_baseline() -> None:
    index = pd.date_range("2010-01-01", periods=120, freq="MS")
    noise = np.random.default_rng(3).normal(0, 2, 120)
    values = pd.Series(
        200 + 0.5 * np.arange(120) + 20 * np.sin(2 * np.pi * np.arange(120) / 12) + noise, index=index
    )
    made = make_forecast(
        RegularSeries(values, "MS", "sum"), Outlook(6), seed=1, deadline=time.monotonic() + 60, quick=True
    )
    assert made.contest.beats_baseline
    truth = 200 + 0.5 * np.arange(120, 126) + 20 * np.sin(2 * np.pi * np.arange(120, 126) / 12)
    assert np.abs(made.mean - truth).mean() < 2
    assert sum(made.contest.used().values()) == pytest.approx(1)
    assert made.contest.winner.name == COMBINED or len(made.contest.used()) == 1


@pytest.mark.parametrize("seasonal", [True, False])
def test_a_search_of_orders_ends_at_its_deadline(seasonal: bool) -> None:
    series = walk(1)
    late = Sarima(12 if seasonal else 1, None, deadline=time.monotonic() - 1)
    with pytest.raises(TimeoutError):
        late.forecast(series.values, 6)


def test_a_last_estimate_without_time_keeps_the_parameters_at_hand() -> None:
    values = walk(2).values
    model = Sarima(1, None, deadline=time.monotonic() + 600)
    before = model.forecast(values.iloc[:-6], 6)
    known = model.parameters
    model.deadline = time.monotonic() - 1
    made = model.forecast(values, 6, refit=True)
    assert model.parameters is known
    assert made.shape == before.shape


def test_boosting_stops_between_trees() -> None:
    late = Boosting(12, None, seed=1, deadline=time.monotonic() - 1)
    with pytest.raises(TimeoutError):
        late.forecast(walk(3).values, 6)


def test_what_had_no_time_is_named() -> None:
    made = make_forecast(walk(4), Outlook(6), seed=1, deadline=time.monotonic() - 1)
    assert made.contest.skipped["sarima"] == made.contest.skipped["gradient_boosting_lags"] == "time"
    assert {s.name for s in made.contest.scores} == {"naive", "mean", "drift", "seasonal_naive"}


def test_the_backtest_leaves_a_third_of_the_history() -> None:
    values = walk(5, 600).values
    assert plan_origins(values, 120, 12, None).lengths[0] >= 160
