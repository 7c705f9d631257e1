"""The NIST Statistical Reference Datasets: certified values of univariate, ANOVA and linear regression problems.

The data sets in `strd/` hold the observations and the certified values as NIST publishes them (public domain); NumAcc and SmLs
are made by their rule. Where the observations themselves cannot be held in a double (NumAcc3-4, SmLs04-09), the certified
value belongs to other numbers: there the results are compared with exact arithmetic on the numbers that are held.
"""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents.eda.distribution import describe_numbers
from agents.eda.least_squares import least_squares
from agents.eda.mean_tests import one_way
from agents.eda.stationarity import describe_memory
from mesh.tabular.sheet import Numbers

FOLDER = Path(__file__).parent / "strd"
DIGITS = 1e-9
POWERS = {"Norris": 1, "Pontius": 2, "Filip": 10, **{f"Wampler{k}": 5 for k in range(1, 6)}}


def _load(name: str) -> dict[str, Any]:
    return dict(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", ["Lew", "Lottery", "Mavro", "Michelso"])
def test_mean_deviation_and_autocorrelation_are_the_certified_ones(name: str) -> None:
    problem = _load(name)
    values, certified = np.array(problem["y"]), problem["certified"]
    record, memory = describe_numbers(values), describe_memory(values)
    assert memory is not None
    assert record["mean"] == pytest.approx(certified["mean"], rel=DIGITS)
    assert record["std"] == pytest.approx(certified["std"], rel=DIGITS)
    assert memory["lag_1"] == pytest.approx(certified["lag_1"], rel=DIGITS)


@pytest.mark.parametrize(
    ("name", "values", "mean", "std"),
    [
        ("NumAcc1", [10000001.0, 10000003.0, 10000002.0], 10000002.0, 1.0),
        ("NumAcc2", [1.2, *([1.1, 1.3] * 500)], 1.2, 0.1),
    ],
)
def test_the_numerical_accuracy_problems_that_doubles_can_hold(
    name: str, values: list[float], mean: float, std: float
) -> None:
    record = describe_numbers(np.array(values))
    assert record["mean"] == pytest.approx(mean, rel=DIGITS), name
    assert record["std"] == pytest.approx(std, rel=DIGITS), name


@pytest.mark.parametrize("base", ["1000000.", "10000000."], ids=["NumAcc3", "NumAcc4"])
def test_the_numerical_accuracy_problems_beyond_doubles(base: str) -> None:
    values = [float(f"{base}2"), *([float(f"{base}1"), float(f"{base}3")] * 500)]
    exact = [Fraction(value) for value in values]
    mean = sum(exact) / len(exact)
    variance = sum((value - mean) ** 2 for value in exact) / (len(exact) - 1)
    record = describe_numbers(np.array(values))
    assert record["mean"] == pytest.approx(float(mean), rel=DIGITS)
    assert record["std"] == pytest.approx(float(variance) ** 0.5, rel=1e-8)
    assert record["std"] == pytest.approx(0.1, rel=1e-7)


@pytest.mark.parametrize("name", ["SiRstv", "AtmWtAg"])
def test_observed_analyses_of_variance_are_the_certified_ones(name: str) -> None:
    problem = _load(name)
    groups, values = np.array(problem["group"]), np.array(problem["y"])
    found = one_way([values[groups == group] for group in np.unique(groups)])
    # AtmWtAg has seven constant leading digits: its differences are held to eight digits only
    tolerance = DIGITS if name == "SiRstv" else 1e-7
    for key, certified in problem["certified"].items():
        assert found[key] == pytest.approx(certified, rel=tolerance), key


def _small_effects(base: str, size: int) -> list[Numbers]:
    """SmLs: nine groups whose values lie 0.1 below and above their mean in turn, after one at the mean."""
    return [
        np.array([float(f"{base}{digit}") for digit in (mean, *([mean - 1, mean + 1] * ((size - 1) // 2)))])
        for mean in (4, 3, 5, 3, 5, 3, 5, 3, 5)
    ]


@pytest.mark.parametrize(
    ("size", "f"), [(21, 21.0), (201, 201.0), (2001, 2001.0)], ids=["SmLs01", "SmLs02", "SmLs03"]
)
def test_generated_analyses_of_variance_are_the_certified_ones(size: int, f: float) -> None:
    found = one_way(_small_effects("1.", size))
    assert found["f"] == pytest.approx(f, rel=DIGITS)
    assert found["within"] == pytest.approx(0.01 * 9 * (size - 1), rel=DIGITS)


@pytest.mark.parametrize("base", ["1000000.", "1000000000000."])
@pytest.mark.parametrize("size", [21, 201])
def test_constant_leading_digits_cost_no_more_than_the_doubles_lost(base: str, size: int) -> None:
    groups = _small_effects(base, size)
    exact = [[Fraction(value) for value in group] for group in groups]
    middle = sum(sum(group) for group in exact) / (9 * size)
    means = [sum(group) / size for group in exact]
    between = sum(size * (mean - middle) ** 2 for mean in means)
    within = sum((value - mean) ** 2 for group, mean in zip(exact, means, strict=True) for value in group)
    found = one_way(groups)
    assert found["f"] == pytest.approx(float(between / 8 / (within / (9 * (size - 1)))), rel=DIGITS)


@pytest.mark.parametrize(
    "name",
    ["Norris", "Pontius", "NoInt1", "NoInt2", "Longley", "Filip", *(f"Wampler{k}" for k in range(1, 6))],
)
def test_linear_regressions_are_the_certified_ones(name: str) -> None:
    problem = _load(name)
    x, y, certified = np.array(problem["x"]), np.array(problem["y"]), problem["certified"]
    if name in POWERS:
        design = np.vander(x.astype(np.longdouble), POWERS[name] + 1, increasing=True)
    else:
        design = np.column_stack([np.ones(len(x)), x]) if x.ndim > 1 else x[:, None]
    fit = least_squares(design, y)
    assert fit.coefficients == pytest.approx(certified["coefficients"], rel=DIGITS)
    assert fit.r_squared == pytest.approx(certified["r_squared"], rel=DIGITS)
    if certified["residual_std"] > 0:
        assert fit.residual_std == pytest.approx(certified["residual_std"], rel=DIGITS)
        assert fit.errors == pytest.approx(certified["errors"], rel=DIGITS)
    else:
        assert fit.residual_std == pytest.approx(0, abs=1e-9)
