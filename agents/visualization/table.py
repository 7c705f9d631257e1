"""The dataset behind the charts: what its columns are, and queries that leave the rows where they are.

DuckDB reads from the Parquet file only the columns that a query names; what comes back is as small as a chart.
"""

from collections.abc import Sequence
from datetime import date as date_type
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from mesh.errors import BadInputError
from mesh.results import Column
from mesh.tabular.lexicon import words
from mesh.tabular.sheet import ADDITIVE, GROUPING, LARGEST, NUMERIC_TYPES, Levels, Sheet, without_guesses
from mesh.tabular.spelling import merge_spellings

from .sql import literal, quoted

MEMORY_LIMIT = "1GB"
ROW = '"the number of the row"'
MAX_LEVELS = 5000
"""A category with more values than this cannot be filtered by its values, and its spellings are not merged."""

YEAR_WORDS = {"year", "연도", "년도", "년", "해"}
WEIGHT_WORDS = {
    "freq",
    "frequency",
    "count",
    "counts",
    "n",
    "cnt",
    "cases",
    "빈도",
    "빈도수",
    "건수",
    "인원",
    "인원수",
    "명수",
}
_CLOCK_WORDS = ("time", "hour", "시각", "시간")
_YEARS = (1000, 2200)
_LATITUDE = {"lat", "latitude", "위도"}
_LONGITUDE = {"lon", "lng", "long", "longitude", "경도"}


