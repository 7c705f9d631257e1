"""Training with scikit-learn: for small tables and hosts where no JVM can start."""

import pickle
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.model_selection import KFold, StratifiedKFold, TimeSeriesSplit
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from .problem import Entry, Problem, Report, Training
from .scores import LOWER_IS_BETTER, best_threshold, class_scores, regression_scores

_FOLDS = 3


@dataclass(frozen=True)
class SklearnPredictor:
    """A fitted pipeline. For a classification its columns are put in the order of all classes of the problem."""

    pipeline: Pipeline
    classes: int

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        """Values or class probabilities per row."""
        with threadpool_limits(1):
            if self.classes == 0:
                return np.asarray(self.pipeline.predict(frame), dtype=float)
            made = np.zeros((len(frame), self.classes))
            made[:, self.pipeline.classes_.astype(int)] = self.pipeline.predict_proba(frame)
            return made

    def save(self, folder: Path) -> list[Path]:
        """One pickle: the pipeline takes the features by name."""
        path = folder / "model.pkl"
        with path.open("wb") as file:
            pickle.dump(self.pipeline, file)
        return [path]


def train_sklearn(problem: Problem, deadline: float, report: Report) -> Training:
    """Linear model, random forest and gradient boosting, each judged by 3 folds of the training rows.

    The folds go forward in time when the hold-out is the latest rows. Models that `deadline` (monotonic seconds) leaves no time
    for are not tried; the first always is.
    """
    entries: list[Entry] = []
    late = False
    for number, (name, model) in enumerate(_models(problem).items(), 1):
        started = time.monotonic()
        if entries and started > deadline:
            late = True
            break
        entry = _judge(name, model, problem)
        entries.append(entry)
        best = _sorted(entries, problem.metric)[0]
        report(number, best.name, best.validation)
        spent = time.monotonic() - started
        if time.monotonic() + 2 * spent > deadline:
            late = number < 3
            break
    return Training("scikit-learn", _sorted(entries, problem.metric), late)


def _sorted(entries: list[Entry], metric: str) -> list[Entry]:
    sign = 1 if metric in LOWER_IS_BETTER else -1
    return sorted(entries, key=lambda entry: (sign * entry.validation, entry.name))


def _models(problem: Problem) -> dict[str, Pipeline]:
    seed, categories = problem.seed, problem.features.categories
    numbers = [c for c in problem.features.frame.columns if c not in categories]
    leaf = max(1, min(20, len(problem.split.train) // 40))
    if problem.classes:
        linear: Any = LogisticRegression(max_iter=1000)
        forest: Any = RandomForestClassifier(200, min_samples_leaf=leaf, random_state=seed)
        boosting: Any = HistGradientBoostingClassifier(
            max_iter=150, learning_rate=0.06, max_leaf_nodes=15, min_samples_leaf=leaf, random_state=seed
        )
    else:
        linear = RidgeCV(alphas=np.logspace(-3, 3, 13))
        forest = RandomForestRegressor(200, min_samples_leaf=leaf, random_state=seed)
        boosting = HistGradientBoostingRegressor(
            max_iter=150, learning_rate=0.06, max_leaf_nodes=15, min_samples_leaf=leaf, random_state=seed
        )
    dense = [("numbers", SimpleImputer(strategy="median", keep_empty_features=True), numbers)]
    scaled = [
        (
            "numbers",
            make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler()),
            numbers,
        )
    ]
    hot = [("categories", OneHotEncoder(handle_unknown="ignore", sparse_output=False), categories)]
    plain = [("numbers", "passthrough", numbers)]
    return {
        "linear" if not problem.classes else "logistic": make_pipeline(
            ColumnTransformer([*scaled, *hot]), linear
        ),
        "gradient_boosting": make_pipeline(ColumnTransformer([*plain, *hot]), boosting),
        "random_forest": make_pipeline(ColumnTransformer([*dense, *hot]), forest),
    }


def _judge(name: str, model: Pipeline, problem: Problem) -> Entry:
    frame, target = problem.train, problem.train_target
    tested: list[np.ndarray] = []
    predicted: list[np.ndarray] = []
    for fit, test in _folds(problem).split(frame, target):
        predictor = _fit(clone(model), frame.iloc[fit], target[fit], len(problem.classes))
        tested.append(target[test])
        predicted.append(predictor.predict(frame.iloc[test]))
    actual, made = np.concatenate(tested), np.concatenate(predicted)
    threshold = best_threshold(actual, made) if problem.classes else 0.5
    scores = class_scores(actual, made, threshold) if problem.classes else regression_scores(actual, made)
    fitted = _fit(clone(model), frame, target, len(problem.classes))
    return Entry(name, fitted, scores.get(problem.metric, 0.5), threshold)


def _fit(model: Pipeline, frame: pd.DataFrame, target: np.ndarray, classes: int) -> SklearnPredictor:
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(frame, target)
    return SklearnPredictor(model, classes)


def _folds(problem: Problem) -> Any:
    if problem.split.kind == "time":
        return TimeSeriesSplit(_FOLDS)
    if problem.classes and int(np.bincount(problem.train_target.astype(int)).min()) >= _FOLDS:
        return StratifiedKFold(_FOLDS, shuffle=True, random_state=problem.seed)
    return KFold(_FOLDS, shuffle=True, random_state=problem.seed)
