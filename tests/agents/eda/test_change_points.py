from collections.abc import Callable

import numpy as np
import pytest

from agents.eda.change_points import find_shifts
from mesh.tabular.sheet import Numbers

Maker = Callable[[np.random.Generator], Numbers]


def _remembering(rng: np.random.Generator) -> Numbers:
    noise = rng.normal(0, 1, 200)
    values = np.zeros(200)
    for index in range(1, 200):
        values[index] = 0.5 * values[index - 1] + noise[index]
    return values


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda rng: rng.normal(0, 1, 200), id="white"),
        pytest.param(lambda rng: np.arange(200) * 0.05 + rng.normal(0, 1, 200), id="trend"),
        pytest.param(lambda rng: rng.exponential(1, 200), id="lopsided"),
        pytest.param(_remembering, id="memory"),
    ],
)
def test_noise_has_no_shift(make: Maker) -> None:
    assert sum(bool(find_shifts(make(np.random.default_rng(seed)))) for seed in range(12)) <= 1


def test_a_planted_shift_is_found_where_it_is() -> None:
    found = 0
    for seed in range(8):
        values = np.random.default_rng(seed).normal(0, 1, 200)
        values[120:] += 2
        shifts = find_shifts(values)
        found += len(shifts) == 1 and abs(shifts[0]["index"] - 120) <= 3 and abs(shifts[0]["shift"] - 2) < 0.8
    assert found >= 6


def test_two_shifts_on_a_slope_are_both_found() -> None:
    values = 0.02 * np.arange(300) + np.random.default_rng(3).normal(0, 1, 300)
    values[100:] += 5
    values[200:] -= 6
    assert [
        abs(shift["index"] - place) <= 2 for shift, place in zip(find_shifts(values), (100, 200), strict=True)
    ] == [True, True]


def test_a_clean_step_is_found_to_the_point() -> None:
    (shift,) = find_shifts(np.where(np.arange(40) < 25, 3.0, 8.0))
    assert (shift["index"], shift["before"], shift["after"]) == (25, 3.0, 8.0)


def test_a_scale_changes_nothing_but_the_unit() -> None:
    values = np.random.default_rng(5).normal(0, 1, 100)
    values[60:] += 3
    (first,), (second,) = find_shifts(values), find_shifts(1000 * values + 7)
    assert second["index"] == first["index"]
    assert second["shift"] == pytest.approx(1000 * first["shift"])


def test_series_without_variation_or_too_short_have_none() -> None:
    assert find_shifts(np.full(50, 2.0)) == []
    assert find_shifts(np.arange(10.0)) == []
