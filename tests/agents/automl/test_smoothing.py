import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from agents.automl.autoregression import Autoregression
from agents.automl.smoothing import Ets, Grid, advance, ahead, first_states, parameter_grid


def quarterly(length: int = 48) -> pd.Series:
    random = np.random.default_rng(6)
    t = np.arange(length)
    values = 80 + 0.6 * t + np.tile([6.0, -3.0, 1.0, -4.0], length // 4) + random.normal(0, 1.5, length)
    return pd.Series(values, index=pd.date_range("2010-01-01", periods=length, freq="QS"))


@pytest.mark.parametrize("season", ["add", "mul"])
def test_smoothing_follows_the_library_given_its_parameters_and_first_states(season: str) -> None:
    """Outside answer: statsmodels' ETSModel with level 0.3, slope 0.06, damping 0.9 and season 0.14 fixed."""
    values, multiplicative = quarterly(), season == "mul"
    alpha, beta, phi, gamma = 0.3, 0.2, 0.9, 0.2
    grid = Grid(
        alpha=np.array([alpha]),
        beta=np.array([beta]),
        phi=np.array([phi]),
        gamma=np.array([gamma]),
        sloped=np.array([True]),
        seasonal=np.array([True]),
        counted=np.array([9.0]),
    )
    y = values.to_numpy()
    state = first_states(y, 4, grid, multiplicative=multiplicative)
    model = ETSModel(
        values,
        error="add",
        trend="add",
        damped_trend=True,
        seasonal=season,
        seasonal_periods=4,
        initialization_method="known",
        initial_level=state.level[0],
        initial_trend=state.slope[0],
        initial_seasonal=state.season[:, 0],
    )
    library = model.smooth([alpha, alpha * beta, gamma * (1 - alpha), phi])
    advance(state, y, grid, multiplicative=multiplicative)
    made = ahead(state, 10, grid, multiplicative=multiplicative)[:, 0]
    np.testing.assert_allclose(made, library.forecast(10), rtol=1e-9)
    assert state.squares[0] == pytest.approx(library.sse)


def test_origins_in_one_pass_are_what_each_alone_would_give() -> None:
    values = quarterly()
    together = Ets(4, None).forecast_all(values, [32, 48], 6)
    alone = Ets(4, None).forecast_all(values, [32], 6)[0]
    np.testing.assert_array_equal(together[0], alone)


def test_the_future_changes_no_earlier_forecast() -> None:
    values = quarterly()
    changed = values.copy()
    changed.iloc[36:] += 50
    before, after = (Ets(4, None).forecast_all(v, [36, 48], 4)[0] for v in (values, changed))
    np.testing.assert_array_equal(before, after)


def test_a_straight_line_with_a_season_goes_on() -> None:
    t = np.arange(60)
    truth = 50 + 2.0 * t + np.tile([5.0, -5.0, 2.0, -2.0], 15)
    values = pd.Series(truth[:52], index=pd.date_range("2010-01-01", periods=52, freq="QS"))
    np.testing.assert_allclose(Ets(4, None).forecast(values, 8), truth[52:], rtol=0.01)


def test_no_combination_is_in_the_grid_twice() -> None:
    for multiplicative in (False, True):
        grid = parameter_grid(4, multiplicative=multiplicative)
        rows = np.column_stack([grid.alpha, grid.beta, grid.phi, grid.gamma])
        assert len(np.unique(rows, axis=0)) == len(rows)


def test_autoregression_finds_a_cycle() -> None:
    """x[t] = 1.4 x[t-1] - 0.75 x[t-2] + e: the best forecast is that recursion without noise."""
    random, x = np.random.default_rng(9), [0.0, 0.0]
    for _ in range(600):
        x.append(1.4 * x[-1] - 0.75 * x[-2] + random.normal())
    values = pd.Series(np.array(x) + 30, index=pd.date_range("1400-01-01", periods=602, freq="YS", unit="s"))
    known = x[-2:]
    for _ in range(8):
        known.append(1.4 * known[-1] - 0.75 * known[-2])
    made = Autoregression(1, None).forecast(values, 8)
    assert np.abs(made - 30 - np.array(known[2:])).max() < 0.8
