"""Exponential smoothing: a small set of ETS forms chosen by AICc, and the Theta method."""

import warnings
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.theta import ThetaModel

from .baselines import Array
from .harmonic import annual_component

MAX_ETS_SEASON = 24


class Ets:
    """Error, trend, season forms with additive or damped trend; the form is chosen on the first history seen.

    With `annual`, a year-long season is taken out first with harmonics and added again: ETS itself cannot hold 365.
    Source: Hyndman & Athanasopoulos, Forecasting: Principles and Practice (3rd ed.), ch. 8 and 12.1.
    """

    name, engine, baseline = "ets", "statsmodels", False

    def __init__(self, season: int, annual: float | None) -> None:
        self.season = season if 1 < season <= MAX_ETS_SEASON else 1
        self.annual = annual if annual is not None and annual > MAX_ETS_SEASON else None
        self.form: dict[str, Any] | None = None
        self.fitted: Any = None

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        """`steps` values after the last of `values`."""
        past, future = annual_component(values, steps, self.annual)
        rest = values - past
        if self.form is None:
            self.form = self._choose(rest)
        self.fitted = _fit_ets(rest, self.form)
        return np.asarray(self.fitted.forecast(steps), dtype=float) + future

    def _choose(self, values: pd.Series) -> dict[str, Any]:
        positive = bool((values > 0).all())
        errors = ("add", "mul") if positive else ("add",)
        seasons = (None,) if self.season == 1 else (("add", "mul") if positive else ("add",))
        trends = (
            ((None, False), ("add", True))
            if len(values) > 400
            else ((None, False), ("add", False), ("add", True))
        )
        forms = [
            {
                "error": e,
                "trend": t,
                "damped_trend": d,
                "seasonal": s,
                "seasonal_periods": self.season if s else None,
            }
            for e, (t, d), s in product(errors, trends, seasons)
            if not (e == "add" and s == "mul")
        ]
        recent = values.iloc[-min(len(values), 600) :]
        scored = [(_aicc(recent, form), i) for i, form in enumerate(forms)]
        return forms[min(scored)[1]]


class Theta:
    """The Theta method on the seasonally adjusted series. Source: Assimakopoulos & Nikolopoulos (2000)."""

    name, engine, baseline = "theta", "statsmodels", False

    def __init__(self, season: int, annual: float | None) -> None:
        self.season = season if 1 < season <= MAX_ETS_SEASON else 1
        self.annual = annual if annual is not None and annual > MAX_ETS_SEASON else None
        self.fitted: Any = None

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        """`steps` values after the last of `values`."""
        past, future = annual_component(values, steps, self.annual)
        rest = values - past
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.fitted = ThetaModel(
                rest,
                period=self.season,
                deseasonalize=self.season > 1,
                use_test=False,
                method="multiplicative" if bool((rest > 0).all()) else "additive",
            ).fit()
            return np.asarray(self.fitted.forecast(steps), dtype=float) + future


def _fit_ets(values: pd.Series, form: dict[str, Any]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ETSModel(values, **form).fit(disp=False, maxiter=100)


def _aicc(values: pd.Series, form: dict[str, Any]) -> float:
    try:
        score = float(_fit_ets(values, form).aicc)
    except (ValueError, FloatingPointError, np.linalg.LinAlgError):
        return float("inf")
    return score if np.isfinite(score) else float("inf")
