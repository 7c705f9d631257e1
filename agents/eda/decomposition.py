"""A series taken apart into trend, seasons and remainder."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from statsmodels.tsa.seasonal import MSTL, STL

from mesh.tabular.periods import Series
from mesh.tabular.plain import plain
from mesh.tabular.sheet import Numbers

from .seasonality import MAX_GAPS, MIN_STRENGTH, seasonal_strength

SEASONS: dict[str, tuple[int, ...]] = {"h": (24, 168), "D": (7,), "W": (), "MS": (12,), "QS": (4,), "YS": ()}
YEARS: dict[str, tuple[int, float]] = {"D": (365, 365.2425), "W": (52, 52.1775)}
"""The name and the length of a year where it is too long to be taken position by position."""
HARMONICS = 4
TREND_WINDOW = {"h": 337, "D": 91}
CLEARLY_BETTER = 0.9
MIN_POINTS = 12
WINDOW = 11


@dataclass(frozen=True)
class Parts:
    """`values` = `trend` + the sum of `seasons` (by period) + `remainder`, gaps filled by interpolation.

    `freedom` is about how many numbers the fit has taken from the series.
    """

    values: Numbers
    trend: Numbers
    seasons: dict[int, Numbers]
    remainder: Numbers
    freedom: float = 0.0

    @property
    def adjusted(self) -> Numbers:
        """The values without their seasons."""
        return self.values - sum(self.seasons.values(), np.zeros_like(self.values))


def take_apart(series: Series) -> Parts | None:
    """STL for one season, MSTL for several, a running median for none; seasons weaker than `MIN_STRENGTH` are left in.

    Seasons keep their shape over the whole series. A year of days or weeks is a smooth wave of `HARMONICS` harmonics, fitted
    beside a line: day by day it would take in most of the noise. A season needs two full cycles. None below
    `MIN_POINTS` complete periods, with more than 5 % of them empty, or when nothing varies.
    Sources: Cleveland et al. (1990); Bandara, Hyndman & Bergmeir (2021).
    """
    values = series.values[series.complete]
    known = np.isfinite(values)
    if values.size < MIN_POINTS or 1 - known.mean() > MAX_GAPS:
        return None
    filled = np.interp(np.arange(values.size), np.flatnonzero(known), values[known])
    if float(np.ptp(filled)) <= 1e-12 * float(np.abs(filled).max() or 1.0):
        return None
    return split(filled, series.grain)


def split(values: Numbers, grain: str) -> Parts:
    """The parts of a gap-free series that varies; seasons grow with the level where that fits clearly better."""
    added = _split(values, grain)
    if not added.seasons or values.min() <= 0:
        return added
    logs = _split(np.log(values), grain)
    season = np.exp(sum(logs.seasons.values(), np.zeros_like(values)))
    grown = season * _off_curve(values / season)
    if not logs.seasons or (grown**2).sum() >= CLEARLY_BETTER * (_off_curve(added.adjusted) ** 2).sum():
        return added
    trend = np.exp(logs.trend)
    seasons = {period: trend * np.expm1(part) for period, part in logs.seasons.items()}
    return Parts(
        values, trend, seasons, values - trend - sum(seasons.values(), np.zeros_like(values)), logs.freedom
    )


def _off_curve(values: Numbers) -> Numbers:
    """What a cubic leaves over: a more flexible trend would take in what a season of fixed size misses."""
    curve = np.polynomial.legendre.legvander(np.linspace(-1, 1, values.size), 3)
    return np.asarray(values - curve @ np.linalg.lstsq(curve, values, rcond=None)[0])


def _split(values: Numbers, grain: str) -> Parts:
    name, length = YEARS.get(grain, (0, np.inf))
    periods = [period for period in SEASONS[grain] if values.size >= 2 * period]
    yearly = values.size >= 2 * length
    while True:
        waves = {name: _wave(values, length)} if yearly else {}
        parts = _seasonal(values, waves, periods, TREND_WINDOW.get(grain))
        weak = [p for p, s in parts.seasons.items() if seasonal_strength(s, parts.remainder) < MIN_STRENGTH]
        if not weak:
            return parts
        yearly = yearly and name not in weak
        periods = [period for period in periods if period not in weak]


def without_steps(parts: Parts, grain: str, shifts: list[dict[str, Any]]) -> Parts:
    """The parts of the series as it would be without `shifts` of its level."""
    if not shifts:
        return parts
    steps = np.zeros_like(parts.values)
    for shift in shifts:
        steps[shift["index"] :] += shift["shift"]
    return split(parts.values - steps, grain)


def describe_parts(parts: Parts) -> dict[str, Any]:
    """How much of the variation each part has to itself: `trend_strength` and one strength per season, in [0, 1].

    Source: Wang, Smith & Hyndman (2006).
    """
    return {
        "trend_strength": plain(seasonal_strength(parts.trend, parts.remainder)),
        "seasons": [
            {"period": period, "strength": plain(seasonal_strength(season, parts.remainder))}
            for period, season in parts.seasons.items()
        ],
    }


def _seasonal(values: Numbers, waves: dict[int, Numbers], periods: list[int], window: int | None) -> Parts:
    rest = values - sum(waves.values(), np.zeros_like(values))
    freedom = 2.0 * HARMONICS * len(waves)
    if not periods:
        width = window if window is not None and values.size > 2 * window else WINDOW
        trend = _running_median(rest, width)
        return Parts(values, trend, waves, rest - trend, freedom + 3.0 * values.size / width)
    span = window if window is not None and values.size > 2 * window else None
    freedom += sum(periods) + 3.0 * values.size / (span or 1.5 * max(periods))
    options = {"trend": span, "robust": False}
    shape = 10 * (values.size // min(periods)) + 1
    if len(periods) == 1:
        fit = STL(rest, period=periods[0], seasonal=shape, **options).fit()
        return Parts(values, fit.trend, waves | {periods[0]: fit.seasonal}, fit.resid, freedom)
    fit = MSTL(rest, periods=tuple(periods), windows=(shape,) * len(periods), stl_kwargs=options).fit()
    seasons = {period: fit.seasonal[:, place] for place, period in enumerate(sorted(periods))}
    return Parts(values, fit.trend, waves | seasons, fit.resid, freedom)


def _wave(values: Numbers, length: float) -> Numbers:
    """The smooth season of `length` periods, fitted beside a straight line; values far off are drawn in first."""
    place = np.arange(values.size)
    angles = 2 * np.pi * np.outer(place, np.arange(1, HARMONICS + 1)) / length
    design = np.column_stack([np.ones(values.size), place / values.size, np.sin(angles), np.cos(angles)])
    target = values
    for _ in range(3):
        fitted = design @ np.linalg.lstsq(design, target, rcond=None)[0]
        left = values - fitted
        reach = 3 * 1.4826 * float(np.median(np.abs(left - np.median(left))))
        target = fitted + np.clip(left, -reach, reach)
    return np.asarray(design[:, 2:] @ np.linalg.lstsq(design, target, rcond=None)[0][2:])


def _running_median(values: Numbers, width: int) -> Numbers:
    """The median of `width` neighbours (odd); beyond the ends the series goes on as its mirror image."""
    padded = np.pad(values, width // 2, mode="reflect", reflect_type="odd")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, width), axis=1))
