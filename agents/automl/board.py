"""The leaderboard of a regression or classification: every model and naive baseline on the same hold-out."""

from typing import Any

from mesh.language import Language, say
from mesh.results import Kpi, Table

from .model_names import board_labels
from .outcome import Result
from .scores import LOWER_IS_BETTER, TITLES
from .sklearn_models import SIMPLE

_SHOWN = {
    "rmse": ("rmse", "mae", "r2"),
    "auc": ("auc", "pr_auc", "f1", "balanced_accuracy"),
    "logloss": ("logloss", "auc", "f1", "balanced_accuracy"),
}


def leaderboard(result: Result, language: Language) -> list[dict[str, Any]]:
    """Models and baselines, best first by the hold-out's metric.

    `lower` and `upper` bound it (95 %, see `uncertainty`), None where it has no interval; `validation` is the score in the folds;
    `selected` marks the model that was chosen there; `simple` marks the simple models.
    """
    metric = result.problem.metric
    rows: list[dict[str, Any]] = [
        {
            "model": e.name,
            "engine": e.engine,
            "validation": e.validation,
            "baseline": False,
            "simple": e.name in SIMPLE,
            "selected": e is result.best,
        }
        for e in result.training.entries
        if e.name in result.scores
    ]
    rows += [
        {
            "model": b.name,
            "engine": None,
            "validation": None,
            "baseline": True,
            "simple": False,
            "selected": False,
        }
        for b in result.baselines
    ]
    sign = 1 if metric in LOWER_IS_BETTER else -1
    rows.sort(
        key=lambda row: (
            sign * result.scores[row["model"]].get(metric, 0.5),
            row["baseline"],
            not row["selected"],
            row["model"],
        )
    )
    labels = board_labels([row["model"] for row in rows], language)
    return [
        {"rank": rank, "label": label, **row, **_score(result, row["model"])}
        for rank, (label, row) in enumerate(zip(labels, rows, strict=True), 1)
    ]


def _score(result: Result, name: str) -> dict[str, Any]:
    lower, upper = result.intervals.get(name) or (None, None)
    return {**result.scores[name], "lower": lower, "upper": upper}


def board_table(result: Result, language: Language) -> Table:
    """The leaderboard as read by people, the interval beside the metric it is ranked by."""
    metric = result.problem.metric
    others = _SHOWN[metric][1:]
    rows = [
        [
            row["rank"],
            row["label"],
            row["baseline"],
            *(row.get(name) for name in (metric, "lower", "upper", *others)),
        ]
        for row in leaderboard(result, language)
    ]
    heads = ["순위", "모델", "기준선"] if language == "ko" else ["Rank", "Model", "Baseline"]
    bounds = ["95 % 하한", "95 % 상한"] if language == "ko" else ["95 % from", "95 % to"]
    return Table(
        title=say(language, en="Leaderboard on the hold-out", ko="검증용 데이터 순위표"),
        columns=[*heads, TITLES[metric], *bounds, *(TITLES[name] for name in others)],
        rows=rows,
    )


def score_kpis(result: Result, language: Language) -> list[Kpi]:
    """The best model's scores on the hold-out."""
    scores = result.scores[result.best.name]
    shown = ("auc", "f1", "balanced_accuracy") if result.problem.classes else ("rmse", "mae", "r2")
    return [
        Kpi(
            label=TITLES[name][0].upper() + TITLES[name][1:],
            value=scores[name],
            text=f"{scores[name]:,.3f}",
            note=say(language, en="hold-out", ko="검증용 데이터"),
        )
        for name in shown
        if name in scores
    ]
