import time

import numpy as np
import pandas as pd
import pytest

from agents.automl.backtest import Candidate, plan_origins
from agents.automl.baselines import Naive, SeasonalNaive
from agents.automl.contest import hold_contest
from agents.automl.forecaster import make_forecast, with_intervals
from agents.automl.harmonic import Harmonic
from agents.automl.outlook import Outlook
from agents.automl.series import RegularSeries
from agents.automl.smoothing import Ets
from agents.automl.theta import Theta


def test_intervals_grow_with_a_series_whose_noise_grows_with_its_level() -> None:
    """Sales grow 3 % a month with noise of 5 % of the level: the future's true spread is known."""
    random = np.random.default_rng(8)
    level = 100 * 1.03 ** np.arange(102)
    index = pd.date_range("2016-01-01", periods=96, freq="MS")
    values = pd.Series(level[:96] * np.exp(random.normal(0, 0.05, 96)), index=index)
    field: list[Candidate] = [Naive(), SeasonalNaive(12)]
    field += [Theta(12, None), Ets(12, None), Harmonic(12, None, log=False), Harmonic(12, None, log=True)]
    origins = plan_origins(values, 6, 12, None)
    contest = hold_contest(values, origins, field, time.monotonic() + 60, lambda *_: None)
    contest.combine()
    mean = contest.forecast(values, 6)
    made = with_intervals(RegularSeries(values, "MS", "sum"), contest, mean, Outlook(6), 0.0)
    futures = level[96:] * np.exp(random.normal(0, 0.05, (2000, 6)))
    assert np.mean(np.abs(futures - made.mean) <= made.half[0.95]) == pytest.approx(0.95, abs=0.05)
    assert made.half[0.95].mean() < 0.25 * level[96:].mean()


def test_intervals_hold_on_series_whose_level_has_shifted() -> None:
    """Twenty series fall by 30 at one time in their second half, noise 8: how often the future lies inside, by simulation."""
    random = np.random.default_rng(21)
    index = pd.date_range("1930-01-01", periods=90, freq="YS")
    inside: dict[float, list[float]] = {0.80: [], 0.95: []}
    for _ in range(20):
        level = np.where(np.arange(94) >= random.integers(45, 80), 70.0, 100.0)
        values = level + random.normal(0, 8, 94)
        made = make_forecast(
            RegularSeries(pd.Series(values[:90], index=index), "YS", "mean"),
            Outlook(4),
            seed=1,
            deadline=time.monotonic() + 60,
            quick=True,
        )
        for level_, shares in inside.items():
            shares.append(float(np.mean(np.abs(values[90:] - made.mean) <= made.half[level_])))
    assert np.mean(inside[0.80]) == pytest.approx(0.80, abs=0.12)
    assert np.mean(inside[0.95]) == pytest.approx(0.95, abs=0.05)


def hours(days: int = 35) -> pd.Series:
    """A day of 20 either way, 10 more and half the day's swing at weekends: noise of 1."""
    index = pd.date_range("2024-01-01", periods=24 * days, freq="h")
    swing = np.sin(2 * np.pi * np.arange(len(index)) / 24)
    weekend = index.day_of_week >= 5
    noise = np.random.default_rng(2).normal(0, 1, len(index))
    return pd.Series(100 + 20 * swing * np.where(weekend, 0.5, 1) + 10 * weekend + noise, index=index)


def test_hours_have_a_day_and_a_week() -> None:
    known = hours(42)
    series = RegularSeries(known.iloc[: 24 * 40], "h", "mean")
    assert (series.season, series.longer) == (24, 168)
    truth = known.iloc[24 * 40 :].to_numpy()
    made = make_forecast(series, Outlook(48), seed=1, deadline=time.monotonic() + 60, quick=True)
    assert np.abs(made.mean - truth).mean() < 1.6
    week = Harmonic(24, 168, log=False).forecast(series.values, 48)
    day = Harmonic(24, None, log=False).forecast(series.values, 48)
    assert np.abs(week - truth).mean() < 0.5 * np.abs(day - truth).mean()


def test_demand_that_comes_now_and_then_is_forecast_at_its_rate() -> None:
    """One demand of about 6 in five days: the mean is 1.2 a day, though the smallest absolute error is that of zero."""
    random = np.random.default_rng(5)
    values = np.where(random.random(300) < 0.2, random.poisson(6, 300), 0).astype(float)
    series = RegularSeries(pd.Series(values, index=pd.date_range("2023-01-01", periods=300)), "D", "sum")
    made = make_forecast(series, Outlook(14), seed=1, deadline=time.monotonic() + 60, quick=True)
    assert {"sba", "tsb"} <= {score.name for score in made.contest.scores}
    assert made.contest.origins.metric == "rmse"
    assert made.mean.mean() == pytest.approx(1.2, abs=0.4)
