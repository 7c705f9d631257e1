"""Charts of a trained model: the leaderboard, what it relies on."""

from typing import Any

from .bar_list import bar_list
from .palette import BLUE, SOFT_BLUE, VERMILION
from .scene import Built, Scene
from .wording import sentence

MAX_BARS = 12
SHORT_METRIC = 5


def model_name(row: dict[str, Any]) -> str:
    """A leaderboard row's model as people read it: its label, else its id."""
    return str(row.get("label") or row["model"])


def best_name(model: dict[str, Any]) -> str:
    """The best model as people read it."""
    best = model["best"]["model"]
    rows = [row for row in model.get("leaderboard", []) if row["model"] == best]
    return model_name(rows[0]) if rows else str(best)


def leaderboard(scene: Scene) -> Built:
    """The models by their score, the baseline marked."""
    data = scene.inputs.get("model")
    if data is None or len(data.get("leaderboard", [])) < 2:
        return None
    metric = data["metric"]
    shown = metric.upper() if len(metric) <= SHORT_METRIC else metric
    rows = [r for r in data["leaderboard"] if isinstance(r.get(metric), int | float)][:MAX_BARS]
    if len(rows) < 2:
        return None
    names = tuple(model_name(row) for row in rows)
    colors = tuple(
        VERMILION if row.get("baseline") else BLUE if position == 0 else SOFT_BLUE
        for position, row in enumerate(rows)
    )
    evidence = {"model": names[0], "metric": shown, "score": rows[0][metric]}
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
    return bar_list(
        kind="leaderboard",
        title=title,
        subtitle=sentence(
            scene.language,
            en="{metric} on held-out data; baseline in orange-red",
            ko="검증 데이터의 {metric}, 기준 모델은 주홍색",
            metric=shown,
        ),
        names=names,
        values=tuple(float(row[metric]) for row in rows),
        colors=colors,
        column=shown,
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
    return bar_list(
        kind="importance",
        title=title,
        subtitle=sentence(
            scene.language,
            en="Feature importance of {model}",
            ko="{model}의 변수 중요도",
            model=best_name(data),
        ),
        names=names,
        values=values,
        colors=(BLUE, *(SOFT_BLUE,) * (len(names) - 1)),
        column=column,
        evidence=evidence,
    )
