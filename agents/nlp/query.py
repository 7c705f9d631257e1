"""The logical form of a question: what to compute, over which rows, by which keys, in which order."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from .catalog import ColumnInfo


@dataclass(frozen=True)
class Filter:
    """Rows where `column` `op` `values`.

    `op`: `in`, `not in`, `>`, `>=`, `<`, `<=`, `=`, `between`, `period` (two dates, either None), `periods` (pairs of dates),
    `weekdays` (1 is Monday), `null`, `not null`. A number to compare with may be an `Average`.
    """

    column: ColumnInfo
    op: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Average:
    """What a figure is compared with: `function` (avg or median) of `column` over the rows that fulfil `where` and one of each
    of `either`; with `total` over these totals of the groups of `key`."""

    function: str
    column: ColumnInfo
    where: tuple[Filter, ...] = ()
    either: tuple[tuple[Filter, ...], ...] = ()
    total: "Measure | None" = None
    key: "Key | None" = None


@dataclass(frozen=True)
class Measure:
    """`function`: sum, avg, median, min, max, stddev, quantile, count, count_distinct, corr or rate (of yes), of `column`.

    `other` is the second column of a corr, `percent` in (0, 100) says which percentile a quantile is. `over` makes the
    figure a ratio to another one. Only rows that fulfil `where` are taken.
    """

    function: str
    column: ColumnInfo | None = None
    other: ColumnInfo | None = None
    percent: float | None = None
    over: "Measure | None" = None
    where: tuple[Filter, ...] = ()

    @property
    def alias(self) -> str:
        """The result column's name, such as `sum_revenue`."""
        if self.over is not None:
            return f"{replace(self, over=None).alias}_per_{self.over.alias}"
        if self.column is None:
            return "row_count"
        name = "count" if self.function == "count_distinct" else self.function
        if self.percent is not None:
            name = f"p{self.percent:g}"
        return f"{name}_{self.column.name}"


@dataclass(frozen=True)
class Key:
    """A grouping column; `grain` cuts a column of dates into days, weeks, months, quarters, years, weekdays or weekend."""

    column: ColumnInfo
    grain: str | None = None

    @property
    def alias(self) -> str:
        """The result column's name."""
        return self.grain or self.column.name


@dataclass(frozen=True)
class Having:
    """Groups where `measure` `op` `values`."""

    measure: Measure
    op: str
    values: tuple[Any, ...]


@dataclass
class Query:
    """One question.

    `kind` is `value` (aggregates, grouped or not), `share`, `growth`, `change`, `difference`, `running`, `mean_of_groups`,
    `group_count`, `list` or `span`.

    For `share`, `part` picks the rows of the numerator; without it the share is each group's of the whole.
    `assumptions` are (English, Korean) sentences on how an ambiguous word was read; `confidence` in [0, 1];
    `words` are the question's own words for columns, `per_group` says how many leading keys form groups of which each has
    its own ranking or its own whole, `counted` its word for what is counted. `skipped` places of a ranking come before the
    first row wanted. A `running` figure is the average of the last `window` periods, or without it the total since the first.
    A `growth` is against the period before, or with `lag` against that many periods before, shown from the day `since` on. A
    `change` is from the first to the second of `compared`, of all groups or of those that went `up` or `down` (`only`); with
    `end` the `first` or `last` period alone is shown; a
    `difference` is the first less the second. Of each of `alternatives` at least one condition holds.
    """

    kind: str = "value"
    measures: list[Measure] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    part: list[Filter] = field(default_factory=list)
    alternatives: list[tuple[Filter, ...]] = field(default_factory=list)
    having: list[Having] = field(default_factory=list)
    compared: tuple[Filter, ...] = ()
    only: str = ""
    end: str = ""
    lag: int | None = None
    since: date | None = None
    order: str | None = None
    limit: int | None = None
    skipped: int = 0
    window: int | None = None
    superlative: bool = False
    per_group: int = 0
    assumptions: list[tuple[str, str]] = field(default_factory=list)
    confidence: float = 1.0
    words: dict[str, str] = field(default_factory=dict)
    counted: str = ""

    @property
    def listed(self) -> list[ColumnInfo]:
        """The columns that a plain list shows: the things listed, and what their conditions compare."""
        compared = [f.column for f in self.filters if f.op not in {"in", "period", "weekdays"}]
        return list({c.name: c for c in [*(k.column for k in self.keys), *compared]}.values())

    def assume(self, en: str, ko: str, factor: float = 0.9) -> None:
        """Notes how an ambiguity was resolved and lowers the confidence."""
        if (en, ko) not in self.assumptions:
            self.assumptions.append((en, ko))
            self.confidence *= factor
