"""The regression or classification job: features, hold-out, training, one look at the hold-out, explanation."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from mesh.errors import BadInputError
from mesh.language import say
from mesh.results import Column

from .baseline_scores import Baseline, baselines
from .features import build_features
from .h2o_notes import Absence
from .h2o_session import H2OSession, h2o_session
from .h2o_training import train_h2o
from .importance import permutation_importance
from .leakage import leaks
from .order import Order, SavedFile, SavedTable, Trained
from .problem import Entry, Problem, Training
from .scores import class_scores, decide, really_better, regression_scores, row_losses
from .sklearn_training import train_sklearn
from .splitting import split_rows
from .supervised_story import tell

Progress = Callable[[float, str], None]
MIN_ROWS = 30
H2O_LEAST_ROWS = 200
_H2O_LEAST_S = 6.0
_POSITIVE = {"yes", "y", "true", "1", "예", "이탈", "해지", "churned", "left", "positive", "fraud", "default"}


@dataclass(frozen=True)
class Result:
    """The finished job. `scores` are of the hold-out by model name; `predicted` is the best's, on the hold-out."""

    problem: Problem
    training: Training
    scores: dict[str, dict[str, float]]
    baselines: list[Baseline]
    beats_baseline: bool
    predicted: np.ndarray
    importance: list[dict[str, Any]]
    seconds: float

    @property
    def best(self) -> Entry:
        return self.training.entries[0]


def train_supervised(order: Order, progress: Progress) -> Trained:
    """Train for the order's target within its budget.

    The best model is chosen by validation on training rows; the hold-out is used once, for the scores that are reported.
    Raises: BadInputError when fewer than 30 rows have a target, or nothing is left to explain it.
    """
    started = time.monotonic()
    deadline = started + order.budget_s * 0.97
    progress(0.02, say(order.language, en="Preparing the features", ko="특성을 준비하고 있습니다"))
    problem = build_problem(order)
    with _engine(order, problem, deadline) as session:
        training = _train(order, problem, session, deadline, progress)
        progress(
            0.88, say(order.language, en="Scoring on the hold-out", ko="검증용 데이터로 평가하고 있습니다")
        )
        result = _judge(problem, training, started, deadline)
        files = [
            SavedFile(path, path.name if path.suffix else "h2o_model.bin", "application/octet-stream")
            for path in result.best.predictor.save(order.folder)
        ]
    return tell(order, result, files, _save_predictions(order, result))


def build_problem(order: Order) -> Problem:
    """Rows with a target, the features without what leaks, the hold-out, the metric."""
    target = order.choice.target
    if target is None:
        raise BadInputError("A regression or classification needs a target column.")
    table = pd.read_parquet(order.table)
    table = table[table[target].notna()].reset_index(drop=True)
    if len(table) < MIN_ROWS:
        raise BadInputError(
            say(
                order.language,
                en="Only {rows} rows have a value of '{target}'; training needs at least {least}.",
                ko="'{target}' 값이 있는 행이 {rows}개뿐입니다. 학습에는 최소 {least}개가 필요합니다.",
                rows=len(table),
                target=target,
                least=MIN_ROWS,
            )
        )
    classes = _classes(table[target]) if order.choice.task == "classification" else []
    codes = {label: code for code, label in enumerate(classes)}
    values = table[target].astype(str).map(codes) if classes else table[target].astype("float64")
    split = split_rows(
        table,
        order.columns,
        values,
        date_column=order.choice.date_column,
        classes=bool(classes),
        seed=order.seed,
    )
    features = build_features(table, order.columns, target, split.train, order.language)
    found = leaks(
        features,
        values.iloc[split.train],
        classes=bool(classes),
        seed=order.seed,
        language=order.language,
        additive={c.name for c in order.columns if c.semantic in {"measure", "count"}},
    )
    features = features.without(found)
    if features.frame.empty or not len(features.frame.columns):
        raise BadInputError(
            say(
                order.language,
                en="No column is left that could explain '{target}'.",
                ko="'{target}'(을/를) 설명할 수 있는 열이 남아 있지 않습니다.",
                target=target,
            )
        )
    metric = "rmse" if not classes else "auc" if len(classes) == 2 else "logloss"
    return Problem(features, values.to_numpy(), classes, split, metric, order.seed)


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
    def report(count: int, best: str, score: float) -> None:
        progress(
            min(0.85, 0.1 + 0.75 * (1 - (deadline - time.monotonic()) / order.budget_s)),
            say(
                order.language,
                en="{count} models trained; best so far {best} with validation {metric} {score:,.4f}",
                ko="모델 {count}개 학습 완료, 현재 최고는 {best} (검증 {metric} {score:,.4f})",
                count=count,
                best=best,
                metric=problem.metric.upper(),
                score=score,
            ),
        )

    wanted = order.h2o is not None and len(problem.target) >= H2O_LEAST_ROWS
    absent: Absence | None = "time" if wanted else None
    if session is not None:
        left = deadline - time.monotonic()
        try:
            training = train_h2o(problem, session, left - max(3.0, 0.22 * left), report)
            if training.entries:
                return training
        except ValueError:
            absent = "refused"
    return replace(train_sklearn(problem, deadline - 1.0, report), h2o_absent=absent)


def _judge(problem: Problem, training: Training, started: float, deadline: float) -> Result:
    actual, test = problem.test_target, problem.test
    naive = baselines(problem)
    best = training.entries[0]
    predicted = best.predictor.predict(test)
    scores = {best.name: _scores(problem, predicted, best.threshold)}
    importance = permutation_importance(best.predictor, test, actual, seed=problem.seed)
    for entry in training.entries[1:]:
        if time.monotonic() > deadline - 0.5:
            break
        scores[entry.name] = _scores(problem, entry.predictor.predict(test), entry.threshold)
    strongest = min(naive, key=lambda b: float(row_losses(actual, b.predicted).mean()))
    return Result(
        problem=problem,
        training=training,
        scores=scores,
        baselines=naive,
        beats_baseline=really_better(row_losses(actual, predicted), row_losses(actual, strongest.predicted)),
        predicted=predicted,
        importance=importance,
        seconds=time.monotonic() - started,
    )


def _scores(problem: Problem, predicted: np.ndarray, threshold: float) -> dict[str, float]:
    if problem.classes:
        return class_scores(problem.test_target.astype(int), predicted, threshold)
    return regression_scores(problem.test_target, predicted)


def _classes(values: pd.Series) -> list[str]:
    """Sorted labels; of two, the positive or rarer one comes second."""
    counts = values.astype(str).value_counts()
    labels = sorted(counts.index)
    if len(labels) == 2:
        named = [label for label in labels if label.lower().removesuffix(".0") in _POSITIVE]
        positive = named[0] if len(named) == 1 else min(labels, key=lambda label: (counts[label], label))
        labels = [label for label in labels if label != positive] + [positive]
    return labels


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
