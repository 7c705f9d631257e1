"""How sure it is that one forecaster is better than another, from the folds of a backtest."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from .backtest import Origins, Score

MIN_GAIN = 0.03
SIGNIFICANCE = 0.05


@dataclass(frozen=True)
class Advantage:
    """`share` of the other's error that is saved, how many standard errors that is, and the one-sided p value."""

    share: float
    errors_apart: float
    p_value: float

    @property
    def likely(self) -> bool:
        """At least 3 % and one standard error: worth leaving the simpler method for (the one-standard-error rule)."""
        return self.share >= MIN_GAIN and self.errors_apart > 1

    @property
    def clear(self) -> bool:
        """At least 3 % and more than luck at 5 %: worth saying so."""
        return self.share >= MIN_GAIN and self.p_value < SIGNIFICANCE


def advantage(model: Score, other: Score, origins: Origins) -> Advantage:
    """What the model saves of the other's error, fold by fold.

    A paired t test over folds (in the spirit of Diebold & Mariano, 1995). Folds that overlap share periods, so the standard
    error is that of as many folds as fit side by side. A single fold tells nothing.
    """
    theirs = origins.fold_errors(other.predicted)
    gain = theirs - origins.fold_errors(model.predicted)
    share = float(gain.mean() / theirs.mean()) if theirs.mean() > 0 else 0.0
    folds = len(gain)
    if folds < 2:
        return Advantage(share, 0.0, 1.0)
    error = float(gain.std(ddof=1) * np.sqrt(origins.overlap / folds))
    if error == 0:
        return Advantage(share, np.inf if share > 0 else 0.0, 0.0 if share > 0 and folds > 2 else 1.0)
    apart = float(gain.mean()) / error
    p_value = float(stats.t.sf(apart, folds - 1)) if folds > 2 else 1.0
    return Advantage(share, apart, p_value)


def error_interval(one: Score, origins: Origins) -> tuple[float, float] | None:
    """The 95 % interval of the ranking error over folds (Student's t, overlapping folds as above); None for one fold."""
    errors = origins.fold_errors(one.predicted) / (origins.scale if origins.metric == "mase" else 1.0)
    folds = len(errors)
    if folds < 2:
        return None
    half = float(stats.t.ppf(0.975, folds - 1) * errors.std(ddof=1) * np.sqrt(origins.overlap / folds))
    return max(0.0, float(errors.mean()) - half), float(errors.mean()) + half
