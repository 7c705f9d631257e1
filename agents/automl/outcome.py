"""One look at the hold-out: the scores of the models and of the baselines there, how sure they are, what matters."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from .baseline_scores import Baseline, baselines
from .importance import permutation_importance
from .problem import Entry, Problem, Training
from .scores import LOWER_IS_BETTER, class_scores, regression_scores
from .sklearn_models import SIMPLE
from .uncertainty import interval, redraws, surely_better

Interval = tuple[float, float] | None
_SPARE_S = 0.5


@dataclass(frozen=True)
class Result:
    """The finished job. `scores` and `intervals` are of the hold-out, by the name of the model or baseline.

    `predicted` is the best model's. `beats_baseline`: it is better than the `strongest` baseline beyond chance (see
    `uncertainty.surely_better`). `simple` is the best of the simple models when the best model is not surely better than it,
    else None.
    """

    problem: Problem
    training: Training
    scores: dict[str, dict[str, float]]
    intervals: dict[str, Interval]
    baselines: list[Baseline]
    strongest: Baseline
    beats_baseline: bool
    simple: str | None
    predicted: np.ndarray
    importance: list[dict[str, Any]]
    seconds: float

    @property
    def best(self) -> Entry:
        return self.training.entries[0]


def judge(problem: Problem, training: Training, started: float, deadline: float) -> Result:
    """Score on the hold-out: the best, the simple models, then the others while time is left.

    Args: `started` and `deadline` in monotonic seconds.
    """
    actual, metric, test = problem.test_target, problem.metric, problem.test
    again = redraws(problem.split.clusters[problem.split.test], problem.seed)
    naive = baselines(problem)
    best = training.entries[0]
    first = [best, *(e for e in training.entries[1:] if e.name in SIMPLE)]
    predicted: dict[str, np.ndarray] = {}
    scores = {b.name: b.scores for b in naive}
    drawn = {b.name: again.scores(metric, actual, b.predicted) for b in naive}
    importance: list[dict[str, Any]] = []
    for entry in [*first, *(e for e in training.entries if e not in first)]:
        if entry not in first and time.monotonic() > deadline - _SPARE_S:
            break
        made = predicted[entry.name] = entry.predictor.predict(test)
        scores[entry.name] = _scores(problem, made, entry.threshold)
        drawn[entry.name] = again.scores(metric, actual, made)
        if entry is best:
            importance = permutation_importance(best.predictor, test, actual, seed=problem.seed)
    rival = _strongest(naive, metric)
    return Result(
        problem=problem,
        training=training,
        scores=scores,
        intervals={name: interval(values) for name, values in drawn.items()},
        baselines=naive,
        strongest=rival,
        beats_baseline=surely_better(metric, drawn[best.name], drawn[rival.name]),
        simple=_as_good(problem, best, [e for e in first if e is not best], scores, drawn),
        predicted=predicted[best.name],
        importance=importance,
        seconds=time.monotonic() - started,
    )


def _strongest(naive: list[Baseline], metric: str) -> Baseline:
    """The strongest baseline by the metric; of equal ones the most frequent class, else the one with the lower error."""
    sign = 1 if metric in LOWER_IS_BETTER else -1
    return min(
        naive,
        key=lambda b: (sign * b.scores.get(metric, 0.5), b.name != "majority_class", b.scores.get("mae", 0)),
    )


def _as_good(
    problem: Problem,
    best: Entry,
    simple: list[Entry],
    scores: dict[str, dict[str, float]],
    drawn: dict[str, np.ndarray],
) -> str | None:
    if best.name in SIMPLE or not simple or problem.metric not in scores[best.name]:
        return None
    sign = 1 if problem.metric in LOWER_IS_BETTER else -1
    rival = min(simple, key=lambda entry: sign * scores[entry.name][problem.metric]).name
    return None if surely_better(problem.metric, drawn[best.name], drawn[rival]) else rival


def _scores(problem: Problem, predicted: np.ndarray, threshold: float) -> dict[str, float]:
    if problem.classes:
        return class_scores(problem.test_target.astype(int), predicted, threshold)
    return regression_scores(problem.test_target, predicted)
