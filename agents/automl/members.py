"""A forecast for every group of a table, reconciled with the forecast of the whole."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from mesh.language import Language, say

from .forecast import Forecast
from .forecaster import make_forecast
from .reconciliation import reconcile
from .series import RegularSeries, group_series

MAX_MEMBERS = 24
_FULL_FIELD_S = 4.0


@dataclass(frozen=True)
class Members:
    """The groups' forecasts by label, largest first; `merged` groups are within the last of them."""

    columns: list[str]
    forecasts: dict[str, Forecast]
    merged: int = 0


def split(
    frame: pd.DataFrame,
    date_column: str,
    target: str | None,
    columns: list[str],
    whole: RegularSeries,
    language: Language,
) -> tuple[dict[str, RegularSeries], int]:
    """One series per group on the periods of the whole, largest first, and how many small ones were merged into the last.

    A period without rows of a group counts as 0.
    """
    table = group_series(frame, date_column, target, columns, whole)
    table = table[table.abs().sum().sort_values(ascending=False, kind="stable").index]
    merged = max(0, table.shape[1] - MAX_MEMBERS)
    if merged:
        rest = table.iloc[:, MAX_MEMBERS:].sum(axis=1)
        table = table.iloc[:, :MAX_MEMBERS].assign(
            **{say(language, en="all others", ko="그 밖의 모든 항목"): rest}
        )
    series = {str(name): replace(whole, values=table[name], filled=0, dropped=[]) for name in table}
    return series, merged


def forecast_members(
    whole: Forecast,
    series: dict[str, RegularSeries],
    *,
    seed: int,
    deadline: float,
    report: Callable[[int, int, str], None],
) -> tuple[Forecast, dict[str, Forecast]]:
    """The whole and its groups with means that add up exactly.

    The time left is shared. A group with less than 4 s of it gets the quick models only; naive methods always take part.
    """
    made: dict[str, Forecast] = {}
    for number, (name, one) in enumerate(series.items()):
        now = time.monotonic()
        share = max(0.0, deadline - now) / (len(series) - number)
        quick = share < _FULL_FIELD_S
        made[name] = make_forecast(one, whole.outlook, seed=seed, deadline=now + 0.7 * share, quick=quick)
        report(number + 1, len(series), name)
    every = [whole, *made.values()]
    errors = np.stack([(f.contest.winner.predicted - f.contest.origins.actual).ravel() for f in every])
    floor = 0.0 if all(f.floor == 0 for f in every) else -np.inf
    means = reconcile(np.stack([f.mean for f in every]), errors, floor)
    rows = zip(made.items(), means[1:], strict=True)
    return replace(whole, mean=means[0]), {name: replace(f, mean=mean) for (name, f), mean in rows}
