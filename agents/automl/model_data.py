"""The structured description of a trained regression or classification: the data of the `model` output."""

from typing import Any

import numpy as np
from sklearn import metrics

from mesh.scoring.scorer import decide

from .board import leaderboard
from .order import Order
from .outcome import Result
from .scores import calibration_points, roc_points
from .uncertainty import LEVEL

PAIRS = 500


def model_data(order: Order, result: Result) -> dict[str, Any]:
    """Everything about the model that later steps read: scoring, explanation, registry, charts, report."""
    problem, best = result.problem, result.best
    lower, upper = result.intervals[best.name] or (None, None)
    return {
        "task": order.choice.task,
        "target": order.choice.target,
        "reason": order.choice.reason,
        "metric": problem.metric,
        "engine": best.engine,
        "rows_train": len(problem.split.train),
        "rows_test": len(problem.split.test),
        "split": problem.split.kind,
        "split_by": problem.split.column,
        "folds": len(problem.folds),
        "leaderboard": leaderboard(result, order.language),
        "best": {"model": best.name, **result.scores[best.name]},
        "interval": {"metric": problem.metric, "level": LEVEL, "lower": lower, "upper": upper},
        "baseline": {"model": result.strongest.name, **result.strongest.scores},
        "beats_baseline": result.beats_baseline,
        "across": _across(result),
        "importance": result.importance,
        "features": list(problem.features.frame.columns),
        "categories": problem.features.categories,
        "inputs": [
            feature.model_dump(mode="json", exclude_defaults=True) for feature in problem.features.recipe
        ],
        "classes": problem.classes,
        "threshold": best.threshold if len(problem.classes) == 2 else None,
        "excluded": problem.features.excluded,
        "seed": problem.seed,
        "seconds": round(result.seconds, 2),
        "holdout": _holdout(result),
    }


def _across(result: Result) -> dict[str, Any] | None:
    found = result.across
    if found is None:
        return None
    lower, upper = found.interval or (None, None)
    return {
        "rows": found.rows,
        "score": found.score,
        "lower": lower,
        "upper": upper,
        "baseline": found.baseline,
        "better": found.better,
    }


def _holdout(result: Result) -> dict[str, Any]:
    actual, predicted = result.problem.test_target, result.predicted
    if not result.problem.classes:
        keep = np.unique(np.linspace(0, len(actual) - 1, PAIRS).round().astype(int))
        return {"actual_vs_predicted": np.column_stack([actual, predicted])[keep].tolist()}
    codes = actual.astype(int)
    decided = decide(predicted, result.best.threshold)
    matrix = metrics.confusion_matrix(codes, decided, labels=range(len(result.problem.classes)))
    shown: dict[str, Any] = {"confusion": {"labels": result.problem.classes, "matrix": matrix.tolist()}}
    if len(result.problem.classes) == 2 and len(np.unique(codes)) == 2:
        shown |= {"roc": roc_points(codes, predicted), "calibration": calibration_points(codes, predicted)}
    return shown
