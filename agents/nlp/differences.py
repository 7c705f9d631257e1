"""Reads the difference of one figure between two groups or two periods: `difference between A and B`, `남녀 월급 차이`."""

from .draft import Draft, UnsureError
from .periods import Period
from .query import Filter, Measure
from .timing import period_filter

Placed = list[tuple[int, Filter]]


def place_difference(draft: Draft, periods: list[Period], values: Placed, flags: Placed) -> None:
    """Makes the figure a difference, and takes the two conditions that are compared out of the others. Raises: UnsureError."""
    query = draft.query
    draft.take(*draft.all("difference"), *draft.all("compare"), *draft.all("howmuch"))
    draft.take(*[n for n in draft.all("desc") + draft.all("asc") if draft.mentions[n].payload == "soft"])
    if query.kind not in {"value", "share"} or query.keys or draft.over:
        raise UnsureError(
            "A difference is read for one figure of two groups or periods.",
            "차이는 두 집단 또는 두 기간의 한 가지 수치에 대해서만 해석합니다.",
        )
    pair = _pair(values) or _pair(flags)
    if pair is None and len(periods) == 2:
        first, second = sorted(periods, key=lambda p: (p.start is None, p.start))
        pair = (period_filter(draft, [second]), period_filter(draft, [first]))
        periods.clear()
    if pair is None:
        raise UnsureError(
            "Say between which two groups or periods the difference is meant.",
            "어느 두 집단이나 두 기간의 차이인지 함께 말씀해 주십시오.",
        )
    rated = [f for _, f in flags] if query.kind == "share" else []
    if len(rated) == 1:
        flags.clear()
        query.measures = [Measure("rate", rated[0].column)]
    if len(query.measures) != 1:
        raise UnsureError("It is unclear what the difference is of.", "무엇의 차이인지 분명하지 않습니다.")
    query.kind, query.compared = "difference", pair


def _pair(placed: Placed) -> tuple[Filter, Filter] | None:
    """Two values of one column: one condition with both, or a yes and a no."""
    for at, (_, item) in enumerate(placed):
        spelled = list(dict.fromkeys(item.column.canonical(v) for v in item.values))
        if item.op == "in" and len(spelled) == 2:
            del placed[at]
            one, other = (Filter(item.column, "in", item.column.spelled(v)) for v in spelled)
            return one, other
    sides = [f for _, f in placed if f.column.boolean]
    if len(sides) == 2 and sides[0].column == sides[1].column and sides[0].values != sides[1].values:
        placed[:] = [(position, f) for position, f in placed if f not in sides]
        return sides[0], sides[1]
    return None
