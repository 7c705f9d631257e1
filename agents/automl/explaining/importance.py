"""Permutation importance: how much the loss on held-out rows grows when one of the table's columns is shuffled."""

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mesh.scoring.scorer import Predict
from mesh.tabular.drift import holm

from .holdout import HoldOut, losses

LEVEL = 0.95
SIGNIFICANCE = 0.05
REPEATS = 10
_LEAST_REPEATS, _LEAST_ROWS, _MOST_ROWS = 3, 100, 1000


def importances(holdout: HoldOut, predict: Predict, *, seed: int, budget: int) -> dict[str, Any]:
    """The table's columns by how much the mean loss grows without them, the most important first.

    The parts of a date are shuffled together. `increase` is the mean over rows and repeats, `low` and `high` its 95 % interval
    over the rows (t distribution), `clear` says that it is above 0 at 5 % after Holm's correction, `share` its part of the
    summed increases. Args: `budget` bounds how many rows are predicted in all.
    Source: Breiman (2001); repeated, Fisher, Rudin & Dominici (2019).
    """
    groups = holdout.groups
    repeats = max(_LEAST_REPEATS, min(REPEATS, budget // (len(groups) * _LEAST_ROWS)))
    rows = holdout.take(max(_LEAST_ROWS, min(_MOST_ROWS, budget // (len(groups) * repeats))), seed)
    random = np.random.default_rng(seed)
    whole = losses(rows.actual, rows.predicted)
    found = []
    for source, names in groups.items():
        copies = [_shuffled(rows.frame, names, random) for _ in range(repeats)]
        predicted = np.split(predict(pd.concat(copies, ignore_index=True)), repeats)
        growth = np.mean([losses(rows.actual, part) - whole for part in predicted], axis=0)
        found.append({"feature": source, **_growth(growth)})
    corrected = holm([row.pop("p") for row in found])
    total = sum(max(0.0, row["increase"]) for row in found) or 1.0
    for row, p in zip(found, corrected, strict=True):
        row |= {"share": max(0.0, row["increase"]) / total, "clear": p < SIGNIFICANCE}
    found.sort(key=lambda row: (-row["increase"], row["feature"]))
    return {"loss": float(whole.mean()), "rows": len(whole), "repeats": repeats, "features": found}


def _shuffled(frame: pd.DataFrame, names: list[str], random: np.random.Generator) -> pd.DataFrame:
    order = random.permutation(len(frame))
    return frame.assign(**{name: frame[name].to_numpy()[order] for name in names})


def _growth(growth: np.ndarray) -> dict[str, Any]:
    mean, spread = float(growth.mean()), float(growth.std(ddof=1) / np.sqrt(len(growth)))
    if spread == 0:
        return {"increase": mean, "low": mean, "high": mean, "p": 0.0 if mean > 0 else 1.0}
    half = float(stats.t.ppf(0.5 + LEVEL / 2, len(growth) - 1)) * spread
    p = float(stats.t.sf(mean / spread, len(growth) - 1))
    return {"increase": mean, "low": mean - half, "high": mean + half, "p": p}
