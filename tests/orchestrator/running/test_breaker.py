"""The circuit breaker and the retry budget."""

import random

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.running.breaker import Breaker
from orchestrator.running.budget import RetryBudget

KEY = ("A", "skill")


def opened(times: int = 1) -> tuple[Breaker, float]:
    """A breaker that has tripped `times` times in a row, and the time now."""
    breaker = Breaker(random.Random(1))
    for _ in range(7):
        breaker.ended(KEY, ok=False, now=0.0)
    now = 0.0
    for _ in range(times - 1):
        now += breaker.wait_s(KEY, now)
        assert breaker.wait_s(KEY, now) == 0.0
        breaker.ended(KEY, ok=False, now=now)
    return breaker, now


def test_six_failures_leave_the_circuit_closed_the_seventh_opens_it() -> None:
    breaker = Breaker(random.Random(1))
    for _ in range(6):
        breaker.ended(KEY, ok=False, now=0.0)
        assert breaker.wait_s(KEY, 0.0) == 0.0
    breaker.ended(KEY, ok=False, now=0.0)
    assert 0.5 <= breaker.wait_s(KEY, 0.0) <= 1.0


def test_a_success_starts_the_count_anew() -> None:
    breaker = Breaker()
    for ok in [False] * 6 + [True] + [False] * 6:
        breaker.ended(KEY, ok=ok, now=0.0)
    assert breaker.wait_s(KEY, 0.0) == 0.0


def test_one_probe_goes_through_when_the_penalty_is_over() -> None:
    breaker, _ = opened()
    assert breaker.wait_s(KEY, 1.0) == 0.0
    assert breaker.wait_s(KEY, 1.0) > 0.0
    breaker.ended(KEY, ok=True, now=1.1)
    assert breaker.wait_s(KEY, 1.2) == 0.0
    assert breaker.wait_s(KEY, 1.2) == 0.0


def test_each_failed_probe_doubles_the_penalty_up_to_a_minute() -> None:
    for times, ceiling in ((1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (12, 60)):
        breaker, now = opened(times)
        assert ceiling / 2 <= breaker.wait_s(KEY, now) <= ceiling


def test_circuits_are_apart() -> None:
    breaker, _ = opened()
    assert breaker.wait_s(("A", "other"), 0.0) == 0.0
    assert breaker.wait_s(("B", "skill"), 0.0) == 0.0


@given(st.lists(st.booleans(), max_size=30))
def test_a_wait_is_never_longer_than_a_minute(outcomes: list[bool]) -> None:
    breaker = Breaker()
    for ok in outcomes:
        breaker.ended(KEY, ok=ok, now=0.0)
    assert 0.0 <= breaker.wait_s(KEY, 0.0) <= 60.0


def test_three_retries_are_always_allowed_then_a_fifth_of_the_calls() -> None:
    budget = RetryBudget()
    assert [budget.began(retry=True) for _ in range(4)] == [True, True, True, False]
    for _ in range(17):
        assert budget.began(retry=False)
    # Under way are 20 calls with 3 retries; with the next, 21 with 4, less than a fifth; after it, 22 with 5, more than a fifth.
    assert [budget.began(retry=True) for _ in range(2)] == [True, False]


def test_a_place_that_is_given_back_can_be_taken_again() -> None:
    budget = RetryBudget()
    for _ in range(3):
        budget.began(retry=True)
    budget.ended(retry=True)
    assert budget.began(retry=True)
    assert not budget.began(retry=True)


@given(st.lists(st.booleans(), max_size=60))
def test_calls_are_never_refused_and_retries_stay_a_small_share(kinds: list[bool]) -> None:
    budget = RetryBudget()
    calls = retries = 0
    for retry in kinds:
        allowed = budget.began(retry=retry)
        assert allowed or retry
        calls += allowed
        retries += allowed and retry
        assert retries <= max(3, 0.2 * calls)
