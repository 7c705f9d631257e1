"""Charts of how a model does on held-out rows: predictions, ROC curve, confusion."""

from typing import Any

import numpy as np

from mesh.tabular.plain import plain

from .palette import BLUE, REST
from .scene import Built, Scene
from .spec import Axis, Cells, Chart, Grid, Line, Points
from .wording import label, sentence

MAX_GRID_ROWS = 200


def actual_vs_predicted(scene: Scene) -> Built:
    """Held-out values against their predictions, with the line of perfect agreement."""
    data = scene.inputs.get("model")
    pairs = [] if data is None else (data.get("holdout") or {}).get("actual_vs_predicted") or []
    if data is None or len(pairs) < 5:
        return None
    actual, predicted = (tuple(float(pair[side]) for pair in pairs) for side in (0, 1))
    r2 = _r_squared(actual, predicted)
    low, high = min(actual + predicted), max(actual + predicted)
    evidence = {"r2": r2, "n": len(pairs)}
    title = sentence(
        scene.language,
        en="Predictions explain {r2:.1%} of the held-out variation"
        if r2 > 0
        else "Predictions do not beat the mean",
        ko="예측이 검증 데이터 변동의 {r2:.1%}를 설명" if r2 > 0 else "예측이 평균보다 낫지 않음",
        **evidence,
    )
    target = label(data["target"])
    return Chart(
        kind="actual_vs_predicted",
        title=title,
        subtitle=sentence(
            scene.language, en="{t}, {n:,} held-out rows", ko="{t}, 검증 데이터 {n:,}행", t=target, **evidence
        ),
        alt=title + ".",
        x=Axis(sentence(scene.language, en="Actual {t}", ko="실제 {t}", t=target)),
        y=Axis(sentence(scene.language, en="Predicted {t}", ko="예측 {t}", t=target)),
        marks=(
            Points(sentence(scene.language, en="Rows", ko="행"), actual, predicted, BLUE, size=6.0),
            Line(
                sentence(scene.language, en="Perfect", ko="완전 일치"),
                (low, high),
                (low, high),
                REST,
                dashed=True,
            ),
        ),
        grid=Grid(("actual", "predicted"), tuple(zip(actual, predicted, strict=True))[:MAX_GRID_ROWS]),
        legend=True,
        evidence=evidence,
    )


def _r_squared(actual: tuple[float, ...], predicted: tuple[float, ...]) -> float:
    a, p = np.array(actual), np.array(predicted)
    total = float(((a - a.mean()) ** 2).sum())
    return plain(1 - float(((a - p) ** 2).sum()) / total) or 0.0 if total > 0 else 0.0


def roc(scene: Scene) -> Built:
    """The trade-off between hits and false alarms of a classifier, with the area under it."""
    data = scene.inputs.get("model")
    curve = [] if data is None else (data.get("holdout") or {}).get("roc") or []
    if len(curve) < 3:
        return None
    points = sorted((float(f), float(t)) for f, t in curve)
    x, y = tuple(p[0] for p in points), tuple(p[1] for p in points)
    area = plain(np.trapezoid(np.array(y), np.array(x))) or 0.0
    title = sentence(
        scene.language,
        en="The model separates the classes with AUC {area:.3f}",
        ko="분류 성능 AUC {area:.3f}",
        area=area,
    )
    return Chart(
        kind="roc",
        title=title,
        subtitle=sentence(scene.language, en="ROC curve on held-out data", ko="검증 데이터의 ROC 곡선"),
        alt=title + ".",
        x=Axis(
            sentence(scene.language, en="False alarms", ko="거짓 양성률"), percent=True, low=0.0, high=1.0
        ),
        y=Axis(sentence(scene.language, en="Hits", ko="참 양성률"), percent=True, low=0.0, high=1.0),
        marks=(
            Line(sentence(scene.language, en="Model", ko="모델"), x, y, BLUE),
            Line(
                sentence(scene.language, en="Chance", ko="무작위"), (0.0, 1.0), (0.0, 1.0), REST, dashed=True
            ),
        ),
        grid=Grid(("false_positive_rate", "true_positive_rate"), tuple(points)[:MAX_GRID_ROWS]),
        legend=True,
        evidence={"area": area},
    )


def confusion(scene: Scene) -> Built:
    """Actual against predicted classes of held-out rows, when the model gives them as labels and a matrix."""
    data = scene.inputs.get("model")
    table = None if data is None else (data.get("holdout") or {}).get("confusion")
    labels, matrix = _confusion_parts(table)
    if len(labels) < 2:
        return None
    counts = np.array(matrix, dtype=np.float64)
    right = plain(np.trace(counts) / counts.sum()) or 0.0
    title = sentence(
        scene.language,
        en="{right:.1%} of held-out rows are classified correctly",
        ko="검증 데이터의 {right:.1%}를 올바르게 분류",
        right=right,
    )
    z = tuple(tuple(float(value) for value in row) for row in counts)
    return Chart(
        kind="confusion",
        title=title,
        subtitle=sentence(scene.language, en="Rows: actual, columns: predicted", ko="행은 실제, 열은 예측"),
        alt=title + ".",
        x=Axis(sentence(scene.language, en="Predicted", ko="예측"), kind="category", order=labels),
        y=Axis(sentence(scene.language, en="Actual", ko="실제"), kind="category", order=labels),
        marks=(Cells(labels, labels, z, diverging=False, labelled=True),),
        grid=Grid(("", *labels), tuple((name, *row) for name, row in zip(labels, z, strict=True))),
        evidence={"right": right},
    )


def _confusion_parts(table: Any) -> tuple[tuple[str, ...], list[list[float]]]:
    """Labels and square matrix from `{"labels": [...], "matrix": [[...]]}` or
    `{actual: {predicted: count}}`."""
    if not isinstance(table, dict):
        return (), []
    if "matrix" in table and "labels" in table:
        return tuple(str(name) for name in table["labels"]), table["matrix"]
    if table and all(isinstance(row, dict) for row in table.values()):
        labels = sorted({str(n) for n in table} | {str(n) for row in table.values() for n in row})
        return tuple(labels), [[float(table.get(a, {}).get(p, 0)) for p in labels] for a in labels]
    return (), []
