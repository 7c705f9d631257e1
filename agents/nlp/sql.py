"""Writes a query as one DuckDB SELECT over the view `data`."""

# S608: every name and literal is quoted by `expressions`, and `guard` checks the finished statement.
# ruff: noqa: S608

from dataclasses import replace

from .expressions import (
    all_of,
    any_of,
    condition_sql,
    day_label,
    having_sql,
    key_sql,
    measure_sql,
    merged_sql,
    quoted,
)
from .guard import VIEW
from .query import Query

_INDEX = {"month": "YEAR({0}) * 12 + MONTH({0})", "quarter": "YEAR({0}) * 4 + QUARTER({0})"}


def write_sql(query: Query) -> str:
    """The SELECT for `query`, in a fixed order of columns: keys first, then the figures."""
    if query.kind in _SHAPES:
        return _SHAPES[query.kind](query)
    figures = [f"{measure_sql(m)} AS {quoted(m.alias)}" for m in query.measures]
    if query.per_group:
        return _select(_keys(query) + figures, query) + _best_of_each(query)
    return _select(_keys(query) + figures, query) + _tail(query, len(query.keys) + 1)


def _select(columns: list[str], query: Query) -> str:
    sql = f"SELECT {', '.join(columns)} FROM {VIEW}"
    conditions = [condition_sql(f) for f in query.filters] + [any_of(some) for some in query.alternatives]
    if query.superlative or query.having or query.kind in {"mean_of_groups", "change"}:
        conditions += [f"{quoted(k.column.name)} IS NOT NULL" for k in query.keys]
    if conditions:
        sql += " WHERE " + " AND ".join(dict.fromkeys(conditions))
    if query.keys:
        sql += " GROUP BY " + ", ".join(str(n + 1) for n in range(len(query.keys)))
    if query.having:
        sql += " HAVING " + " AND ".join(having_sql(h) for h in query.having)
    return sql


def _tail(query: Query, figure: int) -> str:
    """ORDER BY and LIMIT: by the figure when an order was asked for, else by time, else largest first."""
    if not query.keys:
        return ""
    keys = [f"{n + 1}" for n in range(len(query.keys))]
    if query.end:
        return f" ORDER BY {keys[0]} {'DESC' if query.end == 'last' else 'ASC'} LIMIT 1"
    in_time = any(k.grain or k.column.temporal for k in query.keys)
    if query.order is None and in_time:
        return " ORDER BY " + ", ".join(keys)
    direction = "ASC" if query.order == "asc" else "DESC"
    whole = [keys.pop(0) for _ in range(query.per_group)]
    sql = " ORDER BY " + ", ".join([*whole, f"{figure} {direction} NULLS LAST", *keys])
    sql += f" LIMIT {query.limit}" if query.limit else ""
    return sql + (f" OFFSET {query.skipped}" if query.skipped else "")


def _best_of_each(query: Query) -> str:
    """The first rows of every group, ties included."""
    direction = "ASC" if query.order == "asc" else "DESC"
    groups = ", ".join(key_sql(k) for k in query.keys[: query.per_group])
    figure = measure_sql(query.measures[0])
    rank = f"RANK() OVER (PARTITION BY {groups} ORDER BY {figure} {direction} NULLS LAST)"
    numbers = [str(n + 1) for n in range(len(query.keys))]
    order = [*numbers[: query.per_group], f"{len(numbers) + 1} {direction}", *numbers[query.per_group :]]
    return f" QUALIFY {rank} <= {query.limit or 1} ORDER BY {', '.join(order)}"


def _share(query: Query) -> str:
    whole = measure_sql(query.measures[0])
    if query.part:
        part = f"{whole} FILTER (WHERE {all_of(query.part)})"
        figures = [f"{part} AS part", f"{whole} AS total", f"{part} * 1.0 / NULLIF({whole}, 0) AS share"]
    else:
        groups = ", ".join(key_sql(k) for k in query.keys[: query.per_group])
        window = f"(PARTITION BY {groups})" if groups else "()"
        share = f"{whole} * 1.0 / NULLIF(SUM({whole}) OVER {window}, 0)"
        figures = [f"{whole} AS {quoted(query.measures[0].alias)}", f"{share} AS share"]
    return _select(_keys(query) + figures, query) + _tail(query, len(query.keys) + len(figures))


