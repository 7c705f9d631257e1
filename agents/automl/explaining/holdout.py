"""The rows that a model is explained on: held out from its training, with what is true and what it predicts."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mesh.scoring.scorer import decide

_LEAST_PROBABILITY = 1e-6


@dataclass(frozen=True)
class HoldOut:
    """`frame` is the model's input; `sources` names the table's column behind each of its columns.

    `actual` are values, or codes of `classes`; `predicted` are values, shape (n,), or probabilities, shape (n, classes).
    """

    frame: pd.DataFrame
    sources: dict[str, str]
    actual: np.ndarray
    predicted: np.ndarray
    classes: tuple[str, ...]
    threshold: float

    @property
    def decided(self) -> np.ndarray:
        """The class code of each row."""
        return decide(self.predicted, self.threshold)

    @property
    def wrong(self) -> np.ndarray:
        """The error of each row as people count it: the absolute error, or 1 for a wrong class and 0 for the right one."""
        if self.classes:
            return np.asarray(self.decided != self.actual, dtype=float)
        return np.asarray(np.abs(self.actual - self.predicted), dtype=float)

    @property
    def groups(self) -> dict[str, list[str]]:
        """The model's columns by the table's column they are made of, in order."""
        found: dict[str, list[str]] = {}
        for name in self.frame.columns:
            found.setdefault(self.sources[name], []).append(name)
        return found

    def take(self, count: int, seed: int) -> "HoldOut":
        """At most `count` of the rows, drawn without replacement, in their order."""
        if len(self.actual) <= count:
            return self
        chosen = np.sort(np.random.default_rng(seed).choice(len(self.actual), count, replace=False))
        return HoldOut(
            self.frame.iloc[chosen].reset_index(drop=True),
            self.sources,
            self.actual[chosen],
            self.predicted[chosen],
            self.classes,
            self.threshold,
        )


def losses(actual: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """The loss of each row: the absolute error, or the log loss of the true class (probabilities below 1e-6 count as that)."""
    if predicted.ndim == 1:
        return np.asarray(np.abs(actual - predicted), dtype=float)
    chosen = predicted[np.arange(len(actual)), actual.astype(int)]
    return np.asarray(-np.log(np.clip(chosen, _LEAST_PROBABILITY, 1)), dtype=float)
