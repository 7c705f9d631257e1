from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from agents.automl.intake import take_in
from agents.automl.period_words import read_period
from agents.automl.time_axis import find_dates

from .conftest import columns_of, daily_sales

MONTHS = pd.date_range("2019-01-01", periods=60, freq="MS")
VALUES = 100.0 + np.arange(60)


def dates_of(frame: pd.DataFrame, **semantic: str) -> list[pd.Timestamp]:
    found = find_dates(frame, columns_of(frame, **semantic), "en")
    assert found is not None
    (name,) = [c.name for c in found.columns if c.semantic == "date"]
    return list(found.frame[name])


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("1998 Q1", date(1998, 1, 1)),
        ("Q42010", date(2010, 10, 1)),
        ("3Q23", date(2023, 7, 1)),
        ("2023년 2분기", date(2023, 4, 1)),
        ("1991 W06", date(1991, 2, 4)),
        ("1960 Jan", date(1960, 1, 1)),
        ("Sept-98", date(1998, 9, 1)),
        ("1960M11", date(1960, 11, 1)),
        ("12/1986", date(1986, 12, 1)),
        ("FY2021", date(2021, 1, 1)),
        ("2003-2004", date(2003, 1, 1)),
        ("2023년 12월", date(2023, 12, 1)),
    ],
)
def test_a_period_begins_where_people_say(text: str, begins: date) -> None:
    assert read_period(text) == begins


@pytest.mark.parametrize("text", ["hello", "12", "2023.13", "may", "2023-02-30", "1234", "A2023"])
def test_what_is_no_period_is_none(text: str) -> None:
    assert read_period(text) is None


@pytest.mark.parametrize("digits", [3, 11])
def test_decimal_years_are_months(digits: int) -> None:
    frame = pd.DataFrame({"time": np.round(2019 + np.arange(60) / 12, digits), "value": VALUES})
    assert dates_of(frame) == list(MONTHS)


def test_decimal_years_are_quarters_and_weeks() -> None:
    quarters = pd.DataFrame({"time": 1990.75 + np.arange(20) / 4, "value": 1.0})
    assert dates_of(quarters) == list(pd.date_range("1990-10-01", periods=20, freq="QS"))
    weeks = pd.DataFrame({"time": 1991.1 + np.arange(300) / 52.18, "value": 1.0})
    assert set(pd.Series(dates_of(weeks)).diff().dropna()) == {pd.Timedelta(days=7)}


def test_whole_and_short_years_and_the_number_of_a_month() -> None:
    assert dates_of(pd.DataFrame({"time": [1871, 1872, 1873], "value": 1.0}))[0] == pd.Timestamp("1871-01-01")
    assert dates_of(pd.DataFrame({"Year": [50, 51, 52], "Calls": 1.0}))[-1] == pd.Timestamp("1952-01-01")
    assert dates_of(pd.DataFrame({"t": MONTHS.year * 100 + MONTHS.month, "y": VALUES})) == list(MONTHS)
    dotted = pd.DataFrame({"date": MONTHS.year + MONTHS.month / 100, "y": VALUES}).astype("float32")
    assert dates_of(dotted) == list(MONTHS)


def test_a_year_beside_a_month_a_day_or_a_quarter() -> None:
    frame = pd.DataFrame({"Year": MONTHS.year, "Month": MONTHS.strftime("%B"), "sold": VALUES})
    assert dates_of(frame) == list(MONTHS)
    korean = pd.DataFrame({"연도": [f"{y}년" for y in MONTHS.year], "월": MONTHS.month, "매출": VALUES})
    assert dates_of(korean) == list(MONTHS)
    days = pd.DataFrame({"year": 2024, "month": [1, 2, 2, 3], "day": [31, 1, 29, 1], "y": 1.0})
    assert dates_of(days)[2] == pd.Timestamp("2024-02-29")
    quarters = pd.DataFrame({"Year": [2020, 2020, 2021], "Qtr": [1, 4, 2], "y": 1.0})
    assert dates_of(quarters)[1] == pd.Timestamp("2020-10-01")


def test_months_side_by_side_become_one_row_each() -> None:
    frame = pd.DataFrame({"region": ["N", "S"]})
    for month, value in zip(MONTHS, VALUES, strict=True):
        frame[month.strftime("%Y-%m")] = [value, 2 * value]
    found = find_dates(frame, columns_of(frame), "en")
    assert found is not None
    assert found.target == "value"
    total = found.frame.groupby("date")["value"].sum()
    assert list(total.index) == list(MONTHS)
    assert list(total) == pytest.approx(list(3 * VALUES))
    assert [c.name for c in found.columns] == ["region", "date", "value"]


def test_twelve_months_beside_a_year_are_months_and_marks_of_months_are_not() -> None:
    names = [f"{month}월" for month in range(1, 13)]
    frame = pd.DataFrame(VALUES.reshape(5, 12), columns=names).assign(연도=range(2019, 2024))
    found = find_dates(frame, columns_of(frame), "ko")
    assert found is not None
    assert found.target == "값"
    assert list(found.frame["날짜"]) == list(MONTHS)
    assert list(found.frame["값"]) == list(VALUES)
    marks = pd.DataFrame(np.tile(np.eye(12, dtype=int), (5, 1)), columns=names)
    marks = marks.assign(연도=MONTHS.year, 월=MONTHS.month, 매출=VALUES)
    kinds = dict.fromkeys(names, "boolean")
    assert dates_of(marks, **kinds) == list(MONTHS)


def test_no_dates_are_made_up() -> None:
    for frame in (
        daily_sales(30),
        pd.DataFrame({"time": range(1, 41), "value": 1.0}),
        pd.DataFrame({"shop": list("abcd"), "year_built": [1950, 1960, 1970, 1980], "price": 1.0}),
        pd.DataFrame({"time": [0.25, 1.5, 3.75, 7.0], "conc": 1.0}),
    ):
        assert find_dates(frame, columns_of(frame), "en") is None


def test_a_forecast_of_a_table_with_year_and_month_says_where_its_dates_come_from(tmp_path: Path) -> None:
    frame = pd.DataFrame({"Year": MONTHS.year, "Month": MONTHS.month, "sold": VALUES})
    frame.to_parquet(tmp_path / "given.parquet")
    intake = take_in(
        tmp_path / "given.parquet", columns_of(frame), "forecast the next year", "en", None, None, tmp_path
    )
    assert (intake.choice.task, intake.choice.target, intake.choice.date_column) == (
        "forecast",
        "sold",
        "Year Month",
    )
    assert intake.notes == ["The table has no column of dates; they were read from: Year, Month."]
    assert list(pd.read_parquet(intake.table)["Year Month"]) == list(MONTHS)
