"""Prediction intervals from the errors that the backtest saw, and how often they would have held."""

import numpy as np
from scipy import stats
from sklearn.isotonic import IsotonicRegression

from .baselines import Array

LEVELS = (0.80, 0.95)
_LEARNING_RATE = 0.6
_LEAST_FREEDOM = 1.5


def widths(errors: Array, steps: int, overlap: float = 1.0) -> dict[float, Array]:
    """Half the width of the interval per level, shape (steps,) each, never narrowing with the step.

    Args: `errors` of the backtest, shape (folds, tested steps), oldest fold first; `overlap` how many folds share a period.
    The spread per step is the root mean square error over folds, made monotone; the errors divided by it are pooled, and
    their conformal quantile (with its finite-sample correction) scales the spread. Steps beyond the tested ones grow with
    the square root. What the folds, one after another, fell short of the level widens it (`_track`).
    Source: Shafer & Vovk (2008) for the quantile.
    """
    base = _widths(errors, steps, overlap)
    factors, _ = _track(errors, overlap)
    return {level: base[level] * max(1.0, factors[level]) for level in LEVELS}


def coverage(errors: Array, overlap: float = 1.0) -> dict[float, float]:
    """Share of each fold's errors inside the intervals made from the folds before it. Needs two folds or more."""
    if len(errors) < 2:
        return {}
    return _track(errors, overlap)[1]


def _track(errors: Array, overlap: float) -> tuple[dict[float, float], dict[float, float]]:
    """By level: the factor for the next interval, and the share that was inside so far.

    Each fold meets the interval of the folds before it. A fold that falls out more often than the level allows widens what
    comes next, one that falls out less often narrows it, so that the level holds in the long run also after a shift.
    Source: Gibbs & Candès (2021), with the logarithm of the width in place of the level, as in Angelopoulos et al. (2023).
    """
    factors = dict.fromkeys(LEVELS, 1.0)
    shares: dict[float, list[float]] = {level: [] for level in LEVELS}
    for fold in range(1, len(errors)):
        half = _widths(errors[:fold], errors.shape[1], overlap)
        for level in LEVELS:
            held = float(np.mean(np.abs(errors[fold]) <= factors[level] * half[level]))
            shares[level].append(held)
            factors[level] *= float(np.exp(_LEARNING_RATE * (level - held)))
    return factors, {level: float(np.mean(held)) for level, held in shares.items() if held}


def _widths(errors: Array, steps: int, overlap: float) -> dict[float, Array]:
    spread = _spread(errors)
    tested = len(spread)
    beyond = spread[-1] * np.sqrt(np.arange(tested + 1, steps + 1) / tested)
    full = np.concatenate([spread, beyond])[:steps]
    pooled = np.abs(errors / spread).ravel()
    return {level: _quantile(pooled, level, max(1.0, len(errors) / overlap)) * full for level in LEVELS}


def total_width(errors: Array, steps: int, lead: int = 0, overlap: float = 1.0) -> float:
    """Half the width of the 95 % interval of the forecast's sum over `steps`, without the first `lead` of them.

    The sums of each fold's errors are taken as a normal sample around 0 (Student's t with one degree of freedom per
    independent fold); it is at least what independent steps would give.
    """
    folds, tested = errors.shape
    known = errors[:, lead:] if lead < tested == steps else errors
    stretch = (steps - lead) / known.shape[1] * max(1.0, float(np.sqrt(steps / tested)))
    quantile = float(stats.t.ppf(0.975, max(_LEAST_FREEDOM, folds / overlap)))
    from_folds = quantile * float(np.sqrt(np.mean(known.sum(axis=1) ** 2))) * stretch
    independent = 1.96 * float(np.sqrt(np.mean(known**2) * (steps - lead)))
    return float(max(from_folds, independent))


def _spread(errors: Array) -> Array:
    tested = errors.shape[1]
    square = np.mean(errors**2, axis=0)
    smooth = IsotonicRegression(increasing=True).fit_transform(np.arange(tested), square)
    floor = max(1e-9, 1e-3 * float(np.sqrt(square.mean())))
    return np.asarray(np.maximum(np.sqrt(np.asarray(smooth, dtype=float)), floor), dtype=float)


def _quantile(pooled: Array, level: float, folds: float) -> float:
    count = len(pooled)
    rank = int(np.ceil((count + 1) * level))
    if rank <= count:
        value = float(np.sort(pooled)[rank - 1]) * _caution(level, folds)
        return value if count >= 30 else max(value, float(stats.norm.ppf((1 + level) / 2)))
    return max(float(pooled.max()), float(stats.t.ppf((1 + level) / 2, max(folds, 2))))


def _caution(level: float, folds: float) -> float:
    """How much wider Student's t is than the normal, where there are fewer independent folds than the level needs."""
    if (folds + 1) * level <= folds:
        return 1.0
    chance = (1 + level) / 2
    return float(stats.t.ppf(chance, max(folds, _LEAST_FREEDOM)) / stats.norm.ppf(chance))
