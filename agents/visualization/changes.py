"""A follow-up in words into a change of an earlier chart: `make it a line, only 2023`, `월별 말고 분기별로`."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .request import FORMS, OVER_TIME, Request, read_back
from .request_reading import read_request
from .table import Table
from .vocabulary import SHARED_WORDS, whole

_INSTEAD = re.compile(
    r"(?P<old>[^,.]{1,40}?)\s*(?:말고|대신(?:에)?|아니라|이 아닌)\s*(?P<new>.+)|"
    r"(?P<new2>.+?)\s*(?:instead of|rather than|not by|and not)\s+(?P<old2>[^,.]+)",
    re.IGNORECASE,
)
_ADDED = whole(
    r"also|too|as well|in addition|add|split|stack(?:ed)? by|break (?:it )?down|쌓아|추가|더해|도\s|나눠|나누어|쪼개|구분"
)
_ALL_ROWS = whole(
    r"all (?:the )?(?:data|rows|years|time)|whole period|no filter|without (?:the )?filter|"
    r"전체\s?(?:기간|데이터)|모든\s?(?:기간|데이터)|필터\s?(?:없이|해제|빼)"
)
_NO_TOP = whole(r"all (?:of them|categories|groups)|전부|모두|전체\s?항목")
_WHICH = {
    "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4,
    "첫": 0, "두 번째": 1, "두번째": 1, "세 번째": 2, "세번째": 2, "네 번째": 3, "네번째": 3,
}  # fmt: skip
_UPRIGHT = {"stacked", "grouped", "share", "bar", "lollipop"}


def changed_request(table: Table, goal: str, earlier: Sequence[Mapping[str, Any]]) -> Request | None:
    """The earlier chart's request with the change that `goal` asks for; None when it asks for a chart of its own.

    Of several earlier charts the one that the text counts out is meant (`the second chart`), else the first. A goal that
    repeats the earlier one before the change is read without it.
    """
    known = [chart for chart in earlier if chart.get("request")]
    if not known:
        return None
    chart = _meant(goal, known)
    change = goal.replace(str(chart.get("goal") or "\0"), " ").strip(" .,;—–-\n") or goal
    new = read_request(table, _without_old(change))
    if _complete(new) and change == goal:
        return None
    return _merged(read_back(chart["request"]), new, change)


def _meant(goal: str, known: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    lowered = goal.lower()
    for word, place in _WHICH.items():
        chart_word = rf"{word}(?:\s?(?:번째)?\s?(?:chart|graph|one|그래프|차트|그림))"
        if re.search(chart_word, lowered) and place < len(known):
            return known[place]
    return known[0]


def _without_old(change: str) -> str:
    """The change without what it says to leave behind."""
    found = _INSTEAD.search(change)
    if found is None:
        return change
    return found["new"] or found["new2"]


def _complete(request: Request) -> bool:
    """Whether a request stands on its own: what to measure and by what, in a form or as a drawing."""
    grouped = bool(request.dimensions or request.date)
    alone = request.form in {"histogram", "scatter", "kpi", "correlation", "map"} and bool(request.measures)
    return request.exact and ((bool(request.measures) and grouped) or alone)


def _merged(old: Request, new: Request, change: str) -> Request:
    lowered = change.lower()
    result = old.but(exact=True, unknown=new.unknown, doubts=new.doubts)
    if new.measures:
        result = result.but(measures=new.measures, aggregation=new.aggregation)
    elif new.aggregation:
        result = result.but(aggregation=new.aggregation)
        if new.aggregation == "count":
            result = result.but(measures=())
    result = _grouped(result, new, added=_ADDED.search(lowered) is not None)
    columns = {one.column for one in new.filters}
    kept = () if _ALL_ROWS.search(lowered) else tuple(f for f in old.filters if f.column not in columns)
    result = result.but(
        filters=(*kept, *new.filters),
        counted=new.counted if len(kept) < len(old.filters) else (*old.counted, *new.counted),
        top=new.top or (None if new.bottom or _NO_TOP.search(lowered) else old.top),
        bottom=new.bottom or (None if new.top or _NO_TOP.search(lowered) else old.bottom),
        sort=new.sort or old.sort,
        facet=new.facet or old.facet,
        log=(old.log or new.log) and whole(SHARED_WORDS["linear"]).search(lowered) is None,
        dual=old.dual or new.dual,
        title=new.title or (None if _reshaped(old, result) else old.title),
    )
    return _formed(result, old, new)


def _grouped(result: Request, new: Request, *, added: bool) -> Request:
    """New groupings replace the old ones, or join them when the text adds or colours by them; so does time."""
    dotted = (new.form or result.form) in {"scatter", "map"}
    colored = new.color or (new.dimensions[-1] if new.dimensions and (added or dotted) else None)
    if colored:
        if dotted:
            result = result.but(color=colored, dimensions=())
        else:
            result = result.but(dimensions=tuple(dict.fromkeys((*result.dimensions, colored)))[-2:])
    elif new.dimensions:
        cyclic = any("(" in name for name in new.dimensions)
        keeps_time = result.date is not None and not cyclic
        result = result.but(dimensions=new.dimensions, date=result.date if keeps_time else None)
    if new.date:
        result = result.but(date=new.date, grain=new.grain or result.grain)
    return result


def _formed(result: Request, old: Request, new: Request) -> Request:
    """The new form; where none is named, the old one, or plain bars where what they show is no longer the same.

    Forms that have no time axis lose it.
    """
    form = new.form or old.form
    measured = (result.measures, result.aggregation) != (old.measures, old.aggregation)
    series = len(result.dimensions) + bool(result.date) != len(old.dimensions) + bool(old.date)
    if new.form is None and form in _UPRIGHT and (measured or series):
        form = "bar"
    timeless = form in FORMS and form not in OVER_TIME
    return result.but(form=form, date=None, grain=None) if timeless else result.but(form=form)


def _reshaped(old: Request, new: Request) -> bool:
    return (old.measures, old.dimensions) != (new.measures, new.dimensions)
