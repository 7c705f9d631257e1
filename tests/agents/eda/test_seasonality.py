import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.seasonal import STL

from agents.eda.seasonality import find_season, seasonal_strength
from mesh.tabular.periods import Series
from mesh.tabular.sheet import Numbers


def _monthly(values: Numbers) -> Series:
    starts = pd.date_range("2018-01-01", periods=len(values), freq="MS")
    return Series("MS", starts, values, np.ones(len(values), dtype=bool))


def test_the_strength_is_that_of_the_decomposition() -> None:
    rng = np.random.default_rng(2)
    values = 100 + 10 * np.sin(np.arange(60) / 12 * 2 * np.pi) + rng.normal(0, 3, 60)
    fit = STL(values, period=12, robust=True).fit()
    season = find_season(_monthly(values), "en")
    assert season is not None
    expected = 1 - np.var(fit.resid) / np.var(fit.seasonal + fit.resid)
    assert season["strength"] == pytest.approx(expected)
    assert season["seasonal"]


def test_the_profile_names_the_high_month_in_the_language() -> None:
    values = np.tile(np.where(np.arange(12) == 11, 200.0, 100.0), 5) + np.random.default_rng(0).normal(
        0, 1, 60
    )
    for language, december in (("en", "Dec"), ("ko", "12월")):
        season = find_season(_monthly(values), language)  # type: ignore[arg-type]
        assert season is not None
        assert max(season["profile"], key=lambda row: row["value"])["label"] == december


def test_noise_is_not_called_seasonal() -> None:
    season = find_season(_monthly(np.random.default_rng(5).normal(100, 10, 60)), "en")
    assert season is not None
    assert not season["seasonal"]


def test_less_than_two_cycles_say_nothing() -> None:
    assert find_season(_monthly(np.arange(23.0)), "en") is None


def test_constant_series_say_nothing() -> None:
    assert find_season(_monthly(np.full(36, 5.0)), "en") is None


def test_strength_of_nothing_is_zero() -> None:
    assert seasonal_strength(np.zeros(5), np.zeros(5)) == 0.0
