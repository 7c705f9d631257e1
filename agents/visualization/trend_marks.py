"""The trend through a scatter of points: a straight line with its band, or a smooth curve where a line misleads."""

import warnings

import numpy as np
import pandas as pd
from scipy import stats

from mesh.tabular.plain import plain

from .palette import VERMILION
from .scene import Scene
from .spec import Band, Line, Mark
from .sql import quoted
from .wording import sentence

SMOOTH_ROWS = 2000
STEPS = 40
SMALL = 0.1


def trend_marks(
    scene: Scene,
    pair: tuple[str, str],
    frame: pd.DataFrame,
    n: int,
    rank: float,
    view: list[tuple[float, float]],
) -> list[Mark]:
    """Least squares over all rows with the 95 % band of the mean where a line tells as much as ranks do and stays
    among the values; else LOWESS (Cleveland 1979) over at most `SMOOTH_ROWS` rows.
    """
    x, y = (quoted(name) for name in pair)
    slope, intercept, r2, sxx, syy, mean, low, high = scene.table.fetch(
        f"regr_slope({y}, {x}), regr_intercept({y}, {x}), regr_r2({y}, {x}), regr_sxx({y}, {x}), regr_syy({y}, {x}), "
        f"regr_avgx({y}, {x}), min({y}), max({y})"
    )[0]
    if slope is None or not np.isfinite(slope):
        return []
    ends = [intercept + slope * end for end in view[0]]
    if r2 >= rank**2 - SMALL and low <= min(ends) and max(ends) <= high:
        at = np.linspace(*view[0], STEPS)
        fit = intercept + slope * at
        spread = np.sqrt(max(0.0, (1 - r2)) * syy / max(1, n - 2))
        width = stats.t.ppf(0.975, max(1, n - 2)) * spread * np.sqrt(1 / n + (at - mean) ** 2 / (sxx or 1.0))
        xs = tuple(plain(v) or 0.0 for v in at)
        band = sentence(scene.language, en="95% band of the mean", ko="평균의 95% 구간")
        line = sentence(scene.language, en="Linear trend", ko="선형 추세")
        lower, upper = (tuple(plain(v) or 0.0 for v in side) for side in (fit - width, fit + width))
        return [
            Band(band, xs, lower, upper, VERMILION, 0.18),
            Line(line, xs, tuple(plain(v) for v in fit), VERMILION),
        ]
    return _smooth(scene, frame, view)


def _smooth(scene: Scene, frame: pd.DataFrame, view: list[tuple[float, float]]) -> list[Mark]:
    from statsmodels.nonparametric.smoothers_lowess import lowess

    part = frame[frame["x"].between(*view[0])]
    if len(part) > SMOOTH_ROWS:
        part = part.sample(SMOOTH_ROWS, random_state=1)
    if part["x"].nunique() < 5:
        return []
    at = np.linspace(part["x"].min(), part["x"].max(), STEPS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        curve = lowess(part["y"].to_numpy(float), part["x"].to_numpy(float), frac=2 / 3, it=1, xvals=at)
    if not np.isfinite(curve).any():
        return []
    name = sentence(scene.language, en="Smooth trend (LOWESS)", ko="매끄러운 추세(LOWESS)")
    return [Line(name, tuple(plain(v) or 0.0 for v in at), tuple(plain(v) for v in curve), VERMILION)]
