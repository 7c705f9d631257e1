"""New rows scored by a trained model: a table with predictions, what they say together, and how right they are where known."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mesh.language import say
from mesh.results import Column, Finding
from mesh.scoring.description import ModelDescription, describe
from mesh.scoring.rows import check_rows
from mesh.scoring.scorer import LOWER, PREDICTED, PROBABILITY, UPPER, open_scorer

from .scores import class_scores, regression_scores
from .scoring_order import ModelOrder, RowsGiven

LEAST_KNOWN = 10


@dataclass(frozen=True)
class Predicted:
    """`frame` holds the rows given with the model's columns behind their own, the rows most worth a look first in `ranking`.

    `columns` describe it, `report` is what is known of the predictions together, `notes` what to mind of the rows.
    """

    frame: pd.DataFrame
    ranking: list[Any]
    columns: list[Column]
    report: dict[str, Any]
    notes: list[Finding]


def predict_rows(order: ModelOrder, given: RowsGiven, progress: Callable[[float, str], None]) -> Predicted:
    """Score every row; where the target is known too, say how right the model is on these rows.

    Raises: BadInputError when the model cannot score rows or the rows do not fit it, ForbiddenError for a model file that is
    not the mesh's own, UnavailableError when it cannot be loaded.
    """
    description = describe(order.data, order.language)
    table = pd.read_parquet(given.table).reset_index(drop=True)
    rows = check_rows(description, table, order.language)
    progress(0.2, say(order.language, en="Scoring the rows", ko="행을 예측하고 있습니다"))
    with open_scorer(
        description,
        order.files,
        token=order.token,
        h2o=order.h2o,
        folder=order.folder,
        language=order.language,
    ) as scorer:
        scored = scorer.score(rows.frame)
    names = _free_names(list(scored.columns), list(table.columns))
    return Predicted(
        frame=pd.concat([table, scored.rename(columns=names)], axis=1),
        ranking=_ranking(scored, description),
        columns=[*given.columns, *(_column(name, scored[old], description) for old, name in names.items())],
        report=_report(description, table, scored, list(names.values()), given.sha256),
        notes=rows.notes,
    )


def _free_names(made: list[str], taken: list[str]) -> dict[str, str]:
    """The model's columns by names that the table does not have: `predicted`, or `model_predicted` where that is taken."""
    names = {}
    for name in made:
        free = name
        while free in taken:
            free = f"model_{free}"
        names[name] = free
    return names


def _column(name: str, values: pd.Series, description: ModelDescription) -> Column:
    words = bool(description.classes) and values.name == PREDICTED
    return Column(
        name=name, type="string" if words else "number", semantic="category" if words else "intensive"
    )


def _ranking(scored: pd.DataFrame, description: ModelDescription) -> list[Any]:
    """The rows most worth a look first: the surest of the positive class, the surest of any, or the largest value."""
    if description.positive_class is not None:
        by = scored[f"{PROBABILITY}{description.positive_class}"]
    elif description.classes:
        by = scored[[f"{PROBABILITY}{label}" for label in description.classes]].max(axis=1)
    else:
        by = scored[PREDICTED]
    return list(by.sort_values(ascending=False, kind="stable").index)


def _report(
    description: ModelDescription, table: pd.DataFrame, scored: pd.DataFrame, columns: list[str], sha256: str
) -> dict[str, Any]:
    interval, dataset = description.interval, description.dataset
    return {
        "target": description.target,
        "task": description.task,
        "engine": description.engine,
        "algorithm": description.algorithm,
        "metric": description.metric,
        "rows": len(scored),
        "columns": columns,
        "predicted": _distribution(description, scored),
        "threshold": description.threshold if description.positive_class is not None else None,
        "positive_class": description.positive_class,
        "interval": interval.model_dump() if interval is not None else None,
        "validation": description.score,
        "known": _known(description, table, scored),
        "model_dataset": dataset.model_dump() if dataset is not None else None,
        "same_data": dataset is not None and dataset.sha256 == sha256,
    }


def _distribution(description: ModelDescription, scored: pd.DataFrame) -> dict[str, Any]:
    """Rows by predicted class, or mean, median, minimum and maximum of the predicted values."""
    predicted = scored[PREDICTED]
    if description.classes:
        counts = predicted.value_counts()
        return {label: int(counts.get(label, 0)) for label in description.classes}
    return {
        "mean": float(predicted.mean()),
        "median": float(predicted.median()),
        "min": float(predicted.min()),
        "max": float(predicted.max()),
    }


def _known(description: ModelDescription, table: pd.DataFrame, scored: pd.DataFrame) -> dict[str, Any] | None:
    """The scores on the rows whose target is known; None with fewer than `LEAST_KNOWN` of them."""
    if description.target not in table.columns:
        return None
    actual = table[description.target]
    if description.classes:
        codes = {label: code for code, label in enumerate(description.classes)}
        values = actual.astype("object").map(description.class_of, na_action="ignore").map(codes)
    else:
        values = pd.to_numeric(actual, errors="coerce")
    known = values.notna().to_numpy()
    if int(known.sum()) < LEAST_KNOWN:
        return None
    truth = values[known].to_numpy(dtype=float)
    rows: dict[str, Any] = {"rows": int(known.sum())}
    if description.classes:
        probability = scored.loc[known, [f"{PROBABILITY}{label}" for label in description.classes]]
        return rows | class_scores(truth.astype(int), probability.to_numpy(), description.threshold)
    rows |= regression_scores(truth, scored.loc[known, PREDICTED].to_numpy())
    if UPPER in scored:
        inside = (truth >= scored.loc[known, LOWER]) & (truth <= scored.loc[known, UPPER])
        rows["coverage"] = float(np.mean(inside))
    return rows
