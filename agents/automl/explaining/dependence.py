"""Partial dependence and individual curves: how predictions change with one column, all else as it is."""

from typing import Any

import numpy as np
import pandas as pd

from mesh.scoring.scorer import Predict

from .holdout import HoldOut

POINTS = 20
LEVELS = 8
ROWS = 200
CURVES = 30
_EDGE = 0.02


def dependences(
    holdout: HoldOut, predict: Predict, names: list[str], *, output: int | None, seed: int
) -> list[dict[str, Any]]:
    """A curve for each of the model's columns `names`: `values`, the mean prediction at each, and curves of single rows.

    Numbers are tried at up to 20 quantiles between 2 % and 98 %, categories at their 8 most frequent levels. `low` and `high`
    hold the middle 80 % of single rows. Args: `output` the class whose probability is shown, None for a regression.
    Source: Friedman (2001); individual curves, Goldstein et al. (2015).
    """
    rows = holdout.take(ROWS, seed).frame
    found = []
    for name in names:
        grid = _grid(holdout.frame[name])
        if len(grid) < 2:
            continue
        copies = pd.concat([rows.assign(**{name: value}) for value in grid], ignore_index=True)
        predicted = predict(copies.astype({name: rows[name].dtype}))
        lines = (predicted if output is None else predicted[:, output]).reshape(len(grid), len(rows)).T
        found.append(
            {
                "feature": name,
                "numeric": bool(pd.api.types.is_numeric_dtype(rows[name])),
                "values": grid,
                "mean": lines.mean(axis=0).tolist(),
                "low": np.quantile(lines, 0.1, axis=0).tolist(),
                "high": np.quantile(lines, 0.9, axis=0).tolist(),
                "curves": lines[:CURVES].tolist(),
                "rows": len(rows),
            }
        )
    return found


def _grid(values: pd.Series) -> list[Any]:
    if not pd.api.types.is_numeric_dtype(values):
        counts = values.value_counts().sort_index().sort_values(ascending=False, kind="stable")
        return [str(level) for level in counts.index[:LEVELS]]
    known = values.dropna()
    if known.nunique() <= POINTS:
        return [float(value) for value in np.sort(known.unique())]
    return [float(value) for value in np.unique(known.quantile(np.linspace(_EDGE, 1 - _EDGE, POINTS)))]
