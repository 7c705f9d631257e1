"""The development of measures over time: a line, an area or bars; several measures as lines or panels."""

import numpy as np

from mesh.tabular.plain import plain

from .amounts import Measure
from .captions import amount_text, capital
from .palette import BLUE, REST, series_color
from .period_amounts import Periods, by_period, yearly
from .period_text import (
    GRAINS,
    from_zero,
    partial_warning,
    period_alt,
    period_evidence,
    period_grid,
    period_subtitle,
)
from .scene import Built, Scene
from .spec import Area, Axis, Bars, Chart, Line, Mark, Panel
from .wording import label, sentence

UNCHANGED = 0.0005
SMOOTH = {"MS": 12, "W": 13, "D": 28, "h": 24, "QS": 4}
COMPARABLE = 8.0
"""Two measures share an axis when the larger one's peak is at most this many times the other's."""
FEW_POINTS = 40


def development(scene: Scene) -> Built:
    """One measure over time as a line (or as asked: bars, an area), with a trailing mean of a season."""
    grain, measure = scene.grain, scene.measure
    if grain is None:
        return None
    periods = by_period(scene, measure, grain)
    if sum(value is not None for value in periods.values) < 2:
        return None
    form = scene.request.form
    bars = form in {"bar", "stacked", "grouped", "lollipop"} and not scene.request.log
    area = form == "area" and measure.adds_up
    name = capital(amount_text(scene, measure))
    marks: list[Mark]
    if bars:
        marks = [Bars(name, periods.labels, periods.values, BLUE)]
    elif area:
        marks = [Area(name, periods.starts, periods.values, BLUE)]
    else:
        marks = [Line(name, periods.starts, periods.values, BLUE, markers=len(periods.starts) <= FEW_POINTS)]
        marks += _trailing_mean(scene, grain, periods)
    title, evidence = _development_title(scene, measure, periods)
    zero = bars or area or (measure.adds_up and from_zero(periods.values))
    return Chart(
        kind="bar" if bars else "area" if area else "line",
        title=title,
        subtitle=period_subtitle(scene, [measure], grain, periods),
        alt=period_alt(scene, title, periods),
        x=Axis(kind="category", order=periods.labels) if bars else Axis(kind="time"),
        y=Axis(zero=zero, percent=measure.how == "rate", log=scene.request.log),
        marks=tuple(marks),
        grid=period_grid(scene, [measure.column or amount_text(scene, measure)], periods, [periods.values]),
        legend=len(marks) > 1,
        evidence=evidence | period_evidence(periods),
        warning=partial_warning(scene, periods),
    )


def _trailing_mean(scene: Scene, grain: str, periods: Periods) -> list[Mark]:
    """A dashed mean of the last season, where there are two of them and no gaps."""
    window = SMOOTH.get(grain, 0)
    values = [value for value in periods.values if value is not None]
    if window == 0 or len(values) != len(periods.values) or len(values) < 2 * window:
        return []
    sums = np.convolve(values, np.ones(window), "valid") / window
    mean = (None,) * (window - 1) + tuple(plain(value) for value in sums)
    text = sentence(
        scene.language,
        en="Mean of {window} {grain}s",
        ko="{window}개 구간 이동평균" if grain != "MS" else "{window}개월 이동평균",
        window=window,
        grain=GRAINS["en"][grain],
    )
    return [Line(text, periods.starts, mean, REST, dashed=True, width=1.8)]


def _development_title(scene: Scene, measure: Measure, periods: Periods) -> tuple[str, dict[str, object]]:
    """What the line says: the change over full years, else the highest period."""
    years = yearly(scene, measure) if measure.how in {"sum", "mean", "count"} else []
    name = label(measure.column) if measure.column else capital(amount_text(scene, measure))
    if len(years) > 1 and years[0][1] > 0:
        change = (years[-1][1] - years[0][1]) / years[0][1]
        values = {"start": years[0][0], "end": years[-1][0], "change": plain(abs(change))}
        way = 0 if abs(change) < UNCHANGED else 1 if change > 0 else 2
        title = sentence(
            scene.language,
            en=(
                "{name} unchanged from {start} to {end}",
                "{name} rose {change:.1%} from {start} to {end}",
                "{name} fell {change:.1%} from {start} to {end}",
            )[way],
            ko=(
                "{name}, {start}년 대비 {end}년 변화 없음",
                "{name}, {start}년 대비 {end}년 {change:.1%} 증가",
                "{name}, {start}년 대비 {end}년 {change:.1%} 감소",
            )[way],
            name=name,
            **values,
        )
        return title, {**values, "first_value": years[0][1], "last_value": years[-1][1]}
    known = [(value, index) for index, value in enumerate(periods.values) if value is not None]
    value, index = max(known, key=lambda pair: (pair[0], -pair[1]))
    rate = measure.how == "rate"
    title = sentence(
        scene.language,
        en="{name} peaked in {label} at {value" + (":.1%}" if rate else "}"),
        ko="{name}, {label}에 {value" + (":.1%}" if rate else "}") + "(으로/로) 최고",
        name=name,
        label=periods.labels[index],
        value=value,
    )
    return title, {"label": periods.labels[index], "value": value}


def developments(scene: Scene) -> Built:
    """Several measures over the same periods: on one axis where their sizes allow, else one panel each.

    A second axis is drawn only where it is asked for, and only for two measures.
    """
    grain = scene.grain
    measures = [scene.measure_of(name) for name in scene.request.measures][:4]
    if grain is None or len(measures) < 2:
        return None
    series = [by_period(scene, measure, grain) for measure in measures]
    if any(sum(v is not None for v in one.values) < 2 for one in series):
        return None
    names = [capital(amount_text(scene, measure)) for measure in measures]
    peaks = [max(abs(v) for v in one.values if v is not None) for one in series]
    dual = scene.request.dual and len(measures) == 2
    together = min(peaks) > 0 and max(peaks) <= COMPARABLE * min(peaks)
    lines = [
        Line(name, one.starts, one.values, series_color(i), secondary=dual and i == 1)
        for i, (name, one) in enumerate(zip(names, series, strict=True))
    ]
    panels = () if dual or together else _panels(names, lines)
    title = sentence(scene.language, en="{names} over time", ko="{names}의 추이", names=", ".join(names))
    warning = partial_warning(scene, series[0])
    if dual:
        dual_note = sentence(
            scene.language,
            en="Two axes: where the lines cross means nothing.",
            ko="축이 두 개이므로 선이 만나는 지점에는 의미가 없습니다.",
        )
        warning = " ".join(part for part in (warning, dual_note) if part)
    values = [v for one in series for v in one.values if v is not None]
    return Chart(
        kind="line",
        title=title,
        subtitle=period_subtitle(scene, measures, grain, series[0]),
        alt=period_alt(scene, title, series[0]),
        x=Axis(kind="time"),
        y=Axis(names[0] if dual else "", zero=from_zero(values), log=scene.request.log),
        y2=Axis(names[1], zero=from_zero(series[1].values)) if dual else None,
        marks=() if panels else tuple(lines),
        panels=panels,
        grid=period_grid(
            scene, [m.column or "" for m in measures], series[0], [one.values for one in series]
        ),
        legend=not panels,
        evidence=period_evidence(series[0]),
        named=True,
        warning=warning,
    )


def _panels(names: list[str], lines: list[Line]) -> tuple[Panel, ...]:
    return tuple(
        Panel(name, (line,), y=Axis(zero=from_zero(line.y))) for name, line in zip(names, lines, strict=True)
    )
