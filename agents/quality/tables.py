"""A dataset column by column: every row is looked at, and only the columns in use are in memory."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mesh.results import Column

from .arrays import is_coded_text, plain, read_column
from .derived import derived

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]

MAX_SHOWN_CHARS = 120
MAX_LEVELS = 500_000
SCREEN_ROWS = 2_000
CELLS_IN_MEMORY = 4_000_000
COLUMNS_AT_ONCE, LONG = 2, 4_000_000
"""So many columns of a large table are worked on at once; of one with more rows than `LONG` only one, for the sake of memory."""
EXACT_IN_FLOAT = 2**53

Result = TypeVar("Result")


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

    @derived
    def kind(self) -> str:
        """`integer`, `number`, `boolean`, `date`, `datetime` or `string`."""
        return "string" if is_coded_text(self._read) else self._plain[1]

    @property
    def array(self) -> pa.Array:
        """The values, in the plain type of `kind`."""
        return self._plain[0]

    @derived
    def _read(self) -> pa.Array:
        return self._load()

    @derived
    def _plain(self) -> tuple[pa.Array, str]:
        return plain(self._read)

    def release(self) -> None:
        """Forgets everything that has the length of the table and can be read again."""
        for name in ("_read", "_plain", "missing", "numbers", "ordered", "runs", "_few", "days", "distinct"):
            self.__dict__.pop(name, None)

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name

    @derived
    def missing(self) -> Mask:
        """Which rows have no value (null or NaN), shape (rows,)."""
        if self.kind == "number":
            return np.isnan(self.numbers)
        if not self._read.null_count:
            return np.zeros(self.rows, np.bool_)
        return np.asarray(self._read.is_null().to_numpy(zero_copy_only=False), np.bool_)

    @derived
    def numbers(self) -> Numbers:
        """Values of a numeric or boolean column as float64, NaN where missing, shape (rows,)."""
        return np.asarray(
            self.array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), np.float64
        )

    @derived
    def ordered(self) -> Numbers:
        """The finite values of a numeric column, ascending."""
        if self._few is not None:
            return np.repeat(*self._few)
        values = self.numbers[np.isfinite(self.numbers)]
        values.sort()
        return values

    @derived
    def runs(self) -> tuple[Numbers, Integers]:
        """The distinct finite values of a numeric column, ascending, and their counts."""
        if self._few is not None:
            return self._few
        differs = self.ordered[1:] != self.ordered[:-1]
        if differs.all():
            return self.ordered, np.ones(len(self.ordered), np.int64)
        starts = np.r_[0, np.flatnonzero(differs) + 1]
        return self.ordered[starts], np.diff(np.r_[starts, len(self.ordered)])

    @derived
    def _few(self) -> tuple[Numbers, Integers] | None:
        """The `runs` of whole numbers that lie close together, by counting each; None of others, which must be sorted.

        Numbers of two decimals at most are counted as hundredths.
        """
        if not self.is_exact or self.array.null_count == self.rows:
            return None
        part = 1 if self.kind == "integer" else 100
        whole = self.array.drop_null().to_numpy() if part == 1 else _hundredths(self.numbers)
        if not len(whole):
            return None
        low, high = int(whole.min()), int(whole.max())
        if high - low > 2 * len(whole):
            return None
        counts = np.bincount(whole - low)
        values = np.flatnonzero(counts)
        return (values + low) / part, counts[values]

    @derived
    def missing_count(self) -> int:
        """Number of rows without a value."""
        return int(self.missing.sum())

    @derived
    def levels(self) -> Levels | None:
        """The rows by value, kept when the column is released; None with more than `MAX_LEVELS` distinct values."""
        if self.distinct_count > MAX_LEVELS:
            return None
        distinct = self.distinct
        if len(distinct.counts) < 2**15:
            return Levels(distinct.values, distinct.counts, distinct.codes.astype(np.int16))
        return Levels(distinct.values, distinct.counts, distinct.codes)

    @derived
    def screen(self) -> Numbers:
        """The numbers of `SCREEN_ROWS` evenly spread rows at most, kept when the column is released."""
        return self.numbers[spread(self.rows, SCREEN_ROWS)]

    @derived
    def is_exact(self) -> bool:
        """Is it numeric, and each of its values the same as a float64? Long identifiers are not."""
        if self.kind != "integer" or self.array.null_count == self.rows:
            return self.kind in ("integer", "number")
        extent = pc.min_max(self.array).as_py()
        return bool(extent["min"] >= -EXACT_IN_FLOAT and extent["max"] <= EXACT_IN_FLOAT)

    @derived
    def distinct_count(self) -> int:
        """Number of distinct non-missing values."""
        if self.is_exact:
            return len(self.runs[0]) + len(np.unique(self.numbers[np.isinf(self.numbers)]))
        return len(self.distinct.counts)

    @derived
    def days(self) -> npt.NDArray[np.datetime64]:
        """Values of a date or date-time column as datetime64[us], NaT where missing, shape (rows,)."""
        stamps = self.array.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False)
        return np.asarray(stamps, "datetime64[us]")

    @derived
    def distinct(self) -> Distinct:
        """The distinct values, most frequent first, ties in order of first appearance."""
        encoded = self._encoded()
        appeared = np.arange(len(encoded.dictionary))
        if is_coded_text(self._read):
            appeared = encoded.indices.unique().drop_null().to_numpy().astype(np.int64)
        codes = np.asarray(encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False), np.int32)
        counts = np.bincount(codes + 1, minlength=len(encoded.dictionary) + 1)[1:]
        order = appeared[np.argsort(-counts[appeared], kind="stable")]
        rank = np.full(len(encoded.dictionary) + 1, -1, np.int32)
        rank[order] = np.arange(len(order))
        return Distinct(encoded.dictionary.take(pa.array(order)), counts[order], rank[codes])

    def _encoded(self) -> pa.DictionaryArray:
        if is_coded_text(self._read):
            return self._read
        if self.kind == "number":
            return pc.if_else(pa.array(self.missing), None, self.array).dictionary_encode()
        return self.array.dictionary_encode()

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

    @property
    def is_large(self) -> bool:
        """Has it so many cells that only the columns in use are kept in memory?"""
        return self.rows * len(self.series) > CELLS_IN_MEMORY

    def left(self, series: Series) -> None:
        """Says that a column is not looked at for a while: in a table of many cells it makes room for the next one."""
        if self.is_large:
            series.release()
            pa.default_memory_pool().release_unused()

    def each(self, work: Callable[[Series], Result]) -> Iterator[Result]:
        """What `work` makes of each column, in order; the columns of a large table are worked on in threads and then left."""

        def work_and_leave(series: Series) -> Result:
            result = work(series)
            self.left(series)
            return result

        with ThreadPoolExecutor(COLUMNS_AT_ONCE if self.is_large and self.rows <= LONG else 1) as pool:
            yield from pool.map(work_and_leave, self.series)

    def __getitem__(self, name: str) -> Series:
        return next(series for series in self.series if series.name == name)

    def where(self, rows: Mask) -> "Table":
        """The part of the table whose rows are marked."""
        chosen = pa.array(rows)
        return Table([Series.of(s.column, s.array.filter(chosen)) for s in self.series], int(rows.sum()))

    def numeric(self) -> list[Series]:
        """Columns of whole numbers and numbers."""
        return [series for series in self.series if series.kind in ("integer", "number")]


def _hundredths(numbers: Numbers) -> Integers:
    """The finite ones of numbers that all have two decimals at most, times 100; none of others."""
    for values in (numbers[:SCREEN_ROWS], numbers):
        finite = values[np.isfinite(values)]
        whole = np.rint(finite * 100)
        if np.abs(whole).max(initial=0) > EXACT_IN_FLOAT or (whole / 100 != finite).any():
            return np.zeros(0, np.int64)
    return whole.astype(np.int64)


def read_table(path: Path, columns: Sequence[Column]) -> Table:
    """The Parquet dataset at `path`, whose columns are read when they are looked at.

    Columns that `columns` does not describe are of unknown meaning.
    """
    schema = pq.read_schema(path)
    known = {column.name: column for column in columns}
    rows = pq.read_metadata(path).num_rows
    series = []
    for name in schema.names:
        column = known.get(name) or Column(name=name, type="string")
        series.append(Series(column, rows, partial(read_column, path, name)))
    return Table(series, rows)


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
