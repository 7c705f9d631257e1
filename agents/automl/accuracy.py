"""Forecast errors in the usual measures."""

import numpy as np

from .baselines import Array


def naive_scale(history: Array, season: int) -> float:
    """Mean absolute seasonal-naive error within the history: the denominator of MASE.

    Falls back to the one-step naive error, then to 1, when it is 0. Source: Hyndman & Koehler (2006).
    """
    for lag in (season, 1):
        if len(history) > lag:
            scale = float(np.mean(np.abs(history[lag:] - history[:-lag])))
            if scale > 0:
                return scale
    return 1.0


def forecast_errors(actual: Array, predicted: Array, scale: float) -> dict[str, float]:
    """MASE, RMSE, MAE, the weighted absolute percentage error and the bias (mean of predicted - actual).

    Args: arrays of one shape, (folds, steps); `scale` from `naive_scale`. WAPE is absent when the actuals sum to 0.
    """
    error = predicted - actual
    mae = float(np.mean(np.abs(error)))
    measures = {
        "mase": mae / scale,
        "rmse": float(np.sqrt(np.mean(error**2))),
        "mae": mae,
        "bias": float(np.mean(error)),
    }
    size = float(np.sum(np.abs(actual)))
    if size > 0:
        measures["wape"] = float(np.sum(np.abs(error))) / size
    return measures
