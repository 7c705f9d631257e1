"""Quantiles, distinct values and frequent items: against numpy and counters, merged, saved and restored."""

import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.realtime.sketches import EXACT_ITEMS, EXACT_VALUES, Items, Quantiles

SHARES = (0.01, 0.25, 0.5, 0.95, 0.99)


def _quantiles(values: list[float]) -> Quantiles:
    quantiles = Quantiles()
    for value in values:
        quantiles.add(value)
    return quantiles


def _items(values: list[str]) -> Items:
    items = Items()
    for value in values:
        items.add(value)
    return items


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=EXACT_VALUES), st.floats(0, 1))
def test_few_values_have_the_quantiles_of_numpy(values: list[float], share: float) -> None:
    quantiles = _quantiles(values)
    assert quantiles.quantile(share) == pytest.approx(float(np.quantile(values, share)), rel=1e-9, abs=1e-6)
    assert quantiles.rank_error == 0


def test_no_values_have_no_quantile() -> None:
    assert Quantiles().quantile(0.5) is None


@pytest.mark.parametrize("parts", [1, 7])
def test_many_values_have_quantiles_within_the_bound_that_is_told(parts: int) -> None:
    values = np.random.default_rng(1).lognormal(0, 2, 20_000)
    merged = Quantiles()
    for part in np.array_split(values, parts):
        saved = json.loads(json.dumps(_quantiles(part.tolist()).state()))
        merged.merge(Quantiles.from_state(saved))
    assert 0 < merged.rank_error < 0.02
    for share in SHARES:
        found = merged.quantile(share)
        assert found is not None
        # Twice the bound: it holds with 99 % confidence, and the sketch draws lots.
        assert abs(float(np.mean(values <= found)) - share) <= 2 * merged.rank_error
    assert len(json.dumps(merged.state())) < 10_000


@pytest.mark.parametrize("parts", [1, 5])
def test_many_items_are_counted_within_the_bounds_that_are_told(parts: int) -> None:
    drawn = np.random.default_rng(2).zipf(1.4, 30_000)
    values = [f"user {number}" for number in drawn.tolist()]
    counts = Counter(values)
    merged = Items()
    for start in range(parts):
        merged.merge(Items.from_state(json.loads(json.dumps(_items(values[start::parts]).state()))))
    assert not merged.is_exact
    assert merged.distinct() == pytest.approx(len(counts), rel=0.05)
    low, high = merged.distinct_bounds()
    assert low < merged.distinct() < high
    top = merged.top(3)
    assert [item for item, _, _ in top] == [item for item, _ in counts.most_common(3)]
    assert all(least <= counts[item] <= most for item, least, most in top)
    assert len(json.dumps(merged.state())) < 20_000


@given(st.lists(st.sampled_from([f"i{n}" for n in range(30)]), max_size=80), st.integers(0, 80))
def test_few_items_are_exact_however_they_were_merged(values: list[str], cut: int) -> None:
    merged = _items(values[:cut])
    merged.merge(_items(values[cut:]))
    counts = Counter(values)
    assert merged.is_exact
    assert merged.distinct() == len(counts) == merged.distinct_bounds()[0]
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:5]
    assert merged.top(5) == [(item, count, count) for item, count in ranked]


def test_few_items_are_taken_into_many_and_many_into_few() -> None:
    many = [f"m{n}" for n in range(4 * EXACT_ITEMS)]
    for first, second in ((many, ["few"] * 500), (["few"] * 500, many)):
        merged = _items(first)
        merged.merge(_items(second))
        assert merged.distinct() == pytest.approx(len(many) + 1, rel=0.05)
        ((item, least, most),) = merged.top(1)
        assert (item, least <= 500 <= most) == ("few", True)
