"""A supervised problem, ready for an engine: rows, target, hold-out; and what an engine gives back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd

from .features import Features
from .h2o_notes import Absence
from .splitting import Split
from .validation import Folds

Report = Callable[[int, str, float], None]


@dataclass(frozen=True)
class Problem:
    """`target` is float for a regression, or codes of `classes` (sorted labels; two for a binary problem, class 1 is the
    positive one). `metric` is `rmse`, `auc` or `logloss`. `folds` are within the training rows; `left_out` counts those that
    the time was too short for.
    """

    features: Features
    target: np.ndarray
    classes: list[str]
    split: Split
    folds: Folds
    metric: str
    seed: int
    left_out: int = 0

    @property
    def train(self) -> pd.DataFrame:
        return self.features.frame.iloc[self.split.train]

    @property
    def test(self) -> pd.DataFrame:
        return self.features.frame.iloc[self.split.test]

    @property
    def train_target(self) -> np.ndarray:
        return np.asarray(self.target[self.split.train])

    @property
    def test_target(self) -> np.ndarray:
        return np.asarray(self.target[self.split.test])

    @property
    def validated(self) -> np.ndarray:
        """The positions of the rows that the folds judge on, fold after fold."""
        return np.concatenate([self.split.train[test] for _, test in self.folds])

    @property
    def validated_target(self) -> np.ndarray:
        """Their target."""
        return np.asarray(self.target[self.validated])


class Predictor(Protocol):
    """A trained model."""

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        """Values, shape (n,), or class probabilities, shape (n, classes), for rows of features."""
        ...

    def fitted_anew(self, frame: pd.DataFrame, target: np.ndarray) -> "Predictor | None":
        """The same model, learned from other rows; None when it cannot be."""
        ...

    def save(self, folder: Path, name: str) -> list[Path]:
        """Files that hold the model, called `name` where they can be."""
        ...


@dataclass(frozen=True)
class Entry:
    """A model with its score in the folds (never the hold-out), in the problem's metric, and its threshold.

    `unseen` is what it predicts in the folds, in the order of `Problem.validated_target`, where that is known.
    """

    name: str
    engine: str
    predictor: Predictor
    validation: float
    threshold: float = 0.5
    unseen: np.ndarray | None = None


@dataclass(frozen=True)
class Training:
    """What was trained: entries best first by validation. `cut_short` when the time ended it.

    `h2o_absent` says why H2O has no part in it although it was wanted.
    """

    entries: list[Entry] = field(default_factory=list)
    cut_short: bool = False
    h2o_absent: Absence | None = None
