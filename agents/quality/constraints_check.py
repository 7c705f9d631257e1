"""Whether a table keeps a constraint: which rows were checked and which of them break it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .constraints import Constraint
from .tables import Integers, Mask, Series, Table

TOLERANCE = 0.005
"""How far an arithmetic constraint may be off, as a share of the total, when it does not say."""
NUMERIC = ("integer", "number")
DATES = ("date", "datetime")


@dataclass(frozen=True)
class Check:
    """`checked` and `broken` mark rows, shape (rows,). `obstacle` says why nothing could be checked, else it is empty:
    `absent` (a column is not there) or `type` (it holds another type than the constraint is about)."""

    checked: Mask
    broken: Mask
    obstacle: str = ""

    @property
    def held(self) -> int:
        """How many of the checked rows keep the constraint."""
        return int((self.checked & ~self.broken).sum())


def check(constraint: Constraint, table: Table) -> Check:
    """The constraint against every row of the table."""
    names = {series.name: series for series in table.series}
    absent = any(column not in names for column in constraint.columns)
    if absent:
        nothing = np.zeros(table.rows, np.bool_)
        return Check(nothing, nothing, "absent")
    series = [names[column] for column in constraint.columns]
    found = _found(constraint, series)
    if found is None:
        nothing = np.zeros(table.rows, np.bool_)
        return Check(nothing, nothing, "type")
    checked, broken = found
    return Check(checked, broken & checked)


_Found = tuple[Mask, Mask] | None


def _found(constraint: Constraint, series: list[Series]) -> _Found:
    """The rows that can be checked and those that break the constraint; None when the columns hold another type."""
    limits = constraint.limits
    match constraint.kind:
        case "type":
            return _type(series[0], limits["type"])
        case "not_null":
            return np.ones(len(series[0].missing), np.bool_), series[0].missing
        case "unique":
            return _unique(series)
        case "range":
            return _range(series[0], limits.get("min"), limits.get("max"))
        case "allowed":
            return _allowed(series[0], limits["values"])
        case "pattern":
            only = series[0]
            return (~only.missing, ~_matching(only, limits["regex"])) if only.kind == "string" else None
        case "order":
            return _order(*series)
        case "arithmetic":
            return _arithmetic(series, limits["operator"], float(limits.get("tolerance", TOLERANCE)))
        case "determines":
            return _determines(*series)


def _type(only: Series, wanted: str) -> _Found:
    present = ~only.missing
    if (
        only.kind == wanted
        or (wanted in DATES and only.kind in DATES)
        or (wanted == "number" and only.kind in NUMERIC)
    ):
        return present, np.zeros(len(present), np.bool_)
    if wanted == "integer" and only.kind == "number":
        return present, only.numbers != np.floor(only.numbers)
    if only.kind == "string" and wanted in (*NUMERIC, *DATES):
        return present, ~_reads_as(only, wanted)
    return present, present


def _reads_as(series: Series, wanted: str) -> Mask:
    """Which texts are written like a value of the type."""
    pattern = {
        "integer": r"^\s*[+-]?\d+\s*$",
        "number": r"^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$",
    }.get(
        wanted,
        r"^\s*\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?\s*$",
    )
    return _matching(series, pattern)


def _matching(series: Series, pattern: str) -> Mask:
    hits = pc.match_substring_regex(series.distinct.values, pattern).to_numpy(zero_copy_only=False)
    return series.distinct.rows_of(np.flatnonzero(hits))


def _unique(series: list[Series]) -> _Found:
    keys = row_keys(series)
    present = ~np.logical_or.reduce([one.missing for one in series])
    _, first = np.unique(keys[present], return_index=True)
    repeats = np.ones(int(present.sum()), np.bool_)
    repeats[first] = False
    broken = np.zeros(len(present), np.bool_)
    broken[present] = repeats
    return present, broken


def row_keys(series: list[Series]) -> Integers:
    """Per row a number that is equal where all the columns' values are equal, shape (rows,)."""
    keys = series[0].distinct.codes.astype(np.int64)
    for one in series[1:]:
        _, keys = np.unique(keys, return_inverse=True)
        keys = keys * (len(one.distinct.counts) + 1) + one.distinct.codes + 1
    return keys


