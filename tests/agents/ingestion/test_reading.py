"""How single columns are read: numbers, dates, booleans, markers of missing values."""

import datetime as dt
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.ingestion.conversion import convert
from agents.ingestion.evidence import Evidence
from agents.ingestion.habits import Habits
from agents.ingestion.interpretation import habits_of, interpret
from agents.ingestion.numerals import plain_digits
from agents.ingestion.reading import Reading


def read(values: list[str], name: str = "x") -> tuple[Reading, list[Any]]:
    column = pa.array(values, pa.string())
    evidence = Evidence()
    evidence.add(column)
    reading = interpret(evidence, name, Habits())
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
        (["3만", "1억 2천만", "5천", "만 아님"], "string", None, ["3만", "1억 2천만", "5천", "만 아님"]),
        (["3만", "1억 2천만", "5천", "1,500"], "integer", None, [30_000, 120_000_000, 5_000, 1_500]),
        (["3만원", "1억 2,000만원", "12,500원"], "integer", "KRW", [30_000, 120_000_000, 12_500]),
        (["3.5만", "1.25억", "2백만"], "number", None, [35_000.0, 125_000_000.0, 2_000_000.0]),
        (["2조 3,400억", "-5억"], "integer", None, [2_340_000_000_000, -500_000_000]),
        (["1조", "350조", "2조"], "integer", None, [10**12, 350 * 10**12, 2 * 10**12]),
        (["1조", "2조", "12조"], "string", None, ["1조", "2조", "12조"]),
        (["1,234-", "500"], "integer", None, [-1234, 500]),
        (["△1,234", "−5"], "integer", None, [-1234, -5]),
        (["₩1,200-", "(₩300)", "₩5"], "integer", "KRW", [-1200, -300, 5]),
        (["1'234", "12'345'678"], "integer", None, [1234, 12_345_678]),
        (["1'234.50", "3.25"], "number", None, [1234.5, 3.25]),
        (["1 234,5", "7,25"], "number", None, [1234.5, 7.25]),
        (["USD 1,200", "USD3"], "integer", "USD", [1200, 3]),
        (["1.234,50 €", "2,00 €"], "number", "EUR", [1234.5, 2.0]),
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
        (["20240131", "20240201"], "order", [(2024, 1, 31), (2024, 2, 1)]),
        (["2024년 3월 5일 (화)", "2024-03-06(수)"], "x", [(2024, 3, 5), (2024, 3, 6)]),
        (["24년 3월 5일", "'24년 12월 25일"], "x", [(2024, 3, 5), (2024, 12, 25)]),
        (["3/25/24", "4/1/24"], "x", [(2024, 3, 25), (2024, 4, 1)]),
        (["25/11/63", "1/4/07"], "x", [(1963, 11, 25), (2007, 4, 1)]),
        (["25/3/24", "1/4/24"], "x", [(2024, 3, 25), (2024, 4, 1)]),
        (["24/03/25", "24/04/01"], "x", [(2024, 3, 25), (2024, 4, 1)]),
        (["24.03.05", "24.04.06", "24.05.07"], "x", [(2024, 3, 5), (2024, 4, 6), (2024, 5, 7)]),
        (["05.03.24", "06.04.24", "07.05.24"], "x", [(2024, 3, 5), (2024, 4, 6), (2024, 5, 7)]),
        (["Tue, 5 Mar 2024", "6th March 2024"], "x", [(2024, 3, 5), (2024, 3, 6)]),
        (["Jan 2024", "February 2024", "Mar-24"], "x", [(2024, 1, 1), (2024, 2, 1), (2024, 3, 1)]),
        (["2024.01", "2024.02"], "기준월", [(2024, 1, 1), (2024, 2, 1)]),
        (["Oct-75", "Aug-07"], "x", [(1975, 10, 1), (2007, 8, 1)]),
        (["'98년 3월 5일", "24년 3월 5일"], "x", [(1998, 3, 5), (2024, 3, 5)]),
        (["1998 Jan", "1998-Oct"], "x", [(1998, 1, 1), (1998, 10, 1)]),
        (["01/2020", "12/2021"], "x", [(2020, 1, 1), (2021, 12, 1)]),
        (["1/86", "12/07"], "month", [(1986, 1, 1), (2007, 12, 1)]),
        (
            ["1998 Q1", "2024-Q2", "Q3 2024", "Q42024"],
            "x",
            [(1998, 1, 1), (2024, 4, 1), (2024, 7, 1), (2024, 10, 1)],
        ),
        (["1Q24", "4Q98", "2024.2Q"], "x", [(2024, 1, 1), (1998, 10, 1), (2024, 4, 1)]),
        (["2024년 1분기", "98년 4분기", "2024년 3/4분기"], "x", [(2024, 1, 1), (1998, 10, 1), (2024, 7, 1)]),
        (["1992 W35", "1993-W01", "2024W05"], "x", [(1992, 8, 24), (1993, 1, 4), (2024, 1, 29)]),
        (["2009-10", "2009-11", "2009-12"], "x", [(2009, 10, 1), (2009, 11, 1), (2009, 12, 1)]),
        (["45356", "45357"], "주문일자", [(2024, 3, 5), (2024, 3, 6)]),
        (["2024-03-05 00:00:00", "2024-03-06 00:00"], "x", [(2024, 3, 5), (2024, 3, 6)]),
        (["March 1, 2023", "31 Jan 2024", "3-Feb-2024"], "x", [(2023, 3, 1), (2024, 1, 31), (2024, 2, 3)]),
    ],
)
def test_dates(values: list[str], name: str, expected: list[tuple[int, int, int]]) -> None:
    reading, found = read(values, name)

    assert reading.type == "date"
    assert found == [dt.date(*parts) for parts in expected]


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (["2009-10", "2010-11", "2011-12"], "season"),
        (["Q101", "Q102", "Q201"], "item"),
        (["1/86", "2/86"], "ratio"),
        ([*(str(n) for n in range(100, 140)), "136A"], "family"),
        ([*(str(n) for n in range(98_000, 98_040)), "98115-4820"], "zip_code"),
    ],
)
def test_what_only_looks_like_dates_or_numbers_stays_text(values: list[str], name: str) -> None:
    assert read(values, name)[1] == values


