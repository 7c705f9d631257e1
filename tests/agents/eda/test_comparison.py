from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.oneway import anova_oneway

from agents.eda.comparison import compare, compare_groups
from agents.eda.effect_size import hedges_g
from mesh.tabular.sheet import Levels, Numbers, Sheet


def _levels(*samples: Numbers) -> tuple[Levels, Numbers]:
    codes = np.repeat(np.arange(len(samples)), [len(s) for s in samples])
    return Levels(codes, tuple("abcdefgh"[: len(samples)])), np.concatenate(samples)


def test_two_near_normal_groups_get_welchs_t() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(10, 1, 80), rng.normal(11, 3, 120)
    record = compare(*_levels(a, b))
    expected = stats.ttest_ind(a, b, equal_var=False)
    assert record is not None
    assert record["test"] == "welch_t"
    assert record["statistic"] == pytest.approx(expected.statistic)
    assert record["p"] == pytest.approx(expected.pvalue, rel=1e-6)
    assert record["effect_name"] == "hedges_g"


def test_hedges_g_by_hand() -> None:
    # means 3 and 5, both variances 2.5: d = -2 / sqrt(2.5), J = 1 - 3 / (4 * 8 - 1)
    a, b = np.array([1.0, 2, 3, 4, 5]), np.array([3.0, 4, 5, 6, 7])
    assert hedges_g(a, b) == pytest.approx(-2 / np.sqrt(2.5) * (1 - 3 / 31))


def test_two_skewed_groups_get_mann_whitney() -> None:
    rng = np.random.default_rng(2)
    a, b = rng.lognormal(0, 2, 100), rng.lognormal(1, 2, 100)
    record = compare(*_levels(a, b))
    assert record is not None
    assert record["test"] == "mann_whitney"
    expected = stats.mannwhitneyu(a, b, method="asymptotic")
    assert record["p"] == pytest.approx(expected.pvalue, rel=1e-6)
    greater = (a[:, None] > b[None, :]).mean()
    assert record["effect"] == pytest.approx(2 * greater - 1)


def test_three_near_normal_groups_get_welchs_anova() -> None:
    rng = np.random.default_rng(3)
    samples = [rng.normal(mean, sd, n) for mean, sd, n in ((10, 1, 60), (10.5, 2, 90), (12, 3, 70))]
    record = compare(*_levels(*samples))
    expected = anova_oneway(samples, use_var="unequal", welch_correction=True)
    assert record is not None
    assert record["test"] == "welch_anova"
    assert record["statistic"] == pytest.approx(expected.statistic, rel=1e-9)
    assert record["p"] == pytest.approx(expected.pvalue, rel=1e-6)


def test_three_skewed_groups_get_kruskal_wallis_with_epsilon_squared() -> None:
    rng = np.random.default_rng(4)
    samples = [rng.lognormal(mean, 2, 80) for mean in (0.0, 0.5, 1.5)]
    record = compare(*_levels(*samples))
    expected = stats.kruskal(*samples)
    assert record is not None
    assert record["test"] == "kruskal_wallis"
    assert record["p"] == pytest.approx(expected.pvalue, rel=1e-6)
    assert record["effect"] == pytest.approx(expected.statistic / 239)


def test_group_means_carry_students_interval() -> None:
    rng = np.random.default_rng(5)
    a, b = rng.normal(0, 1, 50), rng.normal(1, 1, 50)
    record = compare(*_levels(a, b))
    low, high = stats.t.interval(0.95, 49, a.mean(), stats.sem(a))
    assert record is not None
    assert record["groups"][0]["ci_low"] == pytest.approx(low)
    assert record["groups"][0]["ci_high"] == pytest.approx(high)


def test_constant_values_are_not_tested() -> None:
    assert compare(*_levels(np.full(20, 1.0), np.full(20, 1.0))) is None


def test_groups_too_small_are_named_as_left_out() -> None:
    rng = np.random.default_rng(6)
    record = compare(*_levels(rng.normal(size=50), rng.normal(size=50), rng.normal(size=3)))
    assert record is not None
    assert record["left_out"] == ["c"]
    assert [g["name"] for g in record["groups"]] == ["a", "b"]


def test_p_values_are_corrected_over_all_tests(as_sheet: Callable[..., Sheet]) -> None:
    rng = np.random.default_rng(8)
    sheet = as_sheet(
        g=("category", rng.choice(["a", "b"], 400)),
        h=("category", rng.choice(["x", "y", "z"], 400)),
        v=("measure", rng.normal(size=400)),
    )
    records = compare_groups(sheet, [("g", "v"), ("h", "v")])
    smaller, larger = sorted(records, key=lambda r: r["p"])
    assert smaller["p_adjusted"] == pytest.approx(min(1.0, 2 * smaller["p"]))
    assert larger["p_adjusted"] == pytest.approx(max(smaller["p_adjusted"], larger["p"]))


def test_means_of_more_than_two_groups_are_compared_pair_by_pair() -> None:
    rng = np.random.default_rng(31)
    samples = [rng.normal(mean, sd, n) for mean, sd, n in ((10, 1, 60), (10, 2, 90), (12, 3, 70))]
    record = compare(*_levels(*samples), pairs=True)
    expected = stats.tukey_hsd(*(np.sort(s) for s in samples), equal_var=False)
    assert record is not None
    assert [(p["a"], p["b"]) for p in record["pairs"]] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert [p["p_adjusted"] for p in record["pairs"]] == pytest.approx(
        [expected.pvalue[0, 1], expected.pvalue[0, 2], expected.pvalue[1, 2]]
    )
    assert record["pairs"][1]["difference"] == pytest.approx(samples[0].mean() - samples[2].mean())


def test_the_difference_of_two_means_has_welchs_interval() -> None:
    rng = np.random.default_rng(32)
    a, b = rng.normal(10, 1, 80), rng.normal(11, 3, 120)
    record = compare(*_levels(a, b))
    expected = stats.ttest_ind(a, b, equal_var=False).confidence_interval()
    assert record is not None
    assert record["difference_low"] == pytest.approx(expected.low)
    assert record["difference_high"] == pytest.approx(expected.high)
