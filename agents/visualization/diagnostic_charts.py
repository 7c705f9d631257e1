"""Charts of where a model errs on held-out rows: residuals, precision and recall, calibration."""

from typing import Any

import numpy as np

from mesh.tabular.plain import plain

from .palette import BLUE, REST
from .scene import Built, Scene
from .spec import Axis, Chart, Grid, Line, Points
from .wording import label, sentence

MAX_GRID_ROWS = 200
MIN_PAIRS = 5


def _holdout(scene: Scene) -> dict[str, Any]:
    return dict((scene.inputs.get("model") or {}).get("holdout") or {})


def residuals(scene: Scene) -> Built:
    """Errors of held-out predictions against what was predicted."""
    pairs = _holdout(scene).get("actual_vs_predicted") or []
    if len(pairs) < MIN_PAIRS:
        return None
    actual, predicted = (np.array([float(pair[side]) for pair in pairs]) for side in (0, 1))
    errors = actual - predicted
    evidence = {"bias": plain(errors.mean()), "typical": plain(np.median(np.abs(errors))), "n": len(pairs)}
    title = sentence(
        scene.language,
        en="Half of the predictions err by at most {typical}",
        ko="예측의 절반은 오차가 {typical} 이하",
        **evidence,
    )
    target = label(str(scene.inputs["model"].get("target", "")))
    low, high = float(predicted.min()), float(predicted.max())
    points = Points(
        sentence(scene.language, en="Rows", ko="행"),
        tuple(predicted.tolist()),
        tuple(errors.tolist()),
        BLUE,
        size=6.0,
    )
    zero = Line(
        sentence(scene.language, en="No error", ko="오차 없음"), (low, high), (0.0, 0.0), REST, dashed=True
    )
    return Chart(
        kind="residuals",
        title=title,
        subtitle=sentence(
            scene.language,
            en="{t}: actual minus predicted, {n:,} held-out rows, mean {bias}",
            ko="{t}: 실제 − 예측, 검증 데이터 {n:,}행, 평균 {bias}",
            t=target,
            **evidence,
        ),
        alt=title + ".",
        x=Axis(sentence(scene.language, en="Predicted {t}", ko="예측 {t}", t=target)),
        y=Axis(sentence(scene.language, en="Error", ko="오차")),
        marks=(points, zero),
        grid=Grid(
            ("predicted", "error"),
            tuple(zip(predicted.tolist(), errors.tolist(), strict=True))[:MAX_GRID_ROWS],
        ),
        legend=True,
        evidence=evidence,
    )


def precision_recall(scene: Scene) -> Built:
    """How many alarms are right against how many cases are found, from the ROC points and the classes' sizes."""
    holdout = _holdout(scene)
    curve, table = holdout.get("roc") or [], holdout.get("confusion")
    if len(curve) < 3 or not isinstance(table, dict) or len(table.get("matrix", [])) != 2:
        return None
    negative, positive = (float(sum(row)) for row in table["matrix"])
    if not negative or not positive:
        return None
    points = [
        (float(hit), float(hit) * positive / (float(hit) * positive + float(alarm) * negative))
        for alarm, hit in sorted(curve)
        if hit > 0
    ]
    share = positive / (positive + negative)
    evidence = {"share": plain(share), "positive": str(table["labels"][1])}
    best = max(points, key=lambda p: 2 * p[0] * p[1] / (p[0] + p[1]))
    evidence |= {"recall": plain(best[0]), "precision": plain(best[1])}
    title = sentence(
        scene.language,
        en="At best balance {precision:.1%} of alarms are right and {recall:.1%} of cases are found",
        ko="균형이 가장 좋을 때 경보의 {precision:.1%}가 맞고 전체의 {recall:.1%}를 찾음",
        **evidence,
    )
    x, y = tuple(p[0] for p in points), tuple(p[1] for p in points)
    chance = sentence(
        scene.language,
        en="Always “{positive}” ({share:.1%})",
        ko="모두 ‘{positive}’ ({share:.1%})",
        **evidence,
    )
    model = sentence(scene.language, en="Model", ko="모델")
    return Chart(
        kind="precision_recall",
        title=title,
        subtitle=sentence(
            scene.language, en="Precision and recall on held-out data", ko="검증 데이터의 정밀도와 재현율"
        ),
        alt=title + ".",
        x=Axis(sentence(scene.language, en="Recall", ko="재현율"), percent=True, low=0.0, high=1.0),
        y=Axis(sentence(scene.language, en="Precision", ko="정밀도"), percent=True, low=0.0, high=1.02),
        marks=(Line(model, x, y, BLUE), Line(chance, (0.0, 1.0), (share, share), REST, dashed=True)),
        grid=Grid(("recall", "precision"), tuple(points)[:MAX_GRID_ROWS]),
        legend=True,
        evidence=evidence,
    )


def calibration(scene: Scene) -> Built:
    """Predicted chances against how often the class occurred, per tenth of the rows."""
    points = _holdout(scene).get("calibration") or []
    if len(points) < MIN_PAIRS:
        return None
    x, y = (tuple(float(point[side]) for point in points) for side in (0, 1))
    gap = plain(float(np.mean(np.abs(np.array(x) - np.array(y)))))
    title = sentence(
        scene.language,
        en="Predicted chances are off by {gap:.1%} on average",
        ko="예측 확률과 실제 비율의 평균 차이 {gap:.1%}",
        gap=gap,
    )
    tenths = sentence(scene.language, en="Tenths of the rows", ko="행을 10등분한 구간")
    perfect = sentence(scene.language, en="Perfect", ko="완전 일치")
    return Chart(
        kind="calibration",
        title=title,
        subtitle=sentence(
            scene.language,
            en="Held-out rows, by tenth of the predicted chance",
            ko="검증 데이터, 예측 확률 10등분",
        ),
        alt=title + ".",
        x=Axis(
            sentence(scene.language, en="Predicted chance", ko="예측 확률"), percent=True, low=0.0, high=1.0
        ),
        y=Axis(
            sentence(scene.language, en="Observed share", ko="실제 비율"), percent=True, low=0.0, high=1.02
        ),
        marks=(
            Line(tenths, x, y, BLUE, markers=True),
            Line(perfect, (0.0, 1.0), (0.0, 1.0), REST, dashed=True),
        ),
        grid=Grid(("predicted", "observed"), tuple(zip(x, y, strict=True))),
        legend=True,
        evidence={"gap": gap, "tenths": 10},
    )
