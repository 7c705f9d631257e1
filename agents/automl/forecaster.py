"""The statistical part of a forecast of one series: contest, winner, intervals. No cluster, no files."""

import time

import numpy as np

from . import intervals
from .backtest import Origins, plan_origins
from .baselines import Array
from .contest import Contest, Report, hold_contest
from .entrants import entrants
from .forecast import Forecast
from .intermittent import demand_pattern
from .outlook import Outlook
from .series import RegularSeries, future_index

CONTEST_SHARE = 0.85
LEAST_FOLDS = 3


def make_forecast(
    series: RegularSeries,
    outlook: Outlook,
    *,
    seed: int,
    deadline: float,
    quick: bool = False,
    report: Report | None = None,
) -> Forecast:
    """Forecast the periods of `outlook` with the winner of a contest, by `deadline` (monotonic seconds).

    `quick` leaves the dear models out, as in `entrants`.
    Raises: BadInputError when the series has fewer than 8 periods.
    """
    started, values, steps = time.monotonic(), series.values, outlook.steps
    backtest_end = started + CONTEST_SHARE * (deadline - started)
    contest = hold_contest(
        values,
        origins_of(series, steps),
        entrants(series, steps, seed=seed, deadline=backtest_end, quick=quick),
        backtest_end,
        report or _unheard,
    )
    contest.combine()
    return with_intervals(
        series, contest, contest.forecast(values, steps), outlook, time.monotonic() - started
    )


def origins_of(series: RegularSeries, steps: int) -> Origins:
    """The origins of the backtest, ranked by squared errors where demand comes now and then."""
    rare = demand_pattern(series.values) in {"intermittent", "lumpy"}
    return plan_origins(series.values, steps, series.season, series.longer, intermittent=rare)


def with_intervals(
    series: RegularSeries, contest: Contest, mean: Array, outlook: Outlook, seconds: float
) -> Forecast:
    """A forecast from the winner's mean and the errors of its backtest."""
    steps, origins = outlook.steps, contest.origins
    errors = contest.winner.predicted - origins.actual
    errors *= _growth(series, origins, errors)
    floor = 0.0 if float(series.values.min()) >= 0 else -np.inf
    return Forecast(
        series=series,
        contest=contest,
        index=future_index(series.values, steps),
        outlook=outlook,
        mean=np.maximum(mean, floor),
        half=intervals.widths(errors, steps, origins.overlap),
        coverage=intervals.coverage(errors, origins.overlap),
        total_half=intervals.total_width(errors, steps, outlook.lead, origins.overlap),
        seconds=seconds,
    )


def _growth(series: RegularSeries, origins: Origins, errors: Array) -> Array:
    """How much the level has grown since each fold, shape (folds, 1), where errors grow with it; ones elsewhere.

    They do when, scaled to the present level, the folds' errors are more alike.
    """
    y, window = series.values.to_numpy(dtype=float), max(series.season, 4)
    sizes = np.sqrt((errors**2).mean(axis=1))
    if len(errors) < LEAST_FOLDS or float(y.min()) <= 0 or float(sizes.min()) == 0:
        return np.ones((len(errors), 1))
    growth = np.array([y[-window:].mean() / y[:n][-window:].mean() for n in origins.lengths])
    alike = np.log(sizes * growth).std() < np.log(sizes).std()
    return np.asarray(growth if alike else np.ones(len(errors)), dtype=float)[:, None]


def _unheard(*_standing: object) -> None:
    """Nobody listens to the contest of one series among many."""
