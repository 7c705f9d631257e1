"""The forecast job: series, contest, winner, intervals, files."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from mesh.errors import BadInputError
from mesh.language import say
from mesh.scoring.features import timestamps

from .backtest import Score, describe
from .baselines import Array
from .contest import Contest, hold_contest
from .decision import Choice
from .entrants import entrants
from .forecast import Forecast
from .forecast_files import save_csv, save_models, save_points
from .forecast_story import tell
from .forecaster import origins_of, with_intervals
from .grouping import asked_groups
from .h2o_entry import RESERVE_S, h2o_entrant
from .h2o_lags import H2OLags
from .horizon import read_frequency
from .member_story import averaged_note, with_members
from .members import Members, forecast_members, split
from .order import Order, Trained
from .outlook import days_ahead, look_ahead
from .series import RegularSeries, choose_frequency, regular_series

Progress = Callable[[float, str], None]
_ALONE_SHARE, _STATISTICAL_SHARE = 0.85, 0.4


def train_forecast(order: Order, progress: Progress) -> Trained:
    """Forecast the order's target: contest by rolling-origin backtest, then the winner on the whole history.

    Raises: BadInputError when the table holds no usable series.
    """
    started = time.monotonic()
    progress(0.02, say(order.language, en="Building the time series", ko="시계열을 만들고 있습니다"))
    series = series_of(order.table, order.choice, order.question)
    outlook = look_ahead(order.question, series, order.language, order.horizon)
    steps, report = outlook.steps, _reporter(order, progress)
    end = started + order.budget_s * 0.97
    groups = asked_groups(order.question, order.columns)
    deadline = started + order.budget_s * 0.5 if groups else end
    share = _ALONE_SHARE if order.h2o is None and not groups else _STATISTICAL_SHARE
    statistical = started + order.budget_s * share
    field = entrants(series, steps, seed=order.seed, deadline=statistical)
    contest = hold_contest(series.values, origins_of(series, steps), field, statistical, report)
    with h2o_entrant(order, series, contest, deadline, progress) as entrant:
        if entrant is not None:
            result = contest.run(entrant, series.values, deadline - RESERVE_S)
            if result is not None:
                report(result, contest.ranked()[0], len(field) + 1, len(field) + 1)
        contest.combine()
        progress(
            0.9, say(order.language, en="Forecasting with the winner", ko="선정된 모델로 예측하고 있습니다")
        )
        mean = _final(contest, series.values, steps, deadline, entrant)
        files = save_models(order, contest, entrant, series)
    made = with_intervals(series, contest, mean, outlook, time.monotonic() - started)
    members = None
    if groups and series.aggregation != "mean":
        made, members = _forecast_groups(order, made, groups, end, progress)
    files += [save_csv(order, made)]
    told = tell(order, made, describe(contest.origins), files, save_points(order, made))
    if members is not None:
        return with_members(order, told, made, members)
    return replace(told, warnings=[*told.warnings, averaged_note(order, groups)]) if groups else told


def _forecast_groups(
    order: Order, made: Forecast, groups: list[str], deadline: float, progress: Progress
) -> tuple[Forecast, Members]:
    choice = order.choice
    wanted = [str(choice.date_column), *([choice.target] if choice.target else []), *groups]
    frame = pd.read_parquet(order.table, columns=list(dict.fromkeys(wanted)))
    series, merged = split(frame, str(choice.date_column), choice.target, groups, made.series, order.language)

    def report(number: int, count: int, name: str) -> None:
        progress(
            0.9 + 0.09 * number / count,
            say(
                order.language,
                en="Forecast of '{name}' ({number} of {count})",
                ko="'{name}' 예측 완료({number}/{count})",
                name=name,
                number=number,
                count=count,
            ),
        )

    whole, forecasts = forecast_members(made, series, seed=order.seed, deadline=deadline, report=report)
    return whole, Members(groups, forecasts, merged)


def series_of(table: Path, choice: Choice, question: str) -> RegularSeries:
    """The chosen target as a regular series, in the frequency that the question and the dates suggest."""
    if choice.date_column is None:
        raise BadInputError("A forecast needs a date column.")
    wanted = [choice.date_column, *([choice.target] if choice.target else [])]
    frame = pd.read_parquet(table, columns=wanted)
    dates = timestamps(frame[choice.date_column])
    last = dates.max()
    ahead = days_ahead(question, last) if pd.notna(last) else None
    frequency = choose_frequency(dates, read_frequency(question), ahead)
    return regular_series(frame, choice.date_column, choice.target, choice.aggregation, frequency)


def _reporter(order: Order, progress: Progress) -> Callable[[Score, Score, int, int], None]:
    def report(result: Score, best: Score, number: int, count: int) -> None:
        progress(
            0.05 + (0.45 if order.h2o else 0.8) * number / count,
            say(
                order.language,
                en="{name}: MASE {mase:.3f} in the backtest (best so far: {best} {best_mase:.3f})",
                ko="{name}: 백테스트 MASE {mase:.3f} (현재 최고: {best} {best_mase:.3f})",
                name=result.name,
                mase=result.mase,
                best=best.name,
                best_mase=best.mase,
            ),
        )

    return report


def _final(
    contest: Contest, values: pd.Series, steps: int, deadline: float, entrant: H2OLags | None
) -> Array:
    """The winner's forecast; H2O's model of the last backtest stands in when there is no time to train it again."""
    late = entrant is not None and time.monotonic() + 1.2 * entrant.refit_seconds > deadline
    return contest.forecast(values, steps, kept=[entrant.name] if late and entrant is not None else ())
