import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from agents.mlops.measures import Array, Scored
from agents.mlops.segments import compare_segments

ROUNDS = 200


def rows(random: np.random.Generator, count: int = 600) -> tuple[pd.DataFrame, Array]:
    """Features in groups and in bands, and the true classes."""
    region = random.choice(["서울", "부산", "대구", "광주"], count)
    features = pd.DataFrame(
        {"region": region, "income": random.gamma(2, 30, count), "member": random.random(count) < 0.5}
    )
    return features, random.integers(0, 2, count).astype(float)


def guesses(random: np.random.Generator, actual: Array, wrong: Array | float) -> Scored:
    """Classes of which a share is wrong."""
    return Scored(actual, np.where(random.random(len(actual)) < wrong, 1 - actual, actual), None, 2)


def test_a_group_that_became_worse_is_found_although_the_whole_did_not() -> None:
    random = np.random.default_rng(1)
    features, actual = rows(random)
    before = guesses(random, actual, 0.2)
    after = guesses(random, actual, np.where(features["region"] == "부산", 0.5, 0.1))
    first, *others = compare_segments(features, before, after)
    assert (first.feature, first.level, first.worse) == ("region", "부산", True)
    here = (features["region"] == "부산").to_numpy()
    assert first.rows == here.sum()
    assert (first.before, first.after) == pytest.approx(
        (before.errors[here].mean(), after.errors[here].mean())
    )
    assert not any(segment.worse for segment in others)


def test_equal_models_are_hardly_ever_said_to_be_worse_somewhere() -> None:
    alarms = 0
    for seed in range(ROUNDS):
        random = np.random.default_rng(seed)
        features, actual = rows(random)
        segments = compare_segments(features, guesses(random, actual, 0.2), guesses(random, actual, 0.2))
        alarms += any(segment.worse for segment in segments)
    assert alarms <= stats.binom.ppf(0.999, ROUNDS, 0.05)


def test_p_values_are_those_of_statsmodels_and_scipy_with_holms_correction() -> None:
    random = np.random.default_rng(3)
    features, actual = rows(random)
    first, second = guesses(random, actual, 0.2), guesses(random, actual, 0.25)
    found = {
        (s.feature, s.level): s.p_adjusted for s in compare_segments(features[["region"]], first, second)
    }
    raw = {}
    for region in features["region"].unique():
        here = (features["region"] == region).to_numpy()
        before, after = first.errors[here] > 0, second.errors[here] > 0
        table = [[0, int((~before & after).sum())], [int((before & ~after).sum()), 0]]
        both = mcnemar(table, exact=True).pvalue
        lost, won = table[0][1], table[1][0]
        raw[region] = both / 2 if lost > won else stats.binom.sf(lost - 1, lost + won, 0.5)
    adjusted = multipletests(list(raw.values()), method="holm")[1]
    assert found == pytest.approx({("region", name): p for name, p in zip(raw, adjusted, strict=True)})


def test_numbers_are_tested_by_their_absolute_errors() -> None:
    random = np.random.default_rng(4)
    group = np.repeat(["a", "b"], 60)
    actual = random.normal(0, 1, 120)
    first, second = (Scored(actual, actual + random.normal(0, 1, 120)) for _ in range(2))
    found = {s.level: s.p_adjusted for s in compare_segments(pd.DataFrame({"g": group}), first, second)}
    raw = [
        stats.ttest_rel(
            second.errors[group == name], first.errors[group == name], alternative="greater"
        ).pvalue
        for name in ("a", "b")
    ]
    assert [found["a"], found["b"]] == pytest.approx(multipletests(raw, method="holm")[1])


def test_small_groups_and_columns_of_names_are_left_out() -> None:
    random = np.random.default_rng(5)
    actual = np.zeros(100)
    features = pd.DataFrame(
        {"name": [f"n{i}" for i in range(100)], "rare": ["x"] * 90 + ["y"] * 10, "same": ["z"] * 100}
    )
    found = compare_segments(features, guesses(random, actual, 0.1), guesses(random, actual, 0.1))
    assert [(s.feature, s.level) for s in found] == [("rare", "x")]


def test_without_features_there_are_no_groups() -> None:
    scored = Scored(np.zeros(50), np.zeros(50))
    assert compare_segments(pd.DataFrame(index=range(50)), scored, scored) == []
