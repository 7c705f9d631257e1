"""Attaches every comparison with a number to what is compared: a column of each row, or a figure of each group."""

import re

from .catalog import ColumnInfo
from .counting import count_of
from .draft import Draft, UnsureError
from .magnitudes import Comparison
from .query import Filter, Having, Key, Measure
from .subjects import said_by_words

_HOURS = re.compile(r"hours?\b|\d\s*시간")
_MOST_HOURS = 48
_TIMES = re.compile(r"[번회]|times")


def place_comparisons(draft: Draft, grouped: bool) -> list[tuple[int, Filter]]:
    """The comparisons that are conditions on rows, with their positions; those on groups become the query's `having`."""
    placed: list[tuple[int, Filter]] = []
    for index in draft.all("comparison"):
        comparison = draft.mentions[index].detail
        assert isinstance(comparison, Comparison)
        beside = _compared_column(draft, index)
        if beside is None and _TIMES.search(comparison.text) and (doer := _doer(draft)) is not None:
            draft.take(index)
            draft.query.having.append(Having(Measure("count"), comparison.op, _bounds(comparison, 1.0)))
            if not draft.has("count"):
                draft.query.keys.append(Key(draft.column(doer)))
                draft.take(doer)
            continue
        said = said_by_words(draft, index, beside) or (
            _same_as_before(draft, index, placed) if beside is None else None
        )
        if said is not None:
            draft.take(index)
            placed.append((index, Filter(said, comparison.op, _numbers(comparison, said))))
            continue
        if beside is None and (counted := _counted_thing(draft, index)) is not None:
            _compare_count(draft, index, counted, comparison)
            continue
        if beside is None:
            raise UnsureError(
                f'It is unclear which column "{comparison.text}" is about.',
                f"'{comparison.text}' 조건이 어느 열에 대한 것인지 분명하지 않습니다.",
            )
        draft.take(index, beside)
        if draft.mentions[beside].kind == "sell":
            column = draft.first_named("quantity", "revenue")
        else:
            column = draft.column(beside, lambda c: c.numeric)
        assert column is not None
        values = _numbers(comparison, column)
        function = _group_function(draft, beside, column, grouped)
        if function:
            draft.query.having.append(Having(Measure(function, column), comparison.op, values))
        else:
            placed.append((index, Filter(column, comparison.op, values)))
    return placed


def _doer(draft: Draft) -> int | None:
    """The one thing of the question that stands in several rows (`두 번 이상 주문한 고객`)."""
    doers = [
        n
        for n in draft.all("column")
        if draft.is_entity(n) and any(c.distinct < draft.catalog.rows for c, _ in draft.mentions[n].columns)
    ]
    return doers[0] if len(doers) == 1 and not draft.all("rows") else None


def _same_as_before(draft: Draft, index: int, placed: list[tuple[int, Filter]]) -> ColumnInfo | None:
    """`over 65 or under 18`: the second comparison is of the column of the first."""
    before = index - 2 if (m := draft.at(index - 1)) is not None and m.kind == "or" else index - 1
    return next((f.column for position, f in placed if position == before), None)


def _counted_thing(draft: Draft, index: int) -> int | None:
    """What a number counts (`more than 300 orders`, `주문이 300건 넘는`), when groups stand beside it."""
    latin = draft.mentions[index + 1].latin if index + 1 < len(draft.mentions) else False
    side = index + 1 if latin else index - 1
    mention = draft.at(side)
    if mention is None or side in draft.used or draft.is_flag(side):
        return None
    if mention.kind not in {"rows", "missing"} and not draft.is_entity(side):
        return None
    others = [n for n in range(len(draft.mentions)) if n != side and _is_group(draft, n)]
    return side if others or draft.all("unit") else None


def _is_group(draft: Draft, index: int) -> bool:
    return draft.is_dimension(index) and not draft.is_flag(index)


def _compare_count(draft: Draft, index: int, counted: int, comparison: Comparison) -> None:
    """`cities with more than 300 orders`: a condition on the number of things in each group."""
    if comparison.percent:
        raise UnsureError(
            f'"{comparison.text}" is no number of things.', f"'{comparison.text}'(은/는) 개수가 아닙니다."
        )
    if all(
        draft.catalog.single(c) for n in _groups(draft) if n != counted for c, _ in draft.mentions[n].columns
    ):
        raise UnsureError(
            f'It is unclear what "{comparison.text}" counts.',
            f"'{comparison.text}'(이/가) 무엇을 세는 것인지 분명하지 않습니다.",
        )
    before = len(draft.query.measures)
    count_of(draft, counted)
    draft.take(index)
    measure = draft.query.measures.pop()
    assert len(draft.query.measures) == before
    draft.query.having.append(Having(measure, comparison.op, _bounds(comparison, 1.0)))


