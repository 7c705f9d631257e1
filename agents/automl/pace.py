"""A problem cut down to what can be learned from in the time: fewer folds first, then fewer rows."""

import time
from dataclasses import replace

import numpy as np
from sklearn.pipeline import Pipeline

from .clock import limited
from .problem import Problem
from .sklearn_models import families, simplest

SIMPLE_SHARE, BOOSTING_SHARE = 0.08, 0.3
LEAST_ROWS = 1000
_PILOT_ROWS, _PILOT_SHARE = 2000, 0.1


def paced(problem: Problem, seconds: float) -> Problem:
    """The problem with as many of its folds, at least one, as gradient boosting takes its share of `seconds` for.

    When a fit of the simplest model would take more than its share too, with fewer rows. How long both take is measured on few
    rows, on the machine as busy as it is.
    """
    boosting = _fit_s(problem, next(families(problem)["gradient_boosting"]), _PILOT_SHARE * seconds)
    count = int(BOOSTING_SHARE * seconds / boosting) - 1
    if count >= len(problem.folds):
        return problem
    simple = _fit_s(problem, simplest(problem), _PILOT_SHARE * seconds)
    most = max(LEAST_ROWS, round(len(problem.split.train) * SIMPLE_SHARE * seconds / simple))
    return _sampled(replace(problem, folds=problem.folds[: max(1, count)]), most)


def _fit_s(problem: Problem, model: Pipeline, most: float) -> float:
    """Seconds that a fit on one fold will take, from one on few rows, which may take `most` seconds."""
    rows, _ = problem.folds[0]
    pilot = rows[np.unique(np.linspace(0, len(rows) - 1, _PILOT_ROWS).round().astype(int))]
    started = time.monotonic()
    try:
        with limited(started + most):
            model.fit(problem.train.iloc[pilot], problem.train_target[pilot])
    except TimeoutError:
        return float("inf")
    return (time.monotonic() - started) * len(rows) / len(pilot)


def _sampled(problem: Problem, most: int) -> Problem:
    """At most that many of the training rows, drawn at random, in their order."""
    train = problem.split.train
    if most >= len(train):
        return problem
    keep = np.zeros(len(train), dtype=bool)
    keep[np.random.default_rng(problem.seed).choice(len(train), most, replace=False)] = True
    place = np.cumsum(keep) - 1
    folds = [(place[fit[keep[fit]]], place[test[keep[test]]]) for fit, test in problem.folds]
    split = replace(problem.split, train=train[keep])
    return replace(problem, split=split, folds=folds, left_out=len(train) - most)
