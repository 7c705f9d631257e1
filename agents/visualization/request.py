"""Which chart is asked for, in a form that a program can read, store, and change later."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

FORMS = (
    *(
        "line",
        "area",
        "bar",
        "stacked",
        "grouped",
        "share",
        "histogram",
        "box",
        "violin",
        "scatter",
        "heatmap",
    ),
    *("calendar", "correlation", "treemap", "pareto", "waterfall", "map", "sankey", "funnel", "kpi"),
    *("candlestick", "dumbbell", "slope", "lollipop", "pie"),
)
OVER_TIME = ("line", "area", "bar", "stacked", "grouped", "share", "waterfall", "calendar", "candlestick")
"""The forms that can have time along an axis."""


@dataclass(frozen=True)
class Filter:
    """Which rows are drawn: `column` (or a part of a date such as `month(date)`) compared by `op` with `values`.

    `op` is one of `in`, `not in`, `between` (dates, both days included), `from`, `before`, `>`, `>=`, `<`, `<=`.
    """

    column: str
    op: str
    values: tuple[str | float, ...]

    def text(self) -> str:
        """As people read it: `region in 부산, 서울`."""
        if self.op == "between":
            return f"{self.column} {days_text(str(self.values[0]), str(self.values[1]))}"
        if self.op == "in" and _in_a_row(self.values):
            return f"{self.column} {self.values[0]:.12g} – {self.values[-1]:.12g}"
        grouped = "" if self.op in {"in", "not in"} else ","
        shown = ", ".join(f"{v:{grouped}.12g}" if isinstance(v, float) else str(v) for v in self.values)
        return f"{self.column} {self.op} {shown}"


def _in_a_row(values: tuple[str | float, ...]) -> bool:
    """Whether three or more numbers follow each other without a gap, as the months of half a year do."""
    numbers = [value for value in values if isinstance(value, float)]
    return len(numbers) == len(values) > 2 and all(b - a == 1 for a, b in pairwise(numbers))


def days_text(first: str, last: str) -> str:
    """Two days, both included, as people write them: `2023`, `2023-07`, `2022 – 2023`, `2023-07-05 – 2023-08-04`."""
    after = (date.fromisoformat(last) + timedelta(days=1)).isoformat()
    for start, length in (("-01-01", 4), ("-01", 7)):
        if first.endswith(start) and after.endswith(start):
            first, last = first[:length], last[:length]
            break
    return first if first == last else f"{first} – {last}"


@dataclass(frozen=True)
class Request:
    """One chart. None and empty mean: not said, choose what fits.

    `measures` are columns to calculate (a rate's is the category whose share is meant), `dimensions` what to group by,
    along the axis first: columns, `weekday(date)`, `bands(age)`. `date` is set when time runs along an axis, `grain` its
    period. `aggregation` is `sum`, `mean`, `median`, `count`, `min`, `max`, `distinct`, `share` or `rate`; `sort` is
    `descending`, `ascending` or `name`. `exact` means this one chart and no others. `unknown` are words that stand where a
    column is named but are none, `doubts` what was asked for and would mislead: `3d`, `truncated`; `counted` are words for
    a period that counts from the last day of the data: `지난달`.
    """

    form: str | None = None
    measures: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    date: str | None = None
    grain: str | None = None
    aggregation: str | None = None
    filters: tuple[Filter, ...] = ()
    top: int | None = None
    bottom: int | None = None
    sort: str | None = None
    color: str | None = None
    facet: str | None = None
    log: bool = False
    dual: bool = False
    title: str | None = None
    exact: bool = False
    unknown: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()

    def written(self) -> dict[str, Any]:
        """Plain JSON, without what was not said."""
        return {key: _plain(value) for key, value in asdict(self).items() if value not in (None, (), False)}

    def but(self, **changes: Any) -> "Request":
        """The same request with some fields changed."""
        return replace(self, **changes)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def read_back(written: Mapping[str, Any]) -> Request:
    """The request that `written` made; fields of another version are passed over."""
    known = {field.name for field in fields(Request)}
    values: dict[str, Any] = {
        key: tuple(v) if isinstance(v, list) else v for key, v in written.items() if key in known
    }
    values["filters"] = tuple(
        Filter(str(f["column"]), str(f["op"]), tuple(f["values"])) for f in written.get("filters", ())
    )
    return Request(**values)
