"""Forecasts of parts and of their total made to add up, with as little change as their errors suggest."""

import numpy as np

from .baselines import Array


def reconcile(means: Array, errors: Array, floor: float) -> Array:
    """The forecasts that add up: the minimum-trace projection (MinT) with a shrunk covariance of errors.

    Args: `means` shape (1 + parts, steps), the total first; `errors` of the backtest, shape (1 + parts, n); `floor` 0 when
    nothing may be negative, else -inf.
    Returns: the same shape; the first row is exactly the sum of the others.
    Source: Wickramasuriya, Athanasopoulos & Hyndman (2019). With one constraint, total - parts = 0, the projection is
    y - W c (c'y) / (c'W c).
    """
    constraint = np.concatenate([[1.0], -np.ones(len(means) - 1)])
    spread = shrunk_covariance(errors)
    direction = spread @ constraint
    parts = (means - np.outer(direction, constraint @ means) / (constraint @ direction))[1:]
    parts = np.maximum(parts, floor)
    return np.vstack([parts.sum(axis=0), parts])


def shrunk_covariance(errors: Array) -> Array:
    """Covariance of the errors around 0, its correlations shrunk towards none; shape (k, k) from (k, n).

    Source: Schäfer & Strimmer (2005), the optimal intensity for a diagonal target.
    """
    scale = np.sqrt(np.mean(errors**2, axis=1))
    scale = np.maximum(scale, 1e-6 * max(float(scale.max()), 1e-9))
    standard = errors / scale[:, None]
    count = errors.shape[1]
    correlation = standard @ standard.T / count
    apart = ~np.eye(len(errors), dtype=bool)
    variance = (standard**2 @ (standard**2).T / count - correlation**2) / max(count - 1, 1)
    signal = float((correlation[apart] ** 2).sum())
    intensity = min(1.0, max(0.0, float(variance[apart].sum()) / signal)) if signal > 0 else 1.0
    mixed = np.where(apart, (1 - intensity) * correlation, 1.0)
    return np.asarray(mixed * np.outer(scale, scale), dtype=float)
