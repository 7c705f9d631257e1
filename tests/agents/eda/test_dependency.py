from collections.abc import Callable

import numpy as np
import pytest
from sklearn.metrics import mutual_info_score

from agents.eda.association import correlate
from agents.eda.dependency import find_curves, find_dependencies, into_bins, mutual_information
from mesh.tabular.sheet import Sheet


def test_information_is_that_of_scikit_learn_less_its_bias() -> None:
    rng = np.random.default_rng(101)
    a, b = rng.integers(0, 4, 500), rng.integers(0, 3, 500)
    a = np.where(rng.random(500) < 0.5, b, a)
    record = mutual_information(a, b)
    assert record is not None
    information = mutual_info_score(a, b) - 3 * 2 / (2 * 500)
    assert record["correlation"] == pytest.approx(np.sqrt(1 - np.exp(-2 * information)))


def test_a_normal_pair_has_the_information_of_its_correlation() -> None:
    rng = np.random.default_rng(102)
    x = rng.normal(size=20_000)
    y = 0.6 * x + 0.8 * rng.normal(size=20_000)
    record = mutual_information(into_bins(x), into_bins(y))
    assert record is not None
    assert record["correlation"] == pytest.approx(0.6, abs=0.05)


def test_the_same_column_twice_tells_everything() -> None:
    codes = np.random.default_rng(103).integers(0, 5, 5000)
    record = mutual_information(codes, codes)
    assert record is not None
    assert record["value"] == pytest.approx(1, abs=0.01)


def test_a_parabola_is_a_curve_and_a_line_is_not(as_sheet: Callable[..., Sheet]) -> None:
    rng = np.random.default_rng(104)
    x = rng.normal(size=800)
    sheet = as_sheet(
        x=("measure", x),
        curve=("measure", x**2 + rng.normal(0, 0.3, 800)),
        line=("measure", x + rng.normal(0, 0.5, 800)),
        noise=("measure", rng.normal(size=800)),
    )
    names = ["x", "curve", "line", "noise"]
    curves = find_curves(find_dependencies(sheet, names, []), correlate(sheet, names))
    assert {frozenset((c["a"], c["b"])) for c in curves} >= {frozenset(("x", "curve"))}
    assert not any("noise" in (c["a"], c["b"]) for c in curves)
    assert not any({c["a"], c["b"]} == {"x", "line"} for c in curves)


def test_noise_has_no_curves(as_sheet: Callable[..., Sheet]) -> None:
    names = [f"v{i}" for i in range(6)]
    for seed in range(10):
        rng = np.random.default_rng(seed)
        sheet = as_sheet(**{name: ("measure", rng.lognormal(size=300)) for name in names})
        assert find_curves(find_dependencies(sheet, names, []), correlate(sheet, names)) == []
