"""Exponential smoothing over a grid of parameters at once, its forms averaged by their evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import inf

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .baselines import Array
from .clock import check
from .harmonic import longer_component

MAX_SEASON = 60
_ALPHA = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.85, 0.999)
_BETA = (0.02, 0.05, 0.15, 0.4)
_PHI = (0.8, 0.9, 0.95, 0.98, 1.0)
_GAMMA = (0.01, 0.1, 0.3)
_AVERAGED = 1e-4
_SHOWN = ("alpha", "beta", "phi", "gamma", "sloped", "seasonal")


@dataclass(frozen=True)
class Grid:
    """One column per combination, shape (k,) each: smoothing of level, slope and season, damping, parameters to count."""

    alpha: Array
    beta: Array
    phi: Array
    gamma: Array
    sloped: NDArray[np.bool_]
    seasonal: NDArray[np.bool_]
    counted: Array


@dataclass
class States:
    """Level (k,), slope (k,) and season (m, k), of which row `now` is the next period's; squared errors so far (k,)."""

    level: Array
    slope: Array
    season: Array
    squares: Array
    now: int = 0


class Ets:
    """Level, slope (none, damped, straight) and season (none, additive, multiplicative), in error correction form.

    All combinations of a grid of smoothing parameters run side by side, so that the cost is known beforehand: one pass over
    the history for all backtest origins together. Every combination's forecast counts by its Akaike weight at the origin.
    With `longer`, a longer season is taken out first with harmonics and added again.
    Source: Hyndman & Athanasopoulos, Forecasting: Principles and Practice (3rd ed.), ch. 8; Kolassa (2011) for the weights.
    """

    name, engine, baseline = "ets", "numpy", False

    def __init__(self, season: int, longer: float | None, *, deadline: float = inf) -> None:
        self.season = season if 1 < season <= MAX_SEASON else 1
        self.longer = longer if longer is not None and round(longer) > self.season else None
        self.deadline = deadline
        self.fitted: pd.DataFrame | None = None

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        """`steps` values after the last of `values`."""
        return self.forecast_all(values, [len(values)], steps)[0]

    def forecast_all(self, values: pd.Series, lengths: Sequence[int], steps: int) -> list[Array]:
        """`forecast` from each of the first `lengths` values, in one pass where no longer season is taken out.

        Raises: TimeoutError when several passes take beyond `deadline` (monotonic seconds).
        """
        if self.longer is None:
            return self._smooth(values.to_numpy(dtype=float), lengths, steps)
        made: list[Array] = []
        for length in lengths:
            if made:
                check(self.deadline)
            past, future = longer_component(values.iloc[:length], steps, self.season, self.longer)
            rest = values.to_numpy(dtype=float)[:length] - past
            made.append(self._smooth(rest, [length], steps)[0] + future)
        return made

    def _smooth(self, y: Array, lengths: Sequence[int], steps: int) -> list[Array]:
        season = self.season if min(lengths) >= 2 * self.season else 1
        kinds = [False, True] if season > 1 and bool((y > 0).all()) else [False]
        runs = [_pass(y, lengths, steps, season, multiplicative=kind) for kind in kinds]
        grids = [parameter_grid(season, multiplicative=kind) for kind in kinds]
        made = []
        for i in range(len(lengths)):
            criterion = np.concatenate([run[i][0] for run in runs])
            futures = np.concatenate([run[i][1] for run in runs], axis=1)
            weight = np.exp(-0.5 * (criterion - criterion.min()))
            weight[weight < _AVERAGED] = 0.0
            weight /= weight.sum()
            made.append(np.asarray(futures @ weight, dtype=float))
        used = weight > 0
        columns = {name: np.concatenate([getattr(g, name) for g in grids])[used] for name in _SHOWN}
        forms = np.repeat(kinds, [len(g.alpha) for g in grids])[used]
        self.fitted = pd.DataFrame({**columns, "multiplicative": forms, "weight": weight[used]})
        return made


