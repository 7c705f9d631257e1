import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from agents.eda.contribution import by_days, by_level, by_mix, by_rows_and_mean
from agents.eda.price_volume import price_volume_mix
from mesh.tabular.sheet import Levels

WORDS = ("(no value)", "Other")
N = 60
AMOUNTS = hnp.arrays(np.float64, N, elements=st.floats(-1e6, 1e6, width=32))
CODES = hnp.arrays(np.int64, N, elements=st.integers(-1, 19))
BEFORE = np.arange(N) < N // 2
LEVELS = tuple(f"l{i:02d}" for i in range(20))


@settings(max_examples=60, deadline=None)
@given(AMOUNTS, CODES)
def test_contributions_add_up_to_the_change(amounts: np.ndarray, codes: np.ndarray) -> None:
    change = amounts[~BEFORE].sum() - amounts[BEFORE].sum()
    rows = by_level(Levels(codes, LEVELS), amounts, BEFORE, ~BEFORE, WORDS)["rows"]
    assert sum(row["change"] for row in rows) == pytest.approx(change, abs=1e-3)
    parts = by_rows_and_mean(amounts, BEFORE, ~BEFORE)
    assert parts["rows_effect"] + parts["mean_effect"] == pytest.approx(change, abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(AMOUNTS, CODES)
def test_mix_and_inner_change_add_up_to_the_change_of_the_mean(
    amounts: np.ndarray, codes: np.ndarray
) -> None:
    change = amounts[~BEFORE].mean() - amounts[BEFORE].mean()
    split = by_mix(Levels(codes, LEVELS), amounts, BEFORE, ~BEFORE, WORDS)
    assert split["mix"] + split["inner"] == pytest.approx(change, abs=1e-3)
    assert sum(row["change"] for row in split["rows"]) == pytest.approx(change, abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(
    AMOUNTS,
    hnp.arrays(np.float64, N, elements=st.one_of(st.floats(0, 100, width=32), st.just(np.nan))),
    CODES,
)
def test_price_volume_and_mix_add_up_to_the_change(
    money: np.ndarray, quantity: np.ndarray, codes: np.ndarray
) -> None:
    split = price_volume_mix(Levels(codes, LEVELS), money, quantity, BEFORE, ~BEFORE)
    if split is not None and split["price_before"] is not None and abs(split["price_before"]) < 1e6:
        parts = sum(split[key] for key in ("volume", "price", "mix", "range", "unknown"))
        assert parts == pytest.approx(money[~BEFORE].sum() - money[BEFORE].sum(), rel=1e-6, abs=1.0)


def test_a_level_that_sold_next_to_nothing_has_no_price() -> None:
    levels = Levels(np.array([0, 1, 0, 1]), ("A", "B"))
    money, quantity = np.array([20.0, 2, 50, 40]), np.array([10.0, 1e-38, 20, 10])
    before = np.array([True, True, False, False])
    split = price_volume_mix(levels, money, quantity, before, ~before)
    assert split is not None
    assert split["price"] == pytest.approx(20 * (2.5 - 2))
    assert sum(split[key] for key in ("volume", "price", "mix", "range")) == pytest.approx(90 - 22)


def test_price_volume_and_mix_by_hand() -> None:
    # Before: 10 A at 2 and 10 B at 4 = 60, mean price 3. After: 20 A at 2.5 and 10 B at 4 = 90.
    # Volume (30 - 20) * 3 = 30; mix (20 - 10) * (2 - 3) = -10; price 20 * (2.5 - 2) = 10.
    levels = Levels(np.array([0, 1, 0, 1]), ("A", "B"))
    money, quantity = np.array([20.0, 40, 50, 40]), np.array([10.0, 10, 20, 10])
    before = np.array([True, True, False, False])
    split = price_volume_mix(levels, money, quantity, before, ~before)
    assert split is not None
    assert {key: split[key] for key in ("volume", "mix", "price", "range", "unknown")} == {
        "volume": 30.0,
        "mix": -10.0,
        "price": 10.0,
        "range": 0.0,
        "unknown": 0.0,
    }


def test_the_mix_alone_can_change_a_mean() -> None:
    # Means stay 10 and 20; the share of the second goes from a half to three quarters: 15 becomes 17.5.
    levels = Levels(np.array([0, 1, 0, 1, 1, 1]), ("low", "high"))
    values = np.array([10.0, 20, 10, 20, 20, 20])
    before = np.array([True, True, False, False, False, False])
    split = by_mix(levels, values, before, ~before, WORDS)
    assert (split["mix"], split["inner"]) == (2.5, 0.0)


def test_a_shorter_month_by_hand() -> None:
    parts = by_days(310.0, 266.0, 31, 28)
    assert parts["days_effect"] == -30.0
    assert parts["daily_effect"] == -14.0
    assert parts["daily_ratio"] == pytest.approx(-0.05)


def test_what_rows_drawn_at_random_would_show_is_no_shift() -> None:
    before = np.arange(4000) < 2000
    for seed in range(10):
        rng = np.random.default_rng(seed)
        levels = Levels(rng.integers(0, 20, 4000), LEVELS)
        assert by_level(levels, rng.lognormal(0, 0.5, 4000), before, ~before, WORDS)["shift"] < 0.03
    moved = np.where(before, 1.0, np.where(levels.codes == 3, 3.0, 1.0))
    assert by_level(levels, moved, before, ~before, WORDS)["shift"] > 0.05
