"""One look at the hold-out: the scores of the models and of the baselines there, how sure they are, what matters."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from .baseline_scores import Baseline, baselines
from .importance import permutation_importance
from .problem import Entry, Problem, Training
from .scores import LOWER_IS_BETTER, as_loss, class_scores, metric_score, regression_scores
from .sklearn_models import SIMPLE
from .uncertainty import interval, redraws, surely_better

Interval = tuple[float, float] | None
FEW_ROWS = 400
_SPARE_S = 0.5


@dataclass(frozen=True)
class Across:
    """The best model and the strongest baseline on every row, each predicted by a model that was not trained on it.

    `rows` are those of the folds and of the hold-out. `better`: beyond chance, as on the hold-out.
    """

    rows: int
    score: float
    interval: Interval
    baseline: float
    better: bool


@dataclass(frozen=True)
class Result:
    """The finished job. `scores` and `intervals` are of the hold-out, by the name of the model or baseline.

    `predicted` is the best model's. `beats_baseline`: it is better than the `strongest` baseline beyond chance (see
    `uncertainty.surely_better`): on the hold-out, or, where that is small, `across` all rows and not worse on the hold-out.
    `simple` is the best of the simple models when the best model is not surely better than it,
    else None.
    """

    problem: Problem
    training: Training
    scores: dict[str, dict[str, float]]
    intervals: dict[str, Interval]
    baselines: list[Baseline]
    strongest: Baseline
    beats_baseline: bool
    across: Across | None
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
        now = time.monotonic()
        made = predicted[entry.name] = entry.predictor.predict(test)
        scores[entry.name] = _scores(problem, made, entry.threshold)
        drawn[entry.name] = again.scores(metric, actual, made)
        if entry is best:
            spent = time.monotonic() - now
            left = deadline - time.monotonic() - _SPARE_S - spent * len(first)
            importance = permutation_importance(
                best.predictor,
                test,
                actual,
                seed=problem.seed,
                rows_in_time=int(len(test) * left / max(spent, 1e-3)),
            )
    rival = _strongest(naive, metric)
    across = _across(problem, best, predicted[best.name], rival)
    ahead = as_loss(metric, scores[best.name].get(metric, 0.5)) < as_loss(
        metric, rival.scores.get(metric, 0.5)
    )
    return Result(
        problem=problem,
        training=training,
        scores=scores,
        intervals={name: interval(values) for name, values in drawn.items()},
        baselines=naive,
        strongest=rival,
        beats_baseline=surely_better(metric, drawn[best.name], drawn[rival.name])
        or (across is not None and across.better and ahead),
        across=across,
        simple=_as_good(problem, best, [e for e in first if e is not best], scores, drawn),
        predicted=predicted[best.name],
        importance=importance,
        seconds=time.monotonic() - started,
    )


def _across(problem: Problem, best: Entry, predicted: np.ndarray, rival: Baseline) -> Across | None:
    """None when the hold-out is large enough by itself, or the folds do not cover the training rows."""
    test = problem.split.test
    if len(test) > FEW_ROWS or len(problem.folds) == 1 or best.unseen is None:
        return None
    rows = np.concatenate([problem.validated, test])
    actual, metric = problem.target[rows], problem.metric
    again = redraws(problem.split.clusters[rows], problem.seed)
    made = np.concatenate([best.unseen, predicted])
    naive = np.resize(rival.predicted[:1], (len(rows), *rival.predicted.shape[1:]))
    drawn, rival_drawn = again.scores(metric, actual, made), again.scores(metric, actual, naive)
    return Across(
        rows=len(rows),
        score=metric_score(metric, actual, made),
        interval=interval(drawn),
        baseline=metric_score(metric, actual, naive),
        better=surely_better(metric, drawn, rival_drawn),
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
