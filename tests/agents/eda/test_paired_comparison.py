import numpy as np
import pytest
from scipy import stats

from agents.eda.paired_comparison import compare_pairs


def test_near_normal_changes_get_the_paired_t() -> None:
    rng = np.random.default_rng(51)
    before = rng.normal(60, 10, 40)
    after = before + rng.normal(3, 4, 40)
    record = compare_pairs(before, np.where(np.arange(40) == 7, np.nan, after), ("pre", "post"))
    keep = np.arange(40) != 7
    expected = stats.ttest_rel(after[keep], before[keep])
    assert record is not None
    assert record["test"] == "paired_t"
    assert record["statistic"] == pytest.approx(expected.statistic)
    assert record["p"] == pytest.approx(expected.pvalue)
    assert record["unpaired_rows"] == 1
    change = (after - before)[keep]
    assert record["effect"] == pytest.approx(change.mean() / change.std(ddof=1) * (1 - 3 / (4 * 38 - 1)))


def test_lopsided_changes_get_wilcoxons_signed_ranks() -> None:
    rng = np.random.default_rng(52)
    before = np.zeros(40)
    after = rng.lognormal(0, 2, 40) - 0.8
    record = compare_pairs(before, after, ("pre", "post"))
    expected = stats.wilcoxon(after - before)
    assert record is not None
    assert record["test"] == "wilcoxon"
    assert record["p"] == pytest.approx(expected.pvalue)
    ranks = stats.rankdata(np.abs(after))
    assert record["effect"] == pytest.approx(1 - 2 * ranks[after < 0].sum() / ranks.sum())


def test_nothing_that_changed_is_not_tested() -> None:
    assert compare_pairs(np.arange(9.0), np.arange(9.0), ("a", "b")) is None
    assert compare_pairs(np.arange(4.0), np.arange(4.0) + 1, ("a", "b")) is None
