"""Predictions that need no model, scored on the same hold-out."""

from dataclasses import dataclass

import numpy as np

from .problem import Problem
from .scores import class_scores, regression_scores


@dataclass(frozen=True)
class Baseline:
    """A constant prediction and its scores on the hold-out."""

    name: str
    predicted: np.ndarray
    scores: dict[str, float]


def baselines(problem: Problem) -> list[Baseline]:
    """Mean and median of the training rows; or, for classes, their shares (which also decide for the majority).

    Of two classes also "always the positive class", which is the naive rule with the best F1.
    """
    actual, rows = problem.test_target, len(problem.test_target)
    if not problem.classes:
        constants = {
            "mean": float(np.mean(problem.train_target)),
            "median": float(np.median(problem.train_target)),
        }
        return [
            Baseline(name, np.full(rows, value), regression_scores(actual, np.full(rows, value)))
            for name, value in constants.items()
        ]
    counts = np.bincount(problem.train_target.astype(int), minlength=len(problem.classes))
    shares = np.tile((counts + 1e-9) / (counts + 1e-9).sum(), (rows, 1))
    named = [("majority_class", 0.5 if counts[-1] <= counts[0] or len(counts) > 2 else 0.0)]
    if len(problem.classes) == 2:
        named.append(("always_positive", 0.0))
    return [Baseline(name, shares, class_scores(actual.astype(int), shares, cut)) for name, cut in named]
