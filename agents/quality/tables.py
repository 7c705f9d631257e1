"""A dataset column by column: every row is looked at, and only the columns in use are in memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mesh.results import Column

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]

MAX_SHOWN_CHARS = 120
MAX_LEVELS = 500_000
SCREEN_ROWS = 2_000
CELLS_IN_MEMORY = 4_000_000


@dataclass
class Distinct:
    """The distinct non-missing values of a column: `values`, their `counts` (descending), and per row its position or -1."""

    values: pa.Array
    counts: Integers
    codes: Codes

    def rows_of(self, positions: Sequence[int] | Integers) -> Mask:
        """Which rows hold one of the values at `positions`, shape (rows,)."""
        chosen = np.zeros(len(self.counts) + 1, np.bool_)
        chosen[np.asarray(positions, np.int64)] = True
        chosen[-1] = False
        return chosen[self.codes]


@dataclass(frozen=True)
class Levels:
    """As `Distinct`, with `codes` in 16 bits where that is enough, so that many columns fit into memory together."""

    values: pa.Array
    counts: Integers
    codes: npt.NDArray[np.int16] | Codes


class Series:
    """One column: its description, its Arrow array, read when it is first asked for, and what is derived from it once.

    `released` forgets the array and what has the length of the table; `kind`, `distinct_count`, `levels` and `screen` stay.
    """

    def __init__(self, column: Column, rows: int, load: Callable[[], pa.Array]) -> None:
        self.column = column
        self.rows = rows
        self._load = load

    @classmethod
    def of(cls, column: Column, array: pa.Array) -> "Series":
        """A column that is in memory already."""
        return cls(column, len(array), lambda: array)

    @cached_property
    def kind(self) -> str:
        """`integer`, `number`, `boolean`, `date`, `datetime` or `string`."""
        return self._read[1]

    @property
    def array(self) -> pa.Array:
        """The values, in the plain type of `kind`."""
        return self._read[0]

    @cached_property
    def _read(self) -> tuple[pa.Array, str]:
        return _plain(self._load())

    def release(self) -> None:
        """Forgets everything that has the length of the table and can be read again."""
        for name in ("_read", "missing", "numbers", "ordered", "runs", "days", "distinct"):
            self.__dict__.pop(name, None)

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name

    @cached_property
    def missing(self) -> Mask:
        """Which rows have no value (null or NaN), shape (rows,)."""
        nulls = self.array.is_null(nan_is_null=True) if self.kind == "number" else self.array.is_null()
        return np.asarray(nulls.to_numpy(zero_copy_only=False), np.bool_)

    @cached_property
    def numbers(self) -> Numbers:
        """Values of a numeric or boolean column as float64, NaN where missing, shape (rows,)."""
        return np.asarray(
            self.array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), np.float64
        )

    @cached_property
    def ordered(self) -> Numbers:
        """The finite values of a numeric column, ascending."""
        return np.sort(self.numbers[np.isfinite(self.numbers)])

    @cached_property
    def runs(self) -> tuple[Numbers, Integers]:
        """The distinct finite values of a numeric column, ascending, and their counts."""
        if not len(self.ordered):
            return self.ordered, np.zeros(0, np.int64)
        starts = np.flatnonzero(np.r_[True, self.ordered[1:] != self.ordered[:-1]])
        return self.ordered[starts], np.diff(np.r_[starts, len(self.ordered)])

    @cached_property
    def missing_count(self) -> int:
        """Number of rows without a value."""
        return int(self.missing.sum())

    @cached_property
    def levels(self) -> Levels | None:
        """The rows by value, kept when the column is released; None with more than `MAX_LEVELS` distinct values."""
        if self.distinct_count > MAX_LEVELS:
            return None
        distinct = self.distinct
        if len(distinct.counts) < 2**15:
            return Levels(distinct.values, distinct.counts, distinct.codes.astype(np.int16))
        return Levels(distinct.values, distinct.counts, distinct.codes)

    @cached_property
    def screen(self) -> Numbers:
        """The numbers of `SCREEN_ROWS` evenly spread rows at most, kept when the column is released."""
        return self.numbers[spread(self.rows, SCREEN_ROWS)]

    @cached_property
    def distinct_count(self) -> int:
        """Number of distinct non-missing values."""
        if self.kind in ("integer", "number"):
            return len(self.runs[0]) + sum(bool((self.numbers == sign * np.inf).any()) for sign in (1, -1))
        return len(self.distinct.counts)

    @cached_property
    def days(self) -> npt.NDArray[np.datetime64]:
        """Values of a date or date-time column as datetime64[us], NaT where missing, shape (rows,)."""
        stamps = self.array.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False)
        return np.asarray(stamps, "datetime64[us]")

    @cached_property
    def distinct(self) -> Distinct:
        """The distinct values, most frequent first, ties in order of first appearance."""
        array = pc.if_else(pa.array(self.missing), pa.scalar(None, self.array.type), self.array)
        encoded = array.dictionary_encode()
        codes = np.asarray(encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False), np.int32)
        counts = np.bincount(codes[codes >= 0], minlength=len(encoded.dictionary)).astype(np.int64)
        order = np.argsort(-counts, kind="stable")
        rank = np.empty(len(order) + 1, np.int32)
        rank[order] = np.arange(len(order))
        rank[-1] = -1
        return Distinct(encoded.dictionary.take(pa.array(order)), counts[order], rank[codes])

    def value_at(self, row: int) -> Any:
        """The value in a row (from 0) as JSON: dates in ISO notation, None where missing."""
        return plain_value(self.array[row].as_py())

    def is_(self, *semantics: str) -> bool:
        """Is the column's semantic type one of these?"""
        return self.column.semantic in semantics


