"""Reads days of the week: `on Mondays`, `주말`, and weekends against working days."""

from .draft import Draft
from .grains import time_column
from .query import Filter, Key

_DAYS = {"weekend": (6, 7), "workday": (1, 2, 3, 4, 5)}


def place_weekdays(draft: Draft) -> None:
    """A condition on the day of the week; a group for each when several are set side by side."""
    indices = draft.all("weekday")
    if not indices:
        return
    named = [draft.mentions[n].payload for n in indices]
    draft.take(*indices)
    column, query = time_column(draft), draft.query
    if "weekend" in named and draft.has("compare"):
        named += ["workday" for n in draft.all("unit") if draft.mentions[n].payload == "weekday"]
        draft.take(*[n for n in draft.all("unit") if draft.mentions[n].payload == "weekday"])
    if {"weekend", "workday"} <= set(named):
        query.keys.append(Key(column, "weekend"))
        return
    days = sorted(
        {day for name in named for day in _DAYS.get(name, ())} | {int(n) for n in named if n.isdigit()}
    )
    query.filters.append(Filter(column, "weekdays", tuple(days)))
    beside = any(m.kind == "group" for m in draft.mentions) or draft.has("count")
    if len(set(named)) > 1 and not draft.has("or") and (draft.has("compare") or not beside):
        query.keys.append(Key(column, "weekday"))
