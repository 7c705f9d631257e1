"""How single columns are read: numbers, dates, booleans, markers of missing values."""

import datetime as dt
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.ingestion.conversion import convert
from agents.ingestion.interpretation import Evidence, Reading, interpret


def read(values: list[str], name: str = "x") -> tuple[Reading, list[Any]]:
    column = pa.array(values, pa.string())
    evidence = Evidence()
    evidence.add(column)
    reading = interpret(evidence, name)
    return reading, convert(column, reading).to_pylist()


@pytest.mark.parametrize(
    ("values", "kind", "unit", "expected"),
    [
        (["1", "-2", "", "+3"], "integer", None, [1, -2, None, 3]),
        (["1,234", "12"], "integer", None, [1234, 12]),
        (["1,234,567", "1,234.5"], "number", None, [1234567.0, 1234.5]),
        (["₩1,234", "₩2,000", "-"], "integer", "KRW", [1234, 2000, None]),
        (["1,234원", "12 원"], "integer", "KRW", [1234, 12]),
        (["$1.50", "-$3"], "number", "USD", [1.5, -3.0]),
        (["12%", "3.5 %"], "number", "%", [12.0, 3.5]),
        (["(1,200)", "300"], "integer", None, [-1200, 300]),
        (["12,5", "1.234,56"], "number", None, [12.5, 1234.56]),
        (["1.234.567", "2,5"], "number", None, [1234567.0, 2.5]),
        (["1 234", "5 678"], "integer", None, [1234, 5678]),
        (["1.0", "2.0"], "integer", None, [1, 2]),
        (["1e3", "2.5"], "number", None, [1000.0, 2.5]),
        (["00123", "12345"], "string", None, ["00123", "12345"]),
        (["12345678901234567890"], "string", None, ["12345678901234567890"]),
        (["$1", "€2"], "string", None, ["$1", "€2"]),
        (["1,5", "1.5"], "string", None, ["1,5", "1.5"]),
        (["10kg", "20kg"], "integer", "kg", [10, 20]),
    ],
)
def test_numbers(values: list[str], kind: str, unit: str | None, expected: list[Any]) -> None:
    reading, found = read(values)

    assert (reading.type, reading.unit, found) == (kind, unit, expected)


@pytest.mark.parametrize(
    ("values", "name", "expected"),
    [
        (["2024-01-31", "2024/02/01", "2024. 3. 5."], "x", [(2024, 1, 31), (2024, 2, 1), (2024, 3, 5)]),
        (["31.01.2024", "01.02.2024"], "x", [(2024, 1, 31), (2024, 2, 1)]),
        (["01/13/2024", "02/03/2024"], "x", [(2024, 1, 13), (2024, 2, 3)]),
        (["13/01/2024", "02/03/2024"], "x", [(2024, 1, 13), (2024, 3, 2)]),
        (["20240131", "20240201"], "일자", [(2024, 1, 31), (2024, 2, 1)]),
        (["202401", "202402"], "년월", [(2024, 1, 1), (2024, 2, 1)]),
        (["2024년 1월 31일"], "x", [(2024, 1, 31)]),
        (["2024년 1월", "2024년 2월"], "x", [(2024, 1, 1), (2024, 2, 1)]),
        (["March 1, 2023", "31 Jan 2024", "3-Feb-2024"], "x", [(2023, 3, 1), (2024, 1, 31), (2024, 2, 3)]),
    ],
)
def test_dates(values: list[str], name: str, expected: list[tuple[int, int, int]]) -> None:
    reading, found = read(values, name)

    assert reading.type == "date"
    assert found == [dt.date(*parts) for parts in expected]


def test_a_day_and_month_that_cannot_be_told_apart_are_said_to_be_ambiguous() -> None:
    reading, found = read(["01/02/2024", "03/04/2024"])

    assert reading.ambiguous_order
    assert found == [dt.date(2024, 1, 2), dt.date(2024, 3, 4)]


def test_one_offset_keeps_the_local_clock_and_several_become_utc() -> None:
    same, local = read(["2024-01-01T10:00:00+09:00", "2024-01-01 11:30+09:00"])
    mixed, utc = read(["2024-01-01T10:00:00Z", "2024-01-01T10:00:00+09:00"])

    assert (same.offset, [t.hour for t in local]) == ("+09:00", [10, 11])
    assert (mixed.offset, [t.hour for t in utc]) == ("UTC", [10, 1])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["Yes", "no", "N/A"], [True, False, None]),
        (["예", "아니오"], [True, False]),
        (["O", "X", "X"], [True, False, False]),
        (["TRUE", "false"], [True, False]),
    ],
)
def test_booleans(values: list[str], expected: list[bool | None]) -> None:
    reading, found = read(values)

    assert (reading.type, found) == ("boolean", expected)


def test_one_of_a_pair_alone_is_no_boolean() -> None:
    assert read(["Y", "Y"])[0].type == "string"


def test_na_is_missing_among_words_and_a_region_among_codes() -> None:
    assert read(["red", "NA", "blue"])[1] == ["red", None, "blue"]
    assert read(["EU", "NA", "APAC", "EMEA"])[1] == ["EU", "NA", "APAC", "EMEA"]


def test_words_for_unknown_are_missing_in_numbers_and_stay_in_text() -> None:
    assert read(["1", "2", "unknown"])[1] == [1, 2, None]
    assert read(["red", "unknown"])[1] == ["red", "unknown"]


@given(st.lists(st.dates(dt.date(1600, 1, 1), dt.date(2199, 12, 31)), min_size=1, max_size=20))
def test_iso_dates_survive(days: list[dt.date]) -> None:
    assert read([day.isoformat() for day in days])[1] == days


@given(st.lists(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2199, 1, 1)), min_size=1, max_size=20))  # noqa: DTZ001
def test_time_stamps_are_read_as_pandas_reads_them(stamps: list[dt.datetime]) -> None:
    texts = [stamp.isoformat(sep=" ", timespec="microseconds") for stamp in stamps]

    assert read(texts)[1] == pd.to_datetime(pd.Series(texts), format="ISO8601").dt.to_pydatetime().tolist()


@given(st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=20))
def test_thousands_separators_do_not_change_a_number(values: list[int]) -> None:
    assert read([f"{value:,}" for value in values])[1] == values
