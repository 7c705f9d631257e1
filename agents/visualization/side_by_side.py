"""Values and years that a question sets side by side, as groups of the chart."""

from datetime import date, timedelta

from .request import Filter, Request
from .table import Table


def side_by_side(
    request: Request,
    compared: tuple[str, ...],
    years: tuple[int, ...],
    day: str | None,
    table: Table,
    *,
    asked: bool,
) -> Request:
    """Two values or two years side by side become groups; months or quarters of years that are to be compared, too."""
    dimensions = request.dimensions
    additive = all(name in table.numeric and table.additive(name) for name in request.measures)
    if request.form not in {"pie", "histogram", "kpi"}:
        dimensions = (
            *dimensions,
            *(name for name in compared if name not in {*dimensions, request.facet, request.color}),
        )
    several = len(years) > 1 and day is not None
    if several and day and asked and not dimensions and request.grain in {"MS", "QS"}:
        part = {"MS": "month", "QS": "quarter"}[request.grain]
        return request.but(
            form=request.form or "line",
            date=None,
            grain=None,
            dimensions=(f"{part}({day})", f"year({day})"),
            filters=tuple(_whole_months(one, day, table.latest(day)) for one in request.filters),
            aggregation=request.aggregation or ("sum" if additive else None),
        )
    if several and asked and dimensions and request.grain is None:
        request = request.but(date=None, form=request.form or "grouped")
    paired = request.form in {"dumbbell", "slope"} and day is not None and len(dimensions) < 2
    if paired or (several and len(years) == 2 and dimensions and request.date is None):
        dimensions = (*dimensions, f"year({day})")
    return request.but(dimensions=tuple(dict.fromkeys(dimensions)))


def _whole_months(one: Filter, day: str, latest: date | None) -> Filter:
    """A stretch of time without the month at its end that the data break off in: it would look like a fall."""
    if (one.column, one.op) != (day, "between") or latest is None or latest.isoformat() >= str(one.values[1]):
        return one
    following = latest + timedelta(days=1)
    return Filter(
        one.column, one.op, (one.values[0], (following - timedelta(days=following.day)).isoformat())
    )
