"""How good predictions are, on the hold-out and in the folds."""

import numpy as np
import pandas as pd
from sklearn import metrics

from mesh.scoring.scorer import decide

LOWER_IS_BETTER = {"rmse", "mae", "logloss"}
TITLES = {
    "rmse": "RMSE",
    "mae": "MAE",
    "r2": "R²",
    "auc": "AUC",
    "pr_auc": "PR-AUC",
    "logloss": "log loss",
    "f1": "F1",
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
}
"""What people call the scores."""
CURVE_POINTS = 200


def metric_score(metric: str, actual: np.ndarray, predicted: np.ndarray) -> float:
    """One of `rmse`, `auc` and `logloss`; an AUC of rows that lack a class is 0.5."""
    if metric == "auc":
        return _auc(actual, predicted) if len(np.unique(actual)) == predicted.shape[1] else 0.5
    mean = float(row_losses(actual, predicted).mean())
    return mean**0.5 if metric == "rmse" else mean


def as_loss(metric: str, score: float) -> float:
    """The score as something to lower: an AUC as its distance from 1."""
    return score if metric in LOWER_IS_BETTER else 1 - score


def regression_scores(actual: np.ndarray, predicted: np.ndarray) -> dict[str, float]:
    """RMSE, MAE and R² (the share of variance explained; below 0 is worse than the mean)."""
    return {
        "rmse": float(metrics.root_mean_squared_error(actual, predicted)),
        "mae": float(metrics.mean_absolute_error(actual, predicted)),
        "r2": float(metrics.r2_score(actual, predicted)) if len(actual) > 1 else 0.0,
    }


def class_scores(actual: np.ndarray, probability: np.ndarray, threshold: float) -> dict[str, float]:
    """AUC (two classes: of class 1; more: macro one-versus-rest), average precision (`pr_auc`, of class 1 of two), log loss, F1,
    accuracy, balanced accuracy.

    Args: `actual` codes, shape (n,); `probability` shape (n, classes), rows sum to 1; `threshold` for class 1 of two.
    F1 is that of class 1 for two classes, macro for more. AUC is absent when the hold-out lacks a class.
    """
    classes = probability.shape[1]
    decided = decide(probability, threshold)
    codes = np.arange(classes)
    scores = {
        "logloss": float(metrics.log_loss(actual, probability, labels=codes)),
        "f1": float(
            metrics.f1_score(
                actual, decided, labels=codes[1:] if classes == 2 else codes, average="macro", zero_division=0
            )
        ),
        "accuracy": float(metrics.accuracy_score(actual, decided)),
        "balanced_accuracy": float(
            metrics.recall_score(actual, decided, labels=np.unique(actual), average="macro", zero_division=0)
        ),
    }
    if len(np.unique(actual)) == classes:
        scores = {"auc": _auc(actual, probability), **scores}
        if classes == 2:
            scores["pr_auc"] = float(metrics.average_precision_score(actual, probability[:, 1]))
    return scores


def best_threshold(actual: np.ndarray, probability: np.ndarray) -> float:
    """The threshold of class 1 with the highest F1, from rows that are not the hold-out; 0.5 for more than two classes."""
    if probability.shape[1] != 2:
        return 0.5
    precision, recall, thresholds = metrics.precision_recall_curve(actual, probability[:, 1])
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return float(thresholds[int(np.argmax(f1[:-1]))])


def row_losses(actual: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """The loss of each row: squared error, or log loss when `predicted` holds probabilities."""
    if predicted.ndim == 1:
        return np.asarray((actual - predicted) ** 2, dtype=float)
    chosen = predicted[np.arange(len(actual)), actual.astype(int)]
    return np.asarray(-np.log(np.clip(chosen, 1e-15, 1)), dtype=float)


def roc_points(actual: np.ndarray, probability: np.ndarray) -> list[list[float]]:
    """The ROC curve of class 1 as [false positive rate, true positive rate], thinned to `CURVE_POINTS`."""
    false, true, _ = metrics.roc_curve(actual, probability[:, 1])
    keep = np.unique(np.linspace(0, len(false) - 1, CURVE_POINTS).round().astype(int))
    return [[float(false[i]), float(true[i])] for i in keep]


def calibration_points(actual: np.ndarray, probability: np.ndarray) -> list[list[float]]:
    """Per tenth of the predictions of class 1: [mean predicted probability, observed share]."""
    groups = pd.qcut(pd.Series(probability[:, 1]).rank(method="first"), min(10, len(actual)), labels=False)
    table = pd.DataFrame({"p": probability[:, 1], "y": actual}).groupby(groups.to_numpy()).mean()
    return [[float(p), float(y)] for p, y in table.to_numpy()]


def _auc(actual: np.ndarray, probability: np.ndarray) -> float:
    if probability.shape[1] == 2:
        return float(metrics.roc_auc_score(actual, probability[:, 1]))
    return float(metrics.roc_auc_score(actual, probability, multi_class="ovr", average="macro"))
