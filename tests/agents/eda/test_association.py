from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from agents.eda.association import associate, correlate, correlation_ratio, cramers_v
from mesh.tabular.sheet import Levels, Sheet

SheetMaker = Callable[..., Sheet]


def test_correlations_are_scipys(as_sheet: SheetMaker) -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=200)
    y = x + rng.normal(size=200)
    y[::17] = np.nan
    known = ~np.isnan(y)
    found = {c["method"]: c for c in correlate(as_sheet(x=("measure", x), y=("measure", y)), ["x", "y"])}
    for method, expected in (
        ("pearson", stats.pearsonr(x[known], y[known])),
        ("spearman", stats.spearmanr(x[known], y[known])),
    ):
        assert found[method]["value"] == pytest.approx(expected.statistic, abs=1e-10)
        assert found[method]["p"] == pytest.approx(expected.pvalue, rel=1e-6)
        assert found[method]["n"] == known.sum()


def test_a_constant_column_has_no_correlation(as_sheet: SheetMaker) -> None:
    sheet = as_sheet(x=("measure", np.arange(20.0)), y=("measure", np.full(20, 3.0)))
    assert correlate(sheet, ["x", "y"]) == []


def test_cramers_v_is_one_for_equal_columns_and_small_for_independent_ones() -> None:
    codes = np.tile(np.arange(3), 100)
    same = Levels(codes, ("a", "b", "c"))
    record = cramers_v(same, same)
    assert record is not None
    assert record["value"] == pytest.approx(1.0, abs=1e-6)
    balanced = Levels(np.repeat(np.arange(3), 100), ("x", "y", "z"))
    independent = cramers_v(same, balanced)
    assert independent is not None
    assert independent["value"] == 0.0
    assert independent["p"] == pytest.approx(1.0, abs=0.01)


def test_cramers_v_by_hand_for_a_two_by_two_table() -> None:
    # 30 10 / 10 30: chi2 = 80 * (30*30 - 10*10)^2 / 40^4 = 20, phi2 = 0.25
    a = Levels(np.repeat([0, 0, 1, 1], [30, 10, 10, 30]), ("a", "b"))
    b = Levels(np.repeat([0, 1, 0, 1], [30, 10, 10, 30]), ("x", "y"))
    record = cramers_v(a, b)
    corrected = 0.25 - 1 / 79
    smaller = (2 - 1 / 79) - 1
    assert record is not None
    assert record["value"] == pytest.approx(np.sqrt(corrected / smaller))
    assert record["p"] == pytest.approx(stats.chi2.sf(20, 1))


def test_correlation_ratio_is_the_anova_of_scipy() -> None:
    rng = np.random.default_rng(3)
    codes = rng.integers(0, 4, 300)
    values = rng.normal(size=300) + codes
    record = correlation_ratio(codes, values)
    groups = [values[codes == k] for k in range(4)]
    between = sum(len(g) * (g.mean() - values.mean()) ** 2 for g in groups)
    assert record is not None
    assert record["value"] == pytest.approx(np.sqrt(between / ((values - values.mean()) ** 2).sum()))
    assert record["p"] == pytest.approx(stats.f_oneway(*groups).pvalue, rel=1e-6)


def test_an_identifier_like_category_is_left_out(as_sheet: SheetMaker) -> None:
    sheet = as_sheet(key=("category", [f"k{i}" for i in range(200)]), x=("measure", np.arange(200.0)))
    assert associate(sheet, ["key"], ["x"]) == []
