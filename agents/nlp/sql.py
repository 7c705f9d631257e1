"""Writes a query as one DuckDB SELECT over the view `data`."""

from datetime import date
from typing import Any

from .catalog import ColumnInfo
from .guard import VIEW
from .query import Filter, Key, Measure, Query

_GRAINS = {
    "day": "STRFTIME({0}, '%Y-%m-%d')",
    "week": "STRFTIME(DATE_TRUNC('week', {0}), '%Y-%m-%d')",
    "month": "STRFTIME({0}, '%Y-%m')",
    "quarter": "CAST(YEAR({0}) AS TEXT) || '-Q' || CAST(QUARTER({0}) AS TEXT)",
    "year": "YEAR({0})",
    "weekday": "EXTRACT(isodow FROM {0})",
}
_FUNCTIONS = {
    "sum": "SUM({0})",
    "avg": "AVG({0})",
    "median": "MEDIAN({0})",
    "min": "MIN({0})",
    "max": "MAX({0})",
    "stddev": "STDDEV_SAMP({0})",
    "count_distinct": "COUNT(DISTINCT {0})",
}


def write_sql(query: Query) -> str:
    """The SELECT for `query`, in a fixed order of columns: keys first, then the figures."""
    if query.kind == "share":
        return _share(query)
    if query.kind == "growth":
        return _growth(query)
    if query.kind == "running":
        return _running(query)
    if query.kind == "mean_of_groups":
        inner = _select([*_keys(query), f"{_measure(query.measures[0])} AS value"], query)
        name = _quote("average_" + query.measures[0].alias)
        return f"SELECT AVG(value) AS {name}, COUNT(*) AS group_count FROM ({inner}) AS groups"  # noqa: S608
    if query.kind == "list":
        return _list(query)
    if query.kind == "span":
        column = _quote(query.measures[0].column.name) if query.measures[0].column else ""
        return _select([f"MIN({column}) AS first", f"MAX({column}) AS last"], query)
    figures = [f"{_measure(m)} AS {_quote(m.alias)}" for m in query.measures]
    if query.per_group:
        return _select(_keys(query) + figures, query) + _best_of_each(query)
    return _select(_keys(query) + figures, query) + _tail(query, len(query.keys) + 1)


def _select(columns: list[str], query: Query) -> str:
    sql = f"SELECT {', '.join(columns)} FROM {VIEW}"  # noqa: S608
    conditions = [_condition(f) for f in query.filters]
    if query.superlative or query.having or query.kind == "mean_of_groups":
        conditions += [f"{_quote(k.column.name)} IS NOT NULL" for k in query.keys]
    if conditions:
        sql += " WHERE " + " AND ".join(dict.fromkeys(conditions))
    if query.keys:
        sql += " GROUP BY " + ", ".join(str(n + 1) for n in range(len(query.keys)))
    if query.having:
        sql += " HAVING " + " AND ".join(_compare(_measure(h.measure), h.op, h.values) for h in query.having)
    return sql


def _tail(query: Query, figure: int) -> str:
    """ORDER BY and LIMIT: by the figure when an order was asked for, else by time, else largest first."""
    if not query.keys:
        return ""
    keys = [f"{n + 1}" for n in range(len(query.keys))]
    in_time = any(k.grain or k.column.temporal for k in query.keys)
    if query.order is None and in_time:
        return " ORDER BY " + ", ".join(keys)
    direction = "ASC" if query.order == "asc" else "DESC"
    sql = f" ORDER BY {figure} {direction} NULLS LAST, " + ", ".join(keys)
    sql += f" LIMIT {query.limit}" if query.limit else ""
    return sql + (f" OFFSET {query.skipped}" if query.skipped else "")


def _best_of_each(query: Query) -> str:
    """The first rows of every group, ties included."""
    direction = "ASC" if query.order == "asc" else "DESC"
    groups = ", ".join(_key(k) for k in query.keys[: query.per_group])
    rank = (
        f"RANK() OVER (PARTITION BY {groups} ORDER BY {_measure(query.measures[0])} {direction} NULLS LAST)"
    )
    numbers = [str(n + 1) for n in range(len(query.keys))]
    order = [*numbers[: query.per_group], f"{len(numbers) + 1} {direction}", *numbers[query.per_group :]]
    return f" QUALIFY {rank} <= {query.limit or 1} ORDER BY {', '.join(order)}"


def _share(query: Query) -> str:
    whole = _measure(query.measures[0])
    if query.part:
        condition = " AND ".join(_condition(f) for f in query.part)
        part = f"{whole} FILTER (WHERE {condition})"
        figures = [f"{part} AS part", f"{whole} AS total", f"{part} * 1.0 / NULLIF({whole}, 0) AS share"]
    else:
        share = f"{whole} * 1.0 / NULLIF(SUM({whole}) OVER (), 0)"
        figures = [f"{whole} AS {_quote(query.measures[0].alias)}", f"{share} AS share"]
    return _select(_keys(query) + figures, query) + _tail(query, len(query.keys) + len(figures))


