import numpy as np
import pytest
from statsmodels.tsa.arima_process import ArmaProcess

from agents.eda.stationarity import describe_memory, judge_stationarity

N = 400


def test_noise_around_a_slope_is_stationary() -> None:
    verdicts = [
        judge_stationarity(0.1 * np.arange(N) + np.random.default_rng(seed).normal(size=N))
        for seed in range(10)
    ]
    assert sum(v is not None and v["verdict"] == "stationary" for v in verdicts) >= 8


def test_a_random_walk_has_a_unit_root() -> None:
    verdicts = [
        judge_stationarity(np.cumsum(np.random.default_rng(seed).normal(size=N))) for seed in range(10)
    ]
    assert sum(v is not None and v["verdict"] == "unit_root" for v in verdicts) >= 7


def test_the_autocorrelations_of_a_known_process() -> None:
    np.random.seed(7)
    values = ArmaProcess([1, -0.7], [1]).generate_sample(5000)
    memory = describe_memory(values)
    assert memory is not None
    assert memory["acf"][:3] == pytest.approx([0.7, 0.49, 0.343], abs=0.05)
    assert memory["pacf"][:3] == pytest.approx([0.7, 0, 0], abs=0.05)
    assert memory["p"] < 1e-6


def test_white_noise_has_no_memory() -> None:
    memory = describe_memory(np.random.default_rng(91).normal(size=N))
    assert memory is not None
    assert memory["p"] > 0.01
    assert len(memory["significant"]) <= 4


def test_short_and_constant_series_are_not_judged() -> None:
    assert judge_stationarity(np.arange(10.0)) is None
    assert describe_memory(np.full(50, 1.0)) is None
