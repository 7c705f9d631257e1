"""Turns a comparison with an average into a condition on rows, or on the groups that are asked for."""

from dataclasses import replace

from .average_words import SaidAverage
from .catalog import ColumnInfo
from .draft import Draft, UnsureError
from .query import Average, Filter, Having, Key, Measure


def place_averages(draft: Draft) -> list[tuple[int, Filter]]:
    """The comparison with an average as a condition on rows, or on the groups that are asked for. Raises: UnsureError."""
    indices = draft.all("average")
    if not indices:
        return []
    if len(indices) > 1 or draft.has("share") or draft.has("rate"):
        raise UnsureError(
            "One comparison with an average is read at a time.", "평균과의 비교는 한 번에 하나만 해석합니다."
        )
    index = indices[0]
    said = draft.mentions[index].detail
    assert isinstance(said, SaidAverage)
    column = _compared(draft, index, said)
    draft.take(index)
    group = _group(draft, index, column)
    if group is None:
        return [(index, Filter(column, said.op, (Average(said.function, column),)))]
    named = [
        n for n in draft.all("column", free=False) if column in {c for c, _ in draft.mentions[n].columns}
    ]
    stated = [n for n in draft.all("agg") if {n - 1, n + 1} & set(named)]
    summed = column.additive and not column.averaged and not said.subject
    functions = {draft.mentions[n].payload for n in stated} or {"sum" if summed else "avg"}
    draft.take(*stated)
    if len(functions) > 1 or not functions <= {"sum", "avg", "median"}:
        raise UnsureError(
            "It is unclear which figure is compared.", "어떤 수치를 비교하는지 분명하지 않습니다."
        )
    measure = Measure(functions.pop(), column)
    key = Key(group)
    total = measure if measure.function == "sum" else None
    draft.query.having.append(
        Having(measure, said.op, (Average(said.function, column, total=total, key=key),))
    )
    if total is not None:
        draft.query.assume(
            f"The total of each {group.name} was compared with the average of these totals.",
            f"{group.name}별 합계를 그 합계들의 평균과 비교했습니다.",
            0.95,
        )
    return []


def settle_averages(draft: Draft) -> None:
    """The average is over the rows of the question's other conditions."""
    query = draft.query
    plain = tuple(f for f in query.filters if not _of(f.values))

    def settled(values: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(
            replace(v, where=plain, either=tuple(query.alternatives)) if isinstance(v, Average) else v
            for v in values
        )

    query.filters = [*plain, *(replace(f, values=settled(f.values)) for f in query.filters if _of(f.values))]
    query.having = [replace(h, values=settled(h.values)) for h in query.having]


def _of(values: tuple[object, ...]) -> bool:
    return any(isinstance(v, Average) for v in values)


def _compared(draft: Draft, index: int, said: SaidAverage) -> ColumnInfo:
    """The column beside the comparison, in English first the one behind it; else what the adjective says."""
    order = (
        [index + 1, index - 1, index - 2, index + 2]
        if draft.mentions[index].latin
        else [index - 1, index + 1, index - 2]
    )
    near = [n for n in order if draft.is_numeric(n)]
    if not near and said.subject and (meant := draft.first_named(said.subject)) is not None:
        return meant
    if not near:
        raise UnsureError(
            f'It is unclear which column "{said.text}" is about.',
            f"'{said.text}' 조건이 어느 열에 대한 것인지 분명하지 않습니다.",
        )
    column = draft.column(near[0], lambda c: c.numeric)
    again = [n for n in draft.all("column") if column in {c for c, _ in draft.mentions[n].columns}]
    draft.take(near[0], *again)
    return column


def _group(draft: Draft, index: int, compared: ColumnInfo) -> ColumnInfo | None:
    """The one column whose values are compared as groups, or None when rows are: where they are counted, stand beside the
    comparison, or another figure is asked for."""
    rows = {n for n, m in enumerate(draft.mentions) if m.kind == "rows"}
    which = any(m.kind == "group" and m.payload == "which" for m in draft.mentions)
    figures = [n for n in draft.all("column") if draft.is_numeric(n) and draft.column(n) != compared]
    if (rows and draft.has("count")) or {index - 1, index + 1} & rows or (figures and not which):
        return None
    groups = [
        column
        for n in draft.all("column")
        if draft.is_dimension(n)
        and not draft.is_flag(n)
        and not draft.catalog.single(column := draft.column(n))
        and not column.temporal
    ]
    return groups[0] if len({c.name for c in groups}) == 1 else None
