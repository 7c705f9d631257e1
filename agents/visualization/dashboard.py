"""A dashboard: the cube of the data, its headline numbers and charts, and what had to be left out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.tabular.periods import COARSENESS, choose_grain
from mesh.tabular.plain import plain

from .amounts import Measure
from .captions import by_text
from .caveats import unknown_note
from .dashboard_cube import NO_PERIOD, Cube, Dimension, build_cube, fitting
from .dashboard_dimensions import candidates, dimension_of
from .dashboard_plan import TIME, Plot, measure_label, measures_of, plots_of
from .dashboard_request import Wish, asked_plots, named_groupings, read_wishes
from .keys import period_sql
from .scene import Scene

_INEXACT = {"median", "min", "max", "distinct"}


@dataclass(frozen=True)
class Dashboard:
    """`labels` name the measures. `limits` are the filters of the question in words, `notes` what a reader must know."""

    title: str
    language: Language
    source: str
    rows: int
    limits: str
    date: str | None
    grain: str | None
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    labels: tuple[str, ...]
    plots: tuple[Plot, ...]
    cube: Cube
    notes: tuple[str, ...] = field(default=())

    def labelled(self) -> list[tuple[Measure, str]]:
        """Each measure with its name."""
        return list(zip(self.measures, self.labels, strict=True))

    def total(self, measure: int, cells: "np.ndarray[Any, np.dtype[np.bool_]] | None" = None) -> float | None:
        """A measure over the `cells` chosen, over all by default; None when nothing is known of it."""
        chosen = np.ones(len(self.cube.rows), dtype=np.bool_) if cells is None else cells
        sums, counts = self.cube.sums[measure], self.cube.counts[measure]
        n = int((self.cube.rows if counts is None else counts)[chosen].sum(dtype=np.int64))
        if sums is None or not n:
            return float(n) if n else None
        total = float(sums[chosen].sum())
        return plain(total if self.measures[measure].how == "sum" else total / n)

    def plot_title(self, plot: Plot) -> str:
        """What a chart shows."""
        time = say(self.language, en="over time", ko="추이")
        what = self.labels[plot.measure]
        names = [
            self.dimensions[place].label
            for place in (plot.x, plot.series)
            if place is not None and place != TIME
        ]
        if plot.against is not None:
            what = say(
                self.language, en="{a} and {b}", ko="{a}(과/와) {b}", a=what, b=self.labels[plot.against]
            )
        by = say(self.language, en=" and ", ko="·").join(names)
        if self.language == "ko":
            return f"{by}별 {what}" + (f" {time}" if plot.x == TIME else "") if by else f"{what} {time}"
        return what + (f" {time}" if plot.x == TIME else "") + (f" by {by}" if by else "")

    def described(self) -> dict[str, Any]:
        """What is on the page, for programs: plain JSON."""
        return {
            "title": self.title,
            "rows": self.rows,
            "kpis": [
                {"label": label, "column": one.column, "how": one.how, "value": self.total(place)}
                for place, (one, label) in enumerate(self.labelled())
            ],
            "charts": [
                {
                    "form": plot.form,
                    "title": self.plot_title(plot),
                    "measure": self.labels[plot.measure],
                    "x": self._axis(plot.x),
                    "series": None if plot.series is None else self._axis(plot.series),
                    "against": None if plot.against is None else self.labels[plot.against],
                }
                for plot in self.plots
            ],
            "filters": [
                {"column": one.key.name, "label": one.label, "values": list(one.names), "other": one.other}
                for one in self.dimensions
            ],
            "time": {
                "column": self.date,
                "grain": self.grain,
                "first": next(iter(self.cube.labels), None),
                "last": next(reversed(self.cube.labels), None),
            },
            "limits": self.limits,
            "cells": len(self.cube.rows),
            "notes": list(self.notes),
        }

    def _axis(self, place: int) -> str | None:
        return self.date if place == TIME else self.dimensions[place].key.name


def plan_dashboard(scene: Scene, goal: str) -> Dashboard:
    """The dashboard that `goal` asks for of the scene's rows.

    Raises: BadInputError when there is nothing to show side by side: no category, no date, no number.
    """
    wishes = read_wishes(scene.whole, goal)
    named = named_groupings(scene.request, wishes)
    wanted = candidates(scene, named)
    measures = _asked_first(measures_of(scene), wishes, scene)
    date, grain, dropped = _time(scene, wanted, named, len(measures) - 1)
    period = period_sql(date, grain) if date and grain else None
    dimensions = fitting(scene.table, wanted, period, len(measures) - 1)
    cube = build_cube(scene.table, dimensions, measures, date, grain)
    if not dimensions and not cube.starts:
        raise BadInputError(
            say(
                scene.language,
                en="A dashboard needs a category or a date to compare by, and this dataset has none.",
                ko="대시보드에는 나누어 볼 범주나 날짜가 필요한데 이 데이터에는 없습니다.",
            )
        )
    whole = [
        one.how in {"sum", "count"} and (s is None or bool((s >= 0).all()))
        for one, s in zip(measures, cube.sums, strict=True)
    ]
    asked, notes = asked_plots(scene, wishes, measures, dimensions, whole, timed=len(cube.starts) > 1)
    plots = plots_of(asked, measures, dimensions, whole, timed=len(cube.starts) > 1)
    keys = [one.key for one in dimensions][:2]
    return Dashboard(
        title=scene.request.title or by_text(scene, measures[0], *keys),
        language=scene.language,
        source=scene.name,
        rows=scene.table.rows,
        limits=" · ".join(one.text() for one in scene.request.filters),
        date=date,
        grain=grain,
        dimensions=tuple(dimensions),
        measures=tuple(measures),
        labels=tuple(measure_label(scene, one) for one in measures),
        plots=tuple(plots),
        cube=cube,
        notes=(*notes, *dropped, *_notes(scene, wanted, dimensions, named, cube)),
    )


def _time(
    scene: Scene, wanted: Sequence[Dimension], named: Sequence[str], measures: int
) -> tuple[str | None, str | None, list[str]]:
    """The date and its period: coarser than asked for where the groupings named would not fit beside it."""
    date = scene.request.date or scene.focus.date
    days = scene.table.known_days(date) if date else None
    if date is None or days is None or len(days) < 2:
        return None, None, []
    asked = scene.request.grain or scene.focus.grain
    grain = first = choose_grain(days, asked)
    needed = [one for one in wanted if one.key.name in named]
    for coarser in COARSENESS[COARSENESS.index(first) :]:
        grain = coarser
        if len(fitting(scene.table, needed, period_sql(date, grain), measures)) == len(needed):
            break
    if grain == first or not asked:
        return date, grain, []
    return (
        date,
        grain,
        [
            say(
                scene.language,
                en="Periods are longer than asked for, so that every grouping named can be filtered exactly.",
                ko="말씀하신 항목을 모두 정확히 거를 수 있도록 요청보다 긴 기간 단위로 묶었습니다.",
            )
        ],
    )


def _asked_first(measures: list[Measure], wishes: Sequence[Wish], scene: Scene) -> list[Measure]:
    """The measures, with those that only a chart asked for by name needs before the rows."""
    names = [name for wish in wishes for name in wish.request.measures if name in scene.whole.numeric]
    more = [Measure(n, "sum" if scene.whole.additive(n) else "mean") for n in dict.fromkeys(names)]
    return [*measures[:-1], *(one for one in more if one not in measures), measures[-1]]


def _notes(
    scene: Scene, wanted: Sequence[Dimension], kept: Sequence[Dimension], named: Sequence[str], cube: Cube
) -> list[str]:
    language, notes = scene.language, []
    if scene.request.aggregation in _INEXACT:
        notes.append(
            say(
                language,
                en="Medians, extremes and distinct counts do not follow exactly once rows are filtered, so totals and means "
                "are shown.",
                ko="중앙값·최댓값·최솟값·고유 수는 거른 뒤 정확하지 않아 합계와 평균을 보여 줍니다.",
            )
        )
    small = [one.label for one in wanted if one not in kept]
    small += [
        name
        for name in named
        if name not in {one.key.name for one in wanted} and dimension_of(scene, name) is None
    ]
    if small:
        notes.append(
            say(
                language,
                en="Left out because the page would be too large, or because they have a single value: {names}.",
                ko="페이지가 너무 커지거나 값이 하나뿐이어서 뺀 항목: {names}.",
                names=", ".join(small),
            )
        )
    notes += [
        say(
            language,
            en="{label}: the {n} smaller values are one group.",
            ko="{label}: 작은 값 {n}개는 한 묶음입니다.",
            label=one.label,
            n=one.other,
        )
        for one in kept
        if one.other
    ]
    undated = int(cube.rows[cube.periods == NO_PERIOD].sum(dtype=np.int64)) if cube.starts else 0
    if undated:
        notes.append(
            say(
                language,
                en="{n:,} rows have no date: they count unless a period is chosen.",
                ko="날짜가 없는 {n:,}행은 기간을 고르지 않을 때만 셉니다.",
                n=undated,
            )
        )
    if scene.request.unknown:
        notes.append(unknown_note(scene))
    return notes
