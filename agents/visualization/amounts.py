"""What a chart measures, by what the rows are grouped by: computed where the rows are, never summed where a sum means
nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mesh.tabular.plain import plain

from .sql import literal, quoted
from .table import Table

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Measure:
    """`column` combined over rows by `how`; rows themselves are counted without a column.

    `how` is `sum`, `mean`, `median`, `min`, `max`, `count`, `distinct`, `rate` (the share of rows in which `column` is
    `positive`) or `daily` (the sum per day on which there are rows, averaged; `date` says which).
    """

    column: str | None
    how: str
    positive: str = ""
    date: str = ""

    @property
    def adds_up(self) -> bool:
        """Whether the values of groups add up to that of the whole."""
        return self.how in {"sum", "count"}


@dataclass(frozen=True)
class Amount:
    """The value of one group, and how many rows with a known value it stands for."""

    keys: Row
    value: float
    n: int


def measure_sql(measure: Measure, table: Table) -> tuple[str, str]:
    """The SQL aggregate of a measure, and that of the rows behind it."""
    if measure.column is None:
        return "count(*)", "count(*)"
    name = quoted(measure.column)
    if measure.how == "rate":
        return f"avg({value_sql(measure, table)})", f"count({name})"
    if measure.how == "daily":
        days = f"count(DISTINCT date_trunc('day', {quoted(measure.date)})) FILTER ({name} IS NOT NULL)"
        return f"sum({name}) / {days}", f"count({name})"
    call = {
        "sum": "sum({0})",
        "mean": "avg({0})",
        "median": "quantile_cont({0}, 0.5)",
        "min": "min({0})",
        "max": "max({0})",
        "count": "count({0})",
        "distinct": "count(DISTINCT {0})",
    }[measure.how]
    return call.format(name), f"count({name})"


def value_sql(measure: Measure, table: Table) -> str:
    """The number that a row adds to a measure of a column: for a rate 1 where it is a hit, 0 where not; NULL if unknown."""
    name = measure.column or ""
    if measure.how != "rate":
        return quoted(name)
    category = table.category(name)
    return f"CASE WHEN {category} = {literal(measure.positive)} THEN 1.0 WHEN {category} IS NOT NULL THEN 0.0 END"


def amounts(table: Table, measure: Measure, keys: Sequence[str], where: str = "TRUE") -> list[Amount]:
    """The measure for every combination of the SQL expressions `keys`, in their order.

    Groups without a known value or with an unknown key are left out.
    """
    value, n = measure_sql(measure, table)
    places = [str(place) for place in range(1, len(keys) + 1)]
    known = " AND ".join([where, *(f"({key}) IS NOT NULL" for key in keys)])
    tail = f"GROUP BY {', '.join(places)} ORDER BY {', '.join(places)}" if keys else ""
    rows = table.fetch(", ".join([*keys, value, n]), tail, known)
    return [
        Amount(tuple(row[:-2]), plain(row[-2]) or 0.0, int(row[-1]))
        for row in rows
        if row[-2] is not None and row[-1]
    ]
