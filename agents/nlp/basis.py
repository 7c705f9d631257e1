"""What an answer rests on, as plain JSON: conditions, numbers that shape the figures, the days that the text names."""

from datetime import date, timedelta
from typing import Any

from .catalog import Catalog
from .query import Average, Filter, Query


def filters_of(query: Query) -> list[dict[str, Any]]:
    """The conditions, so that a reader can check what the answer is about; those joined by `or` share a number `either`."""
    conditions = [_condition(f, part=f in query.part) for f in [*query.filters, *query.part, *query.compared]]
    for number, some in enumerate(query.alternatives, 1):
        conditions += [{**_condition(f), "either": number} for f in some]
    for having in query.having:
        rows = [_condition(f) for f in having.measure.where]
        condition = {
            "column": having.measure.alias,
            "op": having.op,
            "values": [_json(v) for v in having.values],
            "part": False,
        }
        conditions.append({**condition, "rows": rows} if rows else condition)
    return conditions


def _condition(item: Filter, *, part: bool = False) -> dict[str, Any]:
    return {
        "column": item.column.name,
        "op": item.op,
        "values": [_json(v) for v in item.values],
        "part": part,
    }


def _json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_json(v) for v in value]
    if isinstance(value, Average):
        return {"avg": "average", "median": "median"}[value.function]
    return value.isoformat() if isinstance(value, date) else value


def settings_of(query: Query) -> dict[str, float]:
    """Numbers of the question that shape the figures: percentiles, the place in a ranking, the length of a window."""
    settings: dict[str, float] = {m.alias: m.percent for m in query.measures if m.percent is not None}
    if query.skipped:
        settings["place"] = query.skipped + 1
    if query.window:
        settings["window"] = query.window
    if query.lag:
        settings["periods_before"] = query.lag
    return settings


def calendar_of(catalog: Catalog, query: Query) -> list[list[int]]:
    """The days that the text names, as [year, month, day]: first and last of the data, and of each period."""
    days: list[date] = [d for d in (catalog.first, catalog.last) if d is not None]
    for item in [*query.filters, *query.compared]:
        if item.op in {"period", "periods"}:
            for start, end in [item.values] if item.op == "period" else item.values:
                days += [d for d in (start, end - timedelta(days=1) if end else None) if d is not None]
    return [[d.year, d.month, d.day] for d in days]
