"""Charts for tables that no other chart fits: few rows, constant columns, numbers beyond computation."""

from mesh.tabular.figures import figure
from mesh.tabular.plain import plain
from mesh.tabular.sheet import NUMERIC_TYPES

from .bar_list import bar_list
from .distribution_charts import histogram
from .palette import BLUE, SOFT_BLUE
from .scene import Built, Scene
from .sql import quoted
from .wording import inline, label, sentence

MAX_BARS = 12


def last_resort(scene: Scene) -> Built:
    """A chart of some numeric column, whichever can be drawn; None when the table has none."""
    for name in scene.whole.numeric:
        chart = histogram(scene.asking(scene.request.but(measures=(name,))))
        if chart is not None:
            return chart
    for name in scene.whole.numeric:
        chart = value_counts(scene, name)
        if chart is not None:
            return chart
    return known_values(scene)


def value_counts(scene: Scene, measure: str) -> Built:
    """How many rows have each value of a column with few different ones; None without any value."""
    column = quoted(measure)
    known = scene.table.fetch(f"count({column})")[0][0]
    shown = scene.table.fetch(
        f"{column}, count(*)", f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MAX_BARS}", f"{column} IS NOT NULL"
    )
    if not shown:
        return None
    evidence = {"value": plain(shown[0][0]), "rows": int(shown[0][1]), "n": int(known)}
    name = inline(measure, scene.language)
    rows = sentence(scene.language, en="Rows", ko="행 수")
    return bar_list(
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
        names=tuple(figure(float(value)) for value, _ in shown),
        values=tuple(float(count) for _, count in shown),
        colors=(BLUE, *(SOFT_BLUE,) * (len(shown) - 1)),
        column=rows,
        evidence=evidence,
    )


def known_values(scene: Scene) -> Built:
    """How many rows have a value, by column; None for a table without a numeric column."""
    rows, missing = scene.whole.rows, scene.whole.missing()
    names = [column.name for column in scene.whole.columns if column.type in NUMERIC_TYPES][:MAX_BARS]
    if not names:
        return None
    known = {name: rows - missing[name] for name in names}
    order = sorted(names, key=lambda name: -known[name])
    evidence = {"column": order[0], "known": known[order[0]], "n": rows}
    return bar_list(
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
