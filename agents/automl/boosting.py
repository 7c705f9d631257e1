"""Gradient boosting on lag and calendar features (scikit-learn), one direct model for all steps."""

from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from .baselines import Array
from .lags import future_rows, training_rows

_THREADS = 1


class Boosting:
    """Learns the change against the level at the origin, so that it can follow a trend beyond the values it has seen."""

    name, engine, baseline = "gradient_boosting_lags", "scikit-learn", False

    def __init__(self, season: int, annual: float | None, *, seed: int) -> None:
        self.season, self.annual, self.seed = season, annual, seed
        self.fitted: Any = None

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        """`steps` values after the last of `values`. Raises ValueError when the history is too short."""
        features, change, _ = training_rows(values, steps, self.season, self.annual, seed=self.seed)
        model = HistGradientBoostingRegressor(
            max_iter=150,
            learning_rate=0.06,
            max_leaf_nodes=15,
            min_samples_leaf=max(5, min(40, len(features) // 50)),
            l2_regularization=1.0,
            early_stopping=False,
            random_state=self.seed,
        )
        with threadpool_limits(_THREADS):
            self.fitted = model.fit(features, change)
        ahead, level = future_rows(values, steps, self.season, self.annual)
        return np.asarray(self.fitted.predict(ahead), dtype=float) + level
