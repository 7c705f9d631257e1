import time

import numpy as np
import pandas as pd
import pytest

from agents.automl.forecaster import make_forecast
from agents.automl.horizon import Horizon
from agents.automl.outlook import look_ahead
from agents.automl.series import RegularSeries, choose_frequency, regular_series
from mesh.errors import BadInputError


def rows(dates: pd.DatetimeIndex, **extra: float) -> pd.DataFrame:
    return pd.DataFrame({"date": dates, "value": 2.0, **extra})


def test_sums_rows_of_one_day_and_fills_a_day_without_rows_with_zero() -> None:
    dates = pd.DatetimeIndex(np.repeat(pd.date_range("2024-01-01", periods=20), 3))
    frame = rows(dates)
    frame = frame[frame["date"] != "2024-01-05"]
    series = regular_series(frame, "date", "value", "sum", "D")
    assert series.values["2024-01-04"] == 6
    assert series.values["2024-01-05"] == 0
    assert series.filled == 1


def test_a_missing_day_of_one_row_a_day_is_interpolated() -> None:
    frame = pd.DataFrame({"date": pd.date_range("2024-01-01", periods=20), "value": np.arange(20.0)}).drop(
        index=4
    )
    series = regular_series(frame, "date", "value", "sum", "D")
    assert series.values["2024-01-05"] == 4


def test_an_incomplete_last_month_is_dropped() -> None:
    frame = rows(pd.date_range("2023-01-01", "2024-03-10"))
    series = regular_series(frame, "date", "value", "sum", "MS")
    assert series.values.index[-1] == pd.Timestamp("2024-02-01")
    assert series.dropped == ["2024-03-01"]
    assert series.values.iloc[-1] == 2 * 29


def test_frequency_follows_the_density_and_the_question() -> None:
    daily = pd.Series(pd.date_range("2022-01-01", periods=700))
    assert choose_frequency(daily, None, None) == "D"
    assert choose_frequency(daily, "month", None) == "MS"
    assert choose_frequency(daily, None, Horizon(5, "year").days) == "W-MON"
    monthly = pd.Series(pd.date_range("2020-01-01", periods=40, freq="MS"))
    assert choose_frequency(monthly, None, None) == "MS"
    with pytest.raises(BadInputError, match="8 periods"):
        choose_frequency(daily.iloc[:4], None, None)


def test_the_data_end_with_their_last_row_or_the_last_period() -> None:
    frame = rows(pd.date_range("2023-01-01", "2024-03-10"))
    assert regular_series(frame, "date", "value", "sum", "MS").end == pd.Timestamp("2024-03-10")
    months = pd.Series(1.0, index=pd.date_range("2023-01-01", periods=12, freq="MS"))
    assert RegularSeries(months, "MS", "sum").end == pd.Timestamp("2023-12-31")


def business_days() -> pd.DataFrame:
    """A year and a half of Mondays to Fridays without ten holidays; Fridays sell 30 more."""
    days = pd.bdate_range("2022-01-03", "2023-06-30")
    days = days.delete(np.arange(7, len(days), 39))
    return pd.DataFrame({"date": days, "value": 100.0 + 30 * (days.day_of_week == 4)})


def test_days_without_weekends_are_business_days() -> None:
    frame = business_days()
    assert choose_frequency(frame["date"], None, 14) == choose_frequency(frame["date"], "day", None) == "B"
    series = regular_series(frame, "date", "value", "mean", "B")
    assert list(series.values.index) == list(pd.bdate_range("2022-01-03", "2023-06-30"))
    assert series.filled == len(series.values) - len(frame)
    assert series.season == 5
    with_a_saturday = pd.concat([frame["date"], pd.Series([pd.Timestamp("2023-07-01")])])
    assert choose_frequency(with_a_saturday, None, None) != "B"


def test_business_days_are_forecast_without_weekends() -> None:
    series = regular_series(business_days(), "date", "value", "sum", "B")
    outlook = look_ahead("forecast the next 2 weeks", series, "en")
    made = make_forecast(series, outlook, seed=1, deadline=time.monotonic() + 60, quick=True)
    assert list(made.index) == list(pd.bdate_range("2023-07-03", "2023-07-14"))
    truth = 100.0 + 30 * (made.index.day_of_week == 4)
    assert np.abs(made.mean - truth).max() < 6


def test_a_week_that_ends_on_its_friday_is_whole_for_business_days() -> None:
    series = regular_series(business_days(), "date", "value", "sum", "W-MON")
    assert series.dropped == []
    assert series.values.index[-1] == pd.Timestamp("2023-06-26")