class Table:
    """Columns by role, and queries on the rows that a filter leaves.

    `numeric` are the columns to calculate with, `categories` those to group by, `texts` others whose values can be
    grouped by when a question names them. `years` are the `dates` that hold calendar years alone. `oversized` are numeric
    columns with values beyond `LARGEST`: nothing can be calculated of them, and they are in no role.
    """

    def __init__(
        self, connection: Any, columns: Sequence[Column], oversized: tuple[str, ...], years: tuple[str, ...]
    ) -> None:
        self.connection = connection
        self.columns = tuple(columns)
        self.years = years
        self.oversized = oversized
        self.numeric = tuple(c.name for c in columns if _is_number(c) and c.name not in oversized)
        dates = [c.name for c in columns if c.semantic == "date"]
        self.dates = tuple(sorted(dates, key=lambda name: name in years))
        self.categories = tuple(c.name for c in columns if c.semantic in GROUPING and not _is_place(c))
        roles = {*self.numeric, *self.dates, *self.categories, *oversized}
        self.texts = tuple(c.name for c in columns if c.name not in roles and not _is_place(c))
        self.respelled: dict[str, int] = {}
        self._where = "TRUE"
        self._levels: dict[str, dict[str, int]] = {}
        self._spelled: dict[str, str] = {}
        self._known: dict[str, list[tuple[Any, ...]]] = {}

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError when there is none."""
        return {column.name: column for column in self.columns}[name]

    def additive(self, name: str) -> bool:
        """Whether the sum of the column means something."""
        return self.column(name).semantic in ADDITIVE

    @cached_property
    def weights(self) -> str | None:
        """The column that says how many cases a row stands for: one called so in a table with each combination once."""
        named = [c.name for c in self.columns if c.type == "integer" and set(words(c.name)) <= WEIGHT_WORDS]
        if len(named) != 1 or named[0] not in self.numeric or not self.categories:
            return None
        keys = ", ".join(quoted(c.name) for c in self.columns if c.name != named[0])
        text = f"SELECT count(*) = count(DISTINCT ({keys})) FROM data"  # noqa: S608 - quoted
        return named[0] if self.connection.execute(text).fetchall()[0][0] else None

    @cached_property
    def clock(self) -> str | None:
        """The first column of text that holds times of day such as `17:05`, beside dates that have none."""
        named = [n for n in self.levels_known if any(word in n.lower() for word in _CLOCK_WORDS)]
        for name in named:
            text = f"bool_and(regexp_full_match({quoted(name)}, '[0-2]?[0-9]:[0-5][0-9](:[0-5][0-9])?'))"
            if self.fetch(text)[0][0]:
                return name
        return None

    @property
    def place(self) -> tuple[str, str] | None:
        """The columns of latitude and longitude in degrees, where the table has them."""
        numbers = [column.name for column in self.columns if column.type in NUMERIC_TYPES]
        found = [next((n for n in numbers if n.lower() in names), None) for names in (_LATITUDE, _LONGITUDE)]
        return (found[0], found[1]) if found[0] and found[1] else None

    def filtered(self, where: str) -> "Table":
        """The same table, of which queries see only the rows for which the SQL expression `where` holds."""
        narrowed = object.__new__(Table)
        narrowed.__dict__ = self.__dict__ | {"_where": f"({self._where}) AND ({where})"}
        return narrowed

    def fetch(self, select: str, tail: str = "", where: str = "TRUE") -> list[tuple[Any, ...]]:
        """`SELECT select FROM the rows WHERE … tail`; the same query is run once. What it gives must be small."""
        text = f"SELECT {select} FROM data WHERE ({self._where}) AND ({where}) {tail}"  # noqa: S608 - all parts are quoted
        if text not in self._known:
            self._known[text] = self.connection.execute(text).fetchall()
        return self._known[text]

    def frame(self, select: str, tail: str = "", where: str = "TRUE") -> pd.DataFrame:
        """As `fetch`, as a frame."""
        text = f"SELECT {select} FROM data WHERE ({self._where}) AND ({where}) {tail}"  # noqa: S608 - all parts are quoted
        result: pd.DataFrame = self.connection.execute(text).df()
        return result

    @property
    def levels_known(self) -> tuple[str, ...]:
        """The columns whose values can be grouped by."""
        return (*self.categories, *self.texts)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.fetch("count(*)")[0][0])

    def levels(self, name: str) -> dict[str, int]:
        """The values of a category in the whole table, as they are shown, and their rows, most frequent first.

        Spellings that differ only in capitals or white space are one value. At most `MAX_LEVELS` are given.
        """
        if name not in self._levels:
            raw = quoted(name)
            most = f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MAX_LEVELS + 1}"
            text = f"SELECT {raw}, count(*) FROM data WHERE {raw} IS NOT NULL {most}"  # noqa: S608 - quoted
            counts = dict(self.connection.execute(text).fetchall())
            self._levels[name] = counts if len(counts) > MAX_LEVELS else self._merged(name, counts)
        return self._levels[name]

    def _merged(self, name: str, counts: dict[str, int]) -> dict[str, int]:
        merged = merge_spellings(counts)
        changed = {raw: shown for raw, shown in merged.items() if raw != shown}
        if not changed:
            return counts
        self.respelled[name] = sum(counts[raw] for raw in changed)
        mapping = ", ".join(f"{literal(raw)}: {literal(shown)}" for raw, shown in changed.items())
        self._spelled[name] = f"coalesce(MAP {{{mapping}}}[{quoted(name)}], {quoted(name)})"
        total: dict[str, int] = {}
        for raw, n in counts.items():
            total[merged.get(raw, raw)] = total.get(merged.get(raw, raw), 0) + n
        return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))

    def category(self, name: str) -> str:
        """The SQL expression of a category in the spelling that is shown."""
        self.levels(name)
        return self._spelled.get(name, quoted(name))

    def known_days(self, date: str, *, hourly: bool = False) -> "pd.Series[pd.Timestamp]":
        """The distinct days of a date column, in order; the distinct hours if asked, or where there are not three days."""
        for unit in ("hour",) if hourly else ("day", "hour"):
            text = f"DISTINCT date_trunc('{unit}', {quoted(date)})"
            found = self.fetch(text, "ORDER BY 1", f"{quoted(date)} IS NOT NULL")
            if len(found) > 2 or unit == "hour":
                return pd.Series(pd.DatetimeIndex([row[0] for row in found]))
        raise AssertionError("the loop returns")

    def latest(self, date: str) -> date_type | None:
        """The last day of a date column in the whole table."""
        text = f"SELECT max({quoted(date)}) FROM data"  # noqa: S608 - quoted
        found = self.connection.execute(text).fetchall()[0][0]
        return found.date() if found is not None else None

    def hours(self, date: str) -> bool:
        """Whether the dates carry a time of day."""
        name = quoted(date)
        return bool(self.fetch(f"count(*) FILTER ({name} <> date_trunc('day', {name})) > 0")[0][0])

    def missing(self) -> dict[str, int]:
        """How many rows have no value, by column."""
        counted = ", ".join(f"count(*) - count({quoted(column.name)})" for column in self.columns)
        return dict(zip((c.name for c in self.columns), map(int, self.fetch(counted)[0]), strict=True))

    def outline(self) -> Sheet:
        """Names, roles and levels without any rows: what `mesh.tabular.focus` chooses columns by."""
        none = np.empty(0, dtype=np.int64)
        return Sheet(
            rows=self.rows,
            columns=self.columns,
            numeric={name: np.empty(0) for name in self.numeric},
            levels={name: Levels(none, tuple(sorted(self.levels(name)))) for name in self.categories},
            dates={name: self.known_days(name) for name in self.dates},
            missing={},
            distinct={},
        )


def read_table(path: Path, columns: Sequence[Column]) -> Table:
    """The Parquet file at `path` by the meaning that `columns` declare.

    Raises: BadInputError when the table has no rows or a declared column is not in the file.
    """
    connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT})
    file = f"read_parquet({literal(str(path))}, file_row_number = true)"
    described = connection.execute(f"DESCRIBE SELECT * FROM {file}").fetchall()  # noqa: S608 - quoted
    kinds = {row[0]: str(row[1]) for row in described}
    absent = [column.name for column in columns if column.name not in kinds]
    if absent:
        raise BadInputError(f"The dataset has no column {', '.join(absent)}; load it again.")
    years = _years(connection, file, columns)
    columns = [
        c.model_copy(update={"semantic": "date"}) if c.name in years else c for c in without_guesses(columns)
    ]
    shown = ", ".join(
        f"{_cleaned(column, kinds[column.name])} AS {quoted(column.name)}" for column in columns
    )
    connection.execute(f"CREATE VIEW data AS SELECT {shown}, file_row_number AS {ROW} FROM {file}")  # noqa: S608 - all parts are quoted
    if not connection.execute("SELECT count(*) FROM data").fetchall()[0][0]:
        raise BadInputError("The dataset has no rows; there is nothing to analyse.")
    return Table(connection, columns, _oversized(connection, columns, path), years)


def _years(connection: Any, file: str, columns: Sequence[Column]) -> tuple[str, ...]:
    """The columns of whole numbers that are called year and hold calendar years: time can run along them."""
    named = [c.name for c in columns if c.type == "integer" and set(words(c.name)) <= YEAR_WORDS]
    found = []
    for name in named:
        text = f"SELECT min({quoted(name)}), max({quoted(name)}) FROM {file}"  # noqa: S608 - quoted
        low, high = connection.execute(text).fetchall()[0]
        if low is not None and _YEARS[0] <= low < high <= _YEARS[1]:
            found.append(name)
    return tuple(found)


def sampled(every: int) -> str:
    """The SQL condition that keeps about one row in `every`, always the same ones, whatever their values."""
    return f"hash({ROW}) % {max(1, every)} = 0"


def _cleaned(column: Column, kind: str) -> str:
    """A column as the charts read it: numbers finite or missing, dates without a zone, anything else as text."""
    name = quoted(column.name)
    if column.semantic == "date":
        if kind == "TIMESTAMP WITH TIME ZONE":
            return f"({name} AT TIME ZONE 'UTC')"
        if column.type == "integer" or kind in {"BIGINT", "INTEGER", "SMALLINT", "DOUBLE"}:
            return f"TRY_CAST(CAST({name} AS INTEGER) || '-01-01' AS TIMESTAMP)"
        return f"TRY_CAST({name} AS TIMESTAMP)"
    if _is_number(column) or _is_place(column):
        number = f"TRY_CAST({name} AS DOUBLE)"
        return f"CASE WHEN isfinite({number}) THEN {number} END"
    if kind == "BOOLEAN":
        return f"CASE {name} WHEN TRUE THEN 'True' WHEN FALSE THEN 'False' END"
    return f"CAST({name} AS VARCHAR)"


def _oversized(connection: Any, columns: Sequence[Column], path: Path) -> tuple[str, ...]:
    """The numeric columns with values beyond `LARGEST`, by the extents that the file states, else by reading them."""
    text = "SELECT path_in_schema, stats_min_value, stats_max_value FROM parquet_metadata(?)"
    stated: dict[str, list[float]] = {}
    for name, low, high in connection.execute(text, [str(path)]).fetchall():
        stated.setdefault(name, []).extend(_stated(value) for value in (low, high))
    found = []
    for column in columns:
        if not _is_number(column):
            continue
        extent = stated.get(column.name, [np.inf])
        if not np.isfinite(extent).all():
            largest = f"SELECT max(abs({quoted(column.name)})) FROM data"  # noqa: S608 - quoted
            extent = [connection.execute(largest).fetchall()[0][0] or 0.0]
        if max(map(abs, extent)) > LARGEST:
            found.append(column.name)
    return tuple(found)


def _stated(value: str | None) -> float:
    try:
        return float(value) if value is not None else np.inf
    except ValueError:
        return np.inf


def _is_number(column: Column) -> bool:
    return column.semantic in {"measure", "intensive", "count"} or (
        column.semantic == "unknown" and column.type in NUMERIC_TYPES
    )


def _is_place(column: Column) -> bool:
    return column.semantic == "geo" and column.type in NUMERIC_TYPES
