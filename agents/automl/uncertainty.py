"""How far a score on the hold-out could be chance: the same scores on hold-outs drawn again from its rows."""

from dataclasses import dataclass

import numpy as np

from .scores import LOWER_IS_BETTER, row_losses

MAX_DRAWS = 400
MIN_DRAWS = 100
_CELLS = 2_000_000
LEVEL = 0.95


@dataclass(frozen=True)
class Redraws:
    """`weights`, shape (draws, rows): how often each hold-out row is in each draw; what belongs together is drawn together."""

    weights: np.ndarray

    def scores(self, metric: str, actual: np.ndarray, predicted: np.ndarray) -> np.ndarray:
        """The metric (`rmse`, `auc` or `logloss`) of each draw, shape (draws,); NaN where a draw lacks a class."""
        if metric == "auc":
            return weighted_auc(actual, predicted[:, 1], self.weights)
        means = self.weights @ row_losses(actual, predicted) / self.weights.sum(axis=1)
        return np.sqrt(means) if metric == "rmse" else np.asarray(means)


def redraws(clusters: np.ndarray, seed: int) -> Redraws:
    """Draws with replacement of whole clusters: rows of one entity, or of one date, are not independent of each other.

    Args: `clusters` the cluster of each hold-out row, any integers. Source: Efron & Tibshirani (1993), chapter 8.
    """
    codes = np.unique(clusters, return_inverse=True)[1]
    count = int(codes.max()) + 1
    random = np.random.default_rng(seed)
    draws = min(MAX_DRAWS, max(MIN_DRAWS, _CELLS // len(codes)))
    times = np.stack([np.bincount(random.integers(0, count, count), minlength=count) for _ in range(draws)])
    return Redraws(times[:, codes].astype(np.float32))


def interval(draws: np.ndarray) -> tuple[float, float] | None:
    """The middle 95 % of the draws' scores (percentile bootstrap); None when fewer than half of the draws have one."""
    known = draws[np.isfinite(draws)]
    if len(known) < len(draws) / 2:
        return None
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def surely_better(metric: str, model: np.ndarray, other: np.ndarray) -> bool:
    """Whether the model's score is the better one in at least 97.5 % of the draws, compared draw by draw."""
    gain = other - model if metric in LOWER_IS_BETTER else model - other
    bounds = interval(gain)
    return bounds is not None and bounds[0] > 0


def weighted_auc(actual: np.ndarray, score: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The area under the ROC curve for each row of `weights`, shape (draws,): ties count half, NaN without both classes."""
    order = np.argsort(score, kind="stable")
    starts = np.flatnonzero(np.diff(score[order], prepend=-np.inf))
    positive = np.add.reduceat(weights[:, order] * (actual[order] == 1), starts, axis=1, dtype=float)
    negative = np.add.reduceat(weights[:, order] * (actual[order] != 1), starts, axis=1, dtype=float)
    below = np.cumsum(negative, axis=1) - negative / 2
    pairs = positive.sum(axis=1) * negative.sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray((positive * below).sum(axis=1) / pairs)
