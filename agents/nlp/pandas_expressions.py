"""Columns, groups, figures and conditions of a query as pieces of pandas code."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from .catalog import ColumnInfo
from .query import Average, Filter, Key, Measure

_GRAINS = {
    "day": '{0}.dt.strftime("%Y-%m-%d")',
    "week": '{0}.dt.to_period("W").dt.start_time.dt.strftime("%Y-%m-%d")',
    "month": '{0}.dt.strftime("%Y-%m")',
    "quarter": '{0}.dt.year.astype(str) + "-Q" + {0}.dt.quarter.astype(str)',
    "year": "{0}.dt.year",
    "weekday": "{0}.dt.day_of_week + 1",
    "hour": "{0}.dt.hour",
    "weekend": '{0}.dt.day_of_week.ge(5).map({{True: "weekend", False: "weekday"}})',
}
PLACES = {"month": "{0}.dt.year * 12 + {0}.dt.month", "quarter": "{0}.dt.year * 4 + {0}.dt.quarter"}
_FUNCTIONS = {
    "sum": "sum(min_count=1)",
    "avg": "mean()",
    "median": "median()",
    "min": "min()",
    "max": "max()",
    "stddev": "std()",
    "count_distinct": "nunique()",
}


def figure_code(measure: Measure, rows: str) -> str:
    """A figure of `rows`: the source of a data frame, or of its groups."""
    if measure.over is not None:
        whole = figure_code(measure.over, rows)
        part = figure_code(replace(measure, over=None), rows)
        missing = "float('nan')"
        return (
            f"{part} / ({whole} or {missing})"
            if rows == "data"
            else f"{part} / {whole}.replace(0, {missing})"
        )
    if measure.where:
        chosen = all_of(measure.where)
        some = figure_code(
            replace(measure, where=()),
            f"data[{chosen}].groupby([key[{chosen}] for key in keys], dropna=False)",
        )
        empty = ", fill_value=0" if measure.function in {"count", "count_distinct"} else ""
        return f"{some}.reindex(groups.size().index{empty})"
    if measure.column is None:
        return f"len({rows})" if rows.startswith("data") and "groupby" not in rows else f"{rows}.size()"
    column = f"{rows}[{measure.column.name!r}]"
    if measure.function == "corr" and measure.other is not None:
        return f"{column}.corr({rows}[{measure.other.name!r}])"
    if measure.function == "rate":
        return f"{column}.dropna().eq({measure.column.yes!r}).mean()"
    if measure.percent is not None:
        return f"{column}.quantile({measure.percent / 100:.15g})"
    return f"{column}.{_FUNCTIONS[measure.function]}"


def column_code(column: ColumnInfo) -> str:
    """A column's values."""
    return f"data[{column.name!r}]"


def key_code(key: Key) -> str:
    """What rows are grouped by."""
    column = column_code(key.column)
    return f"({_GRAINS[key.grain].format(column)})" if key.grain else column


def label_of(key: Key, day: date) -> str | int:
    """The group that a day falls into, as months and quarters are labelled."""
    labels: dict[str, str | int] = {
        "month": f"{day:%Y-%m}",
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
    }
    return labels[key.grain or ""]


def condition_code(item: Filter) -> str:
    """A condition on rows, as a mask."""
    column = column_code(item.column)
    if item.op == "period":
        return " & ".join(f"({part})" for part in _bounds(column, *item.values))
    if item.op == "periods":
        return " | ".join(
            "(" + " & ".join(f"({part})" for part in _bounds(column, *pair)) + ")" for pair in item.values
        )
    if item.op == "weekdays":
        return f"({column}.dt.day_of_week + 1).isin({list(item.values)!r})"
    if item.op in {"null", "not null"}:
        return f"{column}.{'isna' if item.op == 'null' else 'notna'}()"
    if item.op == "in":
        return f"{column}.isin({list(item.values)!r})"
    if item.op == "not in":
        return f"{column}.notna() & ~{column}.isin({list(item.values)!r})"
    return compare_code(column, item.op, item.values)


def _average_code(average: Average) -> str:
    """An average over the rows that are left: the conditions of the question were applied before."""
    function = _FUNCTIONS[average.function]
    if average.total is not None:
        return f"{figure_code(average.total, 'groups')}.{function}"
    return f"{column_code(average.column)}.{function}"


def all_of(filters: Sequence[Filter]) -> str:
    """Conditions that hold together, as a mask."""
    return " & ".join(f"({condition_code(f)})" for f in filters)


def _bounds(column: str, start: date | None, end: date | None) -> list[str]:
    parts = [f'{column} >= pd.Timestamp("{start}")'] if start is not None else []
    return parts + ([f'{column} < pd.Timestamp("{end}")'] if end is not None else [])


def compare_code(left: str, op: str, values: tuple[Any, ...]) -> str:
    """A comparison with numbers, as a mask."""
    numbers = [_average_code(v) if isinstance(v, Average) else f"{v:.15g}" for v in values]
    if op == "between":
        return f"{left}.between({numbers[0]}, {numbers[1]})"
    return f"{left} {'==' if op == '=' else op} {numbers[0]}"
