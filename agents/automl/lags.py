"""Lag and calendar features for direct forecasts: one row per (origin, step), nothing known after the origin."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .baselines import Array
from .series import future_index

MAX_ROWS = 12_000
TOO_SHORT = "the history is too short for lag features"
Positions = NDArray[np.int64]


def training_rows(
    values: pd.Series, steps: int, season: int, longer: float | None, *, seed: int, since: int = 0
) -> tuple[pd.DataFrame, Array, Array]:
    """Features, targets relative to the level at the origin, and those levels, from every origin of the history.

    At most `MAX_ROWS` rows, drawn with `seed`; none from an origin before position `since`. Shapes (n, k), (n,), (n,).
    Raises: ValueError when the history is too short for eight origins.
    """
    first = max(_first_origin(season, longer), since)
    length = len(values)
    origins = np.arange(first, length - 1)
    if len(origins) < 8:
        raise ValueError(TOO_SHORT)
    reach = np.minimum(steps, length - 1 - origins)
    starts = np.repeat(np.cumsum(reach) - reach, reach)
    pairs = np.column_stack([np.repeat(origins, reach), np.arange(reach.sum()) - starts + 1])
    if len(pairs) > MAX_ROWS:
        pairs = pairs[np.sort(np.random.default_rng(seed).choice(len(pairs), MAX_ROWS, replace=False))]
    y = values.to_numpy(dtype=float)
    features, level = _features(y, pd.DatetimeIndex(values.index), pairs[:, 0], pairs[:, 1], season, longer)
    return features, y[pairs[:, 0] + pairs[:, 1]] - level, level


def validation_start(length: int, season: int, longer: float | None, share: float) -> int:
    """Position of the first origin to validate on: the last `share` of the usable origins come after it.

    Rows for training end with targets before that position, so that no period is both learnt and validated on.
    """
    first = _first_origin(season, longer)
    return first + round((length - first) * (1 - share))


def future_rows(
    values: pd.Series, steps: int, season: int, longer: float | None
) -> tuple[pd.DataFrame, Array]:
    """The same features for the `steps` periods after the last of `values`, and the level at the origin."""
    index = pd.DatetimeIndex(values.index.append(future_index(values, steps)))
    y = np.concatenate([values.to_numpy(dtype=float), np.full(steps, np.nan)])
    origins = np.full(steps, len(values) - 1)
    return _features(y, index, origins, np.arange(1, steps + 1), season, longer)


def _features(
    y: Array, index: pd.DatetimeIndex, origin: Positions, step: Positions, season: int, longer: float | None
) -> tuple[pd.DataFrame, Array]:
    total = np.concatenate([[0.0], np.nancumsum(y)])
    window = _window(season)
    level = (total[origin + 1] - total[origin + 1 - window]) / window
    before = (total[origin + 1 - window] - total[origin + 1 - 2 * window]) / window
    target = origin + step
    columns = {
        "step": step.astype(float),
        "last_value": y[origin] - level,
        "last_change": y[origin] - y[origin - 1],
        "level_change": level - before,
    }
    if season > 1:
        back = season * np.ceil(step / season).astype(int)
        columns["same_season"] = y[target - back] - level
        columns["same_season_before"] = y[target - back - season] - level
    if longer is not None and round(longer) > season:
        year = _year(season, longer) * np.ceil(step / _year(season, longer)).astype(int)
        columns["same_time_last_year"] = y[target - year] - level
        columns["level_last_year"] = (
            total[origin + 1 - year] - total[origin + 1 - year - window]
        ) / window - level
    dates = index[target]
    columns |= {"month": dates.month.astype(float), "day_of_year": dates.day_of_year.astype(float)}
    if season in {5, 7, 24}:
        columns |= {"weekday": dates.day_of_week.astype(float), "day": dates.day.astype(float)}
    if season == 24:
        columns["hour"] = dates.hour.astype(float)
    return pd.DataFrame(columns), level


def _window(season: int) -> int:
    return {5: 20, 7: 28}.get(season, max(season, 3))


def _year(season: int, longer: float) -> int:
    return season * round(longer / season) if season > 1 else round(longer)


def _first_origin(season: int, longer: float | None) -> int:
    need = max(2 * _window(season), 2 * season + 1)
    if longer is not None and round(longer) > season:
        need = max(need, _year(season, longer) + _window(season))
    return need
