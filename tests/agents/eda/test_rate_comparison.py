import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

from agents.eda.rate_comparison import adjusted_residuals, compare_categories, compare_rates, odds_ratio
from mesh.tabular.sheet import Levels


def _columns(table: list[list[int]]) -> tuple[Levels, Levels]:
    """The rows of a table of counts: groups a, b, …, outcomes in the order of the columns."""
    cells = [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    groups, outcomes = (np.array(codes) for codes in zip(*cells, strict=True))
    names = ("yes", "no") if len(table[0]) == 2 else tuple("xyzw"[: len(table[0])])
    return Levels(groups, tuple("abcd"[: len(table)])), Levels(outcomes, names)


def test_two_rates_get_the_z_test() -> None:
    record = compare_rates(*_columns([[120, 880], [160, 840]]), "yes")
    z, p = proportions_ztest([120, 160], [1000, 1000])
    assert record is not None
    assert record["test"] == "two_proportions_z"
    assert record["statistic"] == pytest.approx(z)
    assert record["p"] == pytest.approx(p)
    assert record["difference"] == pytest.approx(-0.04)
    assert record["groups"][1]["rate"] == pytest.approx(0.16)
    low, high = proportion_confint(160, 1000, method="wilson")
    assert (record["groups"][1]["ci_low"], record["groups"][1]["ci_high"]) == pytest.approx((low, high))


def test_newcombes_published_interval_of_a_difference() -> None:
    # Newcombe (1998), table II, example (a): 56/70 against 48/80 gives 0.0524 to 0.3339 by his method 10
    record = compare_rates(*_columns([[56, 14], [48, 32]]), "yes")
    assert record is not None
    assert record["difference"] == pytest.approx(0.2)
    assert (record["difference_low"], record["difference_high"]) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_fishers_tea_tasting() -> None:
    # Fisher (1935): three of four cups right, two-sided p = 34/70
    record = compare_rates(*_columns([[3, 1], [1, 3]]), "yes")
    assert record is not None
    assert record["test"] == "fisher_exact"
    assert record["p"] == pytest.approx(34 / 70)


def test_the_odds_ratio_and_woolfs_interval_by_hand() -> None:
    found = odds_ratio(np.array([[20.0, 80.0], [10.0, 90.0]]))
    error = np.sqrt(1 / 20 + 1 / 80 + 1 / 10 + 1 / 90)
    assert found["odds_ratio"] == pytest.approx(2.25)
    assert found["odds_ratio_low"] == pytest.approx(2.25 * np.exp(-1.959964 * error), rel=1e-6)
    assert odds_ratio(np.array([[5.0, 0.0], [1.0, 4.0]]))["odds_ratio"] == pytest.approx(
        5.5 * 4.5 / (0.5 * 1.5)
    )


def test_more_groups_get_chi_squared_and_every_pair() -> None:
    table = [[30, 70], [35, 65], [60, 40]]
    record = compare_rates(*_columns(table), "yes", pairs=True)
    expected = stats.chi2_contingency(table, correction=False)
    assert record is not None
    assert record["test"] == "chi_squared"
    assert record["statistic"] == pytest.approx(expected.statistic)
    assert record["p"] == pytest.approx(expected.pvalue)
    assert record["effect_low"] < record["effect"] < record["effect_high"]
    clear = {(p["a"], p["b"]) for p in record["pairs"] if p["p_adjusted"] < 0.05}
    assert clear == {("a", "c"), ("b", "c")}


def test_a_thin_table_is_permuted() -> None:
    table = [[4, 1], [1, 4], [2, 3]]
    record = compare_rates(*_columns(table), "yes")
    exact = stats.fisher_exact(np.array(table))
    assert record is not None
    assert record["test"] == "chi_squared_permuted"
    assert record["p"] == pytest.approx(exact.pvalue, abs=0.05)


def test_a_category_of_three_values_names_the_cell_that_stands_out() -> None:
    table = np.array([[40, 30, 30], [30, 40, 30], [10, 20, 70]])
    record = compare_categories(*_columns(table.tolist()))
    assert record is not None
    assert (record["stands_out"], record["positive"]) == ("c", "z")
    residual = adjusted_residuals(table.astype(np.float64))[2, 2]
    collapsed = [[60, 140], [70, 30]]
    assert residual**2 == pytest.approx(stats.chi2_contingency(collapsed, correction=False).statistic)


def test_rows_all_alike_are_not_tested() -> None:
    groups, outcomes = _columns([[10, 0], [12, 0]])
    assert compare_rates(groups, outcomes, "yes") is None
