"""Filters of a request as SQL."""

from collections.abc import Sequence

from .keys import key_of, key_sql
from .request import Filter
from .sql import listed, literal, quoted
from .table import Table


def narrowed(table: Table, filters: Sequence[Filter]) -> Table:
    """The table with only the rows that pass all filters."""
    for one in filters:
        table = table.filtered(filter_sql(one, table))
    return table


def filter_sql(one: Filter, table: Table) -> str:
    """One filter as an SQL expression; rows without a value pass only `not in`."""
    key = key_of(one.column, table)
    if one.op == "in":
        return f"{key_sql(key, table)} IN {listed(one.values)}"
    if one.op == "not in":
        sql = key_sql(key, table)
        return f"{sql} IS NULL OR {sql} NOT IN {listed(one.values)}"
    name = quoted(one.column)
    if one.op == "between":
        first, last = (f"CAST({literal(value)} AS TIMESTAMP)" for value in one.values)
        return f"{name} >= {first} AND {name} < {last} + INTERVAL 1 DAY"
    if one.op == "from":
        return f"{name} >= CAST({literal(one.values[0])} AS TIMESTAMP)"
    if one.op == "before":
        return f"{name} < CAST({literal(one.values[0])} AS TIMESTAMP)"
    return f"{name} {one.op} {literal(one.values[0])}"
