"""Decides what the result is grouped by: `by region`, `지역별`, `which product`, `monthly`."""

import re

from .catalog import ColumnInfo
from .counting import count_of
from .cues import COUNTING
from .draft import Draft, UnsureError
from .grains import spoken_per, time_key
from .query import Key, Measure

MAX_STEPS = 50
"""A number of at most so many different values can be grouped by."""
_BY = frozenset({"by", "별", "별로"})
_ALSO = re.compile(r"^[\s,/]*(?:and|과|와|및|랑|,|/)*[\s,/]*(?:the|each)?\s*$")


def place_groups(draft: Draft) -> None:
    """Adds a key for every column or time unit that a grouping word points at."""
    for index in draft.all("group"):
        mention = draft.mentions[index]
        if mention.payload == "which":
            _which(draft, index)
            continue
        if mention.text.lower() == "by" and _is_agent(draft, index):
            continue
        if (
            mention.text.lower() == "by"
            and (m := draft.at(index + 1)) is not None
            and m.kind in {"count", "agg"}
        ):
            draft.take(index)
            continue
        if mention.text.startswith("기준") and draft.is_numeric(index - 1):
            draft.take(index)
            continue
        forward = mention.latin or mention.text.startswith("각")
        targets = _run(draft, index, 1 if forward else -1)
        if not targets:
            raise UnsureError(
                f'It is unclear what "{mention.text}" groups by.',
                f"'{mention.text}' 앞뒤의 기준이 분명하지 않습니다.",
            )
        draft.take(index)
        if spoken_per(mention.text) and _per_sold(draft, targets):
            continue
        before = len(draft.query.keys)
        for target in sorted(targets):
            _add(draft, target)
        added = {k.alias for k in draft.query.keys[before:]}
        draft.inside |= added if mention.payload == "inside" else set()
        draft.per |= added if spoken_per(mention.text) else set()
    for index in draft.all("per_unit"):
        _per_quantity(draft, index)
    for index in draft.all("grain"):
        draft.take(index)
        draft.query.keys.append(time_key(draft, draft.mentions[index].payload))


def _run(draft: Draft, index: int, step: int) -> list[int]:
    """The mentions a grouping word covers: its neighbour and those joined to it with `and`."""
    targets: list[int] = []
    at = index + step
    while True:
        mention = draft.at(at)
        if mention is None or not (
            draft.is_dimension(at) or mention.kind == "unit" or (not targets and mention.kind == "column")
        ):
            return targets
        joined = draft.mentions[at].gap if step > 0 else draft.mentions[at + 1].gap
        if targets and not (
            (_ALSO.match(joined) and joined.strip()) or (step < 0 and mention.after in {"과", "와", "랑"})
        ):
            return targets
        targets.append(at)
        at += step


def _is_agent(draft: Draft, index: int) -> bool:
    """`paid by Visa`, `bookings by guests aged 20 to 35`, `the busiest weekday by bookings`: no groups; True when it is read."""
    after, beyond = draft.at(index + 1), draft.at(index + 2)
    if after is None:
        return False
    condition = beyond is not None and beyond.kind in {"comparison", "value", "who"}
    if after.kind == "value" or (
        condition and draft.is_entity(index + 1) and beyond is not None and not beyond.gap.strip(" ")
    ):
        draft.take(index)
        return True
    single = any(c.distinct == draft.catalog.rows for c, _ in after.columns)
    ranked = draft.has("desc") or draft.has("asc") or draft.has("limit")
    if single and ranked and draft.is_entity(index + 1):
        draft.take(index)
        count_of(draft, index + 1)
        return True
    return False


def _per_sold(draft: Draft, targets: list[int]) -> bool:
    """`revenue per bike sold`: over the units sold."""
    after = draft.at(targets[-1] + 1)
    if after is None or after.kind != "sell" or not draft.first_named("quantity"):
        return False
    draft.take(*targets)
    _per_quantity(draft, targets[-1] + 1)
    return True


def _per_quantity(draft: Draft, index: int) -> None:
    quantity = draft.first_named("quantity")
    if quantity is None:
        raise UnsureError("No column says how many units there are.", "수량을 나타내는 열이 없습니다.")
    draft.take(index)
    draft.over = Measure("sum", quantity)


def _which(draft: Draft, index: int) -> None:
    draft.take(index)
    after = draft.at(index + 1)
    if after is not None and (draft.is_dimension(index + 1) or after.kind == "unit"):
        _add(draft, index + 1)
        draft.ranked.update(k.alias for k in draft.query.keys[-1:])


