"""A measure by two groupings at once, and bars of it: stacked, side by side, or of full length."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mesh.tabular.plain import plain

from .amounts import Measure, amounts
from .keys import Key, folded_sql, key_order, key_sql, key_texts
from .ranked_levels import SMALLEST, rank_levels
from .scene import Scene
from .spec import Bars

Parts = Mapping[str, tuple[float | None, ...]]


@dataclass(frozen=True)
class Crossing:
    """`parts` holds, by name of the inner group, a value for every outer group of `rows`; None where there is none.

    `folded` counts the outer and inner groups that became `other`.
    """

    rows: tuple[str, ...]
    parts: dict[str, tuple[float | None, ...]]
    folded: tuple[int, int]


def cross(scene: Scene, outer: Key, inner: Key, measure: Measure, limits: tuple[int, int]) -> Crossing | None:
    """The measure by two groupings, at most as many groups of each as `limits` allow; None when nothing is known."""
    sides = [_side(scene, key, measure, limit) for key, limit in zip((outer, inner), limits, strict=True)]
    if any(side is None for side in sides):
        return None
    (first, rows, out), (second, names, inn) = (side for side in sides if side is not None)
    found = amounts(scene.table, measure, [first, second])
    values = {(row.keys[0], row.keys[1]): row.value for row in found}
    texts = [_texts(scene, key, raw) for key, raw in ((outer, rows), (inner, names))]
    parts = {
        text: tuple(values.get((row, name)) for row in rows)
        for text, name in zip(texts[1], names, strict=True)
    }
    return Crossing(
        tuple(texts[0]), {n: v for n, v in parts.items() if any(x is not None for x in v)}, (out, inn)
    )


def _side(scene: Scene, key: Key, measure: Measure, limit: int) -> tuple[str, list[object], int] | None:
    """The SQL of one grouping, its groups in the order to draw, and how many of them are folded."""
    request = scene.request
    first = bool(scene.keys) and key == scene.keys[0]
    own = request if first else request.but(top=None, bottom=None, sort=None)
    ranked = rank_levels(scene.asking(own), key, measure, limit=limit, smallest=0.0 if first else SMALLEST)
    if ranked is None:
        return None
    sql = key_sql(key, scene.table)
    raw = list(ranked.raw)
    if ranked.other:
        return folded_sql(sql, [str(value) for value in raw[:-1]], scene.other), raw, ranked.other
    ordered = key_order(key, raw) if own.sort is None else None
    return sql, ordered or raw, 0


def _texts(scene: Scene, key: Key, raw: Sequence[object]) -> list[str]:
    known = [value for value in raw if value != scene.other]
    return key_texts(key, known, scene.table, scene.language) + [scene.other] * (len(raw) - len(known))


def shares_of(parts: Parts) -> dict[str, tuple[float | None, ...]]:
    """Each value as a share of all parts at its place; None where they add up to nothing."""
    totals = [sum(value or 0.0 for value in column) for column in zip(*parts.values(), strict=True)]
    return {
        name: tuple(
            plain(value / total) if value is not None and total else None
            for value, total in zip(values, totals, strict=True)
        )
        for name, values in parts.items()
    }


def stacked_bars(
    parts: Parts, rows: tuple[str, ...], colors: Mapping[str, str], *, stack: bool
) -> list[Bars]:
    """Bars of every part; when stacked, each begins where the one before ends, values below zero downwards."""
    up, down = [0.0] * len(rows), [0.0] * len(rows)
    bars = []
    for name, values in parts.items():
        base = tuple(down[i] if (value or 0.0) < 0 else up[i] for i, value in enumerate(values))
        bars.append(Bars(name, rows, tuple(values), colors[name], base=base if stack else ()))
        for i, value in enumerate(values):
            if (value or 0.0) < 0:
                down[i] += value or 0.0
            else:
                up[i] += value or 0.0
    return bars
