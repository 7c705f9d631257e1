"""Shapley values: how much each column moves one row's prediction away from the average one."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mesh.scoring.scorer import Predict

_LEAST_BACKGROUND, _MOST_BACKGROUND = 4, 100


@dataclass(frozen=True)
class Shapley:
    """`values`, shape (rows, features), sum per row to `predicted - base`, in the unit of `output` (value or probability)."""

    values: np.ndarray
    base: float
    predicted: np.ndarray


def shapley_values(
    predict: Predict,
    rows: pd.DataFrame,
    background: pd.DataFrame,
    *,
    output: int | None,
    seed: int,
    budget: int,
) -> Shapley:
    """Shapley values of `rows` against the mean prediction over `background` rows.

    For each background row, columns change from its values to the row's in a random order and in the reverse one; a column's
    value is the mean change that it makes. That is exact for a model that adds its columns up, and unbiased for any other.
    Args: `output` the class whose probability is explained, None for a regression; `budget` bounds the rows predicted, and
    with them how many background rows are used (4 to 100).
    Source: Štrumbelj & Kononenko (2014); antithetic orders, Mitchell et al. (2022).
    """
    width = len(rows.columns)
    size = min(_MOST_BACKGROUND, budget // max(1, 2 * len(rows) * (width + 1)))
    random = np.random.default_rng(seed)
    size = min(max(_LEAST_BACKGROUND, size), len(background))
    chosen = random.choice(len(background), size, replace=False)
    others = background.iloc[chosen]
    orders = np.stack([random.permutation(width) for _ in range(len(rows) * len(others))])
    orders = np.concatenate([orders, orders[:, ::-1]])
    of_row = np.tile(np.repeat(np.arange(len(rows)), len(others)), 2)
    of_other = np.tile(np.tile(np.arange(len(others)), len(rows)), 2)
    outputs = _outputs(predict, _chains(rows, others, orders, of_row, of_other), output)
    steps = outputs.reshape(len(orders), width + 1)
    changes = np.zeros((len(orders), width))
    np.put_along_axis(changes, orders, np.diff(steps, axis=1), axis=1)
    values = np.stack([changes[of_row == row].mean(axis=0) for row in range(len(rows))])
    ends = np.array([steps[of_row == row, -1].mean() for row in range(len(rows))])
    return Shapley(values, float(ends[0] - values[0].sum()), ends)


def _chains(
    rows: pd.DataFrame, others: pd.DataFrame, orders: np.ndarray, of_row: np.ndarray, of_other: np.ndarray
) -> pd.DataFrame:
    """For each order the background row, then the same with one more column of the row's own at every step."""
    width = orders.shape[1]
    place = np.argsort(orders, axis=1)
    made = {}
    for number, name in enumerate(rows.columns):
        changed = np.arange(width + 1)[None, :] > place[:, number, None]
        own, other = rows[name].to_numpy()[of_row], others[name].to_numpy()[of_other]
        made[name] = np.where(changed, own[:, None], other[:, None]).ravel()
    return pd.DataFrame(made).astype({name: rows[name].dtype for name in rows.columns})


def _outputs(predict: Predict, frame: pd.DataFrame, output: int | None) -> np.ndarray:
    predicted = predict(frame)
    return np.asarray(predicted if output is None else predicted[:, output], dtype=float)
