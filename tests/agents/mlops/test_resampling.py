"""How often the intervals are right, by simulation with seeds, and by what is known of the mean."""

import numpy as np
import pytest
from scipy import stats

from agents.mlops.measures import Array, Scored
from agents.mlops.resampling import MAX_ROWS, differ

ROUNDS = 80


def regression(random: np.random.Generator, rows: int, noise: tuple[float, float]) -> tuple[Scored, Scored]:
    """Two models of the same rows, most of whose error is the rows' own."""
    actual = random.normal(100, 20, rows)
    own = random.normal(0, 5, rows)
    first, second = (Scored(actual, actual + own + random.normal(0, spread, rows)) for spread in noise)
    return first, second


def test_the_interval_of_a_mean_is_that_of_the_textbook() -> None:
    random = np.random.default_rng(0)
    actual, wrong = np.zeros(400), (random.random(400) < 0.3).astype(float)
    accuracy = differ(
        ["accuracy"], Scored(actual, wrong, None, 2), Scored(actual, wrong, None, 2), paired=True
    )[0].first
    share = 1 - wrong.mean()
    half = stats.norm.ppf(0.975) * np.sqrt(share * (1 - share) / 400)
    assert accuracy.value == pytest.approx(share)
    assert (accuracy.low, accuracy.high) == pytest.approx((share - half, share + half), abs=0.006)


def test_a_model_does_not_differ_from_itself_on_the_same_rows() -> None:
    first, _ = regression(np.random.default_rng(1), 200, (2, 2))
    same = differ(["rmse"], first, first, paired=True)[0].gain
    assert (same.value, same.low, same.high) == (0, 0, 0)
    apart = differ(["rmse"], first, first, paired=False)[0].gain
    assert apart.low is not None
    assert apart.high is not None
    assert apart.low < 0 < apart.high


def test_pairing_makes_the_interval_narrower() -> None:
    first, second = regression(np.random.default_rng(2), 300, (2, 2))
    widths = []
    for paired in (True, False):
        gain = differ(["rmse"], first, second, paired=paired)[0].gain
        assert gain.low is not None
        assert gain.high is not None
        widths.append(gain.high - gain.low)
    assert widths[0] < 0.6 * widths[1]


def test_the_gain_is_positive_when_the_second_is_better_whatever_the_metric() -> None:
    worse, better = regression(np.random.default_rng(3), 300, (9, 1))
    assert differ(["rmse"], worse, better, paired=True)[0].gain.value > 0
    assert differ(["r2"], worse, better, paired=True)[0].gain.value > 0
    assert differ(["rmse"], better, worse, paired=True)[0].gain.value < 0


def test_intervals_of_equal_models_hold_0_as_often_as_they_say() -> None:
    outside = 0
    for seed in range(ROUNDS):
        gain = differ(
            ["rmse"], *regression(np.random.default_rng(seed), 200, (3, 3)), paired=True, seed=seed
        )[0].gain
        assert gain.low is not None
        assert gain.high is not None
        outside += gain.low > 0 or gain.high < 0
    assert outside <= stats.binom.ppf(0.999, ROUNDS, 0.05)


def smooth(random: np.random.Generator) -> Array:
    """Errors that hang together in time (a first-order autoregression with 0.8)."""
    shocks, errors = random.normal(0, 1, 300), np.zeros(300)
    for place in range(1, 300):
        errors[place] = 0.8 * errors[place - 1] + shocks[place]
    return errors


def test_blocks_keep_what_hangs_together_in_time() -> None:
    outside = {1: 0, 17: 0}
    for seed in range(ROUNDS):
        random = np.random.default_rng(seed)
        actual = np.zeros(300)
        first, second = Scored(actual, smooth(random)), Scored(actual, smooth(random))
        for block in outside:
            gain = differ(["mae"], first, second, paired=True, block=block, seed=seed)[0].gain
            assert gain.low is not None
            assert gain.high is not None
            outside[block] += gain.low > 0 or gain.high < 0
    assert outside[17] < 0.6 * outside[1]


def test_rows_beyond_the_limit_count_for_the_value() -> None:
    first, second = regression(np.random.default_rng(4), MAX_ROWS + 5000, (3, 2))
    (found,) = differ(["mae"], first, second, paired=True)
    assert found.first.value == pytest.approx(np.abs(first.actual - first.predicted).mean())
    assert found.gain.low is not None
    assert 0 < found.gain.low < found.gain.value


def test_a_hold_out_without_a_class_has_no_interval() -> None:
    rows = Scored(np.zeros(50), np.zeros(50), np.tile([0.9, 0.1], (50, 1)), 2)
    assert differ(["auc"], rows, rows, paired=True)[0].gain.low is None
