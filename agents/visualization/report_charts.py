"""Charts of what earlier skills found: forecast with bands, model boards, missing values."""

from typing import Any

import numpy as np

from .palette import BLUE, REST, SKY, SOFT_BLUE, VERMILION
from .plain import plain
from .scene import Built, Scene
from .spec import Axis, Band, Bars, Cells, Chart, Grid, Line, Points
from .time_charts import from_zero
from .wording import label, sentence

MAX_HISTORY_PER_POINT = 4
MIN_HISTORY = 24
MAX_BARS = 12
MAX_GRID_ROWS = 200
WORTH_SHOWING = 0.01


def forecast(scene: Scene) -> Built:
    """The history and the forecast with its 80 and 95 % bands."""
    data = scene.inputs.get("forecast")
    if data is None or not data.get("points"):
        return None
    history = data.get("history", [])[-max(MIN_HISTORY, MAX_HISTORY_PER_POINT * len(data["points"])) :]
    points = data["points"]
    target = label(data["target"])
    last = next(
        ({"date": h["date"], "mean": h["value"]} for h in reversed(history) if h["value"] is not None), None
    )
    joined = ([last] if last is not None else []) + points
    dates = tuple(p["date"] for p in points)
    evidence, title = _forecast_title(scene, data, target)
    observed = sentence(scene.language, en="Observed", ko="실제")
    predicted = sentence(scene.language, en="Forecast", ko="예측")
    marks = (
        _band(points, 95, 0.16, scene),
        _band(points, 80, 0.26, scene),
        Line(observed, tuple(h["date"] for h in history), tuple(h["value"] for h in history), "#3E4C59"),
        Line(predicted, tuple(p["date"] for p in joined), tuple(p["mean"] for p in joined), BLUE, width=2.6),
    )
    rows = tuple(
        (p["date"], p["mean"], p["lower_80"], p["upper_80"], p["lower_95"], p["upper_95"]) for p in points
    )
    return Chart(
        kind="forecast",
        title=title,
        subtitle=sentence(
            scene.language,
            en="{target}: observed and forecast with {inner:.0%} and {outer:.0%} intervals · {model}",
            ko="{target} 실제와 예측, {inner:.0%}·{outer:.0%} 예측 구간 · {model}",
            target=target,
            inner=0.8,
            outer=0.95,
            model=data.get("model", ""),
        ),
        alt=sentence(
            scene.language,
            en="{title}. The forecast runs from {start} to {end}.",
            ko="{title}. 예측 기간은 {start}부터 {end}까지입니다.",
            title=title,
            start=dates[0],
            end=dates[-1],
        ),
        x=Axis(kind="time"),
        y=Axis(zero=_all_positive(history, points)),
        marks=marks,
        grid=Grid(("date", "mean", "lower_80", "upper_80", "lower_95", "upper_95"), rows[:MAX_GRID_ROWS]),
        legend=True,
        evidence=evidence | {"inner": 0.8, "outer": 0.95},
    )


def _all_positive(history: list[dict[str, Any]], points: list[dict[str, Any]]) -> bool:
    values = [h["value"] for h in history if h["value"] is not None] + [p["lower_95"] for p in points]
    return from_zero(tuple(values)) and min(values) >= 0


def _band(points: list[dict[str, Any]], level: int, opacity: float, scene: Scene) -> Band:
    name = sentence(scene.language, en="{share:.0%} interval", ko="{share:.0%} 구간", share=level / 100)
    return Band(
        name,
        tuple(p["date"] for p in points),
        tuple(p[f"lower_{level}"] for p in points),
        tuple(p[f"upper_{level}"] for p in points),
        BLUE,
        opacity,
    )


def _forecast_title(scene: Scene, data: dict[str, Any], target: str) -> tuple[dict[str, Any], str]:
    if data.get("total") is not None and data.get("total_lower_95") is not None:
        evidence = {"total": data["total"], "low": data["total_lower_95"], "high": data["total_upper_95"]}
        title = sentence(
            scene.language,
            en="{target} forecast: {total:,.0f} in total ({low:,.0f} to {high:,.0f})",
            ko="{target} 예측 합계 {total:,.0f}({low:,.0f} ~ {high:,.0f})",
            target=target,
            **evidence,
        )
        return evidence, title
    last = data["points"][-1]
    evidence = {"date": last["date"], "mean": last["mean"]}
    title = sentence(
        scene.language,
        en="{target} is forecast at {mean} by {date}",
        ko="{target}, {date} 예측값 {mean}",
        target=target,
        **evidence,
    )
    return evidence, title


