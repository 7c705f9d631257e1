"""What a format reader gives: the tables of a source, each as a stream of column batches with their row numbers."""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from .account import Account

BATCH_ROWS = 65_536

RowNumbers = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True)
class Batch:
    """One array per column, all of one length, and the rows' numbers in the table, counted from 1 after the header.

    Text arrays are raw; arrays of other types are already typed.
    """

    columns: list[pa.Array]
    numbers: RowNumbers

    def __len__(self) -> int:
        return len(self.numbers)

    def filter(self, keep: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> "Batch":
        """The rows where `keep`, shape (n,), is true."""
        mask = pa.array(keep)
        return Batch([column.filter(mask) for column in self.columns], self.numbers[keep])

    def text(self, position: int) -> str:
        """One row in print."""
        return " | ".join(
            "" if (cell := column[position].as_py()) is None else str(cell) for column in self.columns
        )


def numbered(columns: list[pa.Array], first: int) -> Batch:
    """A batch whose rows follow one another from number `first`."""
    return Batch(columns, np.arange(first, first + len(columns[0]), dtype=np.int64))


@dataclass
class Source:
    """One reading of a table: column `names`, `batches` to be consumed once, facts for the report in `details`.

    `header` is the rows of the header as they are written, `consumed` how much of the source has been read, 0 to 1.
    """

    names: list[str]
    batches: Iterator[Batch]
    account: Account
    details: dict[str, Any] = field(default_factory=dict)
    header: list[list[str]] = field(default_factory=list)
    consumed: Callable[[], float] = lambda: 0.0

    def close(self) -> None:
        """Give up reading; closes the file."""
        if isinstance(self.batches, Generator):
            self.batches.close()


Plain = Mapping[int, pa.DataType]
"""Column positions whose values are expected in the plain notation of an Arrow type; a reader may parse them as such."""


@dataclass(frozen=True)
class Found:
    """A table that was found in a source: `open` begins a reading of it, as often as wanted."""

    name: str
    open: Callable[[Plain], Source]


class WrongTypeError(Exception):
    """Column `position` has a value that is not of the plain notation it was expected in."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


class MalformedRowError(Exception):
    """The strict parser met a row that does not fit; the tolerant reader has to take over."""
