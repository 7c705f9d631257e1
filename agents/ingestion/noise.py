"""Rows that no format should load: empty ones, ruled lines, the header again, totals and remarks. Each goes into the account."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .batches import Batch, Source
from .headers import RULED
from .totals import closes_with_total, total_rows

_REMARK = re.compile(
    r"^\s*(?:[*※#†‡]|(?:source|note|notes|footnote|출처|자료|주|비고|단위)\s*[:：)])", re.IGNORECASE
)
_LAST_ROW_OF_REPORTS = 262_144
"""Tables with totals among their rows are written for people; beyond this row they are not looked for."""


def tidy(source: Source) -> Iterator[Batch]:
    """The batches without rows that are no data, each of which is accounted for."""
    held: Batch | None = None
    for batch in source.batches:
        kept = _without_noise(batch, source)
        if len(kept):
            if held is not None:
                yield held
            held = kept
    if held is not None:
        last = _without_total(_without_footnotes(held, source), source)
        if len(last):
            yield last


def _without_noise(batch: Batch, source: Source) -> Batch:
    if not len(batch):
        return batch
    empty = _all_cells(batch, _is_blank)
    header = _is_header_row(batch, source.header)
    ruled = _all_cells(batch, _is_ruled) & ~empty
    batch = _dropping(
        batch, {"empty_row": empty, "repeated_header": header & ~empty, "ruled_line": ruled}, source
    )
    if len(batch) and batch.numbers[0] <= _LAST_ROW_OF_REPORTS:
        found = total_rows(batch.columns)
        batch = _dropping(batch, {"subtotal_row": found.partial, "total_row": found.full}, source)
    return batch


def _dropping(batch: Batch, fates: dict[str, Any], source: Source) -> Batch:
    gone = np.zeros(len(batch), np.bool_)
    for why, rows in fates.items():
        for position in np.flatnonzero(rows).tolist():
            source.account.drop(why, int(batch.numbers[position]), batch.text(position))  # type: ignore[arg-type]
        gone |= rows
    return batch.filter(~gone) if gone.any() else batch


def _all_cells(batch: Batch, test: Callable[[pa.Array], Any]) -> Any:
    """Where `test` holds in every column; later columns are only looked at while some row still qualifies."""
    result = np.ones(len(batch), np.bool_)
    for column in sorted(batch.columns, key=lambda column: pa.types.is_string(column.type)):
        result &= test(column)
        if not result.any():
            break
    return result


def _is_blank(column: pa.Array) -> Any:
    if not pa.types.is_string(column.type):
        none = column.null_count == 0
        return np.False_ if none else column.is_null().to_numpy(zero_copy_only=False)
    lengths = pc.utf8_length(column)
    blank = pc.equal(lengths, 0).fill_null(fill_value=True)
    short = pc.less(lengths, 4).fill_null(fill_value=False)
    if pc.any(short).as_py():
        blank = pc.or_(blank, pc.match_substring_regex(column, r"^\s+$").fill_null(fill_value=False))
    return blank.to_numpy(zero_copy_only=False)


def _is_ruled(column: pa.Array) -> Any:
    """Cells of dashes, as under the header of a table in Markdown, and blank ones."""
    if not pa.types.is_string(column.type):
        return _is_blank(column)
    ruled = pc.match_substring_regex(column, RULED).fill_null(fill_value=False)
    return ruled.to_numpy(zero_copy_only=False) | _is_blank(column)


def _is_header_row(batch: Batch, header: list[list[str]]) -> Any:
    result = np.zeros(len(batch), np.bool_)
    if not all(pa.types.is_string(column.type) for column in batch.columns):
        return result
    for cells in header:
        if len(cells) == len(batch.columns) > 1:
            result |= _equals(batch, cells)
    return result


def _equals(batch: Batch, cells: list[str]) -> Any:
    result = np.ones(len(batch), np.bool_)
    for column, cell in zip(batch.columns, cells, strict=True):
        same = pc.equal(pc.utf8_trim_whitespace(column), cell.strip())
        result &= same.fill_null(fill_value=not cell.strip()).to_numpy(zero_copy_only=False)
        if not result.any():
            break
    return result


def _without_footnotes(batch: Batch, source: Source) -> Batch:
    """The batch without closing rows whose only cell is a remark such as `※ …` or `Source: …`."""
    keep = len(batch)
    while len(batch.columns) > 2 and keep > 1:
        filled = _filled(batch, keep - 1)
        if len(filled) != 1 or not isinstance(filled[0], str) or not _REMARK.match(filled[0]):
            break
        keep -= 1
    return _cut(batch, keep, "footnote", source)


def _without_total(batch: Batch, source: Source) -> Batch:
    """The batch without a last row whose only words are `Total`: it repeats the rows above it."""
    closing = len(batch) > 1 and closes_with_total(_filled(batch, len(batch) - 1))
    return _cut(batch, len(batch) - closing, "total_row", source)


def _cut(batch: Batch, keep: int, why: str, source: Source) -> Batch:
    if keep == len(batch):
        return batch
    rest = np.arange(len(batch)) >= keep
    return _dropping(batch, {why: rest}, source)


def _filled(batch: Batch, position: int) -> list[Any]:
    cells = [column[position].as_py() for column in batch.columns]
    return [cell for cell in cells if cell is not None and (not isinstance(cell, str) or cell.strip())]
