"""Gradient boosting on lag and calendar features (scikit-learn), one direct model for all steps."""

from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from .baselines import Array
from .clock import check
from .lags import future_rows, training_rows

_THREADS = 1
_TREES, _TREES_AT_ONCE = 150, 30


class Boosting:
    """Learns the change against the level at the origin, so that it can follow a trend beyond the values it has seen."""

    name, engine, baseline = "gradient_boosting_lags", "scikit-learn", False

    def __init__(self, season: int, longer: float | None, *, seed: int, deadline: float) -> None:
        self.season, self.longer, self.seed, self.deadline = season, longer, seed, deadline
        self.fitted: Any = None

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        """`steps` values after the last of `values`. Raises ValueError when the history is too short.

        A fit that is not the last one (`refit`) raises TimeoutError between trees when the time is up.
        """
        features, change, _ = training_rows(values, steps, self.season, self.longer, seed=self.seed)
        model = HistGradientBoostingRegressor(
            learning_rate=0.06,
            max_leaf_nodes=15,
            min_samples_leaf=max(5, min(40, len(features) // 50)),
            l2_regularization=1.0,
            early_stopping=False,
            random_state=self.seed,
            warm_start=True,
        )
        with threadpool_limits(_THREADS):
            for trees in range(_TREES_AT_ONCE, _TREES + 1, _TREES_AT_ONCE):
                if not refit:
                    check(self.deadline)
                self.fitted = model.set_params(max_iter=trees).fit(features, change)
        ahead, level = future_rows(values, steps, self.season, self.longer)
        return np.asarray(self.fitted.predict(ahead), dtype=float) + level
