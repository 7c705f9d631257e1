import numpy as np
import pytest

from agents.eda.anomalies import find_anomalies
from agents.eda.decomposition import describe_parts, split, without_steps

N = 800
DAYS = np.arange(N)
WEEK = 8 * np.sin(2 * np.pi * DAYS / 7)
YEAR = 20 * np.sin(2 * np.pi * DAYS / 365.2425)


def test_the_parts_add_up_and_recover_two_seasons() -> None:
    noise = np.random.default_rng(81).normal(0, 2, N)
    parts = split(200 + 0.05 * DAYS + WEEK + YEAR + noise, "D")
    assert parts.trend + sum(parts.seasons.values()) + parts.remainder == pytest.approx(parts.values)
    assert sorted(parts.seasons) == [7, 365]
    assert np.corrcoef(parts.seasons[7], WEEK)[0, 1] > 0.99
    assert np.corrcoef(parts.seasons[365], YEAR)[0, 1] > 0.99
    assert parts.remainder.std() == pytest.approx(2, rel=0.2)


def test_noise_has_no_season() -> None:
    for grain in ("D", "MS", "W", "QS"):
        parts = split(100 + np.random.default_rng(82).normal(0, 5, 300), grain)
        assert parts.seasons == {}


def test_a_season_that_grows_with_the_level_is_taken_out_whole() -> None:
    level = np.exp(DAYS / 400)
    noise = 1 + np.random.default_rng(83).normal(0, 0.02, N)
    parts = split(100 * level * (1 + 0.3 * np.sin(2 * np.pi * DAYS / 7)) * noise, "D")
    ends = parts.adjusted[:100].std(), (parts.adjusted[-100:] / level[-100:]).std()
    assert ends[0] < 15
    assert ends[1] < 15


def test_the_strength_of_a_season_is_its_share_of_the_variation() -> None:
    noise = np.random.default_rng(84).normal(0, np.sqrt(32), N)
    strength = describe_parts(split(100 + WEEK + noise, "D"))["seasons"][0]["strength"]
    # both season and noise have the variance 32
    assert strength == pytest.approx(0.5, abs=0.07)


@pytest.mark.parametrize(("grain", "period", "n"), [("D", 7, 400), ("MS", 12, 60), ("W", 1, 200)])
def test_noise_has_no_outlying_period(grain: str, period: int, n: int) -> None:
    alarms = 0
    for seed in range(20):
        values = (
            100 + 10 * np.sin(2 * np.pi * np.arange(n) / period) + np.random.default_rng(seed).normal(0, 5, n)
        )
        alarms += find_anomalies(split(values, grain), values, [str(i) for i in range(n)])["count"] > 0
    assert alarms <= 2


def test_a_planted_outlier_is_found_with_what_was_expected() -> None:
    values = 100 + WEEK + np.random.default_rng(85).normal(0, 2, N)
    values[401] += 40
    (row,) = find_anomalies(split(values, "D"), values, [str(i) for i in range(N)])["rows"]
    assert row["label"] == "401"
    assert row["expected"] == pytest.approx(100 + WEEK[401], abs=5)


def test_without_its_shifts_a_series_has_the_level_before_them() -> None:
    values = np.where(DAYS < 300, 50.0, 80.0) + np.random.default_rng(86).normal(0, 1, N)
    parts = without_steps(split(values, "D"), "D", [{"index": 300, "shift": 30.0}])
    assert parts.values.mean() == pytest.approx(50, abs=0.2)
