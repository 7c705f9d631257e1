"""A weighted mean of models, chosen on predictions for rows that none of them was fitted on."""

from collections.abc import Callable

import numpy as np

ROUNDS = 12


def blend_weights(predicted: list[np.ndarray], loss: Callable[[np.ndarray], float]) -> list[int]:
    """How often each model is in the blend: starting from none, the model is added that lowers the loss of the mean most.

    Args: `predicted` values or class probabilities of the same rows, best model first; `loss` lower is better.
    Returns: weights that sum to the size with the lowest loss, at most `ROUNDS`.
    Source: Caruana et al. (2004), Ensemble selection from libraries of models.
    """
    total = np.zeros_like(predicted[0])
    chosen: list[int] = []
    losses: list[float] = []
    for size in range(1, ROUNDS + 1):
        tried = [loss((total + one) / size) for one in predicted]
        best = int(np.argmin(tried))
        total = total + predicted[best]
        chosen.append(best)
        losses.append(tried[best])
    kept = chosen[: int(np.argmin(losses)) + 1]
    return [kept.count(number) for number in range(len(predicted))]
