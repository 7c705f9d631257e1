"""Which instance is called: scores, ejection, panic."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.running.balancer import Balancer

A, B, C = "http://a", "http://b", "http://c"


def balancer() -> Balancer:
    return Balancer(random.Random(1))


def fail(one: Balancer, url: str, times: int, now: float = 0.0) -> None:
    for _ in range(times):
        one.began(url)
        one.ended(url, ok=False, seconds=0.1, now=now)


def test_the_faster_of_two_is_chosen() -> None:
    one = balancer()
    one.ended(A, ok=True, seconds=10.0, now=0.0)
    one.ended(B, ok=True, seconds=0.1, now=0.0)
    assert {one.choose([A, B], now=1.0) for _ in range(20)} == {B}


def test_the_less_busy_of_two_equals_is_chosen() -> None:
    one = balancer()
    for url in (A, B):
        one.ended(url, ok=True, seconds=1.0, now=0.0)
    for _ in range(3):
        one.began(A)
    assert one.choose([A, B], now=1.0) == B


def test_power_of_two_choices_spreads_over_equals_and_spares_the_worst() -> None:
    one = balancer()
    one.ended(C, ok=True, seconds=60.0, now=0.0)
    chosen = Counter(one.choose([A, B, C], now=0.0) for _ in range(300))
    assert chosen[C] == 0
    assert min(chosen[A], chosen[B]) > 50


def test_five_failures_in_a_row_eject_for_thirty_seconds_then_sixty() -> None:
    one = balancer()
    fail(one, A, 4)
    assert not one.is_ejected(A, 0.0)
    fail(one, A, 1)
    assert one.is_ejected(A, 29.9)
    assert not one.is_ejected(A, 30.0)
    fail(one, A, 5, now=100.0)
    assert one.is_ejected(A, 159.9)
    assert not one.is_ejected(A, 160.0)


def test_an_ejection_lasts_at_most_five_minutes() -> None:
    one = balancer()
    for _ in range(30):
        fail(one, A, 5)
    assert one.is_ejected(A, 299.9)
    assert not one.is_ejected(A, 300.0)


def test_failing_more_than_half_the_time_over_ten_calls_ejects() -> None:
    one = balancer()
    for number in range(12):
        one.ended(A, ok=number % 3 == 0, seconds=0.1, now=0.0)
    # Averages by hand: of every three calls the last two fail; with alpha 0.3 that settles between 0.53 and 0.78.
    assert one.is_ejected(A, 1.0)


def test_an_ejected_instance_is_passed_over_until_a_probe_passes() -> None:
    one = balancer()
    fail(one, A, 5)
    assert {one.choose([A, B], now=1.0) for _ in range(20)} == {B}
    one.probe_passed(A)
    assert not one.is_ejected(A, 1.0)


def test_when_fewer_than_half_are_left_all_are_used() -> None:
    one = balancer()
    fail(one, A, 5)
    fail(one, B, 5)
    assert len({one.choose([A, B, C], now=1.0) for _ in range(60)}) > 1
    fail(one, C, 5)
    assert one.choose([C], now=1.0) == C


def test_who_is_to_be_avoided_is_taken_only_when_nobody_else_is_there() -> None:
    one = balancer()
    assert {one.choose([A, B], now=0.0, avoid={A}) for _ in range(10)} == {B}
    assert one.choose([A], now=0.0, avoid={A}) == A


@given(
    st.lists(st.tuples(st.sampled_from([A, B, C]), st.booleans(), st.floats(0, 100)), max_size=40),
    st.sets(st.sampled_from([A, B, C])),
)
def test_there_is_always_a_choice(history: list[tuple[str, bool, float]], avoid: set[str]) -> None:
    one = balancer()
    for now, (url, ok, seconds) in enumerate(history):
        one.began(url)
        one.ended(url, ok=ok, seconds=seconds, now=float(now))
    chosen = one.choose([A, B, C], now=float(len(history)), avoid=avoid)
    assert chosen in ({A, B, C} - avoid or {A, B, C})


@pytest.mark.parametrize("urls", [[A], [A, B, C]])
def test_a_choice_is_one_of_those_given(urls: list[str]) -> None:
    assert balancer().choose(urls, now=0.0) in urls
