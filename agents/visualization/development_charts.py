"""The development of one measure over time."""

import numpy as np

from mesh.tabular.periods import full_years
from mesh.tabular.plain import plain

from .aggregation import Periods, by_period
from .palette import BLUE, REST
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
from .spec import Area, Axis, Bars, Chart, Line, Mark
from .wording import label, sentence

UNCHANGED = 0.0005
SMOOTH = {"MS": 12, "W": 13, "D": 28, "h": 24, "QS": 4}


def development(scene: Scene) -> Built:
    """The main measure over time as a line (or as the question says: bars, an area), with a trailing mean."""
    if scene.measure is None or scene.focus.date is None or scene.grain is None:
        return None
    periods = by_period(scene.sheet, scene.focus.date, scene.measure, scene.grain)
    if sum(value is not None for value in periods.values) < 2:
        return None
    form = scene.request.form
    additive = scene.sheet.additive(scene.measure)
    name = label(scene.measure)
    marks: list[Mark]
    if form in {"bar", "stacked"}:
        marks = [Bars(name, periods.labels, periods.values, BLUE)]
    elif form == "area" and additive:
        marks = [Area(name, periods.starts, periods.values, BLUE)]
    else:
        marks = [Line(name, periods.starts, periods.values, BLUE, markers=len(periods.starts) <= 40)]
        marks += _trailing_mean(scene, periods)
    title, evidence = _development_title(scene, scene.measure, periods)
    bars = form in {"bar", "stacked"}
    return Chart(
        kind="bar" if bars else "area" if form == "area" and additive else "line",
        title=title,
        subtitle=period_subtitle(scene, scene.measure, periods),
        alt=period_alt(scene, title, evidence, periods),
        x=Axis(kind="category", order=periods.labels) if bars else Axis(kind="time"),
        y=Axis(zero=bars or form == "area" or (additive and from_zero(periods.values))),
        marks=tuple(marks),
        grid=period_grid(scene, [scene.measure], periods, [periods.values]),
        legend=len(marks) > 1,
        evidence=evidence | period_evidence(periods),
        warning=partial_warning(scene, periods),
    )


def _trailing_mean(scene: Scene, periods: Periods) -> list[Mark]:
    """A dashed mean of the last season, where there are two of them and no gaps."""
    window = SMOOTH.get(scene.grain or "", 0)
    values = [value for value in periods.values if value is not None]
    if window == 0 or len(values) != len(periods.values) or len(values) < 2 * window:
        return []
    sums = np.convolve(values, np.ones(window), "valid") / window
    mean = (None,) * (window - 1) + tuple(plain(value) for value in sums)
    text = sentence(
        scene.language,
        en="Mean of {window} {grain}s",
        ko="{window}개 구간 이동평균" if scene.grain != "MS" else "{window}개월 이동평균",
        window=window,
        grain=GRAINS["en"][scene.grain or "MS"],
    )
    return [Line(text, periods.starts, mean, REST, dashed=True, width=1.8)]


def _development_title(scene: Scene, measure: str, periods: Periods) -> tuple[str, dict[str, object]]:
    """What the line says: the change over full years, else the highest period."""
    sheet, date = scene.sheet, scene.focus.date
    assert date is not None
    years = full_years(sheet.dates[date], sheet.numeric[measure], additive=sheet.additive(measure))
    if len(years) >= 2 and years[0][1] > 0:
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
            name=label(measure),
            **values,
        )
        return title, {**values, "first_value": plain(years[0][1]), "last_value": plain(years[-1][1])}
    known = [(value, index) for index, value in enumerate(periods.values) if value is not None]
    value, index = max(known, key=lambda pair: (pair[0], -pair[1]))
    title = sentence(
        scene.language,
        en="{name} peaked in {label} at {value}",
        ko="{name}, {label}에 {value}(으로/로) 최고",
        name=label(measure),
        label=periods.labels[index],
        value=value,
    )
    return title, {"label": periods.labels[index], "value": value}
