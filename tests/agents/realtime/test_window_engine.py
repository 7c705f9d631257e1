"""Windows against pandas, arithmetic by hand, and themselves after being saved, restored and sent by edges."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.realtime.moments import Moments
from agents.realtime.window import Window, WindowForm
from agents.realtime.windows import Windows

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


def _run(windows: Windows, events: Sequence[tuple[float, float, str]]) -> Closed:
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
    closed = _run(Windows(WindowForm(size, slide)), list(frame.itertuples(index=False, name=None)))
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
    windows = Windows(WindowForm(60, 60, gap_s=120, lateness_s=300))
    closed = sorted(_run(windows, events), key=lambda item: item[1].start)
    assert windows.late == 0
    assert [w.start for _, w in closed] == wanted.start.tolist()
    assert [w.end for _, w in closed] == (wanted.end + 120).tolist()
    assert [w.moments.count for _, w in closed] == wanted.n.tolist()
    assert [w.moments.mean for _, w in closed] == pytest.approx(list(wanted["mean"]))


@given(EVENTS, FORMS)
def test_every_event_is_in_a_window_or_late(events: list[tuple[int, float, str]], form: WindowForm) -> None:
    windows = Windows(form)
    counted = sum(w.moments.count for _, w in _run(windows, events))
    assert windows.events == len(events)
    if form.kind == "sliding":
        assert counted >= len(events) - windows.late
    else:
        assert counted + windows.late == len(events)
    assert windows.open_windows() == 0


def _saved(windows: Windows, panes: dict[tuple[str, float], Any]) -> Windows:
    """The windows after a change was written, as the store does it, and read again."""
    for key, place in windows.changed:
        state = windows.pane_state(key, place)
        panes.pop((key, place), None)
        if state is not None:
            panes[key, place] = json.loads(json.dumps(state, allow_nan=False))
    windows.changed.clear()
    state = json.loads(json.dumps(windows.state(), allow_nan=False))
    return Windows.from_state(windows.form, state, [(*name, pane) for name, pane in panes.items()])


def _told(closed: Closed) -> list[Any]:
    return [(key, window.state()) for key, window in closed]


@given(EVENTS, FORMS, st.integers(1, 40))
def test_saving_and_restoring_at_any_place_changes_nothing(
    events: list[tuple[int, float, str]], form: WindowForm, every: int
) -> None:
    whole = Windows(form)
    wanted = _run(whole, events)
    windows, panes, closed = Windows(form), dict[tuple[str, float], Any](), Closed()
    for number, (time, value, key) in enumerate(events):
        if number % every == 0:
            windows = _saved(windows, panes)
        closed += windows.add(float(time), value, key)
    windows = _saved(windows, panes)
    assert _told([*closed, *windows.advance(math.inf)]) == _told(wanted)
    assert windows.state()["counts"] == whole.state()["counts"]
    _saved(windows, panes)
    assert panes == {}


@given(EVENTS, FORMS)
def test_panes_that_edges_send_make_the_windows_of_all_events(
    events: list[tuple[int, float, str]], form: WindowForm
) -> None:
    ordered = sorted(events)
    wanted = {(k, w.start, w.end): w.moments for k, w in _run(Windows(form), ordered)}
    pane_s = form.panes[0] / 1e6
    own = replace(form, size_s=pane_s, slide_s=pane_s)
    edges, windows, closed = {name: Windows(own) for name in "xy"}, Windows(form), Closed()
    for name in edges:
        windows.hear(name, -1e9)
    for number, (time, value, key) in enumerate(ordered):
        name = "xy"[number % 2]
        for pane_key, pane in edges[name].add(float(time), value, key):
            windows.take(pane_key, Window.from_state(json.loads(json.dumps(pane.state()))))
        if edges[name].promise() > -math.inf:
            closed += windows.hear(name, edges[name].promise())
    for name, edge in edges.items():
        for pane_key, pane in edge.advance(math.inf):
            windows.take(pane_key, pane)
        closed += windows.hear(name, 1e9)
    assert (windows.late, windows.events) == (0, len(events))
    made = {(k, w.start, w.end): w.moments for k, w in closed}
    assert made.keys() == wanted.keys()
    for name_, moments in made.items():
        assert moments.count == wanted[name_].count
        assert moments.mean == pytest.approx(wanted[name_].mean, rel=1e-9, abs=1e-6)


def test_the_slowest_edge_holds_windows_open_until_it_is_forgotten() -> None:
    windows = Windows(WindowForm(10, 10))
    windows.hear("a", 0)
    windows.hear("b", 0)
    windows.take("", _pane(0, 10, [1.0, 2.0]))
    assert windows.hear("a", 25) == []
    windows.take("", _pane(0, 10, [6.0]))
    ((_, window),) = windows.forget("b")
    assert (window.moments.count, window.moments.mean, windows.watermark) == (3, 3.0, 25)
    windows.take("", _pane(0, 10, [1.0, 1.0]))
    assert (windows.late, windows.events) == (2, 5)


def _pane(start: float, end: float, values: list[float]) -> Window:
    pane = Window(start, end)
    for value in values:
        pane.add(value, None)
    return pane


def test_windows_shorter_than_a_second_begin_where_they_should() -> None:
    # 1,700,000,000.3 / 0.1 is less than 17,000,000,003 in floating point.
    windows = Windows(WindowForm(0.1, 0.1))
    closed = _run(windows, [(1_700_000_000 + n / 10, float(n), "") for n in range(10)])
    assert [(round(w.start - 1_700_000_000, 6), w.moments.mean) for _, w in closed] == [
        (n / 10, float(n)) for n in range(10)
    ]


def test_a_slide_that_does_not_divide_its_window_is_exact_too() -> None:
    times = [0, 1, 3, 4, 6, 9, 11, 14, 15]
    closed = _run(Windows(WindowForm(7, 3)), [(t, float(t), "") for t in times])
    for _, window in closed:
        assert window.moments.total == sum(t for t in times if window.start <= t < window.end)
    assert [w.start for _, w in closed] == [-6, -3, 0, 3, 6, 9, 12, 15]


def test_an_event_behind_the_watermark_is_late_and_one_within_lateness_is_not() -> None:
    windows = Windows(WindowForm(10, 10, lateness_s=5))
    assert windows.add(3, 1.0) == []
    assert windows.add(14, 1.0) == []
    assert windows.add(8, 1.0) == []  # the watermark is 9: [0, 10) still waits
    assert [(w.start, w.moments.count) for _, w in windows.add(15, 1.0)] == [(0, 2)]
    assert windows.add(9, 1.0) == []
    assert (windows.late, windows.events) == (1, 5)


def test_a_late_event_that_touches_an_open_session_is_not_late() -> None:
    windows = Windows(WindowForm(10, 10, gap_s=10))
    windows.add(100, 1.0)
    windows.add(92, 1.0)
    windows.add(83, 1.0)
    windows.add(60, 1.0)
    assert windows.late == 1
    assert [(w.start, w.end, w.moments.count) for _, w in windows.advance(math.inf)] == [(83, 110, 3)]


def test_an_event_without_a_value_is_in_its_window_as_missing() -> None:
    windows = Windows(WindowForm(10, 10))
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


def test_windows_aligned_to_an_origin_equal_pandas_resampling() -> None:
    rng = np.random.default_rng(2)
    monday = 345_600.0
    times = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.sort(rng.integers(0, 90 * 86_400, 700)), "s")
    series = pd.Series(rng.normal(size=700), index=times)
    wanted = series.resample("W-MON", closed="left", label="left").agg(["count", "mean", "median"])
    form = WindowForm(604_800, 604_800, origin_s=monday, exact=True)
    events = [(t.timestamp(), float(v), "") for t, v in series.items() if isinstance(t, pd.Timestamp)]
    closed = _run(Windows(form), events)
    assert [pd.Timestamp(w.start, unit="s") for _, w in closed] == list(wanted.index)
    assert [w.moments.count for _, w in closed] == wanted["count"].tolist()
    assert [w.moments.mean for _, w in closed] == pytest.approx(wanted["mean"].tolist())
    assert [w.quantiles.quantile(0.5) for _, w in closed] == pytest.approx(wanted["median"].tolist())
