import numpy as np
import pytest
from scipy import stats

from agents.eda.rank_tests import dunn, kruskal
from mesh.tabular.sheet import Numbers


@pytest.fixture
def tied() -> list[Numbers]:
    """Three groups of whole numbers, with many ties."""
    rng = np.random.default_rng(41)
    return [rng.poisson(rate, 40).astype(np.float64) for rate in (2, 3, 6)]


def test_dunns_z_of_two_groups_is_the_root_of_kruskals_h(tied: list[Numbers]) -> None:
    ((_, _, z, p),) = dunn(tied[:2])
    h = stats.kruskal(*tied[:2])
    assert z**2 == pytest.approx(h.statistic)
    assert p == pytest.approx(h.pvalue)


def test_dunns_pairs_rank_all_groups_together(tied: list[Numbers]) -> None:
    ranks = np.split(stats.rankdata(np.concatenate(tied)), [40, 80])
    found = {(i, j): z for i, j, z, _ in dunn(tied)}
    tie_free = {
        (i, j): (ranks[i].mean() - ranks[j].mean()) / np.sqrt(120 * 121 / 12 * 2 / 40) for i, j in found
    }
    factor = {pair: found[pair] / tie_free[pair] for pair in found}
    _, counts = np.unique(np.concatenate(tied), return_counts=True)
    expected = 1 / np.sqrt(1 - (counts**3 - counts).sum() / (120**3 - 120))
    assert list(factor.values()) == pytest.approx([expected] * 3)


def test_epsilon_squared_is_the_share_of_variance_of_the_ranks(tied: list[Numbers]) -> None:
    ranks = np.split(stats.rankdata(np.concatenate(tied)), [40, 80])
    every = np.concatenate(ranks)
    between = sum(40 * (r.mean() - every.mean()) ** 2 for r in ranks)
    record = kruskal(tied)
    assert record["effect"] == pytest.approx(between / ((every - every.mean()) ** 2).sum())
    assert record["effect_low"] < record["effect"] < record["effect_high"]
