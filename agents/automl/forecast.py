"""A finished forecast: the mean, its intervals, and the contest it came from."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .baselines import Array
from .contest import Contest
from .outlook import Outlook
from .series import RegularSeries


@dataclass(frozen=True)
class Forecast:
    """The winner's forecast with its intervals. `half` is half the interval's width per level and step.

    `total_half` is that of the sum over the periods asked about.
    """

    series: RegularSeries
    contest: Contest
    index: pd.DatetimeIndex
    mean: Array
    half: dict[float, Array]
    coverage: dict[float, float]
    total_half: float
    seconds: float
    outlook: Outlook

    @property
    def asked(self) -> pd.Series:
        """The forecast of the periods that the question is about."""
        return pd.Series(self.mean, index=self.index).iloc[self.outlook.lead :]

    @property
    def floor(self) -> float:
        """No bound falls below 0 when the history never did."""
        return 0.0 if float(self.series.values.min()) >= 0 else -np.inf


def forecast_frame(made: Forecast) -> pd.DataFrame:
    """One row per future period: date, mean and the bounds of the 80 and 95 % intervals."""
    columns: dict[str, Any] = {"date": made.index, "mean": made.mean}
    for level, half in made.half.items():
        columns[f"lower_{level * 100:.0f}"] = np.maximum(made.mean - half, made.floor)
        columns[f"upper_{level * 100:.0f}"] = made.mean + half
    return pd.DataFrame(columns)
