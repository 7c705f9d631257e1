"""Training with scikit-learn: every family once, then other settings of the best ones while that helps and time is left."""

import contextlib
import pickle
import time
import warnings
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.ensemble import VotingClassifier, VotingRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.frozen import FrozenEstimator
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from mesh.scoring.sklearn_model import ask_sklearn

from .blending import blend_weights
from .clock import limited
from .problem import Entry, Problem, Report, Training
from .scores import as_loss, best_threshold, metric_score
from .sklearn_models import SIMPLE, Family, families

PATIENCE = 5
LEAST_GAIN = 0.003
BLEND_GAIN = 0.005
PILOT_ROWS = 4000
_SLACK = 1.15


@dataclass(frozen=True)
class SklearnPredictor:
    """A fitted model of `classes` classes, 0 for a regression; `recipe` is the same unfitted."""

    model: Any
    classes: int
    recipe: Any

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        """Values or class probabilities per row."""
        return ask_sklearn(self.model, self.classes, frame)

    def fitted_anew(self, frame: pd.DataFrame, target: np.ndarray) -> "SklearnPredictor":
        """The same model, learned from these rows."""
        return _fit(self.recipe, frame, target, self.classes)

    def save(self, folder: Path, name: str) -> list[Path]:
        """One pickle of scikit-learn's own classes, which takes the features by name."""
        path = folder / f"{name}.pkl"
        with path.open("wb") as file:
            pickle.dump(self.model, file)
        return [path]


@dataclass(frozen=True)
class _Trial:
    """A model not yet fitted on all training rows: what it predicted in the folds, its score there, the seconds of one fit."""

    family: str
    model: Pipeline
    predicted: np.ndarray
    score: float
    loss: float
    fit_s: float


@dataclass
class _Search:
    """What was tried so far; the best trial of each family. Searching ends in time to fit those on all training rows."""

    problem: Problem
    deadline: float
    report: Report
    best: dict[str, _Trial] = field(default_factory=dict)
    tried: int = 0
    late: bool = False

    def ranked(self) -> list[_Trial]:
        """The best of each family, lowest loss first."""
        return sorted(self.best.values(), key=lambda trial: (trial.loss, trial.family))

    @property
    def stop(self) -> float:
        """When trying must end: the best of each family are still to be fitted on all training rows, and then on all rows."""
        return self.deadline - _SLACK * 2 * sum(trial.fit_s for trial in self.best.values())

    def affordable(self, fit_s: float) -> bool:
        """Whether a trial whose fits take that long leaves the time to finish."""
        enough = time.monotonic() + _SLACK * (len(self.problem.folds) + 2) * fit_s < self.stop
        self.late |= not enough
        return enough

    def add(self, family: str, model: Pipeline) -> bool:
        """Judge a model in the folds; whether it is the best yet by more than a trifle.

        Given up when the time is up; the first is judged in any case, because without one there is no model.
        """
        before = self.ranked()
        try:
            with limited(self.stop) if before else contextlib.nullcontext():
                trial = self._judge(family, model)
        except TimeoutError:
            self.late = True
            return False
        known = self.best.get(family)
        if known is None or trial.loss < known.loss:
            self.best[family] = trial
        self.tried += 1
        best = self.ranked()[0]
        self.report(self.tried, best.family, best.score)
        return not before or trial.loss < before[0].loss * (1 - LEAST_GAIN)

    def _judge(self, family: str, model: Pipeline) -> _Trial:
        problem, started = self.problem, time.monotonic()
        frame, target, folds = problem.train, problem.train_target, problem.folds
        predicted = []
        for number, (fit, test) in enumerate(folds):
            fitted = _fit(model, frame.iloc[fit], target[fit], len(problem.classes))
            predicted.append(fitted.predict(frame.iloc[test]))
            one = (time.monotonic() - started) / (number + 1)
            if self.best and time.monotonic() + _SLACK * (len(folds) - number + 1) * one > self.stop:
                raise TimeoutError
        made = np.concatenate(predicted)
        score = metric_score(problem.metric, problem.validated_target, made)
        return _Trial(family, model, made, score, as_loss(problem.metric, score), one)


