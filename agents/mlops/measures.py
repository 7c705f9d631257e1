"""How good predictions are on rows, for many weightings of the rows at once: what a bootstrap needs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_LEAST_PROBABILITY = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Scored:
    """What a model said of n rows, and what was true.

    For a number `actual` and `predicted` are the numbers and `probability` is None. For classes both are codes of the k
    classes, and `probability` has shape (n, k); None when only the decisions were kept.
    """

    actual: Array
    predicted: Array
    probability: Array | None = None
    classes: int = 0

    def take(self, places: npt.NDArray[np.int64]) -> "Scored":
        """The rows at `places` alone."""
        probability = None if self.probability is None else self.probability[places]
        return Scored(self.actual[places], self.predicted[places], probability, self.classes)

    @property
    def errors(self) -> Array:
        """Per row the absolute error, or 1 for a wrong class and 0 for the right one; shape (n,)."""
        if self.classes:
            return np.asarray(self.actual != self.predicted, dtype=np.float64)
        return np.abs(self.actual - self.predicted)


def metrics_of(rows: Scored) -> list[str]:
    """The metrics that can be computed of the rows, by the names that models use."""
    if not rows.classes:
        return ["rmse", "mae", "r2"]
    if rows.probability is None:
        return ["f1", "accuracy", "balanced_accuracy"]
    return ["auc", "logloss", "f1", "accuracy", "balanced_accuracy"]


def measure(metric: str, rows: Scored, weights: Array) -> Array:
    """The metric under each row of `weights`; NaN where the weighted rows lack what it needs, such as a class.

    Args: `weights` shape (b, n), not negative. Returns: shape (b,).
    F1 is that of class 1 for two classes and macro for more, AUC that of class 1 and macro one-versus-rest.
    Raises: KeyError for a metric that is none of `metrics_of`.
    """
    return _MEASURES[metric](rows, weights)


def mean(values: Array, weights: Array) -> Array:
    """The weighted mean of `values`, shape (n,), per row of `weights`."""
    return np.asarray(weights @ values / weights.sum(axis=1))


def _rmse(rows: Scored, weights: Array) -> Array:
    return np.sqrt(mean((rows.actual - rows.predicted) ** 2, weights))


def _mae(rows: Scored, weights: Array) -> Array:
    return mean(np.abs(rows.actual - rows.predicted), weights)


def _r2(rows: Scored, weights: Array) -> Array:
    centred = rows.actual - rows.actual.mean()
    spread = mean(centred**2, weights) - mean(centred, weights) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(1 - mean((rows.actual - rows.predicted) ** 2, weights) / spread)


def _logloss(rows: Scored, weights: Array) -> Array:
    probability = _probability(rows)
    chosen = probability[np.arange(len(rows.actual)), rows.actual.astype(np.int64)]
    return mean(-np.log(np.clip(chosen, _LEAST_PROBABILITY, 1)), weights)


def _accuracy(rows: Scored, weights: Array) -> Array:
    return 1 - mean(rows.errors, weights)


def _balanced_accuracy(rows: Scored, weights: Array) -> Array:
    recalls = []
    for code in np.unique(rows.actual):
        here = rows.actual == code
        recalls.append(_ratio(weights @ (here & (rows.predicted == code)), weights @ here))
    return np.asarray(np.mean(recalls, axis=0))


def _f1(rows: Scored, weights: Array) -> Array:
    scores = []
    for code in range(rows.classes):
        if rows.classes == 2 and code == 0:
            continue
        is_, said = rows.actual == code, rows.predicted == code
        scores.append(_ratio(2 * (weights @ (is_ & said)), weights @ is_ + weights @ said, empty=0.0))
    return np.asarray(np.mean(scores, axis=0))


def _auc(rows: Scored, weights: Array) -> Array:
    probability = _probability(rows)
    codes = [1] if rows.classes == 2 else range(rows.classes)
    areas = [_area(rows.actual == code, probability[:, code], weights) for code in codes]
    return np.asarray(np.mean(areas, axis=0))


def _area(positive: npt.NDArray[np.bool_], score: Array, weights: Array) -> Array:
    """The weighted share of (positive, negative) pairs in the right order, ties counted half."""
    order = np.argsort(score, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(score[order]) > 0])
    weighed, sign = weights[:, order], positive[order]
    ups = np.add.reduceat(weighed * sign, starts, axis=1)
    downs = np.add.reduceat(weighed * ~sign, starts, axis=1)
    below = np.cumsum(downs, axis=1) - downs
    won = (ups * (below + downs / 2)).sum(axis=1)
    return _ratio(won, ups.sum(axis=1) * downs.sum(axis=1))


def _ratio(part: Array, whole: Array, empty: float = np.nan) -> Array:
    return np.asarray(np.divide(part, whole, out=np.full(len(part), empty), where=whole > 0))


def _probability(rows: Scored) -> Array:
    if rows.probability is None:
        raise KeyError("probability")
    return rows.probability


_MEASURES = {
    "rmse": _rmse,
    "mae": _mae,
    "r2": _r2,
    "logloss": _logloss,
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced_accuracy,
    "f1": _f1,
    "auc": _auc,
}