def leaderboard(scene: Scene) -> Built:
    """The models by their score, the baseline marked."""
    data = scene.inputs.get("model")
    if data is None or len(data.get("leaderboard", [])) < 2:
        return None
    metric = data["metric"]
    rows = [r for r in data["leaderboard"] if isinstance(r.get(metric), int | float)][:MAX_BARS]
    if len(rows) < 2:
        return None
    names = tuple(str(row["model"]) for row in rows)
    colors = tuple(
        VERMILION if row.get("baseline") else BLUE if position == 0 else SOFT_BLUE
        for position, row in enumerate(rows)
    )
    evidence = {"model": names[0], "metric": metric, "score": rows[0][metric]}
    beaten = data.get("beats_baseline", True)
    title = sentence(
        scene.language,
        en="{model} is best ({metric} {score})"
        if beaten
        else "No model beats the baseline ({metric} {score})",
        ko="{model} 모델이 가장 우수({metric} {score})"
        if beaten
        else "기준 모델을 이긴 모델 없음({metric} {score})",
        **evidence,
    )
    return _bars_chart(
        scene,
        kind="leaderboard",
        title=title,
        subtitle=sentence(
            scene.language,
            en="{metric} on held-out data; baseline in orange-red",
            ko="검증 데이터의 {metric}, 기준 모델은 주황색",
            metric=metric,
        ),
        names=names,
        values=tuple(float(row[metric]) for row in rows),
        colors=colors,
        column=metric,
        evidence=evidence,
    )


def importance(scene: Scene) -> Built:
    """What the model relies on."""
    data = scene.inputs.get("model")
    rows = (
        []
        if data is None
        else [r for r in data.get("importance", []) if r["importance"] is not None][:MAX_BARS]
    )
    if data is None or len(rows) < 2:
        return None
    names = tuple(str(row["feature"]) for row in rows)
    values = tuple(float(row["importance"]) for row in rows)
    evidence = {"feature": names[0], "value": values[0], "target": data["target"]}
    title = sentence(
        scene.language,
        en="{feature} matters most for {target}",
        ko="{target} 예측에 가장 중요한 변수는 {feature}",
        **evidence,
    )
    column = sentence(scene.language, en="Importance", ko="중요도")
    return _bars_chart(
        scene,
        kind="importance",
        title=title,
        subtitle=sentence(
            scene.language,
            en="Feature importance of {model}",
            ko="{model}의 변수 중요도",
            model=data["best"]["model"],
        ),
        names=names,
        values=values,
        colors=(BLUE, *(SOFT_BLUE,) * (len(names) - 1)),
        column=column,
        evidence=evidence,
    )


def _bars_chart(
    scene: Scene,
    *,
    kind: str,
    title: str,
    subtitle: str,
    names: tuple[str, ...],
    values: tuple[float, ...],
    colors: tuple[str, ...],
    column: str,
    evidence: dict[str, Any],
    percent: bool = False,
) -> Chart:
    unique = tuple(
        f"{name} ({i})" if name in names[: i - 1] else name for i, name in enumerate(names, start=1)
    )
    del scene
    return Chart(
        kind=kind,
        title=title,
        subtitle=subtitle,
        alt=f"{title}. {subtitle}.",
        x=Axis(zero=True, percent=percent),
        y=Axis(kind="category", order=unique),
        marks=(Bars(column, unique, values, BLUE, colors=colors, labelled=True),),
        grid=Grid(("", column), tuple(zip(unique, values, strict=True))),
        horizontal=True,
        evidence=evidence,
    )


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


def missing_values(scene: Scene) -> Built:
    """The share of missing values per column, where a column misses at least one in a hundred."""
    missing = {c.name: scene.sheet.missing[c.name] / scene.sheet.rows for c in scene.sheet.columns}
    order = sorted((n for n in missing if missing[n] >= WORTH_SHOWING), key=lambda n: (-missing[n], n))[
        :MAX_BARS
    ]
    if not order:
        return None
    values = tuple(plain(missing[name]) or 0.0 for name in order)
    evidence = {"column": order[0], "share": values[0]}
    title = sentence(
        scene.language,
        en="{column} has the most missing values ({share:.1%})",
        ko="결측이 가장 많은 열은 {column}({share:.1%})",
        **evidence,
    )
    share = sentence(scene.language, en="Missing", ko="결측 비율")
    return _bars_chart(
        scene,
        kind="missing",
        title=title,
        subtitle=sentence(scene.language, en="Share of missing values by column", ko="열별 결측 비율"),
        names=tuple(order),
        values=values,
        colors=(VERMILION, *(SKY,) * (len(order) - 1)),
        column=share,
        evidence=evidence,
        percent=True,
    )
