"""All that a chart builder may look at: the data, the question, and what earlier skills found."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from mesh.language import Language
from mesh.tabular.focus import Focus
from mesh.tabular.periods import MAX_POINTS, choose_grain

from .amounts import Measure
from .filters import narrowed
from .keys import CYCLE_LENGTH, Key, key_of
from .request import Request
from .spec import Chart
from .table import Table

POSITIVE = ("yes", "true", "1", "y", "churned", "예", "이탈")


@dataclass(frozen=True)
class Scene:
    """`whole` is the dataset, `table` the rows that the request's filters leave.

    `inputs` holds the optional reports by name: `eda_report`, `quality_report`, `model`, `forecast`.
    """

    whole: Table
    focus: Focus
    request: Request
    language: Language
    name: str = ""
    inputs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def asking(self, request: Request) -> "Scene":
        """The same data and reports under another request."""
        return replace(self, request=request)

    @cached_property
    def table(self) -> Table:
        """The rows that the request is about."""
        return narrowed(self.whole, self.request.filters)

    @property
    def keys(self) -> tuple[Key, ...]:
        """What the request groups by."""
        return tuple(key_of(name, self.whole) for name in self.request.dimensions)

    @property
    def column(self) -> str | None:
        """The first column to calculate; None where rows are counted."""
        return next(iter(self.request.measures), None)

    @property
    def measure(self) -> Measure:
        """What the chart measures."""
        return self.measure_of(self.column)

    def measure_of(self, column: str | None) -> Measure:
        """How `column` is combined over rows: as asked, else summed where it adds up and averaged where it does not.

        A sum of what does not add up is never taken. Where groups are repeating parts of a date, as weekdays are, a sum is
        that of a day, so that groups of more days are not the larger for it.
        """
        asked = self.request.aggregation
        if column is None:
            return Measure(None, "count")
        if asked == "rate" and column in self.whole.levels_known:
            return Measure(column, "rate", positive=self.positive(column))
        if column not in self.whole.numeric:
            return Measure(column, "distinct" if asked == "distinct" else "count")
        if asked in {"mean", "median", "min", "max", "count", "distinct"}:
            return Measure(column, asked)
        if not self.whole.additive(column):
            return Measure(column, "mean")
        day = next((key.column for key in self.keys if key.part in CYCLE_LENGTH), None)
        if day is not None and asked is None:
            return Measure(column, "daily", date=day)
        return Measure(column, "sum")

    def positive(self, column: str) -> str:
        """The value of a two-valued category that counts as the outcome."""
        names = sorted(self.whole.levels(column))
        return next((name for name in names if name.lower() in POSITIVE), names[-1])

    @property
    def grain(self) -> str | None:
        """The period of the time axis; None without one."""
        if self.request.date is None:
            return None
        if self.request.grain == "h" and self.table.hours(self.request.date):
            hours = self.table.known_days(self.request.date, hourly=True)
            if (hours.iloc[-1] - hours.iloc[0]) / pd.Timedelta(hours=1) < MAX_POINTS:
                return "h"
        if self.request.date in self.whole.years:
            return "YS"
        days = self.table.known_days(self.request.date)
        return choose_grain(days, self.request.grain) if len(days) else None

    @cached_property
    def other(self) -> str:
        """What the groups beyond the limit are called: as none of the groups is."""
        names = ("기타", "그 밖의 항목") if self.language == "ko" else ("Other", "All others")
        grouped = {*self.request.dimensions, self.request.color} & set(self.whole.levels_known)
        taken = {level for column in grouped if column for level in self.whole.levels(column)}
        return next((name for name in names if name not in taken), names[-1])


Built = Chart | None
