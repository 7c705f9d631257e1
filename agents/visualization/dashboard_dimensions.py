"""What a dashboard can be filtered by: the groupings that the question names, then those that matter most."""

from collections.abc import Sequence

from mesh.language import say
from mesh.tabular.periods import native_frequency

from .building import ranked_dimensions
from .captions import key_label
from .dashboard_cube import Dimension
from .keys import key_of, key_order, key_sql, key_texts
from .ranked_levels import MAX_ORDERED
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
    sql = key_sql(key, scene.table)
    counted = scene.table.fetch(f"{sql}, count(*)", "GROUP BY 1 ORDER BY 2 DESC, 1")
    found = [value for value, _ in counted if value is not None]
    if len(found) < 2:
        return None
    natural = key_order(key, found) if len(found) <= MAX_ORDERED else None
    kept = natural or (found if len(found) <= MAX_NAMES else found[: MAX_NAMES - 1])
    names = key_texts(key, kept, scene.table, scene.language)
    other = len(found) - len(kept)
    if other:
        names.append(say(scene.language, en="Other ({n})", ko="기타 ({n}개)", n=other))
    missing = len(counted) > len(found)
    if missing:
        names.append(say(scene.language, en="(no value)", ko="(값 없음)"))
    return Dimension(
        key,
        key_label(key, scene),
        tuple(names),
        tuple(kept),
        other=other,
        missing=missing,
        ordered=natural is not None,
    )


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
