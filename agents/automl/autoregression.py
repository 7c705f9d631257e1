"""Autoregression on past values: cycles without a fixed season, and levels that come back to their mean."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.tsa.stattools import levinson_durbin_pacf, pacf_burg

from .baselines import Array
from .harmonic import longer_component

MAX_ORDER = 30


class Autoregression:
    """AR(p) around the mean by Burg's method, which is never explosive; p by AICc up to a quarter of the history.

    Source: Brockwell & Davis, Introduction to Time Series and Forecasting (3rd ed.), ch. 5.1.
    """

    name, engine, baseline = "autoregression", "statsmodels", False

    def __init__(self, season: int, longer: float | None) -> None:
        self.season = season
        self.longer = longer
        self.fitted: Array | None = None

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        """`steps` values after the last of `values`. Raises ValueError when they do not vary."""
        past, future = longer_component(values, steps, self.season, self.longer)
        rest = values.to_numpy(dtype=float) - past
        centre = float(rest.mean())
        self.fitted = _coefficients(rest - centre)
        known = list((rest - centre)[::-1][: len(self.fitted)])
        made = []
        for _ in range(steps):
            made.append(float(self.fitted @ known[: len(self.fitted)]))
            known.insert(0, made[-1])
        return np.asarray(made) + centre + future


def _coefficients(centred: NDArray[np.float64]) -> Array:
    length = len(centred)
    if float(np.ptp(centred)) == 0:
        raise ValueError("the values do not vary")
    most = min(MAX_ORDER, length // 4)
    partial, spread = pacf_burg(centred, nlags=most)
    orders = np.arange(most + 1)
    room = np.maximum(length - orders - 2, 1)
    criterion = length * np.log(np.maximum(spread, 1e-300)) + 2 * (orders + 1) * length / room
    order = max(1, int(np.argmin(criterion)))
    return np.asarray(levinson_durbin_pacf(partial[: order + 1])[0], dtype=float)