def _add(draft: Draft, index: int) -> None:
    mention = draft.mentions[index]
    if mention.kind == "unit":
        draft.take(index)
        draft.query.keys.append(time_key(draft, mention.payload, mention.columns))
        return
    column = draft.column(index, lambda c: c.semantic != "identifier")
    if column.numeric:
        beside = draft.at(index + 1) if not mention.latin else draft.at(index - 1)
        if beside is not None and beside.kind == "group" and beside.text.lower() not in _BY:
            draft.take(index)
            draft.over = Measure("sum", column)
        elif _tells_groups(draft, index):
            draft.take(index)
            draft.query.keys.append(Key(_stepped(column)))
        return
    draft.take(index)
    if column.temporal:
        draft.query.keys.append(Key(column, "day"))
    elif column.name not in {k.column.name for k in draft.query.keys}:
        draft.query.keys.append(Key(column))


def _tells_groups(draft: Draft, index: int) -> bool:
    """`average salary by job level`: a number after another figure, where nothing is ranked by it."""
    if any(map(draft.has, ("desc", "asc", "limit", "nth", "sorted"))):
        return False
    numbers = [n for n in draft.all("column") if n != index and draft.is_numeric(n)]
    return bool(numbers) or any(map(draft.has, ("count", "share", "rate")))


def _stepped(column: ColumnInfo) -> ColumnInfo:
    """The column when it has few values. Raises: UnsureError when groups of single values would say nothing."""
    if column.distinct > MAX_STEPS:
        raise UnsureError(
            f"{column.name} has {column.distinct} different values, too many for groups.",
            f"{column.name}의 값이 {column.distinct}가지여서 묶음으로 나눌 수 없습니다.",
        )
    return column


def place_units(draft: Draft) -> None:
    """Time units without a grouping word: a key when a superlative asks for the best one (`the best month`)."""
    for index in draft.all("unit"):
        mention = draft.mentions[index]
        after = draft.at(index + 1)
        if not mention.latin and after is not None and after.kind == "agg" and after.payload == "avg":
            draft.take(index)
            draft.query.keys.append(time_key(draft, mention.payload, mention.columns))
            draft.query.kind = "mean_of_groups"
        elif (draft.has("desc") or draft.has("asc") or draft.query.having) and not draft.query.keys:
            draft.take(index)
            draft.query.keys.append(time_key(draft, mention.payload, mention.columns))


def place_loose_dimensions(draft: Draft) -> None:
    """Category columns without a grouping word: the thing a superlative ranks, or what is compared."""
    loose = [n for n in draft.all("column") if draft.is_dimension(n)]
    if draft.query.keys:
        _loose_among_groups(draft, loose)
        return
    if not loose:
        return
    order = [
        n
        for n, m in enumerate(draft.mentions)
        if m.kind in {"desc", "asc", "limit", "nth"} and m.payload != "soft"
    ]
    if order:
        index = _ranked(draft, loose, order[0])
        _add(draft, index)
    elif draft.has("compare") or draft.query.having:
        _add(draft, loose[0])
    elif len(spoken := [n for n in loose if draft.mentions[n].text.endswith("별")]) == 1:
        _add(draft, spoken[0])


def _loose_among_groups(draft: Draft, loose: list[int]) -> None:
    """`the best selling product by region`: what is ranked within each group."""
    order = [
        m
        for m in draft.mentions
        if m.kind == "limit"
        or (m.kind in {"desc", "asc"} and m.payload != "soft" and m.text.lower() not in COUNTING)
    ]
    things = [n for n in loose if _competes(draft, n)]
    if not order or len(things) != 1 or draft.ranked:
        return
    _add(draft, things[0])
    draft.ranked.update(k.alias for k in draft.query.keys[-1:])


def _competes(draft: Draft, index: int) -> bool:
    """True for what can be ranked within groups: a category, what names the rows, and rows right behind a superlative."""
    column = draft.column(index, lambda c: c.semantic != "identifier")
    if column.semantic != "identifier" or (
        column == draft.catalog.label and draft.mentions[index].payload != ""
    ):
        return True
    before = draft.at(index - 1)
    return column.distinct == draft.catalog.rows and before is not None and before.kind in {"desc", "asc"}


def _ranked(draft: Draft, loose: list[int], order: int) -> int:
    """Which of several columns is ranked: after the superlative in Korean; before it in English unless only one follows."""
    after = [n for n in loose if n > order]
    before = [n for n in loose if n < order]
    if len(loose) == 1:
        return loose[0]
    if not draft.mentions[order].latin:
        return after[0] if after else before[0]
    return before[0] if before else after[0]
