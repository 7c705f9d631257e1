"""What a dashboard can be filtered by: the groupings that the question names, then those that matter most."""

from collections.abc import Sequence
from dataclasses import replace

from mesh.language import say
from mesh.tabular.periods import native_frequency

from .amounts import Measure
from .building import ranked_dimensions
from .captions import key_label
from .dashboard_cube import Dimension
from .keys import key_of, key_sql
from .ranked_levels import rank_levels
from .request import Request
from .scene import Scene
from .sql import quoted
from .table import MAX_LEVELS

MAX_DIMENSIONS = 5
FEW = 3
"""With fewer categories than this, parts of the date and bands of numbers are groupings too."""
MAX_NAMES = 12
_YEAR_DAYS = 366


def candidates(scene: Scene, named: Sequence[str]) -> list[Dimension]:
    """At most `MAX_DIMENSIONS` groupings: those `named` by the question, then the others by what they matter."""
    names = list(dict.fromkeys([*named, *ranked_dimensions(scene)]))
    if len(names) < FEW:
        names += [name for name in _parts(scene) if name not in names]
    found: list[Dimension] = []
    for name in names:
        if len(found) == MAX_DIMENSIONS:
            break
        dimension = dimension_of(scene, name)
        if dimension is not None:
            found.append(dimension)
    return found


def dimension_of(scene: Scene, name: str) -> Dimension | None:
    """The grouping called `name` with its groups; None when it has fewer than two, or too many to count."""
    key = key_of(name, scene.whole)
    if (
        not key.part
        and key.column not in scene.whole.numeric
        and len(scene.whole.levels(key.column)) > MAX_LEVELS
    ):
        return None
    plain = scene.asking(Request(filters=scene.request.filters))
    ranked = rank_levels(plain, key, Measure(None, "count"), limit=MAX_NAMES)
    if ranked is None or len(ranked.names) < 2:
        return None
    groups = len(ranked.names) - bool(ranked.other)
    dimension = Dimension(
        key,
        key_label(key, scene),
        ranked.names[:groups],
        ranked.raw[:groups],
        ranked.other,
        ordered=ranked.ordered,
    )
    if ranked.other:
        other = say(scene.language, en="Other ({n})", ko="기타 ({n}개)", n=ranked.other)
        dimension = replace(dimension, names=(*dimension.names, other))
    sql = key_sql(key, plain.table)
    if plain.table.fetch(f"count(*) - count({sql})")[0][0]:
        missing = say(scene.language, en="(no value)", ko="(값 없음)")
        dimension = replace(dimension, names=(*dimension.names, missing), missing=True)
    return dimension


def _parts(scene: Scene) -> list[str]:
    """Weekday and month of daily data, and bands of the numbers that do not add up."""
    names: list[str] = []
    date = scene.focus.date
    if date is not None:
        days = scene.table.known_days(date)
        if native_frequency(days) in {"h", "D"}:
            names.append(f"weekday({date})")
        if len(days) and (days.iloc[-1] - days.iloc[0]).days >= _YEAR_DAYS:
            names.append(f"month({date})")
    varying = (
        name
        for name in scene.whole.numeric
        if not scene.whole.additive(name)
        and scene.table.fetch(f"min({quoted(name)}) < max({quoted(name)})")[0][0]
    )
    return [*names, *(f"bands({name})" for name in varying)]
