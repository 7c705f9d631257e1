import numpy as np
import pandas as pd
import pytest

from agents.automl.intermittent import Sba, Tsb, demand_pattern, sba_rates, tsb_rates


def series(values: list[float]) -> pd.Series:
    return pd.Series(values, index=pd.date_range("2023-01-01", periods=len(values)), dtype=float)


@pytest.mark.parametrize(
    ("values", "pattern"),
    [
        ([5, 6, 5, 4, 5, 6] * 5, "smooth"),
        ([1, 20, 2, 1, 30, 1] * 5, "erratic"),
        ([0, 0, 5, 0, 4, 0] * 5, "intermittent"),
        ([0, 0, 1, 0, 40, 0] * 5, "lumpy"),
        ([0, 0, 0, 0, 0, 7], "smooth"),
        ([0, -3, 0, 5, 0, 6] * 5, "smooth"),
    ],
)
def test_the_pattern_of_demand(values: list[float], pattern: str) -> None:
    """Mean intervals 1, 1, 3, 3; squared variations 0.02, 1.6, 0.01, 0.9: on either side of 1.32 and 0.49."""
    assert demand_pattern(series(values)) == pattern


def test_sba_by_hand() -> None:
    """Demands 4 and 8 in 4 periods: start 6 every 2. α = 0.5: 4 after 1 → size 5, interval 1.5; 8 after 2 → 6.5, 1.75."""
    made = sba_rates(np.array([4.0, 0.0, 8.0, 0.0]), 0.5)
    assert made.tolist() == pytest.approx(
        [0.75 * 3, 0.75 * 5 / 1.5, 0.75 * 5 / 1.5, 0.75 * 6.5 / 1.75, 0.75 * 6.5 / 1.75]
    )


def test_tsb_by_hand_falls_while_nothing_is_sold() -> None:
    """Start 6 with probability 0.5; α = β = 0.5: 4 sold → 0.75 x 5; then 0.375 x 5."""
    made = tsb_rates(np.array([4.0, 0.0, 8.0, 0.0]), 0.5, 0.5)
    assert made.tolist() == pytest.approx([3.0, 0.75 * 5, 0.375 * 5, 0.6875 * 6.5, 0.34375 * 6.5])


def test_both_find_the_rate_of_poisson_demand() -> None:
    values = series(list(np.random.default_rng(1).poisson(0.3, 1000)))
    for model in (Sba(), Tsb()):
        assert model.forecast(values, 3) == pytest.approx([0.3] * 3, abs=0.1)


def test_no_demand_is_said() -> None:
    with pytest.raises(ValueError, match="no demand"):
        Sba().forecast(series([0.0] * 10), 3)
