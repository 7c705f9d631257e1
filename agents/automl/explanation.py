"""A trained model explained on its own hold-out: what it goes by, where it errs, whether its probabilities hold."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.scoring.description import ModelDescription, describe
from mesh.scoring.scorer import Scorer, open_scorer

from .explaining.calibration import calibration
from .explaining.dependence import dependences
from .explaining.fairness import fairness
from .explaining.holdout import HoldOut
from .explaining.importance import importances
from .explaining.question import Costs, asked_costs, asked_group, asks_for_fairness
from .explaining.segments import weak_segments
from .explaining.shapley import shapley_values
from .explaining.thresholds import threshold_choice
from .explanation_row import explain_row, followed_class
from .scoring_order import ExplanationWish, ModelOrder

BUDGET, BUDGET_H2O = 120_000, 80_000
SHAPLEY_ROWS = 60
DEPENDENCES = 4
Progress = Callable[[float, str], None]


def explain_model(order: ModelOrder, wish: ExplanationWish, progress: Progress) -> dict[str, Any]:
    """The report of one explanation: plain values, shares in [0, 1]; `None` for parts that the model has none of.

    Raises: BadInputError for a model that cannot be explained, a group or row that does not exist, or one cost without the
    other; what `mesh.scoring.scorer.open_scorer` raises.
    """
    description = describe(order.data, order.language)
    progress(0.05, say(order.language, en="Loading the model", ko="모델을 불러오고 있습니다"))
    with (
        threadpool_limits(1),
        open_scorer(
            description,
            order.files,
            token=order.token,
            h2o=order.h2o,
            folder=order.folder,
            language=order.language,
            judged=True,
        ) as scorer,
    ):
        holdout = _holdout(description, scorer, wish, order.language)
        return _report(description, scorer, holdout, wish, order.language, progress)


def _report(
    description: ModelDescription,
    scorer: Scorer,
    holdout: HoldOut,
    wish: ExplanationWish,
    language: Language,
    progress: Progress,
) -> dict[str, Any]:
    budget = BUDGET_H2O if description.engine == "h2o" else BUDGET
    output, costs = followed_class(holdout), _costs(wish, language)
    progress(0.15, say(language, en="Shuffling its columns", ko="변수 중요도를 계산하고 있습니다"))
    importance = importances(holdout, scorer.predict, seed=wish.seed, budget=budget)
    texts = {feature.name for feature in description.features if feature.type == "text"}
    ranked = [n for row in importance["features"] for n in holdout.groups[row["feature"]] if n not in texts]
    progress(0.4, say(language, en="Following single columns", ko="변수별 영향을 그리고 있습니다"))
    dependence = dependences(holdout, scorer.predict, ranked[:DEPENDENCES], output=output, seed=wish.seed)
    progress(
        0.6, say(language, en="Dividing predictions among columns", ko="예측을 변수별로 나누고 있습니다")
    )
    row = explain_row(description, scorer, holdout, wish, language, budget)
    two = len(description.classes) == 2
    return {
        "target": description.target,
        "task": description.task,
        "engine": description.engine,
        "algorithm": description.algorithm,
        "metric": description.metric,
        "score": description.score,
        "rows": len(holdout.actual),
        "classes": list(description.classes),
        "output_class": description.classes[output] if output is not None else None,
        "threshold": description.threshold if two else None,
        "dataset": description.dataset.model_dump() if description.dataset is not None else None,
        "importance": importance,
        "shapley": _shapley(scorer, holdout, output, wish.seed, budget),
        "dependence": dependence,
        "segments": weak_segments(holdout, ranked),
        "calibration": calibration(holdout),
        "thresholds": threshold_choice(holdout, costs.missed, costs.false_alarm, seed=wish.seed)
        if costs is not None and two
        else None,
        "costs_asked": costs is not None,
        "fairness": _fairness(holdout, wish, language) if two else None,
        "fairness_asked": wish.group is not None or asks_for_fairness(wish.question),
        "row": row,
        "seed": wish.seed,
    }


def _holdout(
    description: ModelDescription, scorer: Scorer, wish: ExplanationWish, language: Language
) -> HoldOut:
    table = pd.read_parquet(wish.holdout)
    names = [feature.name for feature in description.features]
    if hidden := {"actual", "predicted", "probability"}.intersection(names):
        raise BadInputError(
            say(
                language,
                en="The model takes a column called '{name}', which is a name of the held-out rows' own; train it again on a "
                "table where that column is called otherwise.",
                ko="모델이 쓰는 '{name}' 열의 이름이 검증용 데이터가 쓰는 이름과 겹칩니다. 열 이름을 바꿔 모델을 다시 "
                "학습해 주십시오.",
                name=min(hidden),
            )
        )
    if not {*names, "actual"} <= set(table.columns):
        raise BadInputError(
            say(
                language,
                en="The model's held-out rows lack columns that it takes; train the model again.",
                ko="모델의 검증용 데이터에 모델이 쓰는 열이 없습니다. 모델을 다시 학습해 주십시오.",
            )
        )
    codes = {label: code for code, label in enumerate(description.classes)}
    actual = table["actual"].astype(str).map(codes) if codes else table["actual"]
    frame = table[names].reset_index(drop=True)
    return HoldOut(
        frame=frame,
        sources={feature.name: feature.source for feature in description.features},
        actual=actual.to_numpy(dtype=float),
        predicted=scorer.predict(frame),
        classes=description.classes,
        threshold=description.threshold,
    )


def _shapley(scorer: Scorer, holdout: HoldOut, output: int | None, seed: int, budget: int) -> dict[str, Any]:
    """Mean absolute Shapley values over some rows, by the table's columns, and each row's value with its rank in the column."""
    rows = holdout.take(SHAPLEY_ROWS, seed).frame
    found = shapley_values(scorer.predict, rows, holdout.frame, output=output, seed=seed, budget=budget // 3)
    by_column = pd.DataFrame(found.values, columns=rows.columns)
    values = {source: by_column[names].sum(axis=1).to_numpy() for source, names in holdout.groups.items()}
    order = sorted(values, key=lambda source: (-float(np.abs(values[source]).mean()), source))
    points = {
        source: {
            "values": values[source].tolist(),
            "ranks": _ranks(rows[holdout.groups[source][0]]),
        }
        for source in order[:10]
    }
    means = [{"feature": source, "mean": float(np.abs(values[source]).mean())} for source in order]
    return {"rows": len(rows), "base": found.base, "features": means, "points": points}


def _ranks(values: pd.Series) -> list[float] | None:
    """Where each value lies between the smallest (0) and the largest (1); None for words."""
    if not pd.api.types.is_numeric_dtype(values):
        return None
    return [float(rank) for rank in values.rank(pct=True).fillna(0.5)]


def _costs(wish: ExplanationWish, language: Language) -> Costs | None:
    """The costs given, else those that the question names. Raises: BadInputError when only one of them is known."""
    said = asked_costs(wish.question)
    missed = wish.missed if said is None else wish.missed or said.missed
    false_alarm = wish.false_alarm if said is None else wish.false_alarm or said.false_alarm
    if missed is None and false_alarm is None:
        return None
    if missed is None or false_alarm is None:
        raise BadInputError(
            say(
                language,
                en="A threshold is chosen by both costs, but only one was given; give cost_missed and cost_false_alarm.",
                ko="임계값을 정하려면 두 비용이 모두 필요하지만 하나만 주어졌습니다. cost_missed와 cost_false_alarm을 함께 "
                "지정해 주십시오.",
            )
        )
    return Costs(missed, false_alarm)


def _fairness(holdout: HoldOut, wish: ExplanationWish, language: Language) -> dict[str, Any] | None:
    """The comparison by group when one is asked for; None when it is not, or no column fits.

    Raises: BadInputError when `group` is none of the columns that the model takes.
    """
    if wish.group is None and not asks_for_fairness(wish.question):
        return None
    groups = holdout.groups
    if wish.group is not None and wish.group not in groups:
        raise BadInputError(
            say(
                language,
                en="'{group}' is none of the columns that the model takes: {names}.",
                ko="'{group}'(은/는) 모델이 쓰는 열이 아닙니다. 모델이 쓰는 열: {names}.",
                group=wish.group,
                names=", ".join(groups),
            )
        )
    name = wish.group or asked_group(wish.question, list(groups))
    return fairness(holdout, name, holdout.frame[groups[name][0]]) if name is not None else None
