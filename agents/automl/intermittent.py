"""Demand that comes now and then: whether a series is one, and the methods made for it."""

from typing import Literal

import numpy as np
import pandas as pd

from .baselines import Array

Demand = Literal["smooth", "erratic", "intermittent", "lumpy"]
_INTERVAL = 1.32
_VARIATION = 0.49
_ALPHAS = (0.05, 0.1, 0.2, 0.3)


def demand_pattern(values: pd.Series) -> Demand:
    """The pattern by the mean interval between demands (1.32) and the squared variation of their sizes (0.49).

    A series with a negative value, or with fewer than 4 demands, is `smooth`: it is no demand, or too little is known.
    Source: Syntetos, Boylan & Croston (2005).
    """
    y = values.to_numpy(dtype=float)
    sizes = y[y > 0]
    if (y < 0).any() or len(sizes) < 4:
        return "smooth"
    often = len(y) / len(sizes) < _INTERVAL
    steady = float(sizes.var() / sizes.mean() ** 2) < _VARIATION
    if often:
        return "smooth" if steady else "erratic"
    return "intermittent" if steady else "lumpy"


class Sba:
    """Croston's method with the correction of Syntetos & Boylan (2005): smoothed size over smoothed interval, times 1 - α/2.

    α is the one of four with the smallest squared one-step error within the history.
    """

    name, engine, baseline = "sba", "numpy", False

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        """`steps` equal values after the last of `values`. Raises ValueError when there is no demand."""
        y = values.to_numpy(dtype=float)
        return np.repeat(_least_squares([sba_rates(y, alpha) for alpha in _ALPHAS], y), steps)


class Tsb:
    """The method of Teunter, Syntetos & Babai (2011): smoothed probability of a demand times its smoothed size.

    Unlike Croston's it falls while nothing is sold, so it follows products that go out of use.
    """

    name, engine, baseline = "tsb", "numpy", False

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        """`steps` equal values after the last of `values`. Raises ValueError when there is no demand."""
        y = values.to_numpy(dtype=float)
        return np.repeat(_least_squares([tsb_rates(y, alpha, alpha) for alpha in _ALPHAS], y), steps)


def sba_rates(y: Array, alpha: float) -> Array:
    """The forecast after each period, shape (n + 1,), the first before any: mean size and mean interval are the start."""
    size, interval = _usual(y)
    since = 1
    made = [(1 - alpha / 2) * size / interval]
    for value in y:
        if value > 0:
            size += alpha * (value - size)
            interval += alpha * (since - interval)
            since = 0
        since += 1
        made.append((1 - alpha / 2) * size / interval)
    return np.asarray(made)


def tsb_rates(y: Array, alpha: float, beta: float) -> Array:
    """The forecast after each period, shape (n + 1,), the first before any; `alpha` for sizes, `beta` for the probability."""
    size, interval = _usual(y)
    probability = 1 / interval
    made = [size * probability]
    for value in y:
        probability += beta * ((value > 0) - probability)
        if value > 0:
            size += alpha * (value - size)
        made.append(size * probability)
    return np.asarray(made)


def _usual(y: Array) -> tuple[float, float]:
    sizes = y[y > 0]
    if len(sizes) == 0:
        raise ValueError("there is no demand in the history")
    return float(sizes.mean()), len(y) / len(sizes)


def _least_squares(runs: list[Array], y: Array) -> float:
    return float(min(runs, key=lambda made: float(np.square(made[:-1] - y).sum()))[-1])
