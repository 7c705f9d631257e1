"""One table into a typed Parquet file: what its columns are is found at its beginning and checked on every row."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from . import markers
from .batches import Batch, Found, Plain, Source, WrongTypeError
from .conversion import ARROW_TYPES, convert
from .emptied import EmptiedCells
from .evidence import Evidence
from .interpretation import habits_of, interpret
from .noise import tidy
from .plainness import plain_types
from .reading import Reading
from .refusal import SourceRefused

MAX_COLUMNS = 10_000
ROW_GROUP_ROWS = 122_880
_REPEATING_SHARE = 0.2
"""A column of which no more values than this are different at the beginning is stored with a dictionary."""
_MOST_RESTARTS = 3

_BUILT_IN: tuple[tuple[str, Callable[[pa.DataType], bool]], ...] = (
    ("boolean", pa.types.is_boolean),
    ("integer", pa.types.is_integer),
    ("number", pa.types.is_floating),
    ("date", pa.types.is_date),
    ("datetime", pa.types.is_timestamp),
)


@dataclass(frozen=True)
class Written:
    """A table on disk. Per column: its evidence (None where the source has types), how it was read, how many values are
    missing, and how many of these could not be read as its type."""

    name: str
    path: Path
    source: Source
    rows: int
    evidence: list[Evidence | None]
    readings: list[Reading]
    missing: list[int]
    unreadable: list[int]
    emptied: EmptiedCells


def write_table(found: Found, target: Path, progress: Callable[[float], None]) -> Written:
    """Write the table to `target` (Parquet, zstd).

    The readings found in the first rows are used at once and compared at the end with those of all rows; when they differ,
    the table is read again. Memory is that of a few batches.

    Raises: MalformedRowError from a strict reader; BadInputError when there is no column or no row of data.
    """
    source = found.open({})
    _check_columns(source)
    rows = tidy(source)
    head, following = next(rows, None), next(rows, None)
    if head is None:
        raise _without_rows(source)
    first = _Pass(found.name, source, head)
    first.note(head)
    readings = first.readings()
    if following is None:
        return _Pass(found.name, source, head).run(iter([head]), readings, {}, target, progress)
    source.close()
    plain: Plain = plain_types(source.names, first.evidence, readings)
    for attempt in count():
        source = found.open(plain)
        try:
            written = _Pass(found.name, source, head).run(tidy(source), readings, plain, target, progress)
        except WrongTypeError as error:
            plain = {p: t for p, t in plain.items() if p != error.position and attempt < _MOST_RESTARTS}
            continue
        pairs = zip(readings, written.readings, strict=True)
        if all(before.gives_same_values(after) for before, after in pairs):
            break
        readings = written.readings
        plain = {
            p: t for p, t in plain.items() if ARROW_TYPES[readings[p].type] == t and attempt < _MOST_RESTARTS
        }
    return written


class _Pass:
    """One reading of a source, of which `head` is the first batch, from its first row to its last."""

    def __init__(self, name: str, source: Source, head: Batch) -> None:
        self._name = name
        self._source = source
        self._types = [column.type for column in head.columns]
        self._repeating = [
            name
            for name, column in zip(source.names, head.columns, strict=True)
            if pc.count_distinct(column).as_py() <= _REPEATING_SHARE * len(head)
        ]
        self._emptied = EmptiedCells()
        self.evidence = [Evidence() if pa.types.is_string(kind) else None for kind in self._types]

    def run(
        self,
        batches: Iterator[Batch],
        assumed: list[Reading],
        plain: Plain,
        target: Path,
        progress: Callable[[float], None],
    ) -> Written:
        missing, rows = [0] * len(assumed), 0
        named = zip(self._source.names, assumed, strict=True)
        schema = pa.schema([(name, ARROW_TYPES[reading.type]) for name, reading in named])
        with _Sink(target, schema, self._repeating) as sink:
            for batch in batches:
                columns = self._take(batch, assumed, plain, rows)
                missing = [n + column.null_count for n, column in zip(missing, columns, strict=True)]
                sink.write(pa.record_batch(columns, schema=schema))
                rows += len(batch)
                progress(self._source.consumed())
        readings = self.readings()
        unreadable = [
            count - sum(recognised(seen, reading).values()) if seen else 0
            for count, seen, reading in zip(missing, self.evidence, readings, strict=True)
        ]
        return Written(
            self._name,
            target,
            self._source,
            rows,
            self.evidence,
            readings,
            missing,
            unreadable,
            self._emptied,
        )

    def note(self, batch: Batch) -> None:
        """Add the raw columns of a batch to the evidence."""
        for seen, column in zip(self.evidence, batch.columns, strict=True):
            if seen is not None:
                seen.add(column)

    def _take(self, batch: Batch, assumed: list[Reading], plain: Plain, before: int) -> list[pa.Array]:
        """The batch's columns as values of the assumed readings; the evidence grows by what they hold.

        `before` is the number of rows before the batch.
        """
        columns = []
        for position, (column, reading) in enumerate(zip(batch.columns, assumed, strict=True)):
            seen = self.evidence[position]
            if seen is not None and position in plain and not pa.types.is_string(column.type):
                seen.add_plain(column, reading)
            elif seen is not None:
                read = _noted(column, seen, reading)
                self._emptied.note(self._source.names[position], column, read, before + 1)
                column = read  # noqa: PLW2901
            columns.append(column)
        return columns

    def readings(self) -> list[Reading]:
        """How the columns are to be read by the evidence so far."""
        habits = habits_of(seen for seen in self.evidence if seen is not None)
        return [
            _built_in(kind) if seen is None else interpret(seen, name, habits)
            for name, kind, seen in zip(self._source.names, self._types, self.evidence, strict=True)
        ]


def recognised(evidence: Evidence, reading: Reading) -> dict[str, int]:
    """The spellings of a missing value that the reading took as such, with their counts; blanks are the empty text."""
    known = markers.EVERY
    if reading.type == "string":
        known = markers.ALWAYS if reading.keep_na else markers.ALWAYS | markers.CODE_LIKE
    return {text: count for text, count in evidence.markers.items() if text.lower() in known}


def _built_in(kind: pa.DataType) -> Reading:
    label = next((label for label, test in _BUILT_IN if test(kind)), "string")
    return Reading(label)  # type: ignore[arg-type]


def _noted(column: pa.Array, seen: Evidence, reading: Reading) -> pa.Array:
    numbers = seen.add_integers(column) if reading.type == "integer" else None
    if numbers is not None:
        return numbers
    marked = seen.add(column)
    return column if reading.type == "string" and not marked else convert(column, reading)


class _Sink:
    """A Parquet file that is written by a thread of its own, in row groups of useful size."""

    def __init__(self, target: Path, schema: pa.Schema, repeating: list[str]) -> None:
        self._writer = pq.ParquetWriter(target, schema, compression="zstd", use_dictionary=repeating)
        self._thread = ThreadPoolExecutor(1)
        self._held: list[pa.RecordBatch] = []
        self._held_rows = 0
        self._writing: Future[None] | None = None

    def write(self, batch: pa.RecordBatch) -> None:
        self._held.append(batch)
        self._held_rows += batch.num_rows
        if self._held_rows >= ROW_GROUP_ROWS:
            self._hand_over()

    def _hand_over(self) -> None:
        if self._writing is not None:
            self._writing.result()
        table = pa.Table.from_batches(self._held)
        self._held, self._held_rows = [], 0
        self._writing = self._thread.submit(self._writer.write_table, table)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None and self._held:
                self._hand_over()
            if self._writing is not None:
                self._writing.result()
        finally:
            self._thread.shutdown()
            self._writer.close()


def _check_columns(source: Source) -> None:
    if not source.names:
        raise SourceRefused(
            "The source has no columns. Send a table with a header row and data rows.",
            "원본에 열이 없습니다. 머리글 행과 데이터 행이 있는 표를 보내 주십시오.",
        )
    if len(source.names) > MAX_COLUMNS:
        raise SourceRefused(
            "The source has {columns:,} columns; {limit:,} is the limit. Is it transposed?",
            "원본의 열이 {columns:,}개로 한도 {limit:,}개를 넘습니다. 행과 열이 바뀐 것은 아닌지 확인해 주십시오.",
            columns=len(source.names),
            limit=MAX_COLUMNS,
        )


def _without_rows(source: Source) -> SourceRefused:
    row = source.details.get("header_row")
    if not row:
        return SourceRefused(
            "The source has a header but no rows of data. Send at least one row of data.",
            "원본에 머리글만 있고 데이터 행이 없습니다. 데이터를 한 행 이상 보내 주십시오.",
        )
    return SourceRefused(
        "The source has a header but no rows of data (header in row {row}: {header}). Send at least one row of data.",
        "원본에 머리글만 있고 데이터 행이 없습니다({row}번째 행의 머리글: {header}). 데이터를 한 행 이상 보내 주십시오.",
        row=row,
        header=", ".join(source.names[:10]),
    )
