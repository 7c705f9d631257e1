"""A dataset in memory with the meaning of its columns: numbers as floats, categories as codes, dates as
dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.parquet as pq

from mesh.errors import BadInputError
from mesh.results import Column

from .spelling import merge_spellings

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

ADDITIVE = frozenset({"measure", "count"})
GROUPING = frozenset({"category", "boolean", "geo"})
NUMERIC_TYPES = frozenset({"integer", "number"})
GUESSED = 0.5
"""Below this confidence the meaning of a column is a guess."""
LARGEST = 1e70
"""Up to here the fourth power of a number, summed over ten million rows, still is one (kurtosis needs it)."""


def without_guesses(columns: Sequence[Column]) -> list[Column]:
    """The columns, those that were only guessed to add up as numbers that do not: a total of lengths or doses says nothing."""
    return [
        column.model_copy(update={"semantic": "intensive"})
        if column.semantic == "measure" and column.confidence is not None and column.confidence < GUESSED
        else column
        for column in columns
    ]


@dataclass(frozen=True)
class Levels:
    """A categorical column: `codes` index `names` (sorted), -1 where the value is missing."""

    codes: Codes
    names: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """Columns by role. `numeric` holds NaN where a value is missing or infinite; `dates` holds NaT.

    `respelled` counts, by column, the rows that were counted under another spelling of their value; columns
    without such rows are not in it. `oversized` names the columns with numbers beyond `LARGEST`, which statistics
    cannot be computed of: they are not in `numeric`.
    """

    rows: int
    columns: tuple[Column, ...]
    numeric: dict[str, Numbers]
    levels: dict[str, Levels]
    dates: dict[str, "pd.Series[pd.Timestamp]"]
    missing: dict[str, int]
    distinct: dict[str, int]
    respelled: dict[str, int] = field(default_factory=dict)
    oversized: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def additive(self, name: str) -> bool:
        """Whether the sum of the column means something."""
        return self.column(name).semantic in ADDITIVE

    def take(self, places: Codes) -> "Sheet":
        """The rows at `places` alone; levels and counts of missing, distinct and respelled values stay those of the whole."""
        return replace(
            self,
            rows=len(places),
            numeric={name: values[places] for name, values in self.numeric.items()},
            levels={name: Levels(held.codes[places], held.names) for name, held in self.levels.items()},
            dates={name: held.iloc[places].reset_index(drop=True) for name, held in self.dates.items()},
        )


def count_rows(path: Path, columns: Sequence[Column]) -> int:
    """How many rows the Parquet file at `path` has, without reading them.

    Raises: BadInputError when it has none, or a declared column is not in the file.
    """
    with pq.ParquetFile(path) as file:
        held, rows = set(file.schema_arrow.names), int(file.metadata.num_rows)
    absent = [column.name for column in columns if column.name not in held]
    if absent:
        raise BadInputError(f"The dataset has no column {', '.join(absent)}; load it again.")
    if not rows:
        raise BadInputError("The dataset has no rows; there is nothing to analyse.")
    return rows


def read_sheet(path: Path, columns: Sequence[Column]) -> Sheet:
    """The `columns` of the Parquet file at `path` by the meaning that they declare, read one at a time; no other is read.

    Columns whose declared meaning does not fit their values (a measure of words) and columns with numbers beyond
    `LARGEST` keep only their counts.
    Raises: BadInputError when the table has no rows or a declared column is not in the file.
    """
    rows = count_rows(path, columns)
    return beside(
        rows, [sheet_of(pd.read_parquet(path, columns=[column.name]), [column]) for column in columns]
    )


def beside(rows: int, sheets: Sequence[Sheet]) -> Sheet:
    """Sheets of the same `rows`, with different columns, as one."""
    return Sheet(
        rows,
        tuple(column for sheet in sheets for column in sheet.columns),
        {name: values for sheet in sheets for name, values in sheet.numeric.items()},
        {name: levels for sheet in sheets for name, levels in sheet.levels.items()},
        {name: dates for sheet in sheets for name, dates in sheet.dates.items()},
        {name: count for sheet in sheets for name, count in sheet.missing.items()},
        {name: count for sheet in sheets for name, count in sheet.distinct.items()},
        {name: count for sheet in sheets for name, count in sheet.respelled.items()},
        tuple(name for sheet in sheets for name in sheet.oversized),
    )


def sheet_of(frame: pd.DataFrame, columns: Sequence[Column]) -> Sheet:
    """As `read_sheet`, of a frame that holds the declared columns."""
    numeric: dict[str, Numbers] = {}
    levels: dict[str, Levels] = {}
    dates: dict[str, pd.Series[pd.Timestamp]] = {}
    missing: dict[str, int] = {}
    distinct: dict[str, int] = {}
    respelled: dict[str, int] = {}
    oversized: list[str] = []
    for column in columns:
        values = frame[column.name]
        missing[column.name] = int(values.isna().sum())
        if column.semantic == "date":
            dates[column.name] = _dates(values)
            distinct[column.name] = int(dates[column.name].nunique())
        elif _is_number(column):
            numbers = _numbers(values)
            if np.abs(numbers[np.isfinite(numbers)]).max(initial=0.0) > LARGEST:
                oversized.append(column.name)
            else:
                numeric[column.name] = numbers
            distinct[column.name] = int(values.nunique())
        elif column.semantic in GROUPING and not (column.semantic == "geo" and column.type == "number"):
            whole = column.type == "integer"
            levels[column.name], changed = _levels(values.astype("Int64") if whole else values)
            respelled |= {column.name: changed} if changed else {}
            distinct[column.name] = len(levels[column.name].names)
        else:
            distinct[column.name] = int(values.nunique())
    return Sheet(
        len(frame), tuple(columns), numeric, levels, dates, missing, distinct, respelled, tuple(oversized)
    )


def within_reach(report: object) -> bool:
    """Whether no number in a report (any JSON) is beyond `LARGEST`."""
    if isinstance(report, Mapping):
        return all(within_reach(value) for value in report.values())
    if isinstance(report, list | tuple):
        return all(within_reach(value) for value in report)
    return not isinstance(report, int | float) or abs(report) <= LARGEST


def _is_number(column: Column) -> bool:
    if column.semantic in {"measure", "intensive", "count"}:
        return True
    return column.semantic == "unknown" and column.type in NUMERIC_TYPES


def _numbers(values: "pd.Series[float]") -> Numbers:
    numbers = np.array(
        pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64
    )
    numbers[~np.isfinite(numbers)] = np.nan
    return numbers


def _levels(values: "pd.Series[Any]") -> tuple[Levels, int]:
    """The levels, spellings of one value taken together, and the number of rows in a rarer spelling."""
    codes, uniques = pd.factorize(values, use_na_sentinel=True)
    spellings = [str(value) for value in uniques]
    counts = np.bincount(codes[codes >= 0], minlength=len(spellings))
    merged = merge_spellings(dict(zip(spellings, counts.tolist(), strict=True)))
    shown = [merged.get(spelling, spelling) for spelling in spellings]
    names = tuple(sorted(set(shown)))
    rank = {name: position for position, name in enumerate(names)}
    positions = np.array([*(rank[name] for name in shown), -1], dtype=np.int64)
    changed = sum(
        int(n) for spelling, name, n in zip(spellings, shown, counts, strict=True) if spelling != name
    )
    return Levels(positions[codes], names), changed


def _dates(values: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    dates = pd.to_datetime(values, errors="coerce", utc=True)
    return dates.dt.tz_localize(None)
