import numpy as np
import pytest
from scipy import stats

from agents.eda.fitting import FITS, fit_distributions, thin
from mesh.tabular.sheet import Numbers

RNG = np.random.default_rng(121)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("normal", RNG.normal(50, 5, 1500)),
        ("lognormal", RNG.lognormal(3, 0.8, 1500)),
        ("gamma", RNG.gamma(3, 2, 1500)),
        ("weibull", 10 * RNG.weibull(4, 1500)),
        ("uniform", RNG.uniform(2, 9, 1500)),
    ],
)
def test_a_sample_is_closest_to_its_own_distribution(name: str, values: Numbers) -> None:
    fit = fit_distributions(values, counts=False)
    assert fit is not None
    assert fit["best"] == name
    assert fit["p"] > 0.01


@pytest.mark.parametrize(
    ("name", "values"),
    [("poisson", RNG.poisson(4, 1500)), ("negative binomial", RNG.negative_binomial(3, 0.2, 1500))],
)
def test_counts_are_fitted_by_distributions_of_counts(name: str, values: Numbers) -> None:
    fit = fit_distributions(values.astype(np.float64), counts=True)
    assert fit is not None
    assert fit["best"] == name
    assert fit["p"] > 0.01


def test_exponential_values_are_not_called_something_longer() -> None:
    fit = fit_distributions(RNG.exponential(3, 1500), counts=False)
    assert fit is not None
    first = fit["fits"][0]
    exponential = next(f for f in fit["fits"] if f["name"] == "exponential")
    assert exponential["aic"] - first["aic"] < 2.5


@pytest.mark.parametrize("name", ["gamma", "weibull"])
def test_the_fits_are_scipys_maximum_likelihood(name: str) -> None:
    values = RNG.gamma(2, 3, 800)
    family, fit, _ = FITS[name]
    assert fit(values) == pytest.approx(family.fit(values, floc=0), rel=1e-3)


@pytest.mark.parametrize(("level", "spread"), [(101_325, 5), (1e8, 1), (1e12, 3), (50, 0.06)])
def test_values_close_together_on_a_high_level_are_normal(level: float, spread: float) -> None:
    fit = fit_distributions(level + spread * np.random.default_rng(7).normal(size=500), counts=False)
    assert fit is not None
    assert "normal" in [f["name"] for f in fit["fits"] if f["aic"] - fit["fits"][0]["aic"] < 2]
    assert fit["p"] > 0.01


def test_two_peaks_follow_none_of_them() -> None:
    values = np.concatenate([RNG.normal(10, 1, 400), RNG.normal(30, 1, 400)])
    fit = fit_distributions(values, counts=False)
    assert fit is not None
    assert fit["p"] <= 0.05


def test_the_distance_is_kolmogorovs() -> None:
    values = np.sort(RNG.normal(size=300))
    fit = fit_distributions(values, counts=False)
    assert fit is not None
    assert fit["ks"] == pytest.approx(stats.kstest(values, "norm", (values.mean(), values.std())).statistic)


def test_long_columns_are_thinned_evenly() -> None:
    assert thin(np.arange(10.0), 4).tolist() == [0, 3, 6, 9]
    assert fit_distributions(np.full(100, 3.0), counts=False) is None
    assert fit_distributions(np.arange(10.0), counts=False) is None
