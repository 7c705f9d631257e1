"""Charts for tables that no other chart fits: few rows, constant columns, numbers beyond computation."""

from dataclasses import replace

import numpy as np

from mesh.tabular.figures import figure
from mesh.tabular.plain import plain
from mesh.tabular.sheet import NUMERIC_TYPES

from .bar_list import bar_list
from .distribution_charts import histogram
from .palette import BLUE, SOFT_BLUE
from .scene import Built, Scene
from .wording import inline, label, sentence

MAX_BARS = 12


def last_resort(scene: Scene) -> Built:
    """A chart of some numeric column, whichever can be drawn; None when the table has none."""
    for name in scene.sheet.numeric:
        chart = histogram(replace(scene, request=replace(scene.request, measures=(name,))))
        if chart is not None:
            return chart
    for name in scene.sheet.numeric:
        chart = value_counts(scene, name)
        if chart is not None:
            return chart
    return known_values(scene)


def value_counts(scene: Scene, measure: str) -> Built:
    """How many rows have each value of a column with few different ones; None without any value."""
    values = scene.sheet.numeric[measure]
    distinct, counts = np.unique(values[np.isfinite(values)], return_counts=True)
    if distinct.size == 0:
        return None
    order = sorted(range(distinct.size), key=lambda index: (-int(counts[index]), float(distinct[index])))
    shown = order[:MAX_BARS]
    first = shown[0]
    evidence = {"value": plain(distinct[first]), "rows": int(counts[first]), "n": int(counts.sum())}
    name = inline(measure, scene.language)
    rows = sentence(scene.language, en="Rows", ko="행 수")
    return bar_list(
        scene,
        kind="bar",
        title=sentence(
            scene.language,
            en="{name} is {value} in {rows:,} of {n:,} rows",
            ko="{name}, {n:,}행 가운데 {rows:,}행이 {value}",
            name=name,
            **evidence,
        ),
        subtitle=sentence(
            scene.language, en="Rows by value of {name}", ko="{name} 값별 행 수", name=label(measure)
        ),
        names=tuple(figure(float(distinct[index])) for index in shown),
        values=tuple(float(counts[index]) for index in shown),
        colors=(BLUE, *(SOFT_BLUE,) * (len(shown) - 1)),
        column=rows,
        evidence=evidence,
    )


def known_values(scene: Scene) -> Built:
    """How many rows have a value, by column; None for a table without a numeric column."""
    sheet = scene.sheet
    names = [column.name for column in sheet.columns if column.type in NUMERIC_TYPES][:MAX_BARS]
    if not names:
        return None
    known = {name: sheet.rows - sheet.missing[name] for name in names}
    order = sorted(names, key=lambda name: -known[name])
    evidence = {"column": order[0], "known": known[order[0]], "n": sheet.rows}
    return bar_list(
        scene,
        kind="bar",
        title=sentence(
            scene.language,
            en="{column} has a value in {known:,} of {n:,} rows",
            ko="{column}, {n:,}행 가운데 {known:,}행에 값이 있음",
            **evidence,
        ),
        subtitle=sentence(
            scene.language, en="Rows with a value, by numeric column", ko="숫자 열별 값이 있는 행 수"
        ),
        names=tuple(order),
        values=tuple(float(known[name]) for name in order),
        colors=(BLUE, *(SOFT_BLUE,) * (len(order) - 1)),
        column=sentence(scene.language, en="Rows", ko="행 수"),
        evidence=evidence,
    )
