"""Windows of live streams against pandas, arithmetic by hand, and themselves after being saved and restored."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.realtime.live_windows import LiveWindows, WindowForm
from agents.realtime.moments import Moments
from agents.realtime.windows import Window

EVENTS = st.lists(
    st.tuples(st.integers(0, 5_000), st.floats(-1e6, 1e6), st.sampled_from(["a", "b"])),
    min_size=1,
    max_size=120,
)
FORMS = st.sampled_from(
    [
        WindowForm(60, 60),
        WindowForm(60, 20, lateness_s=30),
        WindowForm(60, 60, gap_s=45),
        WindowForm(60, 60, gap_s=45, lateness_s=200),
    ]
)
Closed = list[tuple[str, Window]]


def _run(windows: LiveWindows, events: list[tuple[int, float, str]]) -> Closed:
    closed = [item for time, value, key in events for item in windows.add(float(time), value, key)]
    return [*closed, *windows.advance(math.inf)]


@pytest.mark.parametrize(("size", "slide"), [(600, 600), (600, 200)])
def test_windows_per_key_equal_pandas(size: int, slide: int) -> None:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "t": np.sort(rng.integers(0, 20_000, 800)),
            "v": rng.normal(size=800),
            "k": rng.choice(["a", "b"], 800),
        }
    )
    closed = _run(LiveWindows(WindowForm(size, slide)), list(frame.itertuples(index=False, name=None)))
    assert sum(w.moments.count for _, w in closed) == len(frame) * size // slide
    for key, window in closed:
        inside = frame[(frame.k == key) & (frame.t >= window.start) & (frame.t < window.end)].v
        assert window.moments.count == len(inside)
        assert window.moments.mean == pytest.approx(inside.mean())
        assert (window.moments.low, window.moments.high) == (inside.min(), inside.max())
        if len(inside) > 1:
            assert window.moments.std == pytest.approx(inside.std())


def test_sessions_equal_pandas_gaps() -> None:
    rng = np.random.default_rng(6)
    times = np.sort(rng.integers(0, 40_000, 400))
    frame = pd.DataFrame({"t": times, "v": rng.normal(size=400)})
    frame["session"] = (frame.t.diff() > 120).cumsum()
    wanted = frame.groupby("session").agg(
        start=("t", "min"), end=("t", "max"), n=("v", "size"), mean=("v", "mean")
    )
    # Disorder within the allowed lateness must change nothing.
    order = np.argsort(times + rng.integers(0, 300, 400), kind="stable")
    events = [(int(frame.t[i]), float(frame.v[i]), "") for i in order]
    windows = LiveWindows(WindowForm(60, 60, gap_s=120, lateness_s=300))
    closed = sorted(_run(windows, events), key=lambda item: item[1].start)
    assert windows.late == 0
    assert [w.start for _, w in closed] == wanted.start.tolist()
    assert [w.end for _, w in closed] == (wanted.end + 120).tolist()
    assert [w.moments.count for _, w in closed] == wanted.n.tolist()
    assert [w.moments.mean for _, w in closed] == pytest.approx(list(wanted["mean"]))


@given(EVENTS, FORMS)
def test_every_event_is_in_a_window_or_late(events: list[tuple[int, float, str]], form: WindowForm) -> None:
    windows = LiveWindows(form)
    counted = sum(w.moments.count for _, w in _run(windows, events))
    assert windows.events == len(events)
    if form.kind == "sliding":
        assert counted >= len(events) - windows.late
    else:
        assert counted + windows.late == len(events)
    assert windows.open_windows() == 0


@given(EVENTS, FORMS, st.integers(0, 120))
def test_saving_and_restoring_in_the_middle_changes_nothing(
    events: list[tuple[int, float, str]], form: WindowForm, cut: int
) -> None:
    whole = LiveWindows(form)
    wanted = _run(whole, events)
    first = LiveWindows(form)
    closed = [item for t, v, k in events[:cut] for item in first.add(float(t), v, k)]
    second = LiveWindows.from_state(form, json.loads(json.dumps(first.state(), allow_nan=False)))
    assert [*closed, *_run(second, events[cut:])] == wanted
    assert second.state()["counts"] == whole.state()["counts"]


def test_an_event_behind_the_watermark_is_late_and_one_within_lateness_is_not() -> None:
    windows = LiveWindows(WindowForm(10, 10, lateness_s=5))
    assert windows.add(3, 1.0) == []
    assert windows.add(14, 1.0) == []
    assert windows.add(8, 1.0) == []  # the watermark is 9: [0, 10) still waits
    assert [(w.start, w.moments.count) for _, w in windows.add(15, 1.0)] == [(0, 2)]
    assert windows.add(9, 1.0) == []
    assert (windows.late, windows.events) == (1, 5)


def test_a_late_event_that_touches_an_open_session_is_not_late() -> None:
    windows = LiveWindows(WindowForm(10, 10, gap_s=10))
    windows.add(100, 1.0)
    windows.add(92, 1.0)
    windows.add(83, 1.0)
    windows.add(60, 1.0)
    assert windows.late == 1
    assert [(w.start, w.end, w.moments.count) for _, w in windows.advance(math.inf)] == [(83, 110, 3)]


def test_an_event_without_a_value_is_in_its_window_as_missing() -> None:
    windows = LiveWindows(WindowForm(10, 10))
    windows.add(1, None)
    windows.add(2, 4.0)
    ((_, window),) = windows.advance(10)
    assert (window.moments.count, window.missing, windows.missing) == (1, 1, 1)


@given(st.lists(st.floats(-1e6, 1e6), max_size=40), st.lists(st.floats(-1e6, 1e6), max_size=40))
def test_merged_moments_are_those_of_all_values(left: list[float], right: list[float]) -> None:
    merged, other = Moments(), Moments()
    for value in left:
        merged.add(value)
    for value in right:
        other.add(value)
    merged.merge(other)
    both = [*left, *right]
    assert merged.count == len(both)
    if both:
        assert merged.mean == pytest.approx(float(np.mean(both)), rel=1e-9, abs=1e-6)
        assert (merged.low, merged.high) == (min(both), max(both))
    if len(both) > 1:
        assert merged.std == pytest.approx(float(np.std(both, ddof=1)), rel=1e-6, abs=1e-4)
