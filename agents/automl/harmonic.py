"""Regression on the calendar: trend, weekday and Fourier terms, with autocorrelated errors carried forward."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .baselines import Array
from .series import future_index

HOURS_OF_WEEK = 168
_RIDGE = 1e-6


@dataclass(frozen=True)
class HarmonicFit:
    """Coefficients of one fit, by column name, the AR(1) of its residuals and the residual of the last period."""

    columns: list[str]
    coefficients: Array
    autocorrelation: float
    last_residual: float
    log: bool


class Harmonic:
    """Least squares on a linear trend, weekday dummies (daily data) and Fourier pairs of the year or season.

    The residual of the last period fades with its AR(1) coefficient. `log` fits the logarithm, for seasons that grow with
    the level; its forecast is the median times exp(variance/2).
    Source: Hyndman & Athanasopoulos, Forecasting: Principles and Practice (3rd ed.), ch. 7.4 and 10.5.
    """

    engine, baseline = "statsmodels", False

    def __init__(self, season: int, longer: float | None, *, log: bool) -> None:
        self.season = season
        self.longer = longer
        self.log = log
        self.name = "fourier_regression_log" if log else "fourier_regression"
        self.fitted: HarmonicFit | None = None
        self.shares: dict[str, float] = {}

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        """`steps` values after the last of `values`. Raises ValueError when `log` meets a value <= 0."""
        y = values.to_numpy(dtype=float)
        if self.log and (y <= 0).any():
            raise ValueError("the logarithm needs positive values")
        scaled = np.log(y) if self.log else y
        past = design(values.index, values.index[0], len(values), self.season, self.longer)
        coefficients = _least_squares(past, scaled)
        residual = scaled - past.to_numpy() @ coefficients
        rho = _autocorrelation(residual)
        ahead = design(future_index(values, steps), values.index[0], len(values), self.season, self.longer)
        mean = ahead[past.columns].to_numpy() @ coefficients + residual[-1] * rho ** np.arange(1, steps + 1)
        self.fitted = HarmonicFit(list(past.columns), coefficients, rho, float(residual[-1]), self.log)
        self.shares = _variance_shares(past, coefficients)
        return np.asarray(np.exp(mean + residual.var() / 2) if self.log else mean, dtype=float)


def design(
    index: pd.Index, start: pd.Timestamp, length: int, season: int, longer: float | None
) -> pd.DataFrame:
    """Regressors for each period of `index`: constant, trend in history lengths, weekday, Fourier pairs of the seasons."""
    dates = pd.DatetimeIndex(index)
    elapsed = np.asarray(np.round((dates - start) / _step(dates, start)), dtype=float)
    columns: dict[str, Array] = {"constant": np.ones(len(dates)), "trend": elapsed / max(length, 1)}
    if season in {5, 7}:
        columns |= {f"weekday_{d}": (dates.day_of_week == d).astype(float) for d in range(1, season)}
    elif season > 1:
        columns |= fourier(elapsed, season, min(season // 2, 6), "season")
    if longer == HOURS_OF_WEEK:
        position = np.asarray(dates.day_of_week * 24 + dates.hour, dtype=float)
        columns |= fourier(position, longer, 20, "week", but=7)
    elif longer is not None and round(longer) != season:
        position = np.asarray(dates.day_of_year + dates.hour / 24, dtype=float)
        columns |= fourier(position, 365.25, 6 if length >= 2 * longer else 3, "year")
    return pd.DataFrame(columns, index=dates)


def fourier(position: Array, period: float, pairs: int, name: str, *, but: int = 0) -> dict[str, Array]:
    """Sine and cosine columns of `period` up to `pairs` cycles in it; a cosine alone at the half period.

    Multiples of `but` cycles are left out: another season has them.
    """
    columns: dict[str, Array] = {}
    for k in range(1, pairs + 1):
        if but and k % but == 0:
            continue
        angle = 2 * np.pi * k * position / period
        columns[f"{name}_cos{k}"] = np.cos(angle)
        if 2 * k != period:
            columns[f"{name}_sin{k}"] = np.sin(angle)
    return columns


def longer_component(values: pd.Series, steps: int, season: int, longer: float | None) -> tuple[Array, Array]:
    """The longer season of the history and of the next `steps` periods, centred on 0; zeros without one."""
    if longer is None:
        return np.zeros(len(values)), np.zeros(steps)
    past = design(values.index, values.index[0], len(values), season, longer)
    coefficients = _least_squares(past, values.to_numpy(dtype=float))
    ahead = design(future_index(values, steps), values.index[0], len(values), season, longer)
    chosen = [i for i, name in enumerate(past.columns) if name.startswith(("year_", "week_"))]
    fitted = past.to_numpy()[:, chosen] @ coefficients[chosen]
    return fitted - fitted.mean(), ahead.to_numpy()[:, chosen] @ coefficients[chosen] - fitted.mean()


def _step(dates: pd.DatetimeIndex, start: pd.Timestamp) -> pd.Timedelta:
    offset = dates.freq if dates.freq is not None else pd.tseries.frequencies.to_offset("D")
    if offset is not None and offset.rule_code[:2] in {"MS", "QS", "YS"}:
        return pd.Timedelta(days={"MS": 30.436875, "QS": 91.310625, "YS": 365.2425}[offset.rule_code[:2]])
    return (start + offset) - start


def _least_squares(columns: pd.DataFrame, target: Array) -> Array:
    matrix = columns.to_numpy(dtype=float)
    gram = matrix.T @ matrix + _RIDGE * len(target) * np.eye(matrix.shape[1])
    return np.asarray(np.linalg.solve(gram, matrix.T @ target), dtype=float)


def _autocorrelation(residual: Array) -> float:
    spread = float(residual @ residual)
    return float(np.clip(residual[1:] @ residual[:-1] / spread, 0, 0.98)) if spread > 0 else 0.0


def _variance_shares(columns: pd.DataFrame, coefficients: Array) -> dict[str, float]:
    groups: dict[str, Array] = {}
    for i, name in enumerate(columns.columns):
        group = name.split("_")[0]
        if group != "constant":
            groups[group] = (
                groups.get(group, np.zeros(len(columns))) + columns.iloc[:, i].to_numpy() * coefficients[i]
            )
    variance = {group: float(part.var()) for group, part in groups.items()}
    total = sum(variance.values())
    return {group: value / total for group, value in variance.items()} if total > 0 else {}
