"""Turns values, periods, yes-or-no columns and numeric comparisons of a question into filters."""

from datetime import date
from typing import Any

from .catalog import ColumnInfo
from .counting import count_of
from .draft import Draft, UnsureError
from .mentions import year_column
from .numerals import Comparison
from .periods import Period, told_apart
from .query import Filter, Having, Measure

YES_NO_NEAR = 3


def negated(draft: Draft, index: int) -> int | None:
    """The index of the `not` that belongs to the mention at `index`: before it in English, after it in Korean."""
    order = (-1,) if draft.mentions[index].latin else (1,)
    for step in (*order, *(-s for s in order)):
        beside = draft.at(index + step)
        if beside is not None and beside.kind == "not" and beside.latin == (step < 0):
            return index + step
    return None


def place_values(draft: Draft) -> list[tuple[int, Filter]]:
    """Filters of the values named, one per column and polarity, each with the position of its last mention."""
    groups: dict[tuple[str, bool], tuple[int, list[Any]]] = {}
    for index in draft.all("value"):
        column, found = _value_of(draft, index)
        denial = _shared_denial(draft, index)
        if denial is not None:
            draft.take(denial)
        position, values = groups.get((column.name, denial is not None), (index, []))
        groups[(column.name, denial is not None)] = (max(position, index), [*values, *found])
        draft.take(index)
        for beside in (index - 1, index + 1):
            if draft.is_dimension(beside) and beside not in draft.used and _is_label(draft, beside, column):
                draft.take(beside)
    if any((name, not denied) in groups for name, denied in groups):
        raise UnsureError(
            "Values are both asked for and excluded.",
            "같은 열의 값을 포함하면서 제외하고 있어 분명하지 않습니다.",
        )
    placed = []
    for (name, denied), (position, values) in groups.items():
        unique = tuple(dict.fromkeys(values))
        placed.append((position, Filter(draft.catalog.column(name), "not in" if denied else "in", unique)))
    return placed


def _shared_denial(draft: Draft, index: int) -> int | None:
    """The `not` of a value, or of the values of the same column it is joined to (`excluding Seoul and Busan`)."""
    step = -1 if draft.mentions[index].latin else 1
    at = index
    while (denial := negated(draft, at)) is None:
        beside = draft.at(at + step)
        if (
            beside is None
            or beside.kind != "value"
            or {n for n, _ in beside.values} != {n for n, _ in draft.mentions[index].values}
        ):
            return None
        at += step
    return denial


def _is_label(draft: Draft, index: int, column: ColumnInfo) -> bool:
    """True when the column mention beside a value only names what the value is (`Seoul region`)."""
    beside = [draft.at(index - 1), draft.at(index + 1)]
    grouped = any(m is not None and m.kind == "group" for m in beside)
    return not grouped and [c.name for c, _ in draft.mentions[index].columns] == [column.name]


def _value_of(draft: Draft, index: int) -> tuple[ColumnInfo, list[Any]]:
    """The column and value a mention means, with all spellings of the value."""
    mention = draft.mentions[index]
    spelled = [(name, draft.catalog.column(name).canonical(value)) for name, value in mention.values]
    pairs = list(dict.fromkeys(spelled))
    if len(pairs) > 1:
        named = {c.name for n in (index - 1, index + 1) if (m := draft.at(n)) for c, _ in m.columns}
        pairs = [p for p in pairs if p[0] in named] or pairs
    if len({name for name, _ in pairs}) > 1 or len(pairs) != 1:
        names = ", ".join(dict.fromkeys(f"{n} = {v}" for n, v in pairs))
        raise UnsureError(
            f'"{mention.text}" occurs in several places: {names}.',
            f"'{mention.text}' 값이 여러 곳에 있습니다: {names}.",
        )
    name, value = pairs[0]
    if mention.partial:
        draft.query.assume(
            f'"{mention.text}" was read as {name} = {value}.',
            f"'{mention.text}'(을/를) {name} = {value}(으로/로) 보았습니다.",
            0.85,
        )
    column = draft.catalog.column(name)
    return column, list(column.spelled(value))


def place_periods(draft: Draft) -> list[Period]:
    """The periods named. Raises: UnsureError when the data has no time."""
    indices = draft.all("period")
    if indices and draft.catalog.time_column is None and year_column(draft.catalog) is None:
        text = draft.mentions[indices[0]].text
        raise UnsureError(
            f'The data has no column of dates, so "{text}" cannot be applied.',
            f"데이터에 날짜 열이 없어 '{text}' 조건을 적용할 수 없습니다.",
        )
    draft.take(*indices)
    return told_apart([p for n in indices if isinstance(p := draft.mentions[n].detail, Period)])


def period_filter(draft: Draft, periods: list[Period]) -> Filter:
    """The filter for one period, or for any of several. Raises: UnsureError when the data has no such time."""
    column = draft.catalog.time_column
    if column is None:
        return _year_filter(draft, periods)
    first, last = draft.catalog.first, draft.catalog.last
    for period in periods:
        if first and last and ((period.end or date.max) <= first or (period.start or date.min) > last):
            raise UnsureError(
                f'The data runs from {first} to {last}; it holds nothing for "{period.text}".',
                f"데이터 기간은 {first}부터 {last}까지이며 '{period.text.strip()}'에 해당하는 자료가 없습니다.",
            )
        if period.relative:
            _say_relative(draft, period)
    if len(periods) == 1:
        return Filter(column, "period", (periods[0].start, periods[0].end))
    return Filter(column, "periods", tuple((p.start, p.end) for p in periods))