@dataclass
class Table:
    """A dataset's columns in order; `rows` is the length of each."""

    series: list[Series]
    rows: int

    def left(self, series: Series) -> None:
        """Says that a column is not looked at for a while: in a table of many cells it makes room for the next one."""
        if self.rows * len(self.series) > CELLS_IN_MEMORY:
            series.release()

    def __getitem__(self, name: str) -> Series:
        return next(series for series in self.series if series.name == name)

    def where(self, rows: Mask) -> "Table":
        """The part of the table whose rows are marked."""
        chosen = pa.array(rows)
        return Table([Series.of(s.column, s.array.filter(chosen)) for s in self.series], int(rows.sum()))

    def numeric(self) -> list[Series]:
        """Columns of whole numbers and numbers."""
        return [series for series in self.series if series.kind in ("integer", "number")]


def read_table(path: Path, columns: Sequence[Column]) -> Table:
    """The Parquet dataset at `path`, whose columns are read when they are looked at.

    Columns that `columns` does not describe are of unknown meaning.
    """
    file = pq.ParquetFile(path, memory_map=True)
    known = {column.name: column for column in columns}
    rows = file.metadata.num_rows
    series = []
    for name in file.schema_arrow.names:
        column = known.get(name) or Column(name=name, type="string")
        series.append(Series(column, rows, partial(_column_of, path, name)))
    return Table(series, rows)


def _column_of(path: Path, name: str) -> pa.Array:
    values = pq.read_table(path, columns=[name], memory_map=True).column(0)
    return pa.concat_arrays(values.chunks) if len(values) else pa.array([], values.type)


def spread(rows: int, most: int) -> Integers:
    """At most `most` evenly spread rows of so many, ascending."""
    return np.linspace(0, rows - 1, min(rows, most)).astype(np.int64)


def quantile(ordered: Numbers, share: float) -> float:
    """The quantile of ascending values, interpolated linearly between neighbours (Hyndman & Fan 1996, type 7); n >= 1."""
    position = share * (len(ordered) - 1)
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (position - low) * (ordered[high] - ordered[low]))


def shortened(text: str) -> str:
    """The text, cut to `MAX_SHOWN_CHARS` with an ellipsis: reports show cells, they do not carry them."""
    return text if len(text) <= MAX_SHOWN_CHARS else text[: MAX_SHOWN_CHARS - 1] + "…"


def plain_value(value: Any) -> Any:
    """A cell as JSON: dates in ISO notation, NaN and infinities as None and text, a long text cut."""
    if isinstance(value, str):
        return shortened(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if np.isfinite(value) else None if np.isnan(value) else str(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _plain(array: pa.Array) -> tuple[pa.Array, str]:
    kind = array.type
    if pa.types.is_dictionary(kind):
        return _plain(array.dictionary_decode())
    if pa.types.is_boolean(kind):
        return array, "boolean"
    if pa.types.is_integer(kind) and not pa.types.is_uint64(kind):
        return array.cast(pa.int64()), "integer"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind) or pa.types.is_uint64(kind):
        return array.cast(pa.float64(), safe=False), "number"
    if pa.types.is_date(kind):
        return array.cast(pa.date32()), "date"
    if pa.types.is_timestamp(kind):
        local = pc.local_timestamp(array) if kind.tz else array
        return local.cast(pa.timestamp("us"), safe=False), "datetime"
    if pa.types.is_string(kind):
        return array, "string"
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return array.cast(pa.string()), "string"
    return pa.array([None if v is None else str(v) for v in array.to_pylist()], pa.string()), "string"
