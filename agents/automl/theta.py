"""The Theta method."""

import warnings
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.tsa.forecasting.theta import ThetaModel

from .baselines import Array
from .harmonic import longer_component

MAX_SEASON = 60


class Theta:
    """The Theta method on the seasonally adjusted series. Source: Assimakopoulos & Nikolopoulos (2000)."""

    name, engine, baseline = "theta", "statsmodels", False

    def __init__(self, season: int, longer: float | None) -> None:
        self.season = season if 1 < season <= MAX_SEASON else 1
        self.longer = longer if longer is not None and round(longer) > self.season else None
        self.fitted: Any = None

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        """`steps` values after the last of `values`."""
        past, future = longer_component(values, steps, self.season, self.longer)
        rest = values - past
        season = self.season if len(rest) >= 2 * self.season else 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.fitted = ThetaModel(
                rest,
                period=season,
                deseasonalize=season > 1,
                use_test=season > 1,
                method="multiplicative" if bool((rest > 0).all()) else "additive",
            ).fit()
            return np.asarray(self.fitted.forecast(steps), dtype=float) + future
