"""The chart of a forecast: history, mean, bands."""

from typing import Any

from .model_charts import model_name
from .palette import BLUE
from .period_text import from_zero
from .scene import Built, Scene
from .spec import Axis, Band, Chart, Grid, Line
from .wording import label, sentence

MAX_HISTORY_PER_POINT = 4

MIN_HISTORY = 24

MAX_GRID_ROWS = 200


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
            model=_model_name(scene, str(data.get("model", ""))),
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


def _model_name(scene: Scene, model: str) -> str:
    rows = scene.inputs.get("model", {}).get("leaderboard", [])
    return next((model_name(row) for row in rows if row["model"] == model), model)