def _growth(query: Query) -> str:
    """Each period's figure and its change against the period before."""
    inner = _select([*_keys(query), f"{_measure(query.measures[0])} AS value"], query)
    period, others = _quote(query.keys[0].alias), [_quote(k.alias) for k in query.keys[1:]]
    window = f"(PARTITION BY {', '.join(others)} ORDER BY {period})" if others else f"(ORDER BY {period})"
    columns = [period, *others, "value", f"value * 1.0 / NULLIF(LAG(value) OVER {window}, 0) - 1 AS growth"]
    sql = f"SELECT {', '.join(columns)} FROM ({inner}) AS periods"  # noqa: S608
    if query.order:
        growth = "DESC" if query.order == "desc" else "ASC"
        return (
            sql
            + f" ORDER BY growth {growth} NULLS LAST, {period}"
            + (f" LIMIT {query.limit}" if query.limit else "")
        )
    return sql + " ORDER BY " + ", ".join([*others, period])


def _running(query: Query) -> str:
    """Each period's figure, and the total up to it or the average of the last periods."""
    inner = _select([*_keys(query), f"{_measure(query.measures[0])} AS value"], query)
    period = _quote(query.keys[0].alias)
    start = "UNBOUNDED" if query.window is None else str(query.window - 1)
    function, name = ("SUM", "running_total") if query.window is None else ("AVG", "moving_average")
    window = f"{function}(value) OVER (ORDER BY {period} ROWS BETWEEN {start} PRECEDING AND CURRENT ROW)"
    return f"SELECT {period}, value, {window} AS {name} FROM ({inner}) AS periods ORDER BY {period}"  # noqa: S608


def _list(query: Query) -> str:
    names = dict.fromkeys(
        [k.column.name for k in query.keys]
        + [f.column.name for f in query.filters if f.op not in {"in", "period"}]
    )
    columns = {c.name: c for c in [*(k.column for k in query.keys), *(f.column for f in query.filters)]}
    sql = (
        "SELECT DISTINCT "  # noqa: S608
        + ", ".join(f"{_merged(columns[n])} AS {_quote(n)}" for n in names)
        + f" FROM {VIEW}"
    )
    if query.filters:
        sql += " WHERE " + " AND ".join(_condition(f) for f in query.filters)
    return sql + " ORDER BY " + ", ".join(str(n + 1) for n in range(len(names)))


def _keys(query: Query) -> list[str]:
    return [f"{_key(k)} AS {_quote(k.alias)}" for k in query.keys]


def _key(key: Key) -> str:
    return _GRAINS[key.grain].format(_quote(key.column.name)) if key.grain else _merged(key.column)


def _merged(column: ColumnInfo) -> str:
    """A column with the spellings of each value brought together."""
    name = _quote(column.name)
    if not column.spellings:
        return name
    cases = [
        f"WHEN {name} IN ({', '.join(_literal(column, v) for v in spelled)}) THEN {_literal(column, canonical)}"
        for canonical, spelled in column.spellings
    ]
    return f"CASE {' '.join(cases)} ELSE {name} END"


def _measure(measure: Measure) -> str:
    if measure.column is None:
        return "COUNT(*)"
    column = _quote(measure.column.name)
    if measure.function == "corr" and measure.other is not None:
        return f"CORR({column}, {_quote(measure.other.name)})"
    if measure.percent is not None:
        return f"QUANTILE_CONT({column}, {measure.percent / 100:.15g})"
    if measure.function == "count_distinct":
        column = _merged(measure.column)
    return _FUNCTIONS[measure.function].format(column)


def _condition(item: Filter) -> str:
    column = _quote(item.column.name)
    if item.op == "period":
        start, end = item.values
        bounds = [(">=", start)] if start is not None else []
        bounds += [("<", end)] if end is not None else []
        return " AND ".join(f"{column} {op} {_literal(item.column, value)}" for op, value in bounds)
    if item.op == "periods":
        ranges = [
            f"({column} >= {_literal(item.column, a)} AND {column} < {_literal(item.column, b)})"
            for a, b in item.values
        ]
        return "(" + " OR ".join(ranges) + ")"
    if item.op in {"in", "not in"}:
        literals = [_literal(item.column, v) for v in item.values]
        if len(literals) == 1:
            return f"{column} {'=' if item.op == 'in' else '<>'} {literals[0]}"
        return f"{column} {'NOT IN' if item.op == 'not in' else 'IN'} ({', '.join(literals)})"
    return _compare(column, item.op, item.values)


def _compare(left: str, op: str, values: tuple[Any, ...]) -> str:
    numbers = [f"{v:.15g}" for v in values]
    return f"{left} BETWEEN {numbers[0]} AND {numbers[1]}" if op == "between" else f"{left} {op} {numbers[0]}"


def _literal(column: ColumnInfo, value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return f"CAST('{value.isoformat()}' AS {'TIMESTAMP' if column.type == 'datetime' else 'DATE'})"
    if isinstance(value, int | float):
        return f"{value:.15g}"
    return "'" + str(value).replace("'", "''") + "'"


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
