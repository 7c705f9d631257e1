"""H2O AutoML on lag and calendar features as one entrant of the forecasting contest."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .baselines import Array
from .h2o_session import H2OSession, Standing
from .lags import future_rows, training_rows, validation_start

_ALGORITHMS = ("GBM", "GLM", "DRF")
_GROWN = 1.25
_REFIT_LEAST_S = 1.0
_VALIDATION = 0.2
_KEPT = {
    "GBM": (
        "max_depth",
        "min_rows",
        "learn_rate",
        "sample_rate",
        "col_sample_rate",
        "col_sample_rate_per_tree",
    ),
    "DRF": ("max_depth", "min_rows", "sample_rate", "histogram_type"),
    "XRT": ("max_depth", "min_rows", "sample_rate", "histogram_type"),
    "GLM": ("alpha",),
}


class H2OLags:
    """AutoML runs once, on the oldest history; its leader is trained again when the history has grown by a quarter.

    So no fold is forecast by a model, or by a choice of model, that has seen it. AutoML may take `seconds`; until `deadline`
    (monotonic) the leader is trained again, each time in at most half of what is left, and when nothing is left the model
    at hand goes on forecasting.
    """

    name, engine, baseline = "h2o_automl_lags", "h2o", False

    def __init__(
        self,
        session: H2OSession,
        season: int,
        longer: float | None,
        *,
        seconds: float,
        deadline: float,
        seed: int,
        report: Callable[[list[Standing]], None],
    ) -> None:
        self._session, self._season, self._longer = session, season, longer
        self._seconds, self._deadline = seconds, deadline
        self._seed, self._report = seed, report
        self._trained_on = 0
        self._algorithm = ""
        self._settings: dict[str, Any] = {}
        self.model: Any = None
        self.models: list[Standing] = []
        self.refit_seconds = 0.0

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        """`steps` values after the last of `values`. Raises ValueError when the history is too short."""
        if self.model is None:
            self._search(values, steps)
        elif refit or self._outgrown(len(values)):
            self._refit(values, steps, None if refit else self._allowance())
        return self._predict([values], steps)[0]

    def forecast_all(self, values: pd.Series, lengths: Sequence[int], steps: int) -> list[Array]:
        """`forecast` from each of the first `lengths` values, oldest first, with one upload per trained model."""
        made: list[Array] = []
        waiting: list[pd.Series] = []
        for length in lengths:
            history = values.iloc[:length]
            if self.model is None:
                self._search(history, steps)
            elif self._outgrown(length):
                made += self._predict(waiting, steps)
                waiting = []
                self._refit(history, steps, self._allowance())
            waiting.append(history)
        return made + self._predict(waiting, steps)

    def save(self, folder: Path) -> Path:
        """The trained model in H2O's binary form."""
        return self._session.save(self.model, folder)

    def _outgrown(self, length: int) -> bool:
        return length >= _GROWN * self._trained_on and self._allowance() >= _REFIT_LEAST_S

    def _allowance(self) -> float:
        return 0.5 * (self._deadline - time.monotonic())

    def _predict(self, histories: list[pd.Series], steps: int) -> list[Array]:
        if not histories:
            return []
        parts = [future_rows(history, steps, self._season, self._longer) for history in histories]
        rows = pd.concat([features for features, _ in parts], ignore_index=True)
        uploaded = self._session.upload(rows, dict.fromkeys(rows.columns, "numeric"))
        change = self._session.predict(self.model, uploaded)["predict"].to_numpy(dtype=float)
        levels = np.concatenate([level for _, level in parts])
        return list(np.asarray(change + levels, dtype=float).reshape(len(histories), steps))

    def _search(self, values: pd.Series, steps: int) -> None:
        """AutoML on older origins, its leader chosen on later ones whose periods it has not been taught."""
        cut = validation_start(len(values), self._season, self._longer, _VALIDATION)
        training = self._rows(values.iloc[:cut], steps)
        validation = self._rows(values, steps, since=cut - 1)
        types = dict.fromkeys(training.columns, "numeric")
        self.models = self._session.automl(
            "change",
            self._session.upload(training, types),
            validation=self._session.upload(validation, types),
            seconds=self._seconds,
            seed=self._seed,
            metric="RMSE",
            algorithms=_ALGORITHMS,
            report=self._report,
        )
        if not self.models:
            raise TimeoutError
        self.model = self._session.model(self.models[0].model_id)
        self._algorithm = self.models[0].algorithm
        self._settings = _settings(self._algorithm, self.model)
        self._trained_on = len(values)
        if self._allowance() >= _REFIT_LEAST_S:
            self._refit(values, steps, self._allowance())

    def _refit(self, values: pd.Series, steps: int, seconds: float | None) -> None:
        """The leader's settings on the whole of `values`, in at most `seconds` when they are given."""
        started = time.monotonic()
        rows = self._rows(values, steps)
        frame = self._session.upload(rows, dict.fromkeys(rows.columns, "numeric"))
        model = _estimator(self._algorithm, self._settings, self._seed, seconds)
        self._session.train(model, "change", frame)
        self.model, self._trained_on = model, len(values)
        self.refit_seconds = time.monotonic() - started

    def _rows(self, values: pd.Series, steps: int, since: int = 0) -> pd.DataFrame:
        features, change, _ = training_rows(
            values, steps, self._season, self._longer, seed=self._seed, since=since
        )
        return features.assign(change=change)


def _settings(algorithm: str, model: Any) -> dict[str, Any]:
    actual = model.actual_params
    kept = {key: actual[key] for key in _KEPT[algorithm] if actual.get(key) is not None}
    if algorithm != "GLM":
        kept["ntrees"] = max(1, int(model.ntrees_actual()))
    if isinstance(kept.get("alpha"), list):
        kept["alpha"] = kept["alpha"][:1]
    return kept


def _estimator(algorithm: str, settings: dict[str, Any], seed: int, seconds: float | None) -> Any:
    from h2o.estimators import (
        H2OGeneralizedLinearEstimator,
        H2OGradientBoostingEstimator,
        H2ORandomForestEstimator,
    )

    settings = settings | {"seed": seed, "max_runtime_secs": seconds or 0}
    if algorithm == "GLM":
        return H2OGeneralizedLinearEstimator(lambda_search=True, **settings)
    if algorithm == "GBM":
        return H2OGradientBoostingEstimator(**settings)
    return H2ORandomForestEstimator(**settings)
