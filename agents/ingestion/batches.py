"""A source as a stream of column batches, and the rows that no format should load: empty, repeated header, total."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .account import Account

BATCH_ROWS = 65_536

Batch = list[pa.Array]
"""One array per column, all of one length; text arrays are raw, arrays of other types are already typed."""

_TOTAL = re.compile(
    r"^\s*(?:grand\s+)?totals?\s*:?\s*$|^\s*(?:총\s*)?합계\s*:?\s*$|^\s*총계\s*:?\s*$", re.IGNORECASE
)


@dataclass
class Source:
    """What a format reader gives: column `names`, `batches` to be consumed once, facts for the report in `details`.

    `fraction` tells how much of the source has been consumed, 0 to 1.
    """

    names: list[str]
    batches: Iterator[Batch]
    account: Account
    details: dict[str, Any] = field(default_factory=dict)
    fraction: Callable[[], float] = lambda: 0.0


def tidy(source: Source) -> Iterator[Batch]:
    """The batches without empty rows, repeated header rows and a closing total row, each of which is accounted for."""
    held: Batch | None = None
    seen = 0
    for batch in source.batches:
        rows = len(batch[0]) if batch else 0
        if not rows:
            continue
        kept = _without_noise(batch, source, first_row=seen + 1)
        seen += rows
        if len(kept[0]):
            if held is not None:
                yield held
            held = kept
    if held is not None:
        last = _without_total(held, source, row=seen)
        if len(last[0]):
            yield last


def _without_noise(batch: Batch, source: Source, first_row: int) -> Batch:
    empty = _all_cells(batch, _is_blank)
    header = _is_header_row(batch, source.names)
    noise = empty | header
    if not noise.any():
        return batch
    for position in np.flatnonzero(noise).tolist():
        why = "empty_row" if empty[position] else "repeated_header"
        source.account.drop(why, first_row + position, _row_text(batch, position))  # type: ignore[arg-type]
    keep = pa.array(~noise)
    return [column.filter(keep) for column in batch]


def _all_cells(batch: Batch, test: Callable[[pa.Array], Any]) -> Any:
    """Where `test` holds in every column; later columns are only looked at while some row still qualifies."""
    result = np.ones(len(batch[0]), np.bool_)
    for column in batch:
        result &= test(column)
        if not result.any():
            break
    return result


def _is_blank(column: pa.Array) -> Any:
    if not pa.types.is_string(column.type):
        return column.is_null().to_numpy(zero_copy_only=False)
    lengths = pc.utf8_length(column)
    blank = pc.equal(lengths, 0).fill_null(fill_value=True)
    short = pc.less(lengths, 4).fill_null(fill_value=False)
    if pc.any(short).as_py():
        blank = pc.or_(blank, pc.match_substring_regex(column, r"^\s+$").fill_null(fill_value=False))
    return blank.to_numpy(zero_copy_only=False)


def _is_header_row(batch: Batch, names: list[str]) -> Any:
    result = np.ones(len(batch[0]), np.bool_)
    if len(names) < 2:
        return ~result
    for column, name in zip(batch, names, strict=True):
        if not pa.types.is_string(column.type):
            return np.zeros(len(result), np.bool_)
        result &= pc.equal(column, name).fill_null(fill_value=False).to_numpy(zero_copy_only=False)
        if not result.any():
            break
    return result


def _without_total(batch: Batch, source: Source, row: int) -> Batch:
    """Drop a last row whose only words are `Total`: it repeats the rows above it and would be counted twice."""
    cells = [column[-1].as_py() for column in batch]
    words = [
        c for c in cells if isinstance(c, str) and c.strip() and not re.match(r"^[\d\s.,₩$€£¥원%()+-]+$", c)
    ]
    filled = sum(c is not None and str(c).strip() != "" for c in cells)
    if len(words) != 1 or filled < 2 or len(batch) < 2 or not _TOTAL.match(words[0]) or len(batch[0]) < 2:
        return batch
    source.account.drop("total_row", row, _row_text(batch, len(batch[0]) - 1))
    return [column[:-1] for column in batch]


def _row_text(batch: Batch, position: int) -> str:
    return " | ".join("" if (cell := column[position].as_py()) is None else str(cell) for column in batch)
