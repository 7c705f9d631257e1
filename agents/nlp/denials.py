"""Reads `never`: things of whose rows none fulfils a condition, and refuses a `not` that could mean that as well as not."""

from pathlib import Path

from .catalog import ColumnInfo
from .draft import Draft, UnsureError
from .engine import run_select
from .expressions import quoted
from .guard import VIEW
from .query import Filter, Having, Key, Measure, Query


def place_never(draft: Draft, values: list[tuple[int, Filter]]) -> None:
    """Moves denied values from `values` to a condition on the thing that never had them. Raises: UnsureError."""
    nevers = draft.all("never", free=False)
    denied = [(position, item) for position, item in values if item.op == "not in"]
    if not nevers or not denied:
        return
    draft.take(*nevers, *draft.all("not"))
    things = [
        n
        for n in draft.all("column")
        if any(_repeats(draft, n, c.name) for c, _ in draft.mentions[n].columns) and not draft.is_flag(n)
    ]
    whole = any(draft.is_dimension(n) for n in draft.all("column", free=False))
    if not things and whole:
        return
    if len(things) != 1 or len(denied) != 1:
        raise UnsureError(
            'It is unclear whom "never" is about.', "'한 번도'가 누구에 대한 것인지 분명하지 않습니다."
        )
    column = draft.column(things[0], lambda c: c.semantic == "identifier")
    condition = Filter(denied[0][1].column, "in", denied[0][1].values)
    draft.take(things[0])
    values.remove(denied[0])
    draft.query.keys.append(Key(column))
    draft.query.having.append(Having(Measure("count", where=(condition,)), "=", (0.0,)))


def _repeats(draft: Draft, index: int, name: str) -> bool:
    """True for a column of things that stand in several rows."""
    return draft.is_entity(index) and draft.catalog.column(name).distinct < draft.catalog.rows


def require_clear_denials(query: Query, path: Path, timeout_s: float) -> None:
    """Raises: UnsureError for `customers without Rock` when some customer has rows of both: with any such row, or with none?"""
    denied = [item.column for item in query.filters if item.op == "not in"]
    things = [k.column for k in query.keys] if query.kind == "list" and not query.having else []
    things += [m.column for m in query.measures if m.function == "count_distinct" and m.column is not None]
    for thing in things:
        for column in denied:
            if column.name != thing.name and _varies(thing, column, path, timeout_s):
                raise UnsureError(
                    f'Rows of one {thing.name} differ in {column.name}; say "never" when none of them may have it.',
                    f"같은 {thing.name}에 여러 {column.name} 값이 있습니다. 하나도 없는 경우라면 '한 번도'를 붙여 주십시오.",
                )


def _varies(thing: ColumnInfo, column: ColumnInfo, path: Path, timeout_s: float) -> bool:
    """True when rows of one thing differ in `column`."""
    key = quoted(thing.name)
    groups = f"SELECT {key} FROM {VIEW} GROUP BY 1 HAVING COUNT(DISTINCT {quoted(column.name)}) > 1"  # noqa: S608
    counted = f"SELECT COUNT(*) FROM ({groups}) AS mixed"  # noqa: S608
    return bool(run_select(counted, path, timeout_s=timeout_s)[1][0][0])
