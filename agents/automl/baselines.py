"""The forecasts that need no model. They are always on the board, and a model has to beat them."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Naive:
    """The last value, repeated."""

    name, engine, baseline = "naive", "numpy", True

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        """`steps` values after the last of `values`."""
        return np.repeat(float(values.iloc[-1]), steps)


class SeasonalNaive:
    """The last season, repeated. `season` in periods; for a year of days use 364, which keeps the weekday."""

    engine, baseline = "numpy", True

    def __init__(self, season: int, name: str = "seasonal_naive") -> None:
        self.season = season
        self.name = name

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        """`steps` values after the last of `values`."""
        last = values.to_numpy(dtype=float)[-self.season :]
        return np.resize(last, steps)


class Mean:
    """The mean of the history, repeated: right for noise around a level."""

    name, engine, baseline = "mean", "numpy", True

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        """`steps` values after the last of `values`."""
        return np.repeat(float(values.mean()), steps)


class Drift:
    """The last value, changing on as it did on average over the history."""

    name, engine, baseline = "drift", "numpy", True

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        """`steps` values after the last of `values`."""
        y = values.to_numpy(dtype=float)
        change = (y[-1] - y[0]) / max(1, len(y) - 1)
        return np.asarray(y[-1] + change * np.arange(1, steps + 1), dtype=float)
