"""Charts over time: development, development by group, calendar heat map."""

import numpy as np

from mesh.language import Language

from .aggregation import Periods, by_period, by_period_and_category, keep_largest
from .palette import BLUE, REST, series_color
from .periods import aggregate, full_years, native_frequency
from .plain import plain
from .scene import Built, Scene
from .sheet import Levels
from .spec import Area, Axis, Bars, Cells, Chart, Grid, Line, Mark
from .wording import inline, label, level_name, sentence

MAX_SERIES = 5
MAX_GRID_ROWS = 200
SMOOTH = {"MS": 12, "W": 13, "D": 28, "h": 24, "QS": 4}
CALENDAR: dict[Language, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "en": (
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    ),
    "ko": (tuple(f"{month}월" for month in range(1, 13)), ("월", "화", "수", "목", "금", "토", "일")),
}
GRAINS: dict[Language, dict[str, str]] = {
    "en": {"h": "hour", "D": "day", "W": "week", "MS": "month", "QS": "quarter", "YS": "year"},
    "ko": {"h": "시간별", "D": "일별", "W": "주별", "MS": "월별", "QS": "분기별", "YS": "연도별"},
}


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
        subtitle=_subtitle(scene, scene.measure, periods),
        alt=_alt(scene, title, evidence, periods),
        x=Axis(kind="category", order=periods.labels) if bars else Axis(kind="time"),
        y=Axis(zero=bars or form == "area" or (additive and from_zero(periods.values))),
        marks=tuple(marks),
        grid=_grid(scene, [scene.measure], periods, [periods.values]),
        legend=len(marks) > 1,
        evidence=evidence,
        warning=_partial_warning(scene, periods),
    )


