import contextlib
import signal
import time

import pytest

from agents.automl.clock import limited


def _work() -> None:
    while True:
        pass


def _work_deaf_once() -> None:
    with contextlib.suppress(TimeoutError):
        _work()
    _work()


def _work_that_errs() -> None:
    try:
        _work()
    except TimeoutError as error:
        raise ValueError from error


def _work_after_a_short_limited_part() -> None:
    with limited(time.monotonic() + 60):
        pass
    _work_deaf_once()


def test_work_that_never_looks_at_the_time_is_interrupted() -> None:
    with pytest.raises(TimeoutError), limited(time.monotonic() + 0.05):
        _work()


def test_an_alarm_that_a_library_swallows_comes_again() -> None:
    with pytest.raises(TimeoutError), limited(time.monotonic() + 0.05):
        _work_deaf_once()


def test_an_error_that_a_library_makes_of_the_alarm_is_the_end_of_the_time() -> None:
    with pytest.raises(TimeoutError), limited(time.monotonic() + 0.05):
        _work_that_errs()


def test_other_errors_are_left_alone_and_no_work_starts_late() -> None:
    with pytest.raises(ValueError, match="mine"), limited(time.monotonic() + 60):
        raise ValueError("mine")
    with pytest.raises(TimeoutError), limited(time.monotonic() - 1):
        raise AssertionError


def test_the_outer_of_two_limits_still_holds() -> None:
    with pytest.raises(TimeoutError), limited(time.monotonic() + 0.1):
        _work_after_a_short_limited_part()


def test_what_was_done_at_an_alarm_before_is_done_again_wherever_the_time_runs_out() -> None:
    before, alarm_was_set = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)[0] > 0
    for late in range(300):
        with contextlib.suppress(TimeoutError), limited(time.monotonic() + 0.001):
            ends = time.monotonic() + 0.0005 + late * 1e-5
            while time.monotonic() < ends:
                pass
        assert signal.getsignal(signal.SIGALRM) is before
        assert (signal.getitimer(signal.ITIMER_REAL)[0] > 0) is alarm_was_set
