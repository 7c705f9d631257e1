"""Anomalies without a threshold and changes of level: against scipy, published formulas and streams whose faults are known."""

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from agents.realtime.baseline import DAY_S, MIN_WINDOWS
from agents.realtime.drift import Adwin, Change, DriftDetector, PageHinkley, find_drift, split
from agents.realtime.judge import Judge
from agents.realtime.peaks import RISK, UpperTail, fit_pareto

START_S = 1_700_006_400.0
TEN_MINUTES_S = 600.0


def _judged(levels: Any, step_s: float = TEN_MINUTES_S) -> tuple[list[int], list[tuple[int, Change]], Judge]:
    """The numbers of unusual levels, the changes, and the judge; NaN is a gap."""
    judge, unusual, changes = Judge(), [], []
    for number, level in enumerate(np.asarray(levels).tolist()):
        if math.isnan(level):
            continue
        start = START_S + number * step_s
        judgement = judge.judge(start, start + step_s, level)
        if judgement.anomaly:
            unusual.append(number)
        if judgement.change:
            changes.append((number, judgement.change))
    return unusual, changes, judge


@pytest.mark.parametrize("shape", [0.0, 0.2, 0.4])
def test_a_generalised_pareto_distribution_is_found_again(shape: float) -> None:
    sample = stats.genpareto.rvs(shape, scale=3, size=20_000, random_state=np.random.default_rng(1))
    found_shape, found_scale = fit_pareto(sample.tolist())
    assert found_shape == pytest.approx(shape, abs=0.03)
    assert found_scale == pytest.approx(3, rel=0.03)


def test_a_tail_that_ends_is_taken_as_exponential() -> None:
    sample = np.random.default_rng(2).uniform(0, 1, 500)
    shape, scale = fit_pareto(sample.tolist())
    assert shape == 0
    assert scale == pytest.approx(sample.mean())
    assert fit_pareto([]) == (0.0, 0.0)


def test_the_limit_is_near_the_quantile_of_the_distribution() -> None:
    rng = np.random.default_rng(3)
    values = rng.exponential(2, 5_000)
    tail = UpperTail.of(values[:1_000].tolist())
    for value in values[1_000:].tolist():
        tail.add(value)
    wanted = stats.expon.isf(RISK, scale=2)
    assert tail.limit() == pytest.approx(wanted, rel=0.15)
    assert tail.risk(tail.limit()) == pytest.approx(RISK)
    assert UpperTail(*json.loads(json.dumps(tail.state()))).limit() == tail.limit()


def test_noise_is_neither_unusual_nor_a_change() -> None:
    rng = np.random.default_rng(4)
    streams = [rng.normal(10, 1, 1_000) for _ in range(4)]
    # Neighbours that correlate wander without a change: an autoregressive process with coefficient 0.8.
    wandering = np.zeros(1_000)
    for n in range(1, 1_000):
        wandering[n] = 0.8 * wandering[n - 1] + rng.normal()
    judged = [_judged(levels) for levels in streams]
    # 4,000 levels, each of which strays with a risk of 0.0001 to either side.
    assert sum(len(unusual) for unusual, _, _ in judged) <= 4
    assert [changes for _, changes, _ in judged] == [[]] * 4
    assert len(_judged(wandering)[1]) <= 3


def test_a_spike_that_is_small_beside_the_rhythm_of_the_day_is_found() -> None:
    rng = np.random.default_rng(5)
    day = round(DAY_S / TEN_MINUTES_S)
    number = np.arange(14 * day)
    levels = 20 + 8 * np.sin(2 * np.pi * number / day) + rng.normal(0, 0.5, len(number))
    spikes = [10 * day + 100, 11 * day + 110, 12 * day + 20, 13 * day + 108]
    levels[spikes] += 6
    assert levels[spikes[0]] < np.quantile(levels, 0.6)
    for gap in (slice(0, 0), slice(8 * day, 9 * day + 30)):
        holed = levels.copy()
        holed[gap] = np.nan
        unusual, changes, judge = _judged(holed)
        assert [n for n in unusual if n > 4 * day] == spikes
        assert changes == []
        assert judge.baseline.rhythm(START_S).period_s == DAY_S


