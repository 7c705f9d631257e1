import time

import numpy as np
import pandas as pd
import pytest

from agents.automl.backtest import Candidate, plan_origins
from agents.automl.baselines import Naive, SeasonalNaive
from agents.automl.contest import hold_contest
from agents.automl.forecaster import with_intervals
from agents.automl.harmonic import Harmonic
from agents.automl.outlook import Outlook
from agents.automl.series import RegularSeries


def test_intervals_grow_with_a_series_whose_noise_grows_with_its_level() -> None:
    """Sales grow 3 % a month with noise of 5 % of the level: the future's true spread is known."""
    random = np.random.default_rng(8)
    level = 100 * 1.03 ** np.arange(102)
    index = pd.date_range("2016-01-01", periods=96, freq="MS")
    values = pd.Series(level[:96] * np.exp(random.normal(0, 0.05, 96)), index=index)
    field: list[Candidate] = [Naive(), SeasonalNaive(12)]
    field += [Harmonic(12, None, log=False), Harmonic(12, None, log=True)]
    origins = plan_origins(values, 6, 12, None)
    contest = hold_contest(values, origins, field, time.monotonic() + 60, lambda *_: None)
    contest.combine()
    mean = contest.forecast(values, 6)
    made = with_intervals(RegularSeries(values, "MS", "sum"), contest, mean, Outlook(6), 0.0)
    futures = level[96:] * np.exp(random.normal(0, 0.05, (2000, 6)))
    assert np.mean(np.abs(futures - made.mean) <= made.half[0.95]) == pytest.approx(0.95, abs=0.05)
    assert made.half[0.95].mean() < 0.25 * level[96:].mean()