def _range(only: Series, *bounds: Any) -> _Found:
    """Args: `bounds` are the lowest and the highest value, None where there is none."""
    dated = any(isinstance(bound, str) for bound in bounds)
    if only.kind not in (DATES if dated else NUMERIC):
        return None
    values: Any = only.days if dated else only.numbers
    low, high = (np.datetime64(b, "us") if isinstance(b, str) else b for b in bounds)
    if dated and isinstance(bounds[1], str) and len(bounds[1]) == len("2024-01-31"):
        high = np.datetime64(bounds[1]) + np.timedelta64(86_400_000_000 - 1, "us")
    broken = np.zeros(len(values), np.bool_)
    with np.errstate(invalid="ignore"):
        if low is not None:
            broken |= values < low
        if high is not None:
            broken |= values > high
    return ~only.missing, broken


def _allowed(only: Series, values: list[Any]) -> _Found:
    if only.kind in NUMERIC:
        numbers = [float(v) for v in values if isinstance(v, int | float)]
        return ~only.missing, ~np.isin(only.numbers, numbers)
    known = {_spelt(value) for value in values}
    good = [i for i, value in enumerate(only.distinct.values.to_pylist()) if _spelt(value) in known]
    return ~only.missing, ~only.distinct.rows_of(good)


def _spelt(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _order(first: Series, second: Series) -> _Found:
    if first.kind in DATES and second.kind in DATES:
        with np.errstate(invalid="ignore"):
            return ~first.missing & ~second.missing, first.days > second.days
    if first.kind in NUMERIC and second.kind in NUMERIC:
        return ~first.missing & ~second.missing, first.numbers > second.numbers
    return None


def _arithmetic(series: list[Series], operator: str, tolerance: float) -> _Found:
    if any(one.kind not in NUMERIC for one in series):
        return None
    total, left, right = (one.numbers for one in series)
    least = 0.5 if series[0].kind == "integer" else 0.005
    with np.errstate(invalid="ignore", over="ignore"):
        expected = left * right if operator == "×" else left + right
        complete: Mask = np.isfinite(expected) & np.isfinite(total)
        broken: Mask = np.abs(expected - total) > np.maximum(least, tolerance * np.abs(total))
    return complete, broken


def _determines(first: Series, second: Series) -> _Found:
    """Rows that have another value of the second column than most rows with their value of the first."""
    present = ~first.missing & ~second.missing
    codes = second.distinct.codes[present].astype(np.int64)
    broken = np.zeros(len(present), np.bool_)
    broken[present] = codes != majority_of(first.distinct.codes[present].astype(np.int64), codes)
    return present, broken


def majority_of(groups: Integers, values: Integers) -> Integers:
    """Per row the most frequent value of its group, the smaller code on a tie, shape (n,). Args: codes from 0."""
    if not len(groups):
        return groups
    width = int(values.max()) + 1
    pairs, counts = np.unique(groups * width + values, return_counts=True)
    order = np.lexsort((-(pairs % width), counts, pairs // width))
    usual = np.zeros(int(groups.max()) + 1, np.int64)
    usual[pairs[order] // width] = pairs[order] % width
    return usual[groups]


def read_as_declared(table: Table, constraints: list[Constraint]) -> Table:
    """The table with texts of columns that are declared numbers or dates read as such; what cannot be read is missing."""
    declared = {c.columns[0]: c.limits["type"] for c in constraints if c.kind == "type"}
    return Table([_read(series, declared.get(series.name, "")) for series in table.series], table.rows)


def _read(series: Series, wanted: str) -> Series:
    if series.kind != "string" or wanted not in (*NUMERIC, *DATES):
        return series
    readable = pc.if_else(pa.array(_reads_as(series, wanted)), series.array, pa.scalar(None, pa.string()))
    try:
        return Series.of(series.column, pc.utf8_trim_whitespace(readable).cast(_ARROW_TYPES[wanted]))
    except pa.ArrowInvalid:
        return series


_ARROW_TYPES = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.timestamp("us"),
    "datetime": pa.timestamp("us"),
}
