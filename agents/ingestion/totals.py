"""Totals and subtotals that a report writes between and below its rows: they would be counted twice."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_FULL = r"(?:(?:grand|overall)\s+)?totals?|(?:총\s*)?합\s*계|총\s*계|전\s*체\s*계"
_PARTIAL = r"sub-?\s?totals?|소\s*계|중\s*계|계|누\s*계"
_CLOSING = re.compile(rf"^\s*(?:{_FULL})\s*:?\s*$", re.IGNORECASE)
_FULL_WORD = rf"(?i)^\s*(?:{_FULL})\s*:?\s*$"
_TOTAL_WORD = (
    rf"(?i)^(?:.+[\s(\[])?(?:{_FULL}|{_PARTIAL})\s*[)\]]?\s*:?\s*$|^.+(?:소계|합계|총계)$"
    r"|^(?:sub-?)?totals?\s+(?:for|of)\s.+$"
)
_QUANTITY = re.compile(r"^[\d\s.,₩$€£¥원%()+-]+$")
_LONGEST_LABEL_BYTES = 60
_USUALLY_FILLED = 0.8
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class TotalRows:
    """Where rows add up others, shape (n,) each: `partial` those of a group, `full` those of everything above."""

    partial: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
    full: "np.ndarray[tuple[int], np.dtype[np.bool_]]"


def total_rows(columns: list[pa.Array]) -> TotalRows:
    """The rows named as a total that also behave as one.

    A name alone is no proof (`Total` is a brand): the row must leave out a cell that other rows fill, or one of its
    numbers must be the sum of the rows since the total before, or of all rows above.
    """
    rows = len(columns[0])
    named, full = np.zeros(rows, np.bool_), np.zeros(rows, np.bool_)
    for column in columns:
        if pa.types.is_string(column.type):
            short = pc.less_equal(pc.binary_length(column), _LONGEST_LABEL_BYTES).fill_null(fill_value=False)
            at = np.flatnonzero(short.to_numpy(zero_copy_only=False))
            words = column.take(pa.array(at)) if len(at) < rows else column
            hits = at[_matches(words, _TOTAL_WORD)]
            named[hits] = True
            if len(hits):
                full[hits] |= _matches(column.take(pa.array(hits)), _FULL_WORD)
    if not named.any() or named.sum() > rows / 2:
        return TotalRows(np.zeros(rows, np.bool_), np.zeros(rows, np.bool_))
    proven = named & (_leaves_out(columns, named) | _adds_up(columns, named))
    return TotalRows(proven & ~full, proven & full)


def closes_with_total(filled: list[Any]) -> bool:
    """Is a row with these filled cells a total by its only word?"""
    words = [cell for cell in filled if isinstance(cell, str) and not _QUANTITY.match(cell)]
    return len(words) == 1 and len(filled) > 1 and _CLOSING.match(words[0]) is not None


def _matches(values: pa.Array, pattern: str) -> Any:
    hits = pc.match_substring_regex(values, pattern).fill_null(fill_value=False)
    return hits.to_numpy(zero_copy_only=False)


def _leaves_out(columns: list[pa.Array], named: Any) -> Any:
    """Where a cell is empty in a column of words that the other rows fill."""
    result = np.zeros(len(named), np.bool_)
    for column in columns:
        if not pa.types.is_string(column.type):
            continue
        empty = pc.equal(pc.utf8_trim_whitespace(column), "").fill_null(fill_value=True)
        flags = empty.to_numpy(zero_copy_only=False)
        others = flags[~named]
        if len(others) and others.mean() < 1 - _USUALLY_FILLED and _is_wordy(column.filter(pa.array(~named))):
            result |= flags
    return result


def _is_wordy(column: pa.Array) -> bool:
    head = [cell for cell in column[:50].to_pylist() if cell and cell.strip()]
    return sum(_QUANTITY.match(cell) is None for cell in head) > len(head) / 2


def _adds_up(columns: list[pa.Array], named: Any) -> Any:
    """Where a number is the sum of the unnamed rows since the named row before, or of all unnamed rows above."""
    result = np.zeros(len(named), np.bool_)
    starts = np.flatnonzero(named)
    for column in columns:
        numbers = _numbers(column)
        if numbers is None:
            continue
        above = np.concatenate([[0.0], np.cumsum(np.where(named, 0.0, np.nan_to_num(numbers)))])
        group_start = 0
        for row in starts.tolist():
            value = numbers[row]
            for begin in (group_start, 0):
                total = above[row] - above[begin]
                if row > begin and value and abs(value - total) <= _TOLERANCE * abs(value):
                    result[row] = True
            group_start = row + 1
    return result


def _numbers(column: pa.Array) -> "np.ndarray[Any, np.dtype[np.float64]] | None":
    """A column of quantities as floats, NaN where there is none; None when it is not mostly quantities."""
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return np.asarray(column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False))
    if not pa.types.is_string(column.type):
        return None
    bare = pc.replace_substring_regex(column, r"[\s,₩$€£¥원%+]", "")
    bare = pc.replace_substring_regex(bare, r"^\((.*)\)$", r"-\1")
    good = pc.match_substring_regex(bare, r"^-?\d+(?:\.\d+)?$").fill_null(fill_value=False)
    if pc.sum(good).as_py() * 2 < len(column):
        return None
    numbers = pc.if_else(good, bare, pa.scalar(None, pa.string())).cast(pa.float64())
    return np.asarray(numbers.to_numpy(zero_copy_only=False))
