"""Verdicts at any look: against integrals, arithmetic and the error rates of seeded simulations."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from agents.mlops.serving.sequential import Sums, mean_interval, rate_interval
from agents.mlops.serving.verdicts import (
    Baseline,
    Measure,
    TrialVerdict,
    baseline_of,
    judge_decay,
    judge_shadow,
    judge_split,
)

ALPHA = 0.1
RUNS = 150


def sums(values: np.ndarray) -> Sums:
    """What the log keeps of losses."""
    return Sums(len(values), float(values.sum()), float((values**2).sum()))


def looks(n: int) -> range:
    """Sample sizes at which a person looks."""
    return range(50, n + 1, 50)


def most_allowed(alpha: float, runs: int = RUNS) -> int:
    """False alarms that a true rate of `alpha` exceeds only once in a thousand simulations."""
    return int(stats.binom.ppf(0.999, runs, alpha))


def test_the_limits_of_a_rate_are_where_the_mixture_ratio_is_one_over_alpha() -> None:
    found = rate_interval(12, 80, 0.05)
    top, _ = integrate.quad(lambda p: p**12 * (1 - p) ** 68, 0, 1, epsabs=0, epsrel=1e-10)
    for limit in (found.low, found.high):
        assert top / (limit**12 * (1 - limit) ** 68) == pytest.approx(20, rel=1e-6)
    assert found.low < 0.15 < found.high


def test_the_limits_of_a_mean_are_where_the_normal_mixture_ratio_is_one_over_alpha() -> None:
    found = mean_interval(0.3, 4 / 200, 4.0, 0.05)
    log_alpha = -2 * math.log(0.05)
    mixing = 4 * (log_alpha + math.log(log_alpha + 1)) / 500
    ratio, _ = integrate.quad(
        lambda shift: (
            stats.norm.pdf(shift, scale=math.sqrt(mixing))
            * math.exp((found.estimate - found.low) * shift / 0.02 - shift**2 / 0.04)
        ),
        -5,
        5,
    )
    assert ratio == pytest.approx(20, rel=1e-6)
    assert found.high - 0.3 == pytest.approx(0.3 - found.low)


@given(st.integers(0, 200), st.integers(0, 200))
@settings(max_examples=50, deadline=None)
def test_a_rate_lies_between_its_limits_and_its_mirror_image_mirrors_them(hits: int, misses: int) -> None:
    n = hits + misses
    found, mirrored = rate_interval(hits, n, 0.05), rate_interval(misses, n, 0.05)
    assert 0 <= found.low <= found.estimate <= found.high <= 1
    assert found.low == pytest.approx(1 - mirrored.high, abs=1e-9)
    if n:
        exact = stats.binomtest(hits, n).proportion_ci(0.95, "exact")
        assert found.low <= exact.low + 1e-12
        assert found.high >= exact.high - 1e-12


def test_a_model_as_good_as_in_validation_is_rarely_called_decayed_over_all_looks() -> None:
    random = np.random.default_rng(7)
    alarms = {"error_rate": 0, "absolute_error": 0}
    for _ in range(RUNS):
        validation, live = random.random(400) < 0.2, (random.random(1500) < 0.2).astype(float)
        baseline = Baseline(float(validation.mean()), 400)
        alarms["error_rate"] += any(
            judge_decay(sums(live[:n]), "error_rate", baseline, alpha=ALPHA).verdict == "decayed"
            for n in looks(1500)
        )
        errors, live = random.exponential(3, 400), random.exponential(3, 1500)
        baseline = Baseline(float(errors.mean()), 400, float(errors.std()))
        alarms["absolute_error"] += any(
            judge_decay(sums(live[:n]), "absolute_error", baseline, alpha=ALPHA).verdict == "decayed"
            for n in looks(1500)
        )
    assert max(alarms.values()) <= most_allowed(ALPHA), alarms


def test_versions_that_are_alike_rarely_get_a_winner_over_all_looks() -> None:
    random = np.random.default_rng(11)
    wins: Counter[str] = Counter()
    for _ in range(RUNS):
        one, other = ((random.random(1500) < 0.12).astype(float) for _ in range(2))
        left, right = random.exponential(2, 1500), random.exponential(2, 1500)
        won: set[str] = set()
        for n in looks(1500):
            found = {
                "split": judge_split(sums(one[:n]), sums(other[: n // 2]), "error_rate", alpha=ALPHA),
                "shadow": shadow(one[:n], other[:n], "error_rate"),
                "split, absolute": judge_split(
                    sums(left[:n]), sums(right[: n // 2]), "absolute_error", alpha=ALPHA
                ),
                "shadow, absolute": shadow(left[:n], right[:n], "absolute_error"),
            }
            won |= {name for name, item in found.items() if item.verdict in ("champion", "challenger")}
        wins.update(won)
    assert max(wins.values(), default=0) <= most_allowed(ALPHA), wins


def shadow(champion: np.ndarray, challenger: np.ndarray, measure: Measure) -> TrialVerdict:
    """The verdict on losses of the same rows."""
    return judge_shadow(sums(champion), sums(challenger), sums(challenger - champion), measure, alpha=ALPHA)


def test_real_differences_are_found_with_their_direction() -> None:
    random = np.random.default_rng(3)
    good, bad = (random.random(2000) < 0.1).astype(float), (random.random(2000) < 0.2).astype(float)
    assert judge_split(sums(bad), sums(good), "error_rate").verdict == "challenger"
    assert judge_split(sums(good), sums(bad), "error_rate").verdict == "champion"
    assert shadow(bad, good, "error_rate").verdict == "challenger"
    assert shadow(good, bad, "error_rate").verdict == "champion"
    decayed = judge_decay(sums(bad), "error_rate", Baseline(0.1, 500))
    assert decayed.verdict == "decayed"
    assert decayed.live is not None
    assert decayed.live.low > stats.binomtest(50, 500).proportion_ci(0.95, "exact").high
    assert judge_decay(sums(bad), "error_rate", Baseline(0.1, 500), margin=0.2).verdict == "undecided"


def test_few_labels_give_no_verdict_whatever_they_say() -> None:
    all_wrong = Sums(49, 49.0, 49.0)
    assert judge_decay(all_wrong, "error_rate", Baseline(0.1, 500)).verdict == "too_few"
    assert judge_split(all_wrong, Sums(500, 0, 0), "error_rate").verdict == "too_few"
    assert judge_shadow(all_wrong, Sums(49), Sums(49, -49.0, 49.0), "error_rate").verdict == "too_few"
    assert judge_split(Sums(60, 60.0, 60.0), Sums(60), "error_rate", least=100).verdict == "too_few"


def test_rows_that_one_version_alone_got_right_decide_between_the_same_rows() -> None:
    champion = np.array([1.0] * 40 + [0.0] * 10 + [1.0] * 200)
    challenger = np.array([0.0] * 40 + [1.0] * 10 + [1.0] * 200)
    found = shadow(champion, challenger, "error_rate")
    assert found.decisive == (10, 40)
    assert found.verdict == "challenger"
    assert found.difference is not None
    assert found.difference.estimate == pytest.approx(-30 / 250)


def test_the_validation_loss_comes_from_the_models_own_description() -> None:
    model = {"best": {"accuracy": 0.9, "mae": 3.0, "rmse": 5.0}, "rows_test": 100}
    rate, error = baseline_of(model, "error_rate"), baseline_of(model, "absolute_error")
    assert rate is not None
    assert rate.value == pytest.approx(0.1)
    assert error == Baseline(3.0, 100, 4.0)
    assert baseline_of({"best": {"auc": 0.9}, "rows_test": 100}, "error_rate") is None
    assert judge_decay(Sums(500, 250.0, 250.0), "error_rate", None).verdict == "no_baseline"
