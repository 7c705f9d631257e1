"""Back-off and crash loop."""

from hypothesis import given
from hypothesis import strategies as st

from mesh.supervisor.restart import RestartHistory, RestartPolicy


def test_first_restart_is_at_once_then_the_delay_doubles_up_to_the_cap() -> None:
    history = RestartHistory(RestartPolicy(crash_limit=100))
    delays = [history.died(now=float(i), ran_s=0.1) for i in range(9)]
    assert delays == [0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]


def test_a_stable_run_brings_the_delay_back_to_nothing() -> None:
    history = RestartHistory(RestartPolicy(crash_limit=100))
    assert [history.died(1.0, 0.1), history.died(2.0, 0.1), history.died(20.0, 15.0)] == [0.0, 1.0, 0.0]


def test_five_deaths_in_five_minutes_are_a_crash_loop() -> None:
    history = RestartHistory(RestartPolicy())
    assert [history.died(now, 0.5) is None for now in (0, 1, 2, 4, 299)] == [False] * 4 + [True]


def test_five_deaths_over_more_than_five_minutes_are_not() -> None:
    history = RestartHistory(RestartPolicy())
    assert [history.died(now, 60.0) for now in (0, 80, 160, 240, 301)] == [0.0] * 5


@given(st.lists(st.floats(0, 400), min_size=1, max_size=30))
def test_a_delay_is_never_negative_nor_over_the_cap(gaps: list[float]) -> None:
    policy, now = RestartPolicy(crash_limit=100), 0.0
    history = RestartHistory(policy)
    for gap in gaps:
        now += gap
        delay = history.died(now, gap)
        assert delay is not None
        assert 0 <= delay <= policy.cap_s
