"""Seasonal ARIMA from a small grid, estimated once on the oldest history and filtered on later ones."""

import warnings
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.tsa.statespace.sarimax import SARIMAX

from .baselines import Array
from .harmonic import annual_component

MAX_SEASON = 12
_GRID = (((0, 1, 1), (0, 1, 1)), ((1, 0, 0), (0, 1, 1)), ((1, 1, 1), (0, 1, 1)))
_GRID_WITHOUT_SEASON = (((0, 1, 1), (0, 0, 0)), ((1, 1, 0), (0, 0, 0)), ((2, 0, 1), (0, 0, 0)))


class Sarima:
    """Orders by AICc from six forms. Later backtest origins keep the parameters of the first, which is the harder test.

    Source: Hyndman & Athanasopoulos, Forecasting: Principles and Practice (3rd ed.), ch. 9.
    """

    name, engine, baseline = "sarima", "statsmodels", False

    def __init__(self, season: int, annual: float | None) -> None:
        self.season = season if 1 < season <= MAX_SEASON else 1
        self.annual = annual if annual is not None and annual > MAX_SEASON else None
        self.orders: dict[str, Any] | None = None
        self.parameters: Array | None = None
        self.fitted: Any = None

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        """`steps` values after the last of `values`; `refit` estimates the parameters again."""
        past, future = annual_component(values, steps, self.annual)
        rest = values - past
        scale = float(rest.abs().mean()) or 1.0
        scaled = rest / scale
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if self.orders is None:
                self._choose(scaled)
            model = SARIMAX(scaled, **(self.orders or {}))
            if refit:
                self.parameters = np.asarray(
                    model.fit(disp=False, maxiter=50, start_params=self.parameters).params
                )
            self.fitted = model.smooth(self.parameters) if len(rest) < 400 else model.filter(self.parameters)
            return np.asarray(self.fitted.forecast(steps), dtype=float) * scale + future

    def _choose(self, values: pd.Series) -> None:
        seasonal = self.season > 1
        best: tuple[float, dict[str, Any], Array] | None = None
        for order, seasonal_order in _GRID if seasonal else _GRID_WITHOUT_SEASON:
            orders = {
                "order": order,
                "seasonal_order": (*seasonal_order, self.season if seasonal else 0),
                "trend": "c" if order[1] == 0 and not seasonal else None,
            }
            try:
                result = SARIMAX(values, **orders).fit(disp=False, maxiter=30)
            except (ValueError, np.linalg.LinAlgError):
                continue
            if np.isfinite(result.aicc) and (best is None or result.aicc < best[0]):
                best = (float(result.aicc), orders, np.asarray(result.params))
        if best is None:
            raise ValueError("no seasonal ARIMA form could be estimated")
        _, self.orders, self.parameters = best
