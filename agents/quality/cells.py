"""Errors of single cells and of whole rows: what is wrong, why, how surely, and what the value should be.

`detection.find_cell_errors` and `detection.find_row_errors` find them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from .tables import Integers

Shares = npt.NDArray[np.float32]

SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("kind", pa.string()),
        ("why", pa.string()),
        ("confidence", pa.float32()),
        ("repair", pa.string()),
        ("repair_confidence", pa.float32()),
    ]
)


@dataclass(frozen=True)
class CellError:
    """One wrong cell; `row` counts from 0, `kind` is the kind of its issue, shares are in [0, 1].

    `repair` is the proposed value in the column's own type. A `repair` of None with a `repair_confidence` above 0 proposes to
    empty the cell; with a `repair_confidence` of 0 nothing is proposed.
    """

    column: str
    row: int
    value: Any
    kind: str
    why: str
    confidence: float
    repair: Any
    repair_confidence: float


@dataclass(frozen=True)
class Marks:
    """Errors of one kind in one column, as arrays of one length n in ascending order of `rows` (from 0).

    `values` are the cells as they are and `repairs` the proposed ones, both in the column's type; `reasons[reason_of[i]]` says
    why the i-th is wrong.
    """

    column: str
    kind: str
    rows: Integers
    values: pa.Array
    reasons: tuple[str, ...]
    reason_of: Integers
    confidence: Shares
    repairs: pa.Array
    repair_confidence: Shares

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[CellError]:
        for position in range(len(self.rows)):
            yield CellError(
                self.column,
                int(self.rows[position]),
                self.values[position].as_py(),
                self.kind,
                self.reasons[self.reason_of[position]],
                round(float(self.confidence[position]), 4),
                self.repairs[position].as_py(),
                round(float(self.repair_confidence[position]), 4),
            )

    def taken(self, positions: Integers) -> "Marks":
        """The marks at `positions` (ascending)."""
        chosen = pa.array(positions)
        return Marks(
            self.column,
            self.kind,
            self.rows[positions],
            self.values.take(chosen),
            self.reasons,
            self.reason_of[positions],
            self.confidence[positions],
            self.repairs.take(chosen),
            self.repair_confidence[positions],
        )

    def to_arrow(self) -> pa.Table:
        """The marks by `SCHEMA`, rows counted from 0, values and repairs as text."""
        size = len(self.rows)
        constant = {"column": self.column, "kind": self.kind}
        arrays: dict[str, Any] = {name: pa.repeat(pa.scalar(text), size) for name, text in constant.items()}
        arrays["row"] = pa.array(self.rows)
        arrays["value"], arrays["repair"] = (_as_text(values) for values in (self.values, self.repairs))
        arrays["why"] = pa.array(self.reasons, pa.string()).take(pa.array(self.reason_of))
        arrays["confidence"] = pa.array(self.confidence)
        arrays["repair_confidence"] = pa.array(self.repair_confidence)
        return pa.table({field.name: arrays[field.name] for field in SCHEMA}, schema=SCHEMA)


def _as_text(values: pa.Array) -> pa.Array:
    if pa.types.is_string(values.type):
        return values
    return values.cast(pa.string())


@dataclass(frozen=True)
class CellErrors:
    """The wrong cells of a table, each once: where detectors agree that a cell is wrong, the most certain one speaks.

    Iteration gives every `CellError`, column by column in the table's order, rows ascending.
    """

    marks: tuple[Marks, ...]

    @classmethod
    def of(cls, marks: Sequence[Marks], columns: Sequence[str]) -> "CellErrors":
        """The errors among `marks` in the order of `columns`; of several marks of one cell the most confident stays."""
        kept: list[Marks] = []
        for column in columns:
            kept += _most_confident([mark for mark in marks if mark.column == column])
        return cls(tuple(kept))

    def __len__(self) -> int:
        return sum(len(mark) for mark in self.marks)

    def __iter__(self) -> Iterator[CellError]:
        names = list(dict.fromkeys(mark.column for mark in self.marks))
        for name in names:
            cells = [cell for mark in self.marks if mark.column == name for cell in mark]
            yield from sorted(cells, key=lambda cell: cell.row)

    def of_column(self, name: str) -> tuple[Marks, ...]:
        """The marks of one column, one for each kind."""
        return tuple(mark for mark in self.marks if mark.column == name)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many cells by kind, most frequent first."""
        counted: Counter[str] = Counter()
        for mark in self.marks:
            counted[mark.kind] += len(mark)
        return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))

    def to_arrow(self) -> pa.Table:
        """All errors as one table by `SCHEMA`, rows counted from 0."""
        return pa.concat_tables([SCHEMA.empty_table(), *(mark.to_arrow() for mark in self.marks)])


def _most_confident(marks: list[Marks]) -> list[Marks]:
    """The marks of one column without those cells that another mark is more confident about."""
    if len(marks) < 2:
        return marks
    rows = np.concatenate([mark.rows for mark in marks])
    source = np.repeat(np.arange(len(marks)), [len(mark) for mark in marks])
    confidence = np.concatenate([mark.confidence for mark in marks])
    order = np.lexsort((source, -confidence, rows))
    first = np.ones(len(rows), np.bool_)
    first[1:] = rows[order][1:] != rows[order][:-1]
    wins = np.zeros(len(rows), np.bool_)
    wins[order[first]] = True
    kept = [mark.taken(np.flatnonzero(wins[source == i]).astype(np.int64)) for i, mark in enumerate(marks)]
    return [mark for mark in kept if len(mark)]


@dataclass(frozen=True)
class RowErrors:
    """Rows that repeat an earlier one, as arrays of one length, rows from 0 and ascending.

    `kind` is `duplicate_rows` (equal in every column, similarity 1) or `near_duplicates`; `same_as` is the earlier row, which
    repeats no other row itself.
    """

    kind: str
    rows: Integers
    same_as: Integers
    similarity: Shares

    def __len__(self) -> int:
        return len(self.rows)