def _say_relative(draft: Draft, period: Period) -> None:
    from datetime import timedelta

    end = (period.end or date.max) - timedelta(days=1)
    draft.query.assume(
        f'"{period.text}" was counted from the data\'s last day, {draft.catalog.last}: {period.start} to {end}.',
        f"'{period.text.strip()}'(은/는) 데이터의 마지막 날인 {draft.catalog.last}을 "
        f"기준으로 {period.start}부터 {end}까지로 보았습니다.",
        0.97,
    )


def _year_filter(draft: Draft, periods: list[Period]) -> Filter:
    column = year_column(draft.catalog)
    assert column is not None
    if any(p.grain != "year" or p.relative for p in periods):
        raise UnsureError("The data has years only, no dates.", "데이터에는 연도만 있고 날짜가 없습니다.")
    if len(periods) > 1:
        return Filter(column, "in", tuple(p.start.year for p in periods if p.start))
    start, end = periods[0].start, periods[0].end
    low = start.year if start else int(column.low or 0)
    high = end.year - 1 if end else int(column.high or 9999)
    return Filter(column, "in", (low,)) if low == high else Filter(column, "between", (low, high))


def place_flags(draft: Draft, grouped: set[int]) -> list[tuple[int, Filter]]:
    """Filters for yes-or-no columns used as statements (`churned`, `without a partner`)."""
    placed: list[tuple[int, Filter]] = []
    for index in draft.all("column"):
        denial = negated(draft, index)
        if index in grouped or not (draft.is_flag(index) or (denial is not None and _has_no(draft, index))):
            continue
        column = draft.column(index)
        draft.take(index)
        if denial is not None:
            draft.take(denial)
        placed.append((index, Filter(column, "in", (column.no if denial is not None else column.yes,))))
    return placed


def _has_no(draft: Draft, index: int) -> bool:
    """True when `no …` before a category column can mean its value `No`."""
    columns = draft.mentions[index].columns
    return len(columns) == 1 and columns[0][0].no is not None


def place_comparisons(draft: Draft, grouped: bool) -> None:
    """Attaches every comparison to its numeric column, as a filter on rows or, for totals of groups, on groups."""
    for index in draft.all("comparison"):
        comparison = draft.mentions[index].detail
        assert isinstance(comparison, Comparison)
        beside = _compared_column(draft, index)
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
            draft.query.filters.append(Filter(column, comparison.op, values))


def _counted_thing(draft: Draft, index: int) -> int | None:
    """What a number counts (`more than 300 orders`, `주문이 300건 넘는`), when groups stand beside it."""
    latin = draft.mentions[index + 1].latin if index + 1 < len(draft.mentions) else False
    sides = (index + 1,) if latin else (index - 1,)
    for side in sides:
        mention = draft.at(side)
        if mention is None or side in draft.used or draft.is_flag(side):
            continue
        identified = any(c.semantic == "identifier" for c, _ in mention.columns)
        if mention.kind in {"rows", "missing"} or (mention.kind == "column" and identified):
            others = [
                n
                for n in range(len(draft.mentions))
                if n != side and draft.is_dimension(n) and not draft.is_flag(n)
            ]
            return side if others else None
    return None


def _compare_count(draft: Draft, index: int, counted: int, comparison: Comparison) -> None:
    """`cities with more than 300 orders`: a condition on the number of things in each group."""
    if draft.has("count") or comparison.percent:
        raise UnsureError(
            "Groups that fulfil a condition can be listed, not counted.",
            "조건에 맞는 묶음은 목록으로만 답하며 그 수를 세지는 않습니다.",
        )
    before = len(draft.query.measures)
    count_of(draft, counted)
    draft.take(index)
    measure = draft.query.measures.pop()
    assert len(draft.query.measures) == before
    draft.query.having.append(Having(measure, comparison.op, _bounds(comparison, 1.0)))


def _compared_column(draft: Draft, index: int) -> int | None:
    for beside in (index - 1, index - 2, index + 1):
        mention = draft.at(beside)
        if mention is None or (beside in draft.used and mention.kind != "column"):
            continue
        between = draft.at(index - 1)
        if (
            beside == index - 2
            and between is not None
            and between.kind not in {"having", "from", "agg", "sell", "column"}
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
    things = [
        draft.mentions[n].columns[0][0]
        for n, m in enumerate(draft.mentions)
        if draft.is_dimension(n) and not draft.is_flag(n) and m.columns
    ]
    several = [c for c in things if c.distinct < draft.catalog.rows and not c.temporal]
    one = len(several) == 1 and len(things) == 1
    stated = _stated_beside(draft, index)
    if stated is not None and (one or grouped) and not draft.has("count"):
        draft.take(stated)
        return _comparable(draft.mentions[stated].payload)
    if column.additive and several and draft.has("count") and len(several) == len(things):
        raise UnsureError(
            f"It is unclear whether {column.name} is compared per row or in total.",
            f"{column.name} 조건이 행마다인지 합계인지 분명하지 않습니다.",
        )
    figures = [n for n in range(len(draft.mentions)) if draft.is_numeric(n)]
    periods = not things and len(draft.all("unit")) == 1 and draft.catalog.time_column is not None
    alone = len(figures) == 1 and not any(
        draft.has(kind) for kind in ("share", "rate", "agg", "sell", "count")
    )
    if column.additive and alone and (one or periods):
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
    return _bounds(comparison, 0.01 if comparison.percent and (column.high or 0) <= 1 else 1.0)


def _bounds(comparison: Comparison, scale: float) -> tuple[float, ...]:
    values = [comparison.low * scale] + ([comparison.high * scale] if comparison.high is not None else [])
    return tuple(sorted(values))