def test_a_quiet_weekend_is_usual_and_a_quiet_monday_is_not() -> None:
    rng = np.random.default_rng(6)
    hours = np.arange(70 * 24)
    # 14 November 2023, when it begins, is a Tuesday.
    at_work = ((hours // 24 + 1) % 7 < 5).astype(float)
    levels = (0.2 + 0.8 * at_work) * (50 + 30 * np.sin(2 * np.pi * hours / 24)) + rng.normal(0, 2, len(hours))
    quiet = 62 * 24 + 12
    assert at_work[quiet] == 1
    levels[quiet] *= 0.2
    unusual, _, _ = _judged(levels, 3_600)
    assert [n for n in unusual if n > 35 * 24] == [quiet]


@pytest.mark.parametrize("by", [-3.0, 3.0, 8.0])
def test_a_step_is_found_soon_told_with_both_levels_and_becomes_usual(by: float) -> None:
    levels = np.random.default_rng(7).normal(10, 1, 400)
    levels[200:] += by
    unusual, ((found, change),), _ = _judged(levels)
    assert 200 <= found <= 215
    assert change.direction == ("up" if by > 0 else "down")
    assert 199 <= found + 1 - change.since <= 203
    assert change.before == pytest.approx(10, abs=0.5)
    assert change.after == pytest.approx(10 + by, abs=1.5)
    assert not [n for n in unusual if n > found + 10]


def test_a_single_spike_is_no_change() -> None:
    levels = np.random.default_rng(8).normal(10, 1, 300)
    levels[150] += 500
    unusual, changes, _ = _judged(levels)
    assert 150 in unusual
    assert changes == []


def test_the_first_of_a_flat_stream_to_stray_is_unusual_and_then_learnt() -> None:
    levels = np.zeros(400)
    levels[100::50] = 1
    unusual, _, _ = _judged(levels)
    assert unusual == [100]
    # The mean of three tenths differs from a tenth by rounding alone.
    assert _judged([0.1, 0.1, (0.1 + 0.1 + 0.1) / 3] * 40)[0] == []


def test_page_hinkley_finds_a_step_by_hand() -> None:
    test = PageHinkley(delta=0.0, threshold=3.0)
    # mean after each value: 0, 0, 0, 1, 1.6; accumulated deviation: 0, 0, 0, 3, 5.4
    assert [test.add(v) for v in (0.0, 0.0, 0.0, 4.0, 4.0)] == [None, None, None, None, "up"]


def test_drift_of_a_whole_sequence_is_found_where_the_level_moves_and_nowhere_in_noise() -> None:
    noise = np.random.default_rng(4).normal(10, 1, 120)
    assert find_drift(noise.tolist()) == []
    moved = np.concatenate([noise[:60], noise[60:] + 6])
    ((position, direction),) = find_drift(moved.tolist())
    assert (direction, 60 <= position <= 64) == ("up", True)
    fallen = np.concatenate([noise[:60], noise[60:] - 6])
    assert [direction for _, direction in find_drift(fallen.tolist())] == ["down"]
    assert find_drift([3.0] * 50) == []


def test_a_sequence_is_split_where_its_parts_differ_most() -> None:
    assert split([1.0, 1.0, 1.0, 5.0, 5.0]) == 3
    assert split([1.0, 9.0]) == 1
    # Sums of squares between the parts, by hand: 4.5 at 1, 16 at 2, 10.7 at 3, 4.5 at 4.
    assert split([0.0, 1.0, 4.0, 4.0, 3.0]) == 2


def test_adwin_keeps_what_is_alike_and_drops_what_is_not() -> None:
    rng = np.random.default_rng(9)
    adwin = Adwin()
    values = np.concatenate([rng.uniform(0.2, 0.4, 500), rng.uniform(0.5, 0.7, 300)]).tolist()
    dropped = [number for number, value in enumerate(values) if adwin.add(value)]
    assert dropped
    # 34 values of the new mean suffice: 0.3 > sqrt(2 * 0.0090 * 8.7 / 30) + 2 * 8.7 / (3 * 30), as 8.7 = ln(2 ln 534 / 0.002).
    assert 525 <= dropped[0] <= 540
    assert adwin.mean == pytest.approx(np.mean(values[500:]), abs=0.02)
    assert adwin.count <= 330
    # At most delta of long stationary streams may be cut (Bifet & Gavalda 2007, theorem 3.1); here it is none.
    still = Adwin()
    assert not any(still.add(value) for value in rng.uniform(0, 1, 2_000).tolist())
    assert still.count == 2_000


@given(st.lists(st.floats(0, 1), min_size=1, max_size=200))
def test_adwin_counts_and_sums_what_it_keeps(values: list[float]) -> None:
    adwin = Adwin()
    for value in values:
        adwin.add(value)
    assert adwin.mean == pytest.approx(float(np.mean(values[-adwin.count :])), abs=1e-9)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=90), st.integers(0, 89))
def test_a_judge_that_was_saved_goes_on_as_if_it_was_not(levels: list[float], cut: int) -> None:
    whole, first = Judge(), Judge()
    times = [START_S + 7_200 * n for n in range(len(levels))]
    wanted = [whole.judge(time, time + 7_200, level) for time, level in zip(times, levels, strict=True)]
    got = [first.judge(t, t + 7_200, v) for t, v in zip(times[:cut], levels[:cut], strict=True)]
    second = Judge.from_state(json.loads(json.dumps(first.state(), allow_nan=False)))
    got += [second.judge(t, t + 7_200, v) for t, v in zip(times[cut:], levels[cut:], strict=True)]
    assert got == wanted
    assert all(judgement.usual is None for judgement in got[:MIN_WINDOWS])


def test_a_detector_of_a_constant_stream_waits_for_a_spread() -> None:
    detector = DriftDetector()
    assert [detector.add(5.0) for _ in range(100)] == [None] * 100