def from_zero(values: tuple[float | None, ...]) -> bool:
    """Whether a line may as well start at zero: its lowest value is below 40 % of its highest."""
    known = [value for value in values if value is not None]
    return bool(min(known) < 0.4 * max(known))


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
        up = change >= 0
        title = sentence(
            scene.language,
            en="{name} " + ("rose" if up else "fell") + " {change:.1%} from {start} to {end}",
            ko="{name}, {start}년 대비 {end}년 {change:.1%} " + ("증가" if up else "감소"),
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


def development_by_group(scene: Scene) -> Built:
    """The main measure over time by the main dimension: the largest groups and the rest."""
    date, grain, measure, dimension = scene.focus.date, scene.grain, scene.measure, scene.dimension
    if date is None or grain is None or measure is None or dimension is None:
        return None
    additive = scene.sheet.additive(measure)
    limit = min(scene.request.top or MAX_SERIES, MAX_SERIES)
    levels = keep_largest(
        scene.sheet.levels[dimension], scene.sheet.numeric[measure], limit, scene.other, additive=additive
    )
    periods, parts = by_period_and_category(scene.sheet, date, measure, levels, grain)
    parts = {name: values for name, values in parts.items() if any(v is not None for v in values)}
    if len(parts) < 2 or len(periods.starts) < 2:
        return None
    marks, axis_x, axis_y, kind = _group_marks(scene, parts, periods, additive=additive)
    title, evidence = _group_title(scene, levels, parts)
    return Chart(
        kind=kind,
        title=title,
        subtitle=_subtitle(scene, measure, periods, dimension),
        alt=_alt(scene, title, evidence, periods),
        x=axis_x,
        y=axis_y,
        marks=tuple(marks),
        grid=_grid(scene, list(parts), periods, list(parts.values())),
        legend=True,
        bars=("stack" if additive else "group") if kind == "bar" else "single",
        evidence=evidence,
        warning=_partial_warning(scene, periods),
    )


def _group_title(
    scene: Scene, levels: Levels, parts: dict[str, tuple[float | None, ...]]
) -> tuple[str, dict[str, object]]:
    """Which group changed most between the first and the last full year, else which is largest."""
    measure, date = scene.measure or "", scene.focus.date or ""
    sheet, additive = scene.sheet, scene.sheet.additive(scene.measure or "")
    changes = {}
    for code, name in enumerate(levels.names):
        values = np.where(levels.codes == code, sheet.numeric[measure], np.nan)
        if name == scene.other or name not in parts:
            continue
        years = full_years(sheet.dates[date], values, additive=additive)
        if len(years) >= 2 and years[0][1] > 0:
            changes[name] = (years[-1][1] - years[0][1], years[0], years[-1])
    if changes and len({(first[0], last[0]) for _, first, last in changes.values()}) == 1:
        leader = max(changes, key=lambda name: (abs(changes[name][0]), name))
        difference, first, last = changes[leader]
        up = difference >= 0
        evidence: dict[str, object] = {
            "leader": level_name(scene.dimension or "", leader),
            "change": plain(abs(difference) / first[1]),
            "start": first[0],
            "end": last[0],
        }
        title = sentence(
            scene.language,
            en="{leader} " + ("gained" if up else "lost") + " most {name}: {change:.1%} from {start} to "
            "{end}",
            ko="{name}, {leader}의 " + ("증가" if up else "감소") + "가 가장 큼({start}~{end}년 "
            "{change:.1%})",
            name=inline(measure, scene.language),
            **evidence,
        )
        return title, evidence
    totals = {n: sum(v for v in vs if v is not None) for n, vs in parts.items() if n != scene.other}
    largest = max(totals, key=lambda name: (totals[name], name))
    evidence = {"leader": level_name(scene.dimension or "", largest)}
    title = sentence(
        scene.language,
        en="{leader} has the highest {name}",
        ko="{name}, {leader}(이/가) 가장 높음",
        name=inline(measure, scene.language),
        **evidence,
    )
    return title, evidence


def _group_marks(
    scene: Scene, parts: dict[str, tuple[float | None, ...]], periods: Periods, *, additive: bool
) -> tuple[list[Mark], Axis, Axis, str]:
    colors = {n: REST if n == scene.other else series_color(i) for i, n in enumerate(parts)}
    form = scene.request.form
    if form in {"bar", "stacked"}:
        marks: list[Mark] = []
        base = [0.0] * len(periods.labels)
        for name, values in parts.items():
            marks.append(
                Bars(name, periods.labels, values, colors[name], base=tuple(base) if additive else ())
            )
            base = [b + (v or 0.0) for b, v in zip(base, values, strict=True)]
        return marks, Axis(kind="category", order=periods.labels), Axis(zero=True), "bar"
    if form == "area" and additive:
        filled = {name: tuple(v or 0.0 for v in values) for name, values in parts.items()}
        marks = [Area(name, periods.starts, values, colors[name]) for name, values in filled.items()]
        return marks, Axis(kind="time"), Axis(zero=True), "area"
    marks = [Line(name, periods.starts, values, colors[name]) for name, values in parts.items()]
    return marks, Axis(kind="time"), Axis(zero=additive), "line"


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


def _subtitle(scene: Scene, measure: str, periods: Periods, dimension: str | None = None) -> str:
    word = scene.aggregation(measure)[1]
    grain = GRAINS[scene.language][scene.grain or "MS"]
    if scene.language == "ko":
        by = f"{label(dimension)}별 " if dimension else ""
        return f"{by}{grain} {label(measure)} {word}, {periods.labels[0]} ~ {periods.labels[-1]}"
    by = f" and {label(dimension).lower()}" if dimension else ""
    return f"{word.capitalize()} {label(measure)} by {grain}{by}, {periods.labels[0]} to {periods.labels[-1]}"


def _alt(scene: Scene, title: str, evidence: dict[str, object], periods: Periods) -> str:
    del evidence
    return sentence(
        scene.language,
        en="{title}. The chart runs from {start} to {end}.",
        ko="{title}. {start}부터 {end}까지를 보여 줍니다.",
        title=title,
        start=periods.labels[0],
        end=periods.labels[-1],
    )


def _partial_warning(scene: Scene, periods: Periods) -> str:
    if not periods.partial:
        return ""
    return sentence(
        scene.language,
        en="{partial} is left out: the data cover it only in part.",
        ko="{partial}(은/는) 데이터가 일부만 있어 제외했습니다.",
        partial=", ".join(periods.partial),
    )


def _grid(scene: Scene, names: list[str], periods: Periods, columns: list[tuple[float | None, ...]]) -> Grid:
    rows = tuple(zip(periods.labels, *columns, strict=True))
    note = ""
    if len(rows) > MAX_GRID_ROWS:
        note = sentence(
            scene.language, en="The last {n} periods.", ko="마지막 {n}개 구간입니다.", n=MAX_GRID_ROWS
        )
    return Grid((scene.focus.date or "", *names), rows[-MAX_GRID_ROWS:], note)