@pytest.mark.parametrize(
    ("values", "name", "expected"),
    [
        (
            ["2024-03-05 오후 3:21", "2024. 3. 5. 오전 12:05:09"],
            "x",
            ["2024-03-05 15:21:00", "2024-03-05 00:05:09"],
        ),
        (["3/25/2024 3:21:00 PM", "4/1/2024 12:00 AM"], "x", ["2024-03-25 15:21:00", "2024-04-01 00:00:00"]),
        (
            ["2024년 3월 5일 15시 30분", "2024년 3월 6일 9시"],
            "x",
            ["2024-03-05 15:30:00", "2024-03-06 09:00:00"],
        ),
        (["2024년 3월 5일 오후 2시 5분 7초"], "x", ["2024-03-05 14:05:07"]),
        (["20240305153000", "20240305 160000"], "x", ["2024-03-05 15:30:00", "2024-03-05 16:00:00"]),
        (["05-Mar-2024 15:30", "Mar 6, 2024 3:21 PM"], "x", ["2024-03-05 15:30:00", "2024-03-06 15:21:00"]),
        (["24.03.05 15:30", "24.03.25 08:00"], "x", ["2024-03-05 15:30:00", "2024-03-25 08:00:00"]),
        (["1709652600", "1709656200"], "created_at", ["2024-03-05 15:30:00", "2024-03-05 16:30:00"]),
        (
            ["1709652600123", "1709656200000"],
            "timestamp",
            ["2024-03-05 15:30:00.123000", "2024-03-05 16:30:00"],
        ),
        (["45356.5", "45357.25"], "date", ["2024-03-05 12:00:00", "2024-03-06 06:00:00"]),
        (
            ["2024-03-05T15:30:00KST", "2024-03-05T06:30:00Z"],
            "x",
            ["2024-03-05 06:30:00", "2024-03-05 06:30:00"],
        ),
    ],
)
def test_times(values: list[str], name: str, expected: list[str]) -> None:
    reading, found = read(values, name)

    assert reading.type == "datetime"
    assert found == [dt.datetime.fromisoformat(text) for text in expected]


@pytest.mark.parametrize("text", ["2024-03-05 25:00", "2024-03-05 오후 13:00", "2024-03-05 10:61"])
def test_a_time_that_does_not_exist_is_not_invented(text: str) -> None:
    assert read(["2024-03-05 10:00"] * 30 + [text])[1][-1] is None


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (["1709652600", "1709656200"], "phone"),
        (["45356", "45357"], "zip"),
        (["2024.01", "2024.02"], "score"),
        (["10.0.0.1", "10.0.0.2"], "address"),
        (["13/13/24", "14/14/24"], "x"),
        (["1-2", "3-4"], "score"),
    ],
)
def test_what_only_looks_like_a_date_is_none(values: list[str], name: str) -> None:
    assert read(values, name)[0].type not in ("date", "datetime")


def test_the_order_of_day_and_month_follows_the_other_dates_of_the_file() -> None:
    sure, unsure = Evidence(), Evidence()
    sure.add(pa.array(["25/12/2024", "01/02/2024"]))
    unsure.add(pa.array(["01/02/2024", "03/04/2024"]))
    alone, beside = interpret(unsure, "x", Habits()), interpret(unsure, "x", habits_of([sure, unsure]))

    assert (alone.day_first, alone.ambiguous_order) == (False, True)
    assert (beside.day_first, beside.ambiguous_order) == (True, False)


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
    stamps = [*stamps, dt.datetime(2024, 3, 5, 12)]  # noqa: DTZ001
    texts = [stamp.isoformat(sep=" ", timespec="microseconds") for stamp in stamps]

    assert read(texts)[1] == pd.to_datetime(pd.Series(texts), format="ISO8601").dt.to_pydatetime().tolist()


@given(st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=20))
def test_thousands_separators_do_not_change_a_number(values: list[int]) -> None:
    assert read([f"{value:,}" for value in values])[1] == values


@given(st.integers(1, 9 * 10**15))
def test_korean_units_spell_the_number(value: int) -> None:
    groups = [(10**12, "조"), (10**8, "억"), (10**4, "만"), (1, "")]
    left, parts = value, []
    for size, unit in groups:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count:,}{unit}")

    assert plain_digits(" ".join(parts)) == str(value)
