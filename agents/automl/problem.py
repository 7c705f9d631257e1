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

Report = Callable[[int, str, float], None]


@dataclass(frozen=True)
class Problem:
    """`target` is float for a regression, or codes of `classes` (sorted labels; two for a binary problem, class 1 is the
    positive one). `metric` is `rmse`, `auc` or `logloss`.
    """

    features: Features
    target: np.ndarray
    classes: list[str]
    split: Split
    metric: str
    seed: int

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


class Predictor(Protocol):
    """A trained model."""

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        """Values, shape (n,), or class probabilities, shape (n, classes), for rows of features."""
        ...

    def save(self, folder: Path) -> list[Path]:
        """Files that hold the model."""
        ...


@dataclass(frozen=True)
class Entry:
    """A model with its score on the validation rows (never the hold-out), in the problem's metric, and its threshold."""

    name: str
    predictor: Predictor
    validation: float
    threshold: float = 0.5


@dataclass(frozen=True)
class Training:
    """What an engine did: entries best first by validation. `cut_short` when the time ended it.

    `h2o_absent` says why H2O has no part in it although it was wanted.
    """

    engine: str
    entries: list[Entry] = field(default_factory=list)
    cut_short: bool = False
    h2o_absent: Absence | None = None
