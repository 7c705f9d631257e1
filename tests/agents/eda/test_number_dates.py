from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from agents.eda.cycle import find_cycle
from agents.eda.number_dates import date_numbers
from agents.eda.series_service import analyze_series
from agents.eda.service import explore
from mesh.results import Column
from mesh.tabular.sheet import Sheet

Writer = Callable[[pd.DataFrame], Path]
MONTHLY = np.array([1949 + k / 12 for k in range(48)])


def test_fractions_of_a_year_are_months_and_quarters(as_sheet: Callable[..., Sheet]) -> None:
    months = date_numbers(as_sheet(time=("measure", MONTHLY.round(6)), value=("measure", MONTHLY)))
    quarters = date_numbers(
        as_sheet(time=("measure", [1960, 1960.25, 1960.5, 1960.75]), value=("measure", [1, 2, 3, 4]))
    )
    assert months.dates["time"].tolist() == pd.date_range("1949-01-01", periods=48, freq="MS").tolist()
    assert quarters.dates["time"].dt.month.tolist() == [1, 4, 7, 10]
    assert "time" not in months.numeric


def test_a_year_beside_a_month_makes_a_date(as_sheet: Callable[..., Sheet]) -> None:
    sheet = date_numbers(
        as_sheet(
            연도=("category", [2023, 2023, 2024]),
            월=("category", ["11월", "12월", "1월"]),
            매출=("measure", [1, 2, 3]),
        )
    )
    assert sheet.dates["연도-월"].tolist() == [
        pd.Timestamp(2023, 11, 1),
        pd.Timestamp(2023, 12, 1),
        pd.Timestamp(2024, 1, 1),
    ]


@pytest.mark.parametrize("values", [[10, 35, 99, 5565], [1950.03, 1951.21, 1952.9, 1953.4], [0, 2, 4, 6]])
def test_times_that_are_no_years_stay_numbers(values: list[float], as_sheet: Callable[..., Sheet]) -> None:
    sheet = as_sheet(time=("measure", values), y=("measure", [1, 2, 3, 4]))
    assert date_numbers(sheet) is sheet


def test_a_table_with_dates_keeps_its_years(as_sheet: Callable[..., Sheet]) -> None:
    sheet = as_sheet(
        day=("date", ["2024-01-01", "2024-01-02", "2024-01-03"]),
        year=("category", [1990, 1991, 1992]),
        y=("measure", [1, 2, 3]),
    )
    assert date_numbers(sheet) is sheet


def test_a_cycle_of_years_is_found_and_told(parquet: Writer) -> None:
    rng = np.random.default_rng(2)
    years = np.arange(1800, 1960)
    value = 50 + 20 * np.sin(2 * np.pi * years / 11) + rng.normal(0, 8, years.size)
    columns = [
        Column(name="year", type="integer", semantic="category"),
        Column(name="spots", type="number", semantic="measure"),
    ]
    result = analyze_series(
        parquet(pd.DataFrame({"year": years, "spots": value})), columns, "is there a cycle?", "en"
    )
    told = next(f for f in result.findings if f.kind == "cycle")
    assert told.evidence["period"] == pytest.approx(11, abs=0.3)
    assert told.text in result.summary
    assert not result.warnings


def test_memory_alone_is_no_cycle() -> None:
    found = 0
    for seed in range(20):
        shocks = np.random.default_rng(seed).normal(0, 1, 120)
        walk = np.cumsum(shocks) if seed % 2 else shocks
        found += find_cycle(walk) is not None
    assert found <= 1


@pytest.mark.parametrize(("years", "dated"), [(np.repeat(np.arange(1962, 1982), 10), True), (None, False)])
def test_a_year_that_only_tells_rows_apart_is_no_development(
    years: npt.NDArray[np.int64] | None, dated: bool, parquet: Writer
) -> None:
    rng = np.random.default_rng(6)
    values = np.clip(np.round(rng.normal(1972, 4, 200)), 1962, 1981).astype(int) if years is None else years
    columns = [
        Column(name="year", type="integer", semantic="category"),
        Column(name="thickness", type="number", semantic="intensive"),
    ]
    frame = pd.DataFrame({"year": values, "thickness": rng.normal(3, 1, 200)})
    report = explore(parquet(frame), columns, "analyse the data", "en").outputs[0].data
    assert report is not None
    assert (report["time"] is not None) == dated
