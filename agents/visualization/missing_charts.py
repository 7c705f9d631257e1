"""The chart of missing values."""

from mesh.tabular.plain import plain

from .bar_list import bar_list
from .palette import SKY, VERMILION
from .scene import Built, Scene
from .wording import sentence

MAX_BARS = 12

WORTH_SHOWING = 0.01


def missing_values(scene: Scene) -> Built:
    """The share of missing values per column, where a column misses at least one in a hundred."""
    rows = scene.table.rows
    missing = {name: count / rows for name, count in scene.table.missing().items()} if rows else {}
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
    return bar_list(
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