def _compared_column(draft: Draft, index: int) -> int | None:
    before = draft.at(index - 1)
    if (
        before is not None
        and not before.latin
        and before.after in {"이", "가"}
        and draft.is_entity(index - 1)
    ):
        return None
    after = draft.at(index + 1)
    if after is not None and after.gap.strip() == "in" and draft.is_numeric(index + 1):
        return index + 1
    for beside in (index - 1, index - 2, index + 1):
        mention = draft.at(beside)
        if mention is None or (beside in draft.used and mention.kind != "column"):
            continue
        if (
            beside == index - 2
            and before is not None
            and before.kind not in {"having", "from", "agg", "sell", "column"}
        ):
            continue
        if draft.is_numeric(beside) or (
            mention.kind == "sell"
            and not draft.is_numeric(index + 1)
            and draft.first_named("quantity", "revenue")
        ):
            return beside
    return None


def _group_function(draft: Draft, index: int, column: ColumnInfo, grouped: bool) -> str | None:
    """The aggregate a comparison of groups is about, or None when it is about single rows."""
    things = [draft.mentions[n].columns[0][0] for n in _groups(draft)]
    several = [c for c in things if not draft.catalog.single(c) and not c.temporal]
    one = len(several) == 1 and len(things) == 1
    stated = _stated_beside(draft, index)
    if stated is None and _qualifies_rows(draft, index):
        return None
    if stated is not None and (one or grouped):
        draft.take(stated)
        return _comparable(draft.mentions[stated].payload)
    if column.additive and several and draft.has("count") and len(several) == len(things):
        raise UnsureError(
            f"It is unclear whether {column.name} is compared per row or in total.",
            f"{column.name} 조건이 행마다인지 합계인지 분명하지 않습니다.",
        )
    periods = not things and len(draft.all("unit")) == 1 and draft.catalog.time_column is not None
    if column.additive and _only_compared(draft) and (one or periods):
        group = several[0].name if one else draft.mentions[draft.all("unit")[0]].text
        draft.query.assume(
            f"{column.name} was compared as the total of each {group}.",
            f"{column.name}(은/는) {group}별 합계로 비교했습니다.",
        )
        return "sum"
    summed = (
        grouped and column.additive and (draft.has("sell") or draft.has("group")) and not draft.has("count")
    )
    return "sum" if summed else None


def _qualifies_rows(draft: Draft, index: int) -> bool:
    """`orders over 300 in amount`, `금액이 300 넘는 주문`: beside a thing that is one row each, the comparison is about rows."""
    if draft.mentions[index].latin:
        before = index - 2 if draft.mentions[index - 1].kind == "comparison" else index - 1
        having = (with_ := draft.at(before)) is not None and with_.kind == "having"
        return _is_row(draft, before - 1 if having else before)
    ahead = draft.at(index + 1)
    return ahead is not None and ahead.kind == "comparison" and _is_row(draft, index + 2)


def _is_row(draft: Draft, index: int) -> bool:
    mention = draft.at(index)
    if mention is None:
        return False
    single = any(c.semantic == "identifier" and c.distinct == draft.catalog.rows for c, _ in mention.columns)
    return single or mention.kind == "rows"


def _groups(draft: Draft) -> list[int]:
    """The dimensions that are not only counted by a comparison (`고객이 8명 넘는 국가`)."""
    counted = {
        _counted_thing(draft, n) for n in draft.all("comparison") if _compared_column(draft, n) is None
    }
    free = [n for n in range(len(draft.mentions)) if n not in draft.used and n not in counted]
    return [n for n in free if _is_group(draft, n)]


def _only_compared(draft: Draft) -> bool:
    """True when every numeric column of the question stands beside a comparison, so that none is the figure asked for."""
    compared = {n + step for n in draft.all("comparison", free=False) for step in (-2, -1, 1)}
    figures = [n for n in range(len(draft.mentions)) if draft.is_numeric(n)]
    sold = [n for n in draft.all("sell") if not draft.is_numeric(n - 1)]
    return (
        set(figures) <= compared and not sold and not any(map(draft.has, ("share", "rate", "agg", "count")))
    )


def _stated_beside(draft: Draft, index: int) -> int | None:
    """The aggregate word right beside a compared column."""
    for beside in (index - 1, index + 1):
        mention = draft.at(beside)
        if mention is not None and mention.kind == "agg" and beside not in draft.used:
            return beside
    return None


def _comparable(function: str) -> str:
    if function == "quantile":
        raise UnsureError(
            "Percentiles of groups are not compared with numbers.",
            "묶음의 백분위수는 수와 비교하지 않습니다.",
        )
    return function


def _numbers(comparison: Comparison, column: ColumnInfo) -> tuple[float, ...]:
    if (
        _HOURS.search(comparison.text)
        and (column.high or 0) > _MOST_HOURS
        and "hour" not in column.name.lower()
    ):
        raise UnsureError(
            f"It is unclear whether {column.name} is in hours; say the number in the unit of the column.",
            f"{column.name}의 단위가 시간인지 분명하지 않습니다. 열의 단위에 맞춘 수로 말씀해 주십시오.",
        )
    return _bounds(comparison, 0.01 if comparison.percent and (column.high or 0) <= 1 else 1.0)


def _bounds(comparison: Comparison, scale: float) -> tuple[float, ...]:
    values = [comparison.low * scale] + ([comparison.high * scale] if comparison.high is not None else [])
    return tuple(sorted(values))
