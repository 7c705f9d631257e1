"""Reads a figure over another: `revenue per unit`, `ratio of cost to revenue`, `주문금액 대비 배달비 비율`."""

from .draft import Draft, UnsureError
from .query import Measure


def place_ratio(draft: Draft) -> None:
    """Turns the figure into a ratio when the question puts it over another one. Raises: UnsureError."""
    query = draft.query
    if not draft.over and draft.has("share") and len(query.measures) == 2:
        _place_pair(draft)
        return
    over = draft.over or _per_identifier(draft)
    if over is None:
        return
    if len(query.measures) != 1 or query.kind not in {"value", "mean_of_groups"}:
        raise UnsureError(
            "A ratio is read for one figure over another.",
            "비율은 한 수치를 다른 한 수치로 나눌 때만 해석합니다.",
        )
    query.kind, query.measures = "value", [_over(query.measures[0], over)]


def _per_identifier(draft: Draft) -> Measure | None:
    """`revenue per order by region`: the different orders of each group, in place of a group for each order."""
    keys = draft.query.keys
    things = [k for k in keys if k.alias in draft.per and k.column.semantic == "identifier"]
    if len(things) != 1 or len(keys) < 2:
        return None
    column = things[0].column
    draft.query.keys = [k for k in keys if k is not things[0]]
    draft.ranked.discard(things[0].alias)
    return Measure("count") if column.distinct == draft.catalog.rows else Measure("count_distinct", column)


def _place_pair(draft: Draft) -> None:
    """Which of two figures is divided by which: the second by the first around `대비`, else the first by the second."""
    positions = [n for n, m in enumerate(draft.mentions) if draft.is_numeric(n)]
    if len(positions) != 2 or draft.has("growth"):
        return
    first, second = draft.query.measures
    left, right = positions
    shared = any(m.kind == "share" for m in draft.mentions[left:right])
    against = [n for n in draft.all("compare") if draft.mentions[n].text == "대비"]
    if against and left < against[0] < right:
        draft.take(*against)
        ratio = _over(second, first)
    elif draft.mentions[right].gap.strip() in {"to", "over", "to the"} or shared:
        ratio = _over(first, second)
    else:
        return
    draft.take(*draft.all("share"))
    draft.query.measures = [ratio]


def _over(measure: Measure, over: Measure) -> Measure:
    summed = measure.function in {"sum", "avg"} and measure.column is not None and measure.column.additive
    whole = over.function in {"count", "count_distinct"} or (over.column is not None and over.column.additive)
    if not (summed and whole and over.function in {"sum", "count", "count_distinct"}):
        raise UnsureError(
            "Only quantities that add up are divided by one another.",
            "더할 수 있는 수치끼리만 나눌 수 있습니다.",
        )
    return Measure("sum", measure.column, over=over)
