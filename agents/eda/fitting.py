"""Which well-known distribution a column is closest to, and whether it really follows it."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import optimize, special, stats

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Numbers

MIN_VALUES = 30
MAX_VALUES = 2000
MAX_BOOTSTRAP = 500
MIN_SPREAD = 1e-3
RESAMPLES = 99
SEED = 20_240_101
Parameters = tuple[float, ...]

FITS: dict[str, tuple[Any, Callable[[Numbers], Parameters], bool]] = {
    "normal": (stats.norm, lambda x: (float(x.mean()), float(x.std())), False),
    "lognormal": (
        stats.lognorm,
        lambda x: (float(np.log(x).std()), 0.0, float(np.exp(np.log(x).mean()))),
        True,
    ),
    "exponential": (stats.expon, lambda x: (0.0, float(x.mean())), True),
    "gamma": (stats.gamma, lambda x: _gamma(x), True),
    "weibull": (stats.weibull_min, lambda x: _weibull(x), True),
    "uniform": (stats.uniform, lambda x: (float(x.min()), float(np.ptp(x))), False),
}
COUNTS: dict[str, tuple[Any, Callable[[Numbers], Parameters]]] = {
    "poisson": (stats.poisson, lambda x: (float(x.mean()),)),
    "geometric": (stats.geom, lambda x: (1 / (1 + float(x.mean())), -1.0)),
    "negative binomial": (stats.nbinom, lambda x: _negative_binomial(x)),
}
FREE = {"normal": 2, "lognormal": 2, "exponential": 1, "gamma": 2, "weibull": 2, "uniform": 2, "poisson": 1, "geometric": 1,
        "negative binomial": 2}  # fmt: skip


def fit_distributions(values: Numbers, *, counts: bool) -> dict[str, Any] | None:
    """Maximum-likelihood fits of the distributions that can hold such values, the best by AIC first.

    Whole numbers from 0 on that are `counts` are fitted by distributions of counts, others by continuous ones; those of
    positive values only where all are, and where they spread by `MIN_SPREAD` of their mean: closer together, those have
    shapes beyond what a double can tell apart. Above `MAX_VALUES` values, as many evenly spaced order statistics stand for
    them (`fitted` says how many). `ks` is Kolmogorov and Smirnov's distance of the best one, `p` from `RESAMPLES` samples of
    the fitted distribution, fitted again (parametric bootstrap, at most `MAX_BOOTSTRAP` values each; Stute, Manteiga &
    Quindimil 1993). None below `MIN_VALUES` values or without spread.
    """
    known = np.sort(values[np.isfinite(values)])
    if known.size < MIN_VALUES or known[0] == known[-1]:
        return None
    sample = thin(known, MAX_VALUES)
    whole = counts and known[0] >= 0 and bool((known == np.round(known)).all())
    fits = _counted(sample) if whole else _continuous(sample)
    fits.sort(key=lambda fit: fit["aic"])
    best = fits[0]
    distance, p = _bootstrap(best["name"], thin(known, MAX_BOOTSTRAP))
    return {
        "best": best["name"],
        "fits": [
            {key: plain(fit[key]) if key != "name" else fit[key] for key in ("name", "aic", "bic")}
            for fit in fits
        ],
        "parameters": [plain(value) for value in best["parameters"]],
        "fitted": int(sample.size),
        "ks": plain(distance),
        "p": plain(p),
    }


def thin(ordered: Numbers, count: int) -> Numbers:
    """At most `count` evenly spaced values of an ordered sample."""
    if ordered.size <= count:
        return ordered
    return ordered[np.round(np.linspace(0, ordered.size - 1, count)).astype(np.int64)]


def _continuous(sample: Numbers) -> list[dict[str, Any]]:
    found = []
    for name, (family, fit, positive) in FITS.items():
        if positive and (sample[0] <= 0 or sample.std() < MIN_SPREAD * sample.mean()):
            continue
        parameters = fit(sample)
        found.append(_scored(name, parameters, float(family.logpdf(sample, *parameters).sum()), sample.size))
    return found


def _counted(sample: Numbers) -> list[dict[str, Any]]:
    found = []
    for name, (family, fit) in COUNTS.items():
        if name == "negative binomial" and sample.var() <= sample.mean():
            continue
        parameters = fit(sample)
        found.append(_scored(name, parameters, float(family.logpmf(sample, *parameters).sum()), sample.size))
    return found


def _scored(name: str, parameters: Parameters, likelihood: float, n: int) -> dict[str, Any]:
    """AIC (Akaike 1974) and BIC (Schwarz 1978) of one fit."""
    free = FREE[name]
    return {
        "name": name,
        "parameters": parameters,
        "aic": 2 * free - 2 * likelihood,
        "bic": free * np.log(n) - 2 * likelihood,
    }


def _bootstrap(name: str, sample: Numbers) -> tuple[float, float]:
    family, fit = FITS[name][:2] if name in FITS else COUNTS[name]
    parameters = fit(sample)
    observed = _distance(sample, family, parameters)
    rng = np.random.default_rng(SEED)
    reached = 0
    for _ in range(RESAMPLES):
        drawn = np.sort(family.rvs(*parameters, size=sample.size, random_state=rng).astype(np.float64))
        if drawn[0] == drawn[-1] or (name == "negative binomial" and drawn.var() <= drawn.mean()):
            continue
        reached += _distance(drawn, family, fit(drawn)) >= observed
    return observed, (1 + reached) / (1 + RESAMPLES)


def _distance(ordered: Numbers, family: Any, parameters: Parameters) -> float:
    """The largest distance between the two distribution functions, at every value and just before it."""
    points, first = np.unique(ordered, return_index=True)
    n = ordered.size
    below, upto = first / n, np.append(first[1:], n) / n
    expected = family.cdf(points, *parameters)
    before = family.cdf(points - 1, *parameters) if hasattr(family, "pmf") else expected
    return float(max(np.abs(upto - expected).max(), np.abs(below - before).max()))


def _gamma(x: Numbers) -> Parameters:
    """Shape by the root of log a - digamma(a) = log mean - mean log. Source: Choi & Wette (1969)."""
    gap = float(np.log(x.mean()) - np.log(x).mean())
    start = (3 - gap + np.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)
    shape = float(optimize.brentq(lambda a: np.log(a) - special.digamma(a) - gap, start / 10, start * 10))
    return shape, 0.0, float(x.mean() / shape)


def _weibull(x: Numbers) -> Parameters:
    """Shape by the root of the profile likelihood; values are scaled by their maximum, so that powers stay finite."""
    scaled = x / x.max()
    logs = np.log(scaled)

    def slope(k: float) -> float:
        powers = scaled**k
        return float((powers * logs).sum() / powers.sum() - 1 / k - logs.mean())

    low, high = 1e-2, 1.0
    while slope(high) < 0 and high < 1e4:
        high *= 2
    shape = float(optimize.brentq(slope, low, high))
    return shape, 0.0, float(x.max() * np.mean(scaled**shape) ** (1 / shape))


def _negative_binomial(x: Numbers) -> Parameters:
    """Size by maximum likelihood with the mean held at the sample's, which is its estimate."""
    mean = float(x.mean())

    def loss(log_size: float) -> float:
        size = np.exp(log_size)
        return -float(stats.nbinom.logpmf(x, size, size / (size + mean)).sum())

    size = float(np.exp(optimize.minimize_scalar(loss, bounds=(-7, 10), method="bounded").x))
    return size, size / (size + mean)
