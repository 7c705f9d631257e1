import numpy as np
import pytest
from scipy import special, stats

from agents.eda.effect_size import (
    correlation_interval,
    hedges_interval,
    omega_squared,
    paired_interval,
    rank_biserial_interval,
    share_interval,
    signed_rank_interval,
)

Z = 1.959964


def test_the_interval_of_hedges_g_by_hand() -> None:
    # variance (50 + 40) / (50 * 40) + 0.5^2 / (2 * 90) = 0.045 + 0.0013889
    half = Z * np.sqrt(0.045 + 0.25 / 180)
    assert hedges_interval(0.5, 50, 40) == pytest.approx((0.5 - half, 0.5 + half))


def test_the_interval_of_a_standardised_change_by_hand() -> None:
    half = Z * np.sqrt(1 / 25 + 0.8**2 / 50)
    assert paired_interval(0.8, 25) == pytest.approx((0.8 - half, 0.8 + half))


def _noncentral(f: float, between: int, within: int, noncentrality: float) -> float:
    """The distribution function of the noncentral F as its Poisson mixture of beta functions."""
    j = np.arange(200)
    x = between * f / (between * f + within)
    weights = stats.poisson.pmf(j, noncentrality / 2)
    return float((weights * special.betainc(between / 2 + j, within / 2, x)).sum())


@pytest.mark.parametrize(("f", "between", "within"), [(8.5, 3, 76), (4.2, 2, 120)])
def test_the_interval_of_a_share_of_variance_is_steigers(f: float, between: int, within: int) -> None:
    low, high = share_interval(f, between, within)
    assert low is not None
    assert high is not None
    total = between + within + 1
    for share, tail in ((low, 0.975), (high, 0.025)):
        noncentrality = total * share / (1 - share)
        assert _noncentral(f, between, within, noncentrality) == pytest.approx(tail, abs=1e-6)


def test_without_an_effect_the_interval_starts_at_zero() -> None:
    assert share_interval(0.3, 2, 60)[0] == 0.0


def test_omega_squared_by_hand() -> None:
    assert omega_squared(5.0, 2, 60) == pytest.approx(2 * 4 / (2 * 4 + 60))
    assert omega_squared(0.5, 2, 60) == 0.0


def test_rank_intervals_use_the_standard_error_without_an_effect() -> None:
    error = np.sqrt(51 / 1800)
    assert np.arctanh(np.array(rank_biserial_interval(0.3, 20, 30), dtype=float)) == pytest.approx(
        np.arctanh(0.3) + np.array([-Z, Z]) * error
    )
    # sum of squared ranks 1..20 = 2870, their sum 210
    error = np.sqrt(2870) / 210
    assert np.arctanh(np.array(signed_rank_interval(0.3, 20), dtype=float)) == pytest.approx(
        np.arctanh(0.3) + np.array([-Z, Z]) * error
    )
    assert correlation_interval(-1.0, 0.1) == (None, None)
