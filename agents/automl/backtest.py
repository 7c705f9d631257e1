"""Rolling-origin evaluation: every candidate forecasts the same past horizons from the same origins."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
from scipy import stats

from mesh.errors import BadInputError

from .accuracy import forecast_errors, naive_scale
from .baselines import Array

MAX_FOLDS = 8
MIN_GAIN = 0.03
SIGNIFICANCE = 0.05


class Candidate(Protocol):
    """A way to forecast. It may fix its form on the first history it sees; later ones are longer, never shorter."""

    name: str
    engine: str
    baseline: bool

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        """`steps` values after the last of `values`; ValueError when the history does not allow it."""
        ...


@dataclass(frozen=True)
class Origins:
    """Where the folds start: `lengths` of the history known at each, oldest first; each tests the next `steps`."""

    lengths: tuple[int, ...]
    steps: int
    scale: float
    actual: Array


@dataclass(frozen=True)
class Score:
    """One candidate's forecasts, shape (folds, steps), and their errors over all folds."""

    name: str
    engine: str
    baseline: bool
    predicted: Array
    errors: dict[str, float]
    seconds: float = 0.0

    @property
    def mase(self) -> float:
        return self.errors["mase"]


def plan_origins(values: pd.Series, steps: int, season: int, annual: float | None) -> Origins:
    """At most `MAX_FOLDS` origins that leave two seasons (and, where it is modelled, 1.5 years) of history.

    Folds do not overlap when the history is long enough; otherwise they start closer together, and a horizon that is too
    long for any fold is shortened for the backtest alone.
    Raises: BadInputError when fewer than 8 values are known.
    """
    length = len(values)
    if length < 8:
        raise BadInputError(f"The series has {length} periods; a forecast with a backtest needs at least 8.")
    least = max(5, 2 * season if season > 1 else 5)
    if annual is not None:
        least = max(least, min(round(1.5 * annual), length - 2 * steps))
    least = min(least, length - 3)
    tested = min(steps, max(1, (length - least) // 3))
    room = length - least - tested
    stride = max(1, min(tested, room // 4))
    folds = min(MAX_FOLDS, room // stride + 1)
    lengths = tuple(length - tested - stride * i for i in reversed(range(folds)))
    y = values.to_numpy(dtype=float)
    actual = np.stack([y[n : n + tested] for n in lengths])
    return Origins(lengths, tested, naive_scale(y[: lengths[0]], season), actual)


def evaluate(candidate: Candidate, values: pd.Series, origins: Origins) -> Array:
    """The candidate's forecasts at every origin, shape (folds, steps), each from the values before the origin alone.

    A candidate with a method `forecast_all(values, lengths, steps)` is asked for all origins at once.

    Raises: ValueError when a forecast is not finite or the candidate cannot work with the history.
    """
    at_once = getattr(candidate, "forecast_all", None)
    if at_once is not None:
        rows = at_once(values, origins.lengths, origins.steps)
    else:
        rows = [candidate.forecast(values.iloc[:n], origins.steps) for n in origins.lengths]
    predicted = np.stack(rows)
    if not np.isfinite(predicted).all():
        raise ValueError(f"{candidate.name} gave a forecast that is not a number")
    return predicted


def score(
    name: str, engine: str, predicted: Array, origins: Origins, *, baseline: bool, seconds: float = 0
) -> Score:
    """The errors of forecasts at the planned origins."""
    errors = forecast_errors(origins.actual, predicted, origins.scale)
    return Score(name, engine, baseline, predicted, errors, seconds)


def beats(model: Score, baseline: Score, origins: Origins) -> bool:
    """Whether the model is really better than the baseline, not by luck.

    It must lower the mean absolute error by at least 3 %, be better in more than half of the folds and, with three folds or
    more, pass a one-sided paired t test over folds at 5 % (in the spirit of Diebold & Mariano, 1995).
    """
    model_error = np.abs(model.predicted - origins.actual).mean(axis=1)
    baseline_error = np.abs(baseline.predicted - origins.actual).mean(axis=1)
    gain = baseline_error - model_error
    if model.mase > (1 - MIN_GAIN) * baseline.mase or np.mean(gain > 0) <= 0.5:
        return False
    if len(gain) < 3 or np.ptp(gain) == 0:
        return True
    return bool(stats.ttest_1samp(gain, 0, alternative="greater").pvalue < SIGNIFICANCE)


def describe(origins: Origins) -> dict[str, Any]:
    """The set-up as plain JSON."""
    return {"method": "rolling origin", "folds": len(origins.lengths), "horizon": origins.steps}
