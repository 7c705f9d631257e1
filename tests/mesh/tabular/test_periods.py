import numpy as np
import pandas as pd
import pytest

from mesh.tabular.periods import aggregate, choose_grain, full_years, native_frequency, period_label


@pytest.mark.parametrize("frequency", ["D", "W", "MS", "QS", "YS"])
def test_the_frequency_of_regular_dates_is_found(frequency: str) -> None:
    expected = frequency
    dates = pd.Series(pd.date_range("2015-01-01", periods=10, freq=frequency))
    assert native_frequency(dates) == expected


def test_business_days_are_daily_and_repeats_do_not_matter() -> None:
    dates = pd.Series(pd.bdate_range("2024-01-01", periods=60))
    assert native_frequency(pd.concat([dates, dates])) == "D"


def test_irregular_dates_have_no_frequency() -> None:
    dates = pd.Series(pd.to_datetime(["2024-01-01", "2024-01-15", "2024-03-20", "2024-04-01"]))
    assert native_frequency(dates) is None


def test_the_asked_period_is_used_unless_the_data_are_coarser() -> None:
    daily = pd.Series(pd.date_range("2023-01-01", "2024-12-31", freq="D"))
    assert choose_grain(daily, None) == "MS"
    assert choose_grain(daily, "W") == "W"
    monthly = pd.Series(pd.date_range("2020-01-01", periods=36, freq="MS"))
    assert choose_grain(monthly, "D") == "MS"


def test_additive_values_are_summed_and_intensive_ones_averaged() -> None:
    dates = pd.Series(pd.to_datetime(["2024-01-05", "2024-01-20", "2024-03-02"]))
    values = np.array([10.0, 30.0, 7.0])
    total = aggregate(dates, values, "MS", additive=True)
    mean = aggregate(dates, values, "MS", additive=False)
    assert total.values[[0, 2]].tolist() == [40.0, 7.0]
    assert mean.values[[0, 2]].tolist() == [20.0, 7.0]
    assert np.isnan(total.values[1])


def test_periods_cut_by_the_data_are_marked() -> None:
    dates = pd.Series(pd.date_range("2024-01-15", "2024-04-10", freq="D"))
    series = aggregate(dates, np.ones(len(dates)), "MS", additive=True)
    assert series.complete.tolist() == [False, True, True, False]


def test_only_years_covered_in_full_count() -> None:
    dates = pd.Series(pd.date_range("2021-07-01", "2023-12-31", freq="D"))
    years = full_years(dates, np.ones(len(dates)), additive=True)
    assert years == [(2022, 365.0), (2023, 365.0)]


def test_a_year_with_a_missing_month_is_not_full() -> None:
    dates = pd.Series(pd.date_range("2022-01-01", "2023-12-31", freq="D"))
    dates = dates[~((dates.dt.year == 2022) & (dates.dt.month == 5))].reset_index(drop=True)
    assert [year for year, _ in full_years(dates, np.ones(len(dates)), additive=True)] == [2023]


def test_period_labels() -> None:
    start = pd.Timestamp("2024-04-01")
    assert [period_label(start, grain) for grain in ("YS", "QS", "MS", "D")] == [
        "2024",
        "2024-Q2",
        "2024-04",
        "2024-04-01",
    ]
