"""Columns, groups, figures and conditions of a query as pieces of DuckDB SQL."""

# S608: every name and literal is quoted here, and `guard` checks the finished statement.
# ruff: noqa: S608

from dataclasses import replace
from datetime import date
from typing import Any

from .catalog import ColumnInfo
from .guard import VIEW
from .query import Average, Filter, Having, Key, Measure

GRAINS = {
    "day": "STRFTIME({0}, '%Y-%m-%d')",
    "week": "STRFTIME(DATE_TRUNC('week', {0}), '%Y-%m-%d')",
    "month": "STRFTIME({0}, '%Y-%m')",
    "quarter": "CAST(YEAR({0}) AS TEXT) || '-Q' || CAST(QUARTER({0}) AS TEXT)",
    "year": "YEAR({0})",
    "weekday": "EXTRACT(isodow FROM {0})",
    "hour": "EXTRACT(hour FROM {0})",
    "weekend": "CASE WHEN EXTRACT(isodow FROM {0}) >= 6 THEN 'weekend' ELSE 'weekday' END",
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


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def column_sql(column: ColumnInfo) -> str:
    """A column's values; for one that is not stored, what it is computed from."""
    if column.days is not None:
        first, last = (quoted(name) for name in column.days)
        return f"DATE_DIFF('day', {first}, {last})"
    return quoted(column.name)


def merged_sql(column: ColumnInfo) -> str:
    """A column with the spellings of each value brought together."""
    name = column_sql(column)
    if not column.spellings:
        return name
    cases = [
        f"WHEN {name} IN ({', '.join(_literal(column, v) for v in spelled)}) THEN {_literal(column, canonical)}"
        for canonical, spelled in column.spellings
    ]
    return f"CASE {' '.join(cases)} ELSE {name} END"


def key_sql(key: Key) -> str:
    """What rows are grouped by."""
    return GRAINS[key.grain].format(quoted(key.column.name)) if key.grain else merged_sql(key.column)


def measure_sql(measure: Measure) -> str:
    """A figure of a group of rows."""
    if measure.over is not None:
        part, whole = measure_sql(replace(measure, over=None)), measure_sql(measure.over)
        return f"{part} * 1.0 / NULLIF({whole}, 0)"
    if not measure.where:
        return _aggregate(measure)
    return f"{_aggregate(measure)} FILTER (WHERE {all_of(measure.where)})"


def _aggregate(measure: Measure) -> str:
    if measure.column is None:
        return "COUNT(*)"
    column = column_sql(measure.column)
    if measure.function == "corr" and measure.other is not None:
        return f"CORR({column}, {column_sql(measure.other)})"
    if measure.percent is not None:
        return f"QUANTILE_CONT({column}, {measure.percent / 100:.15g})"
    if measure.function == "rate":
        yes = _literal(measure.column, measure.column.yes)
        return f"AVG(CASE WHEN {column} = {yes} THEN 1.0 WHEN {column} IS NOT NULL THEN 0.0 END)"
    if measure.function == "count_distinct":
        column = merged_sql(measure.column)
    return _FUNCTIONS[measure.function].format(column)


def having_sql(having: Having) -> str:
    """A condition on the groups."""
    return _compare(measure_sql(having.measure), having.op, having.values)


def all_of(filters: tuple[Filter, ...] | list[Filter]) -> str:
    """Conditions that hold together."""
    return " AND ".join(condition_sql(f) for f in filters)


def any_of(filters: tuple[Filter, ...]) -> str:
    """Conditions of which at least one holds."""
    return "(" + " OR ".join(condition_sql(f) for f in filters) + ")"


def condition_sql(item: Filter) -> str:
    """A condition on one row."""
    column = column_sql(item.column)
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
    if item.op == "weekdays":
        return f"EXTRACT(isodow FROM {column}) IN ({', '.join(str(day) for day in item.values)})"
    if item.op in {"null", "not null"}:
        return f"{column} IS {item.op.upper()}"
    if item.op in {"in", "not in"}:
        literals = [_literal(item.column, v) for v in item.values]
        if len(literals) == 1:
            return f"{column} {'=' if item.op == 'in' else '<>'} {literals[0]}"
        return f"{column} {'NOT IN' if item.op == 'not in' else 'IN'} ({', '.join(literals)})"
    return _compare(column, item.op, item.values)


def day_label(key: Key, day: date) -> str:
    """The group that a day falls into."""
    assert key.grain is not None
    return GRAINS[key.grain].format(_literal(key.column, day))


def _compare(left: str, op: str, values: tuple[Any, ...]) -> str:
    numbers = [_average_sql(v) if isinstance(v, Average) else f"{v:.15g}" for v in values]
    return f"{left} BETWEEN {numbers[0]} AND {numbers[1]}" if op == "between" else f"{left} {op} {numbers[0]}"


def _average_sql(average: Average) -> str:
    conditions = [condition_sql(f) for f in average.where] + [any_of(some) for some in average.either]
    column, source = column_sql(average.column), VIEW
    if average.key is not None:
        conditions.append(f"{quoted(average.key.column.name)} IS NOT NULL")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    if average.total is not None and average.key is not None:
        totals = (
            f"SELECT {measure_sql(average.total)} AS total FROM {VIEW}{where} GROUP BY {key_sql(average.key)}"
        )
        column, source, where = "total", f"({totals}) AS totals", ""
    return f"(SELECT {_FUNCTIONS[average.function].format(column)} FROM {source}{where})"


def _literal(column: ColumnInfo, value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return f"CAST('{value.isoformat()}' AS {'TIMESTAMP' if column.type == 'datetime' else 'DATE'})"
    if isinstance(value, int | float):
        return f"{value:.15g}"
    return "'" + str(value).replace("'", "''") + "'"
