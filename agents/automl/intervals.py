"""Prediction intervals from the errors that the backtest saw, and how often they would have held."""

import numpy as np
from scipy import stats
from sklearn.isotonic import IsotonicRegression

from .baselines import Array

LEVELS = (0.80, 0.95)


def widths(errors: Array, steps: int) -> dict[float, Array]:
    """Half the width of the interval per level, shape (steps,) each, never narrowing with the step.

    Args: `errors` of the backtest, shape (folds, tested steps).
    The spread per step is the root mean square error over folds, made monotone; the errors divided by it are pooled, and
    their conformal quantile (with its finite-sample correction) scales the spread. Steps beyond the tested ones grow with
    the square root. Source: Shafer & Vovk (2008) for the quantile.
    """
    spread = _spread(errors)
    tested = len(spread)
    beyond = spread[-1] * np.sqrt(np.arange(tested + 1, steps + 1) / tested)
    full = np.concatenate([spread, beyond])[:steps]
    pooled = np.abs(errors / spread).ravel()
    return {level: _quantile(pooled, level, len(errors)) * full for level in LEVELS}


def coverage(errors: Array) -> dict[float, float]:
    """Share of each fold's errors inside the intervals made from the other folds. Needs two folds or more."""
    if len(errors) < 2:
        return {}
    inside: dict[float, list[float]] = {level: [] for level in LEVELS}
    for i in range(len(errors)):
        half = widths(np.delete(errors, i, axis=0), errors.shape[1])
        for level in LEVELS:
            inside[level].append(float(np.mean(np.abs(errors[i]) <= half[level])))
    return {level: float(np.mean(shares)) for level, shares in inside.items()}


def total_width(errors: Array, steps: int, lead: int = 0) -> float:
    """Half the width of the 95 % interval of the forecast's sum over `steps`, without the first `lead` of them.

    The sums of each fold's errors are taken as a normal sample around 0 (Student's t with one degree of freedom per fold);
    it is at least what independent steps would give.
    """
    folds, tested = errors.shape
    known = errors[:, lead:] if lead < tested == steps else errors
    stretch = (steps - lead) / known.shape[1] * max(1.0, float(np.sqrt(steps / tested)))
    from_folds = float(stats.t.ppf(0.975, folds)) * float(np.sqrt(np.mean(known.sum(axis=1) ** 2))) * stretch
    independent = 1.96 * float(np.sqrt(np.mean(known**2) * (steps - lead)))
    return float(max(from_folds, independent))


def _spread(errors: Array) -> Array:
    tested = errors.shape[1]
    square = np.mean(errors**2, axis=0)
    smooth = IsotonicRegression(increasing=True).fit_transform(np.arange(tested), square)
    floor = max(1e-9, 1e-3 * float(np.sqrt(square.mean())))
    return np.asarray(np.maximum(np.sqrt(np.asarray(smooth, dtype=float)), floor), dtype=float)


def _quantile(pooled: Array, level: float, folds: int) -> float:
    count = len(pooled)
    rank = int(np.ceil((count + 1) * level))
    if rank <= count:
        value = float(np.sort(pooled)[rank - 1]) * _caution(level, folds)
        return value if count >= 30 else max(value, float(stats.norm.ppf((1 + level) / 2)))
    return max(float(pooled.max()), float(stats.t.ppf((1 + level) / 2, max(folds, 2))))


def _caution(level: float, folds: int) -> float:
    if folds < 2 or (folds + 1) * level <= folds:
        return 1.0
    chance = (1 + level) / 2
    return float(stats.t.ppf(chance, folds) / stats.norm.ppf(chance))
