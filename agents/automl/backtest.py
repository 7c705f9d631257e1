"""Rolling-origin evaluation: every candidate forecasts the same past horizons from the same origins."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd

from mesh.errors import BadInputError

from .accuracy import forecast_errors, naive_scale
from .baselines import Array

MAX_FOLDS = 8


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
    """Where the folds start: `lengths` of the history known at each, oldest first; each tests the next `steps`.

    `metric` ranks: `mase`, or `rmse` for demand that is often zero, where the smallest absolute error is that of a zero.
    """

    lengths: tuple[int, ...]
    steps: int
    scale: float
    actual: Array
    metric: Literal["mase", "rmse"] = "mase"

    @property
    def overlap(self) -> float:
        """How many folds test the same period, at least 1."""
        stride = np.diff(self.lengths).min() if len(self.lengths) > 1 else self.steps
        return max(1.0, float(self.steps / stride))

    def fold_errors(self, predicted: Array) -> Array:
        """The error of each fold in the ranking metric, before scaling; shape (folds,)."""
        error = predicted - self.actual
        if self.metric == "mase":
            return np.asarray(np.abs(error).mean(axis=1), dtype=float)
        return np.asarray(np.sqrt((error**2).mean(axis=1)), dtype=float)


@dataclass(frozen=True)
class Score:
    """One candidate's forecasts, shape (folds, steps), and their errors over all folds."""

    name: str
    engine: str
    baseline: bool
    predicted: Array
    errors: dict[str, float]
    rank_error: float
    seconds: float = 0.0

    @property
    def mase(self) -> float:
        return self.errors["mase"]


def plan_origins(
    values: pd.Series, steps: int, season: int, longer: float | None, *, intermittent: bool = False
) -> Origins:
    """At most `MAX_FOLDS` origins that leave two seasons (of a longer one that is modelled 1.5) and a third of the history.

    Folds do not overlap when the history is long enough; otherwise they start closer together, and a horizon that is too
    long for any fold is shortened for the backtest alone.
    Raises: BadInputError when fewer than 8 values are known.
    """
    length = len(values)
    if length < 8:
        raise BadInputError(f"The series has {length} periods; a forecast with a backtest needs at least 8.")
    least = max(5, 2 * season if season > 1 else 5)
    if longer is not None:
        least = max(least, min(round(1.5 * longer), length - 2 * steps))
    least = min(max(least, (length - steps) // 3), length - 3)
    tested = min(steps, max(1, (length - least) // 3))
    room = length - least - tested
    stride = max(1, min(tested, room // 4))
    folds = min(MAX_FOLDS, room // stride + 1)
    lengths = tuple(length - tested - stride * i for i in reversed(range(folds)))
    y = values.to_numpy(dtype=float)
    actual = np.stack([y[n : n + tested] for n in lengths])
    return Origins(
        lengths, tested, naive_scale(y[: lengths[0]], season), actual, "rmse" if intermittent else "mase"
    )


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
    return Score(name, engine, baseline, predicted, errors, errors[origins.metric], seconds)


def describe(origins: Origins) -> dict[str, Any]:
    """The set-up as plain JSON."""
    return {"method": "rolling origin", "folds": len(origins.lengths), "horizon": origins.steps}
