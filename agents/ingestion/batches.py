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
_REMARK = re.compile(
    r"^\s*(?:[*※#†‡]|(?:source|note|notes|footnote|출처|자료|주|비고|단위)\s*[:：)])", re.IGNORECASE
)
_QUANTITY = re.compile(r"^[\d\s.,₩$€£¥원%()+-]+$")


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
        last = _without_total(*_without_footnotes(held, seen, source), source)
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


def _without_footnotes(batch: Batch, row: int, source: Source) -> tuple[Batch, int]:
    """Drop closing rows whose only cell is a remark such as `※ …` or `Source: …`; the rest, and its last row's number."""
    while len(batch) > 2 and len(batch[0]) > 1:
        filled = [cell for column in batch if not _is_empty(cell := column[-1].as_py())]
        if len(filled) != 1 or not isinstance(filled[0], str) or not _REMARK.match(filled[0]):
            break
        source.account.drop("footnote", row, _row_text(batch, len(batch[0]) - 1))
        batch, row = [column[:-1] for column in batch], row - 1
    return batch, row


def _without_total(batch: Batch, row: int, source: Source) -> Batch:
    """Drop a last row whose only words are `Total`: it repeats the rows above it and would be counted twice."""
    filled = [cell for column in batch if not _is_empty(cell := column[-1].as_py())]
    words = [cell for cell in filled if isinstance(cell, str) and not _QUANTITY.match(cell)]
    if len(words) != 1 or len(filled) < 2 or len(batch[0]) < 2 or not _TOTAL.match(words[0]):
        return batch
    source.account.drop("total_row", row, _row_text(batch, len(batch[0]) - 1))
    return [column[:-1] for column in batch]


def _is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _row_text(batch: Batch, position: int) -> str:
    return " | ".join("" if (cell := column[position].as_py()) is None else str(cell) for column in batch)
