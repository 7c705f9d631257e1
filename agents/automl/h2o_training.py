"""Training with H2O AutoML on the agent's cluster."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mesh.scoring.h2o_model import H2O_TYPES, read_predictions

from .h2o_session import H2OSession, Standing
from .problem import Entry, Problem, Report, Training
from .scores import best_threshold

_TARGET = "target__"
_FOLD = "fold__"
_ALGORITHMS = ("GBM", "GLM", "DRF", "StackedEnsemble")
_METRICS = {"rmse": "RMSE", "auc": "AUC", "logloss": "logloss"}
MAX_SCORED = 8


class H2OPredictor:
    """A model on the cluster, usable while the session lasts."""

    def __init__(self, session: H2OSession, model: Any, types: dict[str, str], classes: int) -> None:
        self._session, self._model, self._types, self._classes = session, model, types, classes

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        """Values or class probabilities per row."""
        return self.predict_uploaded(self._session.upload(frame, {c: self._types[c] for c in frame.columns}))

    def predict_uploaded(self, frame: Any) -> np.ndarray:
        """The same for rows that are on the cluster already."""
        return read_predictions(self._session.predict(self._model, frame), self._classes)

    def fitted_anew(self, _frame: pd.DataFrame, _target: np.ndarray) -> None:
        """Not done: what AutoML has stacked is made of many models."""
        return

    def save(self, folder: Path, _name: str) -> list[Path]:
        """H2O's own binary form."""
        return [self._session.save(self._model, folder)]


def train_h2o(
    problem: Problem,
    session: H2OSession,
    seconds: float,
    report: Report,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> Training:
    """AutoML for `seconds`, judged in the problem's folds; of a single one, only the rows to learn from are learned from.

    Raises: ValueError when AutoML could not train anything.
    """
    started = clock()
    types = {feature.name: H2O_TYPES[feature.type] for feature in problem.features.recipe}
    types |= {_TARGET: "enum" if problem.classes else "numeric", _FOLD: "numeric"}
    target = problem.train_target
    rows = problem.train.assign(**{_TARGET: [f"c{int(v)}" for v in target] if problem.classes else target})
    validation, folds, known = None, None, target
    if len(problem.folds) == 1:
        ((fit, test),) = problem.folds
        training, validation = session.upload(rows.iloc[fit], types), session.upload(rows.iloc[test], types)
        known = target[test]
    else:
        training, folds = session.upload(rows.assign(**{_FOLD: _fold_numbers(problem)}), types), _FOLD

    def told(standings: list[Standing]) -> None:
        report(len(standings), standings[0].algorithm, standings[0].score)

    standings = session.automl(
        _TARGET,
        training,
        validation=validation,
        seconds=seconds - (clock() - started),
        seed=problem.seed,
        metric=_METRICS[problem.metric],
        algorithms=_ALGORITHMS,
        report=told,
        folds=folds,
    )
    entries: list[Entry] = []
    for standing in standings[:MAX_SCORED]:
        model = session.model(standing.model_id)
        predictor = H2OPredictor(session, model, types, len(problem.classes))
        threshold = _threshold(model, predictor, validation, known) if len(problem.classes) == 2 else 0.5
        name = standing.model_id.split("_AutoML_")[0]
        entries.append(Entry(name, "h2o", predictor, standing.score, threshold))
    return Training(entries, cut_short=clock() - started > 0.85 * seconds)


def _fold_numbers(problem: Problem) -> np.ndarray:
    numbers = np.full(len(problem.split.train), len(problem.folds))
    for number, (_, test) in enumerate(problem.folds):
        numbers[test] = number
    return numbers


def _threshold(model: Any, predictor: H2OPredictor, validation: Any | None, known: np.ndarray) -> float:
    """The F1-best threshold on the validation rows, or from the cross-validation's metrics."""
    if validation is not None:
        return best_threshold(known, predictor.predict_uploaded(validation))
    performance = model.model_performance(xval=True)
    return 0.5 if performance is None else float(performance.find_threshold_by_max_metric("f1"))
