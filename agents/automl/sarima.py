"""Seasonal ARIMA from a small grid, estimated once on the oldest history and filtered on later ones."""

import time
import warnings
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.tsa.statespace.sarimax import SARIMAX

from .baselines import Array
from .clock import check
from .harmonic import longer_component

MAX_SEASON = 12
_GRID = (((0, 1, 1), (0, 1, 1)), ((1, 0, 0), (0, 1, 1)), ((1, 1, 1), (0, 1, 1)))
_GRID_WITHOUT_SEASON = (((0, 1, 1), (0, 0, 0)), ((1, 1, 0), (0, 0, 0)), ((2, 0, 1), (0, 0, 0)))
_ITERATIONS, _REFIT_ITERATIONS = 30, 50
_SHORT = 400
_USUAL_STEPS = 12


class Sarima:
    """Orders by AICc from six forms. Later backtest origins keep the parameters of the first, which is the harder test.

    The likelihood is timed first: when a usual search would pass `deadline` (monotonic seconds) none is begun, and one that
    passes it stops at its next iteration.
    Source: Hyndman & Athanasopoulos, Forecasting: Principles and Practice (3rd ed.), ch. 9.
    """

    name, engine, baseline = "sarima", "statsmodels", False

    def __init__(self, season: int, longer: float | None, *, deadline: float) -> None:
        self.season = season if 1 < season <= MAX_SEASON else 1
        self.longer = longer if longer is not None and longer > MAX_SEASON else None
        self.deadline = deadline
        self.orders: dict[str, Any] | None = None
        self.parameters: Array | None = None
        self.fitted: Any = None

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        """`steps` values after the last of `values`; `refit` estimates the parameters again while there is time.

        Raises: TimeoutError when there is not enough time for the first estimate.
        """
        past, future = longer_component(values, steps, self.season, self.longer)
        rest = values - past
        scale = float(rest.abs().mean()) or 1.0
        scaled = rest / scale
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if self.orders is None:
                self._choose(scaled)
            model = SARIMAX(scaled, **(self.orders or {}))
            if refit:
                self._estimate_again(model)
            self.fitted = (
                model.smooth(self.parameters) if len(rest) < _SHORT else model.filter(self.parameters)
            )
            return np.asarray(self.fitted.forecast(steps), dtype=float) * scale + future

    def _estimate_again(self, model: SARIMAX) -> None:
        """Better parameters from the whole history, or those at hand when the time is up."""
        try:
            self.parameters = self._estimate(model, _REFIT_ITERATIONS, self.parameters)[1]
        except TimeoutError:
            return

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
                criterion, parameters = self._estimate(SARIMAX(values, **orders), _ITERATIONS, None)
            except (ValueError, np.linalg.LinAlgError):
                continue
            if np.isfinite(criterion) and (best is None or criterion < best[0]):
                best = (criterion, orders, parameters)
        if best is None:
            raise ValueError("no seasonal ARIMA form could be estimated")
        _, self.orders, self.parameters = best

    def _estimate(self, model: SARIMAX, iterations: int, start: Array | None) -> tuple[float, Array]:
        """AICc and parameters. Raises TimeoutError when the time is up or clearly too short."""
        first = model.start_params if start is None else start
        model.loglike(first)
        started = time.monotonic()
        model.loglike(first)
        once = time.monotonic() - started
        check(self.deadline - once * _USUAL_STEPS * (len(first) + 1))

        def step(_: Any) -> None:
            check(self.deadline)

        fitted = model.fit(first, disp=False, maxiter=iterations, cov_type="none", callback=step)
        return float(fitted.aicc), np.asarray(fitted.params)
