"""A measure by calendar position as a heat map."""

import numpy as np

from mesh.language import Language
from mesh.tabular.periods import aggregate, native_frequency
from mesh.tabular.plain import plain

from .scene import Built, Scene
from .spec import Axis, Cells, Chart, Grid
from .wording import label, sentence

CALENDAR: dict[Language, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "en": (
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    ),
    "ko": (tuple(f"{month}월" for month in range(1, 13)), ("월", "화", "수", "목", "금", "토", "일")),
}


def calendar_heatmap(scene: Scene) -> Built:
    """The mean level of the main measure by month and weekday for daily data, else by year and month."""
    date, measure = scene.focus.date, scene.measure
    if date is None or measure is None:
        return None
    sheet, additive = scene.sheet, scene.sheet.additive(measure)
    native = native_frequency(sheet.dates[date])
    months, weekdays = CALENDAR[scene.language]
    if native not in {"h", "D", "W", "MS"}:
        return None
    daily = native in {"h", "D"}
    series = aggregate(sheet.dates[date], sheet.numeric[measure], "D" if daily else "MS", additive=additive)
    columns = np.asarray(series.starts.month) - 1
    if len(series.values) < 24 or len(set(columns.tolist())) < 6:
        return None
    if daily:
        rows, names = np.asarray(series.starts.day_of_week), weekdays
        unit = sentence(scene.language, en="mean per day", ko="하루 평균")
    else:
        first = int(series.starts.year.min())
        rows = np.asarray(series.starts.year) - first
        names = tuple(str(first + offset) for offset in range(int(rows.max()) + 1))
        unit = scene.aggregation(measure)[1]
    use = series.complete & np.isfinite(series.values)
    z = _cell_means(rows[use], columns[use], series.values[use], len(names))
    return _calendar_chart(scene, measure, names, months, z, unit)


def _cell_means(
    rows: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]",
    columns: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]",
    values: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]",
    height: int,
) -> tuple[tuple[float | None, ...], ...]:
    slot = rows * 12 + columns
    counts = np.bincount(slot, minlength=height * 12)
    sums = np.bincount(slot, weights=values, minlength=height * 12)
    means = [plain(s / c) if c else None for s, c in zip(sums, counts, strict=True)]
    return tuple(tuple(means[row * 12 : row * 12 + 12]) for row in range(height))


def _calendar_chart(
    scene: Scene,
    measure: str,
    names: tuple[str, ...],
    months: tuple[str, ...],
    z: tuple[tuple[float | None, ...], ...],
    unit: str,
) -> Chart:
    best = max(
        ((v, r, c) for r, row in enumerate(z) for c, v in enumerate(row) if v is not None),
        key=lambda cell: (cell[0], -cell[1], -cell[2]),
    )
    evidence = {"value": best[0], "month": months[best[2]], "row": names[best[1]]}
    title = sentence(
        scene.language,
        en="{name} is highest in {month}, {row}",
        ko="{name}, {month} {row}에 가장 높음",
        name=label(measure),
        **evidence
        | {"row": evidence["row"] if scene.language == "en" or len(names) != 7 else f"{names[best[1]]}요일"},
    )
    alt = sentence(
        scene.language,
        en="Heat map of {name} by calendar. The highest cell is {month}, {row} with {value}.",
        ko="{name}의 달력 히트맵입니다. 가장 높은 칸은 {month} {row}, 값은 {value}입니다.",
        name=label(measure),
        **evidence,
    )
    return Chart(
        kind="heatmap",
        title=title,
        subtitle=f"{label(measure)}, {unit}",
        alt=alt,
        x=Axis(kind="category", order=months),
        y=Axis(kind="category", order=names),
        marks=(Cells(months, names, z, diverging=False, labelled=True),),
        grid=Grid(("", *months), tuple((name, *row) for name, row in zip(names, z, strict=True))),
        evidence=dict(evidence),
    )