def _growth(query: Query) -> str:
    """Each period's figure and its change against the period before, or against the one `lag` periods before."""
    key = query.keys[0]
    columns = [*_keys(query), f"{measure_sql(query.measures[0])} AS value"]
    period, earlier = quoted(key.alias), f"LAG(value) OVER (ORDER BY {quoted(key.alias)})"
    if query.lag is not None and key.grain is not None:
        index = _INDEX[key.grain].format(quoted(key.column.name))
        columns.append(f"MIN({index}) AS place")
        earlier = (
            f"MAX(value) OVER (ORDER BY place RANGE BETWEEN {query.lag} PRECEDING AND {query.lag} PRECEDING)"
        )
    growth = f"value * 1.0 / NULLIF({earlier}, 0) - 1 AS growth"
    sql = f"SELECT {period}, value, {growth} FROM ({_select(columns, query)}) AS periods"
    if query.since is not None:
        sql = f"SELECT * FROM ({sql}) AS grown WHERE {period} >= {day_label(key, query.since)}"
    if query.order:
        growth = "DESC" if query.order == "desc" else "ASC"
        limit = f" LIMIT {query.limit}" if query.limit else ""
        return sql + f" ORDER BY growth {growth} NULLS LAST, {period}" + limit
    return sql + f" ORDER BY {period}"


def _change(query: Query) -> str:
    """Each group's figure in two periods and the change from one to the other."""
    before, after = (measure_sql(replace(query.measures[0], where=(period,))) for period in query.compared)
    figures = [
        f"{before} AS before",
        f"{after} AS after",
        f"{after} * 1.0 / NULLIF({before}, 0) - 1 AS growth",
    ]
    kept = f" HAVING {after} {'>' if query.only == 'up' else '<'} {before}" if query.only else ""
    return _select(_keys(query) + figures, query) + kept + _tail(query, len(query.keys) + len(figures))


def _difference(query: Query) -> str:
    """One figure of two groups or periods, and the first less the second."""
    one, other = (measure_sql(replace(query.measures[0], where=(side,))) for side in query.compared)
    return _select([f"{one} AS one", f"{other} AS other", f"{one} - {other} AS difference"], query)


def _running(query: Query) -> str:
    """Each period's figure, and the total up to it or the average of the last periods, within each other group."""
    inner = _select([*_keys(query), f"{measure_sql(query.measures[0])} AS value"], query)
    *groups, period = (quoted(k.alias) for k in query.keys)
    start = "UNBOUNDED" if query.window is None else str(query.window - 1)
    function, name = ("SUM", "running_total") if query.window is None else ("AVG", "moving_average")
    within = f"PARTITION BY {', '.join(groups)} " if groups else ""
    window = f"({within}ORDER BY {period} ROWS BETWEEN {start} PRECEDING AND CURRENT ROW)"
    keys = ", ".join([*groups, period])
    return f"SELECT {keys}, value, {function}(value) OVER {window} AS {name} FROM ({inner}) AS periods ORDER BY {keys}"


def _mean_of_groups(query: Query) -> str:
    inner = _select([*_keys(query), f"{measure_sql(query.measures[0])} AS value"], query)
    name = quoted("average_" + query.measures[0].alias)
    return f"SELECT AVG(value) AS {name}, COUNT(*) AS group_count FROM ({inner}) AS groups"


def _group_count(query: Query) -> str:
    return f"SELECT COUNT(*) AS group_count FROM ({_select(_keys(query), query)}) AS groups"


def _span(query: Query) -> str:
    column = quoted(query.measures[0].column.name) if query.measures[0].column else ""
    return _select([f"MIN({column}) AS first", f"MAX({column}) AS last"], query)


def _list(query: Query) -> str:
    if query.having:
        return _select(_keys(query), query) + " ORDER BY 1"
    shown = ", ".join(f"{merged_sql(c)} AS {quoted(c.name)}" for c in query.listed)
    sql = f"SELECT DISTINCT {shown} FROM {VIEW}"
    conditions = [condition_sql(f) for f in query.filters] + [any_of(some) for some in query.alternatives]
    if conditions:
        sql += " WHERE " + " AND ".join(conditions)
    return sql + " ORDER BY " + ", ".join(str(n + 1) for n in range(len(query.listed)))


def _keys(query: Query) -> list[str]:
    return [f"{key_sql(k)} AS {quoted(k.alias)}" for k in query.keys]


_SHAPES = {
    "share": _share,
    "growth": _growth,
    "change": _change,
    "difference": _difference,
    "running": _running,
    "mean_of_groups": _mean_of_groups,
    "group_count": _group_count,
    "list": _list,
    "span": _span,
}
