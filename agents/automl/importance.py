"""Permutation importance: how much the loss grows when one column is shuffled."""

import numpy as np
import pandas as pd

from .problem import Predictor
from .scores import row_losses

ROWS, LEAST_ROWS = 300, 30
MAX_PREDICTED = 15_000


def permutation_importance(
    predictor: Predictor, frame: pd.DataFrame, actual: np.ndarray, *, seed: int, rows_in_time: int
) -> list[dict[str, float | str]]:
    """Features by importance, as shares of the summed increase of the loss (negative increases count as 0).

    Uses at most `ROWS` rows of the hold-out, fewer where there are many columns or few can be predicted in the time left
    (`rows_in_time`, of which there are none when that is short); all shuffled copies are predicted in one call.
    Source: Breiman (2001).
    """
    if rows_in_time < LEAST_ROWS * len(frame.columns):
        return []
    random = np.random.default_rng(seed)
    most = min(ROWS, max(LEAST_ROWS, min(MAX_PREDICTED, rows_in_time) // (len(frame.columns) + 1)))
    chosen = np.sort(random.choice(len(frame), min(most, len(frame)), replace=False))
    rows, known = frame.iloc[chosen].reset_index(drop=True), actual[chosen]
    size, copies = len(rows), len(rows.columns) + 1
    columns = {}
    for number, name in enumerate(rows.columns, 1):
        values = np.tile(rows[name].to_numpy(), copies)
        values[number * size : (number + 1) * size] = random.permutation(values[:size])
        columns[name] = values
    parts = np.split(predictor.predict(pd.DataFrame(columns)), copies)
    whole = float(row_losses(known, parts[0]).mean())
    growth = [max(0.0, float(row_losses(known, part).mean()) - whole) for part in parts[1:]]
    total = sum(growth) or 1.0
    ranked = sorted(zip(rows.columns, growth, strict=True), key=lambda item: (-item[1], item[0]))
    return [{"feature": str(name), "importance": value / total} for name, value in ranked]