def train_sklearn(problem: Problem, deadline: float, report: Report, *, patience: int = PATIENCE) -> Training:
    """Every family with its usual settings, then drawn settings of the two best, then a blend; until `deadline` (monotonic s).

    The simplest model always takes part. Others are left out when the time would not suffice, judged by a fit on few rows, and
    given up when it does not. The search ends early when `patience` settings in a row did not help. Each is judged in the
    problem's folds.
    """
    sources = families(problem)
    search = _Search(problem, deadline, report)
    for family, models in sources.items():
        model = next(models)
        if family in SIMPLE or search.affordable(_pilot(model, problem, search.stop)):
            search.add(family, model)
    _refine(search, sources, patience)
    fitted = _fit_best(search)
    entries = [_entry(trial.family, predictor, trial.predicted, problem) for trial, predictor in fitted]
    return Training([*_blend(problem, fitted), *entries], search.late)


def _fit_best(search: _Search) -> list[tuple[_Trial, SklearnPredictor]]:
    """The best of each family on all training rows, best first; when the time is up without any, the one that is fastest."""
    problem, fitted = search.problem, []
    for trial in search.ranked():
        try:
            with limited(search.deadline):
                fitted.append((trial, _fit_all(trial.model, problem)))
        except TimeoutError:
            search.late = True
    if not fitted:
        fastest = min(search.ranked(), key=lambda trial: trial.fit_s)
        fitted = [(fastest, _fit_all(fastest.model, problem))]
    return fitted


def _refine(search: _Search, sources: dict[str, Family], patience: int) -> None:
    """Other settings of the two best families in turn."""
    stale = 0
    while stale < patience:
        open_ones = [trial for trial in search.ranked()[:2] if trial.family in sources]
        if not open_ones:
            return
        trial = open_ones[search.tried % len(open_ones)]
        model = next(sources[trial.family], None)
        if model is None or not search.affordable(trial.fit_s):
            del sources[trial.family]
            continue
        stale = 0 if search.add(trial.family, model) else stale + 1


def _pilot(model: Pipeline, problem: Problem, stop: float) -> float:
    """Seconds that a fit on one fold will take, from one on few rows; 0 for small tables."""
    rows = len(problem.folds[0][0])
    if rows <= 2 * PILOT_ROWS:
        return 0.0
    chosen = np.linspace(0, len(problem.train) - 1, PILOT_ROWS).round().astype(int)
    started = time.monotonic()
    with contextlib.suppress(TimeoutError), limited(stop):
        _fit(model, problem.train.iloc[chosen], problem.train_target[chosen], len(problem.classes))
    return (time.monotonic() - started) * rows / PILOT_ROWS


def _entry(name: str, predictor: SklearnPredictor, validated: np.ndarray, problem: Problem) -> Entry:
    """The fitted model with its score and threshold from what it `validated` in the folds."""
    target = problem.validated_target
    threshold = best_threshold(target, validated) if problem.classes else 0.5
    score = metric_score(problem.metric, target, validated)
    return Entry(name, "scikit-learn", predictor, score, threshold, validated)


def _blend(problem: Problem, fitted: list[tuple[_Trial, SklearnPredictor]]) -> list[Entry]:
    """The weighted mean of the families' models where it is better than the best of them in the folds, else nothing."""
    target, predicted = problem.validated_target, [trial.predicted for trial, _ in fitted]

    def loss(made: np.ndarray) -> float:
        return as_loss(problem.metric, metric_score(problem.metric, target, made))

    weights = blend_weights(predicted, loss)
    made = np.average(predicted, axis=0, weights=weights)
    if not loss(made) < fitted[0][0].loss * (1 - BLEND_GAIN):
        return []
    members = [(*pair, weight) for pair, weight in zip(fitted, weights, strict=True) if weight]
    kept = [weight for *_, weight in members]
    voting: Any = partial(VotingClassifier, voting="soft") if problem.classes else VotingRegressor
    known = voting([(trial.family, FrozenEstimator(p.model)) for trial, p, _ in members], weights=kept)
    recipe = voting([(trial.family, trial.model) for trial, *_ in members], weights=kept)
    predictor = SklearnPredictor(_fit_all(known, problem).model, len(problem.classes), recipe)
    return [_entry("blend", predictor, made, problem)]


def _fit_all(recipe: Any, problem: Problem) -> SklearnPredictor:
    return _fit(recipe, problem.train, problem.train_target, len(problem.classes))


def _fit(recipe: Any, frame: pd.DataFrame, target: np.ndarray, classes: int) -> SklearnPredictor:
    model = clone(recipe)
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(frame, target)
    return SklearnPredictor(model, classes, recipe)
