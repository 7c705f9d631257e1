import numpy as np
import pytest
from scipy import stats

from agents.eda.trend import change, fit_trend, year_on_year


def test_an_exact_line_has_its_slope_and_no_doubt() -> None:
    trend = fit_trend(np.linspace(5.0, 74.0, 24), None)
    assert trend["slope_per_period"] == pytest.approx(3.0)
    assert trend["p"] == 0.0


def test_the_slope_is_least_squares() -> None:
    rng = np.random.default_rng(1)
    values = 0.5 * np.arange(60) + rng.normal(size=60)
    assert fit_trend(values, None)["slope_per_period"] == pytest.approx(
        stats.linregress(np.arange(60), values).slope
    )


def test_a_season_does_not_bend_the_slope() -> None:
    x = np.arange(30)
    values = np.asarray(2.0 * x + np.where(x % 12 == 11, 100.0, 0.0), dtype=np.float64)
    trend = fit_trend(values, 12)
    assert trend["net_of_season"]
    assert trend["slope_per_period"] == pytest.approx(2.0)


def test_noise_has_no_trend() -> None:
    values = np.random.default_rng(4).normal(100, 10, 80)
    assert fit_trend(values, None)["p"] > 0.05


def test_too_few_points_have_no_trend() -> None:
    assert fit_trend(np.array([1.0, 2.0, 3.0]), None)["p"] is None


def test_change_between_full_years() -> None:
    result = change([(2021, 100.0), (2022, 90.0), (2023, 125.0)], np.array([1.0]), ["x"])
    assert result["change_ratio"] == pytest.approx(0.25)
    assert (result["change_from"], result["change_to"], result["change_basis"]) == ("2021", "2023", "year")


def test_change_without_two_full_years_is_between_periods() -> None:
    result = change([(2023, 9.0)], np.array([np.nan, 4.0, 5.0]), ["a", "b", "c"])
    assert result["change_ratio"] == pytest.approx(0.25)
    assert (result["change_from"], result["change_to"]) == ("b", "c")


def test_change_from_nothing_is_unknown() -> None:
    assert change([(2021, 0.0), (2022, 5.0)], np.array([1.0]), ["x"])["change_ratio"] is None


def test_year_on_year_needs_the_year_before() -> None:
    records = year_on_year([(2020, 100.0), (2021, 110.0), (2023, 99.0)])
    assert [r["growth"] for r in records] == [None, pytest.approx(0.1), None]
