"""Windows, running statistics, drift and anomaly scores against pandas, numpy and arithmetic by hand."""

import math
import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.realtime.drift import PageHinkley, find_drift, robust_z
from agents.realtime.durations import (
    duration_parts,
    duration_text,
    durations_in,
    nice_slide,
    nice_window,
    parse_duration,
)
from agents.realtime.moments import Moments
from agents.realtime.windows import Window, Windower
from mesh.errors import BadInputError

VALUES = st.floats(-1e6, 1e6, allow_nan=False)


def _run(windower: Windower, events: list[tuple[float, float | None]]) -> list[Window]:
    closed = [window for time_s, value in events for window in windower.add(time_s, value)]
    return [*closed, *windower.finish()]


@given(
    st.lists(st.tuples(st.integers(0, 10_000), VALUES), min_size=1, max_size=200),
    st.sampled_from([7.0, 60.0, 3600.0]),
)
def test_tumbling_counts_add_up_to_the_events(events: list[tuple[int, float]], size: float) -> None:
    windower = Windower(size, size)
    closed = _run(windower, [(float(t), v) for t, v in events])
    assert sum(w.moments.count for w in closed) + windower.late == len(events)
    assert [w.start for w in closed] == sorted(w.start for w in closed)
    assert all(w.end - w.start == size for w in closed)


@given(
    st.lists(st.tuples(st.integers(0, 5_000), VALUES), min_size=1, max_size=150), st.sampled_from([2, 3, 5])
)
def test_in_order_events_are_in_as_many_windows_as_overlap(
    events: list[tuple[int, float]], overlap: int
) -> None:
    windower = Windower(60.0 * overlap, 60.0)
    closed = _run(windower, sorted((float(t), v) for t, v in events))
    assert windower.late == 0
    assert sum(w.moments.count for w in closed) == overlap * len(events)


@given(st.lists(VALUES, min_size=2, max_size=100))
def test_running_statistics_equal_the_ordinary_ones(values: list[float]) -> None:
    moments = Moments()
    for value in values:
        moments.add(value)
    assert moments.mean == pytest.approx(float(np.mean(values)), rel=1e-9, abs=1e-6)
    assert moments.std == pytest.approx(float(np.std(values, ddof=1)), rel=1e-6, abs=1e-5)
    assert (moments.low, moments.high, moments.count) == (min(values), max(values), len(values))


def test_sliding_windows_equal_pandas_resampling() -> None:
    rng = np.random.default_rng(2)
    times = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.sort(rng.integers(0, 86_400, 500)), "s")
    series = pd.Series(rng.normal(size=500), index=times)
    windower = Windower(3600.0, 900.0)
    closed = _run(
        windower, [(t.timestamp(), float(v)) for t, v in series.items() if isinstance(t, pd.Timestamp)]
    )
    for window in closed:
        start, end = pd.Timestamp(window.start, unit="s"), pd.Timestamp(window.end, unit="s")
        inside = series[(series.index >= start) & (series.index < end)]
        assert window.moments.count == len(inside)
        assert window.moments.mean == pytest.approx(float(inside.mean()))


def test_an_event_behind_the_watermark_is_late_unless_lateness_is_allowed() -> None:
    events: list[tuple[float, float | None]] = [
        (5.0, 1.0),
        (12.0, 1.0),
        (8.0, 1.0),
        (31.0, 1.0),
        (29.0, None),
    ]
    strict = Windower(10.0, 10.0)
    assert [(w.start, w.moments.count) for w in _run(strict, events)] == [(0.0, 1), (10.0, 1), (30.0, 1)]
    assert strict.late == 2
    patient = Windower(10.0, 10.0, lateness_s=5.0)
    assert [(w.start, w.moments.count, w.missing) for w in _run(patient, events)] == [
        (0.0, 2, 0),
        (10.0, 1, 0),
        (20.0, 0, 1),
        (30.0, 1, 0),
    ]
    assert (patient.late, patient.missing) == (0, 1)


def test_a_window_closes_when_the_watermark_reaches_its_end() -> None:
    windower = Windower(10.0, 10.0)
    assert list(windower.add(9.0, 1.0)) == []
    assert [w.start for w in windower.add(10.0, 1.0)] == [0.0]


def test_page_hinkley_finds_a_step_by_hand() -> None:
    test = PageHinkley(delta=0.0, threshold=3.0)
    # mean after each value: 0, 0, 0, 1, 1.6; accumulated deviation: 0, 0, 0, 3, 5.4
    assert [test.add(v) for v in (0.0, 0.0, 0.0, 4.0, 4.0)] == [None, None, None, None, "up"]
    assert test.changes == [(4, "up")]


def test_drift_is_found_where_the_level_moves_and_nowhere_in_noise() -> None:
    rng = np.random.default_rng(4)
    noise = rng.normal(10, 1, 120)
    assert find_drift(noise.tolist()) == []
    moved = np.concatenate([noise[:60], noise[60:] + 6])
    changes = find_drift(moved.tolist())
    assert [direction for _, direction in changes] == ["up"]
    assert 60 <= changes[0][0] <= 64
    fallen = np.concatenate([noise[:60], noise[60:] - 6])
    assert [direction for _, direction in find_drift(fallen.tolist())] == ["down"]
    assert find_drift([3.0] * 50) == []


def test_robust_z_by_hand() -> None:
    values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 100.0]
    scores = robust_z(values)
    assert statistics.median(values) == 5.0
    assert scores[-1] == pytest.approx(0.6745 * 95 / 2)
    assert scores[4] == 0
    assert robust_z([1.0] * 20) == [None] * 20
    assert robust_z([1.0, 2.0]) == [None, None]


def test_robust_z_of_mostly_equal_values_uses_the_mean_deviation() -> None:
    values = [1.0] * 9 + [11.0]
    assert robust_z(values)[-1] == pytest.approx(0.797885 * 10 / 1)


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
