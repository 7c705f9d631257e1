"""Running statistics and lengths of time against pandas, numpy and arithmetic by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.realtime.durations import (
    duration_parts,
    duration_text,
    durations_in,
    nice_slide,
    nice_window,
    parse_duration,
)
from agents.realtime.moments import Moments
from mesh.errors import BadInputError

VALUES = st.floats(-1e6, 1e6, allow_nan=False)


@given(st.lists(VALUES, min_size=2, max_size=100))
def test_running_statistics_equal_the_ordinary_ones(values: list[float]) -> None:
    moments = Moments()
    for value in values:
        moments.add(value)
    assert moments.mean == pytest.approx(float(np.mean(values)), rel=1e-9, abs=1e-6)
    assert moments.std == pytest.approx(float(np.std(values, ddof=1)), rel=1e-6, abs=1e-5)
    assert (moments.low, moments.high, moments.count) == (min(values), max(values), len(values))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30s", 30),
        ("5m", 300),
        ("1.5h", 5400),
        ("7d", 604_800),
        ("2 weeks", 1_209_600),
        ("5분", 300),
        ("1시간", 3600),
    ],
)
def test_durations_are_read(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "0m", "-1h", "five minutes", "5 parsecs"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="length of time"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("실시간 스트림의 5분 평균", (300, None)),
        ("1 hour windows every 10 minutes", (3600, 600)),
        ("1시간 윈도우를 10분마다", (3600, 600)),
        ("hourly statistics of the stream", (3600, None)),
        ("스트림을 분석해줘", (None, None)),
        ("sliding window average over the stream", (None, None)),
    ],
)
def test_windows_are_read_from_a_question(question: str, expected: tuple[float | None, float | None]) -> None:
    assert durations_in(question) == expected


@given(st.integers(1, 10**7))
def test_a_duration_survives_writing_and_reading(seconds: int) -> None:
    assert parse_duration(duration_text(seconds)) == pytest.approx(seconds)


def test_the_default_window_is_round_and_not_too_small() -> None:
    assert nice_window(86_400, 1) == 1800
    assert nice_window(4 * 365 * 86_400, 86_400) == 2_592_000
    assert math.isclose(nice_window(0, 0), 1)


@pytest.mark.parametrize(
    ("window", "slide"),
    [(7 * 86_400, 86_400), (86_400, 21_600), (3600, 600), (300, 60), (60, 10), (10, 2), (5, 1)],
)
def test_windows_slide_by_a_round_length(window: float, slide: float) -> None:
    assert nice_slide(window) == slide


@given(st.integers(1, 10**8))
def test_the_parts_of_a_length_add_up_to_it(seconds: int) -> None:
    parts = duration_parts(seconds)
    assert sum(number * {"d": 86_400, "h": 3600, "m": 60, "s": 1}[unit] for number, unit in parts) == seconds
    assert [unit for _, unit in parts] == [unit for unit in "dhms" if unit in {u for _, u in parts}]
