"""The trend through a scatter of points: a straight line with its band, or a smooth curve where a line misleads."""

import warnings
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Pair:
    """Two columns over the `n` rows that know both: means, variances and covariance, and the extent of the second."""

    n: int
    x: float
    y: float
    xx: float
    yy: float
    xy: float
    low: float
    high: float

    @property
    def correlation(self) -> float:
        """By value (Pearson); NaN where one of them does not vary."""
        spread = np.sqrt(self.xx * self.yy)
        return float(np.clip(self.xy / spread, -1.0, 1.0)) if spread > 0 else float("nan")


def pair_of(scene: Scene, a: str, b: str, known: str) -> Pair | None:
    """The pair of columns over the rows where the SQL condition `known` holds, in one pass; None without any."""
    x, y = quoted(a), quoted(b)
    select = (
        f"count(*), avg({x}), avg({y}), var_pop({x}), var_pop({y}), covar_pop({y}, {x}), min({y}), max({y})"
    )
    n, *rest = scene.table.fetch(select, where=known)[0]
    return Pair(int(n), *(float(value) for value in rest)) if n else None


def trend_marks(
    scene: Scene, pair: Pair, frame: pd.DataFrame, rank: float, view: list[tuple[float, float]]
) -> list[Mark]:
    """Least squares over all rows with the 95 % band of the mean where a line tells as much as ranks do and stays
    among the values; else LOWESS (Cleveland 1979) over at most `SMOOTH_ROWS` rows.
    """
    slope = pair.xy / pair.xx if pair.xx else float("nan")
    if not np.isfinite(slope):
        return []
    intercept, r2 = pair.y - slope * pair.x, pair.correlation**2
    ends = [intercept + slope * end for end in view[0]]
    if r2 >= rank**2 - SMALL and pair.low <= min(ends) and max(ends) <= pair.high:
        at = np.linspace(*view[0], STEPS)
        fit = intercept + slope * at
        n, free = pair.n, max(1, pair.n - 2)
        spread = np.sqrt(max(0.0, (1 - r2)) * n * pair.yy / free)
        width = stats.t.ppf(0.975, free) * spread * np.sqrt((1 + (at - pair.x) ** 2 / pair.xx) / n)
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
