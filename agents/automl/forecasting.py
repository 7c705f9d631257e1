"""The forecast job: series, contest, winner, intervals, files."""

import contextlib
import pickle
import time
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from mesh.errors import BadInputError
from mesh.language import say
from mesh.results import Column

from .backtest import Score, describe
from .baselines import Array
from .contest import Contest, hold_contest
from .decision import Choice
from .entrants import entrants
from .forecast import Forecast, forecast_frame
from .forecast_story import tell
from .forecaster import origins_of, with_intervals
from .grouping import asked_groups
from .h2o_lags import H2OLags
from .h2o_session import Standing, h2o_session
from .horizon import read_frequency, read_horizon
from .member_story import averaged_note, with_members
from .members import Members, forecast_members, split
from .order import Order, SavedFile, SavedTable, Trained
from .series import RegularSeries, choose_frequency, horizon_steps, regular_series, timestamps

Progress = Callable[[float, str], None]
_STATISTICAL_SHARE = 0.4
_H2O_LEAST_S = 6.0
_SEARCH_SHARE = 0.45
H2O_LEAST_POINTS = 200
_RESERVE_S = 2.5


def train_forecast(order: Order, progress: Progress) -> Trained:
    """Forecast the order's target: contest by rolling-origin backtest, then the winner on the whole history.

    Raises: BadInputError when the table holds no usable series.
    """
    started = time.monotonic()
    progress(0.02, say(order.language, en="Building the time series", ko="시계열을 만들고 있습니다"))
    series, steps = build_series(order)
    values = series.values
    origins = origins_of(series, steps)
    report = _reporter(order, progress)
    end = started + order.budget_s * 0.97
    groups = asked_groups(order.question, order.columns)
    deadline = started + order.budget_s * 0.5 if groups else end
    alone = order.h2o is None and not groups
    statistical = started + order.budget_s * (0.85 if alone else _STATISTICAL_SHARE)
    field = entrants(series, steps, seed=order.seed, deadline=statistical)
    contest = hold_contest(values, origins, field, statistical, report)
    with _h2o_entrant(order, series, contest, deadline, progress) as entrant:
        if (
            entrant is not None
            and (result := contest.run(entrant, values, deadline - _RESERVE_S)) is not None
        ):
            report(result, contest.ranked()[0], len(field) + 1, len(field) + 1)
        contest.combine()
        progress(
            0.9, say(order.language, en="Forecasting with the winner", ko="선정된 모델로 예측하고 있습니다")
        )
        mean = _final(contest, values, steps, deadline, entrant)
        files = _save_models(order, contest, entrant, series)
    made = with_intervals(series, contest, mean, steps, time.monotonic() - started)
    members = None
    if groups and series.aggregation != "mean":
        made, members = _forecast_groups(order, made, groups, end, progress)
    files += [_save_csv(order, made)]
    told = tell(order, made, steps, describe(origins), files, _save_points(order, made))
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


def build_series(order: Order) -> tuple[RegularSeries, int]:
    """The regular series of the order's target, and the number of steps to forecast."""
    series = series_of(order.table, order.choice, order.question)
    horizon, last = read_horizon(order.question), series.values.index[-1]
    steps = order.horizon or horizon_steps(horizon, series.frequency, last, len(series.values))
    return series, steps


def series_of(table: Path, choice: Choice, question: str) -> RegularSeries:
    """The chosen target as a regular series, in the frequency that the question and the dates suggest."""
    if choice.date_column is None:
        raise BadInputError("A forecast needs a date column.")
    wanted = [choice.date_column, *([choice.target] if choice.target else [])]
    frame = pd.read_parquet(table, columns=wanted)
    unit, horizon = read_frequency(question), read_horizon(question)
    frequency = choose_frequency(timestamps(frame[choice.date_column]), unit, horizon)
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


@contextlib.contextmanager
def _h2o_entrant(
    order: Order, series: RegularSeries, contest: Contest, deadline: float, progress: Progress
) -> Iterator[H2OLags | None]:
    left = deadline - time.monotonic() - _RESERVE_S
    if order.h2o is None or len(series.values) < H2O_LEAST_POINTS:
        yield None
        return
    if left < _H2O_LEAST_S:
        contest.skipped[H2OLags.name] = "time"
        yield None
        return

    def report(standings: list[Standing]) -> None:
        progress(
            min(0.85, 0.5 + 0.03 * len(standings)),
            say(
                order.language,
                en="H2O AutoML: {count} models trained, best {model} with validation RMSE {score:,.2f}",
                ko="H2O AutoML: 모델 {count}개 학습, 최고 {model} (검증 RMSE {score:,.2f})",
                count=len(standings),
                model=standings[0].algorithm,
                score=standings[0].score,
            ),
        )

    with h2o_session(order.h2o, order.project, order.folder) as session:
        yield H2OLags(
            session,
            series.season,
            series.longer,
            seconds=left * _SEARCH_SHARE,
            deadline=deadline - _RESERVE_S,
            seed=order.seed,
            report=report,
        )


def _final(
    contest: Contest, values: pd.Series, steps: int, deadline: float, entrant: H2OLags | None
) -> Array:
    """The winner's forecast; H2O's model of the last backtest stands in when there is no time to train it again."""
    late = entrant is not None and time.monotonic() + 1.2 * entrant.refit_seconds > deadline
    return contest.forecast(values, steps, kept=[entrant.name] if late and entrant is not None else ())


def _save_csv(order: Order, made: Forecast) -> SavedFile:
    path = order.folder / "forecast.csv"
    forecast_frame(made).to_csv(path, index=False, float_format="%.6f")
    return SavedFile(path, "forecast.csv", "text/csv")


def _save_points(order: Order, made: Forecast) -> SavedTable:
    path = order.folder / "forecast.parquet"
    frame = forecast_frame(made)
    frame.to_parquet(path, index=False)
    semantic = "measure" if made.series.aggregation == "sum" else "intensive"
    columns = [Column(name="date", type="datetime", semantic="date", nullable=False)]
    columns += [Column(name=n, type="number", semantic=semantic, nullable=False) for n in frame.columns[1:]]  # type: ignore[arg-type]
    return SavedTable(path, "forecast", columns, len(frame))


def _save_models(
    order: Order, contest: Contest, entrant: H2OLags | None, series: RegularSeries
) -> list[SavedFile]:
    """The winner as a pickle of fitted library objects and plain values, and H2O's own file when it takes part."""
    names = list(contest.used())
    fitted = {
        name: getattr(contest.candidates[name], "fitted", None)
        for name in names
        if entrant is None or name != entrant.name
    }
    bundle = {
        "kind": "forecast",
        "model": contest.winner.name,
        "parts": contest.used(),
        "fitted": {name: _plain(value) for name, value in fitted.items()},
        "history": series.values,
        "frequency": series.frequency,
        "aggregation": series.aggregation,
        "season": series.season,
        "longer_season": series.longer,
        "seed": order.seed,
    }
    path = order.folder / "model.pkl"
    with path.open("wb") as file:
        pickle.dump(bundle, file)
    files = [SavedFile(path, "model.pkl", "application/octet-stream")]
    if entrant is not None and entrant.name in names:
        saved: Path = entrant.save(order.folder)
        files.append(SavedFile(saved, "h2o_model.bin", "application/octet-stream"))
    return files


def _plain(fitted: Any) -> Any:
    """Own dataclasses as dicts, so that the pickle loads where only the libraries are installed."""
    return vars(fitted).copy() if is_dataclass(fitted) else fitted
