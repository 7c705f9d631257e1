"""Permutation importance: how much the loss grows when one column is shuffled."""

import numpy as np
import pandas as pd

from .problem import Predictor
from .scores import row_losses

ROWS = 300


def permutation_importance(
    predictor: Predictor, frame: pd.DataFrame, actual: np.ndarray, *, seed: int
) -> list[dict[str, float | str]]:
    """Features by importance, as shares of the summed increase of the loss (negative increases count as 0).

    Uses at most `ROWS` rows of the hold-out; all shuffled copies are predicted in one call. Source: Breiman (2001).
    """
    random = np.random.default_rng(seed)
    chosen = np.sort(random.choice(len(frame), min(ROWS, len(frame)), replace=False))
    rows, known = frame.iloc[chosen].reset_index(drop=True), actual[chosen]
    copies = [rows]
    for name in rows.columns:
        order = random.permutation(len(rows))
        copies.append(rows.assign(**{name: rows[name].to_numpy()[order]}))
    predicted = predictor.predict(pd.concat(copies, ignore_index=True))
    parts = np.split(predicted, len(copies))
    whole = float(row_losses(known, parts[0]).mean())
    growth = [max(0.0, float(row_losses(known, part).mean()) - whole) for part in parts[1:]]
    total = sum(growth) or 1.0
    ranked = sorted(zip(rows.columns, growth, strict=True), key=lambda item: (-item[1], item[0]))
    return [{"feature": str(name), "importance": value / total} for name, value in ranked]
