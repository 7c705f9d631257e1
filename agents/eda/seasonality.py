"""Whether a series repeats itself every year or every week, how strongly, and where it is high."""

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.tsa.seasonal import STL

from mesh.language import Language
from mesh.tabular.periods import Series
from mesh.tabular.plain import plain
from mesh.tabular.sheet import Numbers

PERIODS = {"MS": 12, "QS": 4, "D": 7}
MAX_GAPS = 0.05
MIN_STRENGTH = 0.3
MAX_P = 0.01
NAMES: dict[Language, dict[str, tuple[str, ...]]] = {
    "en": {
        "MS": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        "QS": ("Q1", "Q2", "Q3", "Q4"),
        "D": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    },
    "ko": {
        "MS": tuple(f"{month}월" for month in range(1, 13)),
        "QS": ("1분기", "2분기", "3분기", "4분기"),
        "D": ("월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"),
    },
}


def find_season(series: Series, language: Language) -> dict[str, Any] | None:
    """The season of a monthly, quarterly or daily series: its STL strength, a test, and a profile by
    calendar position.

    `strength` is 1 - Var(remainder) / Var(season + remainder), in [0, 1] (Wang, Smith & Hyndman 2006); `p`
    is from Kruskal-Wallis on the values less the STL trend by position; `seasonal` says whether both are
    convincing. `index` of a profile row is its mean ratio to the trend (1 = average), None where the trend
    is not positive. None when there are fewer than two full cycles or more than 5 % of the periods are empty
    (fewer are interpolated).
    """
    period = PERIODS.get(series.grain)
    starts, values = series.starts[series.complete], series.values[series.complete]
    known = np.isfinite(values)
    if period is None or values.size < 2 * period or 1 - known.mean() > MAX_GAPS:
        return None
    filled = np.interp(np.arange(values.size), np.flatnonzero(known), values[known])
    if float(filled.max() - filled.min()) <= 1e-12 * float(np.abs(filled).max() or 1.0):
        return None
    fit = STL(filled, period=period, robust=True).fit()
    position = _positions(starts, series.grain)
    detrended = filled - fit.trend
    parts = [detrended[position == k] for k in range(period)]
    p = float(stats.kruskal(*parts).pvalue) if float(np.ptp(detrended)) > 0 else 1.0
    strength = seasonal_strength(fit.seasonal, fit.resid)
    return {
        "period": period,
        "strength": plain(strength),
        "p": plain(p),
        "seasonal": bool(strength >= MIN_STRENGTH and p <= MAX_P),
        "cycles": plain(values.size / period),
        "profile": _profile(values, fit.trend, position, NAMES[language][series.grain]),
    }


def seasonal_strength(season: Numbers, remainder: Numbers) -> float:
    """1 - Var(remainder) / Var(season + remainder), at least 0; 0 without variation."""
    whole = float(np.var(season + remainder))
    return max(0.0, 1 - float(np.var(remainder)) / whole) if whole > 0 else 0.0


def _positions(starts: pd.DatetimeIndex, grain: str) -> Numbers:
    if grain == "MS":
        return np.asarray(starts.month - 1)
    return np.asarray(starts.quarter - 1 if grain == "QS" else starts.day_of_week)


def _profile(
    values: Numbers, trend: Numbers, position: Numbers, names: tuple[str, ...]
) -> list[dict[str, Any]]:
    positive = bool((trend > 0).all())
    rows = []
    for k, name in enumerate(names):
        here = (position == k) & np.isfinite(values)
        rows.append(
            {
                "label": name,
                "value": plain(values[here].mean()) if here.any() else None,
                "index": plain((values[here] / trend[here]).mean()) if here.any() and positive else None,
            }
        )
    return rows
