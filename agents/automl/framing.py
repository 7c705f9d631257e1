"""A table and a target into a problem: classes, hold-out, features without what leaks, folds, metric."""

import math

import numpy as np
import pandas as pd

from mesh.errors import BadInputError
from mesh.language import say

from .features import Features, build_features
from .leakage import leaks
from .order import Order
from .problem import Problem
from .splitting import split_rows
from .validation import make_folds

MIN_ROWS = 15
MIN_CLASS_ROWS = 10
_POSITIVE = {"yes", "y", "true", "1", "예", "이탈", "해지", "churned", "left", "positive", "fraud", "default"}


def build_problem(order: Order, stop: float = math.inf) -> Problem:
    """Rows with a target, the features without what leaks, the hold-out, the folds, the metric.

    Args: `stop` is when looking for leaks must end (monotonic s).
    Raises: BadInputError when fewer than `MIN_ROWS` rows have a target, all have the same one, one of two
    classes has fewer than `MIN_CLASS_ROWS`, or nothing is left to explain it.
    """
    target = order.choice.target
    if target is None:
        raise BadInputError("A regression or classification needs a target column.")
    table = pd.read_parquet(order.table)
    table = table[_known(table[target])].reset_index(drop=True)
    if len(table) < MIN_ROWS:
        raise BadInputError(
            say(
                order.language,
                en="Training needs at least {least} rows with a value of '{target}', and there are {rows}; add rows.",
                ko="학습에는 '{target}' 값이 있는 행이 최소 {least}개 필요하지만 {rows}개뿐입니다. 행을 추가해 주십시오.",
                rows=len(table),
                target=target,
                least=MIN_ROWS,
            )
        )
    _refuse_uniform(order, target, table[target])
    classes = _classes(table[target]) if order.choice.task == "classification" else []
    codes = {label: code for code, label in enumerate(classes)}
    values = table[target].astype(str).map(codes) if classes else table[target].astype("float64")
    split = split_rows(
        table, order.columns, values, question=order.question, classes=bool(classes), seed=order.seed
    )
    entity = split.column if split.kind == "group" else None
    features = _explaining(order, target, table, values, split.train, entity, bool(classes), stop)
    known = values.to_numpy()
    folds = make_folds(split, known[split.train], classes=bool(classes), seed=order.seed)
    metric = "rmse" if not classes else "auc" if len(classes) == 2 else "logloss"
    return Problem(features, known, classes, split, folds, metric, order.seed)


def _known(values: pd.Series) -> pd.Series:
    """Which rows have a target: infinite is none."""
    number = pd.api.types.is_float_dtype(values)
    return values.notna() & ~values.isin([math.inf, -math.inf]) if number else values.notna()


def _refuse_uniform(order: Order, target: str, values: pd.Series) -> None:
    counts = values.astype(str).value_counts()
    if order.choice.task == "classification" and len(counts) == 2 and counts.iloc[1] < MIN_CLASS_ROWS:
        raise BadInputError(
            say(
                order.language,
                en="To tell the two classes of '{target}' apart, at least {least} rows of each are needed, and of {value} there "
                "are {rows}; add rows with it.",
                ko="'{target}'의 두 클래스를 구분하려면 각각 최소 {least}개 행이 필요하지만 {value}인 행은 {rows}개뿐입니다. "
                "해당하는 행을 추가해 주십시오.",
                target=target,
                value=counts.index[1],
                rows=int(counts.iloc[1]),
                least=MIN_CLASS_ROWS,
            )
        )
    if len(counts) < 2:
        raise BadInputError(
            say(
                order.language,
                en="Every row has the same '{target}' ({value}), so there is nothing to predict; "
                "choose another column, or add rows with other values.",
                ko="모든 행의 '{target}' 값이 같아({value}) 예측할 것이 없습니다. 다른 열을 고르거나 행을 추가해 주십시오.",
                target=target,
                value=values.iloc[0],
            )
        )


def _explaining(
    order: Order,
    target: str,
    table: pd.DataFrame,
    values: pd.Series,
    train: np.ndarray,
    entity: str | None,
    classes: bool,
    stop: float,
) -> Features:
    features = build_features(table, order.columns, target, train, order.language, entity)
    found = leaks(
        features,
        values.iloc[train],
        classes=classes,
        seed=order.seed,
        language=order.language,
        additive={c.name for c in order.columns if c.semantic in {"measure", "count"}},
        stop=stop,
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
    return features


def _classes(values: pd.Series) -> list[str]:
    """Sorted labels; of two, the positive or rarer one comes second."""
    counts = values.astype(str).value_counts()
    labels = sorted(counts.index)
    if len(labels) == 2:
        named = [label for label in labels if label.lower().removesuffix(".0") in _POSITIVE]
        positive = named[0] if len(named) == 1 else min(labels, key=lambda label: (counts[label], label))
        labels = [label for label in labels if label != positive] + [positive]
    return labels
