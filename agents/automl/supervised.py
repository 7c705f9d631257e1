"""The regression or classification job: frame the problem, train, one look at the hold-out, tell."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from mesh.language import say
from mesh.results import Column
from mesh.scoring.scorer import decide

from .clock import limited
from .framing import build_problem
from .h2o_notes import Absence
from .h2o_session import H2OSession, h2o_session
from .h2o_training import train_h2o
from .model_names import display_name
from .order import Order, SavedFile, SavedTable, Trained
from .outcome import Result, judge
from .pace import paced
from .problem import Predictor, Problem, Report, Training
from .scores import LOWER_IS_BETTER
from .sklearn_training import train_sklearn
from .supervised_story import tell

Progress = Callable[[float, str], None]
H2O_LEAST_ROWS = 200
_H2O_LEAST_S = 6.0
_LEAKS_SHARE = 0.2
_SKLEARN_SHARE = 0.35
_JUDGING_SHARE, _JUDGING_S = 0.15, 0.5
_SCORING_SHARE = 0.2


def train_supervised(order: Order, progress: Progress) -> Trained:
    """Train for the order's target within its budget.

    The best model is chosen in folds of the training rows; the hold-out is used once, for the scores that are reported.
    Raises: BadInputError when the table cannot be learned from; see `framing.build_problem`.
    """
    started = time.monotonic()
    deadline = started + order.budget_s * 0.97
    progress(0.02, say(order.language, en="Preparing the features", ko="특성을 준비하고 있습니다"))
    problem = build_problem(order, started + _LEAKS_SHARE * order.budget_s)
    problem = paced(problem, deadline - time.monotonic())
    with _engine(order, problem, deadline) as session:
        training = _train(order, problem, session, deadline, progress)
        progress(
            0.88, say(order.language, en="Scoring on the hold-out", ko="검증용 데이터로 평가하고 있습니다")
        )
        result = judge(problem, training, started, deadline)
        files = _save_models(order, problem, result, deadline)
    result = replace(result, seconds=time.monotonic() - started)
    return tell(order, result, files, _save_predictions(order, result))


def _save_models(order: Order, problem: Problem, result: Result, deadline: float) -> list[SavedFile]:
    """The model to predict with, and, where that has learned from the held-out rows too, behind it the one that was judged."""
    final, judged = _final(problem, result, deadline), result.best.predictor
    paths = judged.save(order.folder, "model") if final is None else final.save(order.folder, "model")
    if final is not None:
        paths += judged.save(order.folder, "judged")
    return [
        SavedFile(path, path.name if path.suffix else "h2o_model.bin", "application/octet-stream")
        for path in paths
    ]


def _final(problem: Problem, result: Result, deadline: float) -> Predictor | None:
    """The best model, learned once more from all rows, the held-out ones too; None when it cannot be or the time is up."""
    with contextlib.suppress(TimeoutError), limited(deadline):
        return result.best.predictor.fitted_anew(problem.features.frame, problem.target)
    return None


@contextlib.contextmanager
def _engine(order: Order, problem: Problem, deadline: float) -> Iterator[H2OSession | None]:
    """A session on the cluster when there is one, the table is large enough and so is the time."""
    large = len(problem.target) >= H2O_LEAST_ROWS
    if order.h2o is None or not large or deadline - time.monotonic() < _H2O_LEAST_S:
        yield None
        return
    with h2o_session(order.h2o, order.project, order.folder) as session:
        yield session


def _train(
    order: Order, problem: Problem, session: H2OSession | None, deadline: float, progress: Progress
) -> Training:
    """Both engines in the same folds, scikit-learn first; the entries of both, best first."""
    report = _reporter(order, problem, deadline, progress)
    if session is None:
        wanted = order.h2o is not None and len(problem.target) >= H2O_LEAST_ROWS
        alone = train_sklearn(problem, deadline - max(_JUDGING_S, _JUDGING_SHARE * order.budget_s), report)
        return Training(alone.entries, alone.cut_short, "time" if wanted else None)
    left = deadline - time.monotonic()
    quick = train_sklearn(problem, time.monotonic() + _SKLEARN_SHARE * left, report)
    left = deadline - time.monotonic()
    absent: Absence | None = None
    grown = Training()
    try:
        grown = train_h2o(problem, session, left - max(3.0, _SCORING_SHARE * order.budget_s), report)
        absent = None if grown.entries else "time"
    except ValueError:
        absent = "refused"
    sign = 1 if problem.metric in LOWER_IS_BETTER else -1
    entries = sorted([*quick.entries, *grown.entries], key=lambda entry: sign * entry.validation)
    return Training(entries, quick.cut_short or grown.cut_short, absent)


def _reporter(order: Order, problem: Problem, deadline: float, progress: Progress) -> Report:
    def report(count: int, best: str, score: float) -> None:
        progress(
            min(0.85, 0.1 + 0.75 * (1 - (deadline - time.monotonic()) / order.budget_s)),
            say(
                order.language,
                en="{count} models trained; best so far: {best}, validation {metric} {score:,.4f}",
                ko="모델 {count}개 학습 완료, 현재 최고: {best}, 검증 {metric} {score:,.4f}",
                count=count,
                best=display_name(best, order.language),
                metric=problem.metric.upper(),
                score=score,
            ),
        )

    return report


def _save_predictions(order: Order, result: Result) -> SavedTable:
    problem, path = result.problem, order.folder / "predictions.parquet"
    frame = problem.test.reset_index(drop=True).copy()
    if problem.classes:
        labels = np.array(problem.classes, dtype=object)
        frame["actual"] = labels[problem.test_target.astype(int)]
        frame["predicted"] = labels[decide(result.predicted, result.best.threshold)]
        frame["probability"] = result.predicted[:, 1] if len(labels) == 2 else result.predicted.max(axis=1)
    else:
        frame["actual"], frame["predicted"] = problem.test_target, result.predicted
    frame.to_parquet(path, index=False)
    known = {c.name: c for c in order.columns}
    columns = [known.get(str(name)) or _column(str(name), frame[name]) for name in frame.columns]
    columns = [c if c.name in problem.features.frame else _column(c.name, frame[c.name]) for c in columns]
    return SavedTable(path, "predictions", columns, len(frame))


def _column(name: str, values: pd.Series) -> Column:
    number = pd.api.types.is_numeric_dtype(values)
    return Column(
        name=name, type="number" if number else "string", semantic="intensive" if number else "category"
    )