def parameter_grid(season: int, *, multiplicative: bool) -> Grid:
    """Every combination; with a multiplicative season only the seasonal ones, so that none is there twice."""
    slopes = [(0.0, 0.0), *product(_BETA, _PHI)]
    rows = []
    for alpha, (beta, phi) in product(_ALPHA, slopes):
        sloped = 2.0 + (phi < 1) if phi > 0 else 0.0
        if not multiplicative:
            rows.append((alpha, beta, phi, 0.0, phi > 0, False, 3 + sloped))
        if season > 1:
            rows += [(alpha, beta, phi, gamma, phi > 0, True, 3 + sloped + season) for gamma in _GAMMA]
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return Grid(*columns)


def _pass(
    y: Array, lengths: Sequence[int], steps: int, season: int, *, multiplicative: bool
) -> list[tuple[Array, Array]]:
    """AICc (k,) and forecasts (steps, k) at each of `lengths`, which ascend."""
    grid = parameter_grid(season, multiplicative=multiplicative)
    start = min(lengths)
    warm = min(season if season > 1 else 1, start // 3)
    state = first_states(y[:start], season, grid, multiplicative=multiplicative)
    made, at = [], 0
    for length in lengths:
        advance(state, y[at:length], grid, multiplicative=multiplicative, skip=max(0, warm - at))
        at = length
        count = length - warm
        made.append(
            (
                _aicc(state.squares, count, grid.counted),
                ahead(state, steps, grid, multiplicative=multiplicative),
            )
        )
    return made


def first_states(y: Array, season: int, grid: Grid, *, multiplicative: bool) -> States:
    """States before the first value, from the first seasons (of a history without season: its first values) alone."""
    size = len(grid.alpha)
    if season == 1:
        few = y[: max(2, min(6, len(y) // 2))]
        slope = (few[-1] - few[0]) / (len(few) - 1)
        level = few.mean() - slope * (len(few) + 1) / 2
        flat = y[0]
        shape = np.zeros((1, size))
    else:
        cycles = min(3, len(y) // season)
        first = y[: cycles * season].reshape(cycles, season)
        slope = (first[-1].mean() - first[0].mean()) / (season * (cycles - 1))
        flat = first.mean()
        line = flat + slope * (np.arange(cycles * season) - (cycles * season - 1) / 2).reshape(first.shape)
        level = line[0, 0] - slope
        if multiplicative:
            profile = (first / np.where(line > 0, line, flat)).mean(axis=0)
            profile /= profile.mean()
        else:
            profile = (first - line).mean(axis=0)
        none = 1.0 if multiplicative else 0.0
        shape = np.where(grid.seasonal, profile[:, None], none)
    return States(
        level=np.where(grid.sloped, level, flat),
        slope=np.where(grid.sloped, slope, 0.0),
        season=shape,
        squares=np.zeros(size),
    )


def advance(state: States, y: Array, grid: Grid, *, multiplicative: bool, skip: int = 0) -> None:
    """Take in the values `y` one after another; the errors of the first `skip` are not counted."""
    for i, value in enumerate(y):
        base = state.level + grid.phi * state.slope
        season = state.season[state.now]
        error = value - (base * season if multiplicative else base + season)
        if i >= skip:
            state.squares += error * error
        change = grid.alpha * (error / season if multiplicative else error)
        state.level = base + change
        state.slope = grid.phi * state.slope + grid.beta * change
        rest = value / state.level if multiplicative else value - state.level
        state.season[state.now] = season + grid.gamma * (rest - season)
        state.now = (state.now + 1) % len(state.season)


def ahead(state: States, steps: int, grid: Grid, *, multiplicative: bool) -> Array:
    """Forecasts, shape (steps, k)."""
    damping = np.cumsum(grid.phi ** np.arange(1, steps + 1)[:, None], axis=0)
    base = state.level + damping * state.slope
    season = state.season[(state.now + np.arange(steps)) % len(state.season)]
    return np.asarray(base * season if multiplicative else base + season, dtype=float)


def _aicc(squares: Array, count: int, parameters: Array) -> Array:
    spread = np.maximum(squares, 1e-12 * max(float(squares.min()), 1e-12))
    room = np.maximum(count - parameters - 1, 0.5)
    return np.asarray(
        count * np.log(spread / count) + 2 * parameters + 2 * parameters * (parameters + 1) / room
    )
