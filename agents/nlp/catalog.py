"""What is known about one dataset: its columns with their concepts, and an index of the values that occur in it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from .concepts import CONCEPTS, phrases
from .tokens import Tokenizer

NEARLY_ALL = 0.9
"""Share of the rows from which on their different values name them one by one."""


@dataclass(frozen=True)
class ColumnInfo:
    """One column. `concepts` is its name in concepts, without words such as `id`; `yes` and `no` are the two values of a
    yes-or-no column; `low` and `high` are the ends of a numeric column; `spellings` are values
    that differ only in capitals or white space, by the most frequent spelling. A column with `days` is not stored: it
    is the number of days from the first to the second of two columns of dates. `averaged` marks a quantity that is rather
    averaged than added up, `blanks` counts rows without a value, `zeros` tells of zeros among the values."""

    name: str
    type: str
    semantic: str
    concepts: tuple[str, ...]
    distinct: int = 0
    yes: Any = None
    no: Any = None
    low: float | None = None
    high: float | None = None
    spellings: tuple[tuple[str, tuple[str, ...]], ...] = ()
    days: tuple[str, str] | None = None
    averaged: bool = False
    blanks: int = 0
    zeros: bool = False

    @property
    def boolean(self) -> bool:
        """True for a column of two values that say yes and no."""
        return self.yes is not None

    def canonical(self, value: Any) -> Any:
        """The most frequent spelling of a value."""
        return next((name for name, spelled in self.spellings if value in spelled), value)

    def spelled(self, value: Any) -> tuple[Any, ...]:
        """Every spelling of a value."""
        return next((spelled for _, spelled in self.spellings if value in spelled), (value,))

    @property
    def numeric(self) -> bool:
        """True for a column that can be added up or averaged."""
        return (
            self.type in {"integer", "number"}
            and not self.boolean
            and self.semantic
            not in {
                "identifier",
                "category",
                "date",
                "geo",
            }
        )

    @property
    def temporal(self) -> bool:
        """True for a column of dates or timestamps."""
        return self.type in {"date", "datetime"}

    @property
    def calendar_year(self) -> bool:
        """True for a column of integers that are years."""
        return self.concepts == ("year",) and self.type == "integer" and 1900 <= (self.low or 0) <= 2100

    @property
    def additive(self) -> bool:
        """True when the values of several rows may be summed."""
        return self.numeric and self.semantic != "intensive"


@dataclass(frozen=True)
class Catalog:
    """Columns, value index and time span of one dataset. `values` maps a phrase's norms to (column name, value) pairs.

    `things` are words for what each row is, out of the dataset's name; `label` is the column that names the rows one by one.
    """

    columns: tuple[ColumnInfo, ...]
    rows: int
    values: dict[tuple[str, ...], list[tuple[str, Any]]]
    tokenizer: Tokenizer
    first: date | None = None
    last: date | None = None
    things: frozenset[str] = frozenset()
    label: ColumnInfo | None = None

    def single(self, column: ColumnInfo) -> bool:
        """True for a column of which (nearly) every row has a value of its own."""
        return column.distinct >= NEARLY_ALL * self.rows

    def column(self, name: str) -> ColumnInfo:
        """The column called `name`. Raises: KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def time_column(self) -> ColumnInfo | None:
        """The first column of dates, which question words such as `monthly` mean."""
        return next((c for c in self.columns if c.temporal), None)

    @property
    def year_column(self) -> ColumnInfo | None:
        """An integer column of calendar years, used when there is no column of dates."""
        if self.time_column is not None:
            return None
        return next((c for c in self.columns if c.calendar_year), None)

    @property
    def year_span(self) -> tuple[int, int] | None:
        """First and last year of the year column."""
        column = self.year_column
        return (int(column.low), int(column.high)) if column and column.low and column.high else None


def concept_table(tokenizer: Tokenizer) -> dict[tuple[str, ...], str]:
    """Concept by the norms of each surface phrase."""
    return {tokenizer.norms(phrase): key for phrase, key in phrases(CONCEPTS)}


def conceptualise(norms: tuple[str, ...], table: dict[tuple[str, ...], str]) -> tuple[str, ...]:
    """The concepts of a phrase, longest known phrase first; a word in no concept stands for itself."""
    found: list[str] = []
    at = 0
    while at < len(norms):
        for size in range(min(4, len(norms) - at), 0, -1):
            concept = table.get(norms[at : at + size])
            if concept is not None or size == 1:
                found.append(concept or norms[at])
                at += size
                break
    return tuple(found)
