"""The small cube behind a dashboard: what the data come to in every cell of its dimensions, so that any filter on them is
exact."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mesh.tabular.periods import period_label

from .amounts import Measure, value_sql
from .keys import Key, folded_sql, key_sql, period_sql
from .period_amounts import iso
from .table import Table

MAX_CUBE_BYTES = 1_850_000
"""What the cube may take in the page, as text: with names and words its data stay below 2 MB."""

REST = "\x00rest"
NO_PERIOD = 0xFFFF
_STEPS = {"h": "h", "D": "D", "W": "W-MON", "MS": "MS", "QS": "QS", "YS": "YS"}


@dataclass(frozen=True)
class Dimension:
    """What rows are told apart by. `raw` are the groups of `names` as the data have them.

    `other` counts the groups that stand behind the name after those, `missing` says that the last name is for rows without a
    value; `ordered` that the names have an order of their own.
    """

    key: Key
    label: str
    names: tuple[str, ...]
    raw: tuple[object, ...]
    other: int = 0
    missing: bool = False
    ordered: bool = False


@dataclass(frozen=True)
class Cube:
    """Sums and counts per cell. `codes[d]` index the names of dimension `d`, `periods` the first days `starts`.

    A cell has its number of rows, and for each measure the sum of its known values and how many there are; None where that
    is the number of rows. A sum divided by its count is a mean, so both follow exactly for any set of cells.
    """

    starts: tuple[str, ...]
    labels: tuple[str, ...]
    periods: "np.ndarray[Any, np.dtype[np.uint16]]"
    codes: tuple["np.ndarray[Any, np.dtype[np.uint8]]", ...]
    rows: "np.ndarray[Any, np.dtype[np.uint32]]"
    sums: tuple["np.ndarray[Any, np.dtype[np.float64]] | None", ...]
    counts: tuple["np.ndarray[Any, np.dtype[np.uint32]] | None", ...]

    def written(self) -> dict[str, Any]:
        """Plain JSON: each array as its little-endian bytes in base64."""
        return {
            "cells": len(self.rows),
            "periods": _packed(self.periods),
            "codes": [_packed(codes) for codes in self.codes],
            "rows": _packed(self.rows),
            "sums": [_packed(one) for one in self.sums],
            "counts": [_packed(one) for one in self.counts],
        }


def most_cells(dimensions: int, measures: int) -> int:
    """How many cells `MAX_CUBE_BYTES` hold: 6 bytes each, 1 per dimension and 12 per measure, a third more in base64."""
    return MAX_CUBE_BYTES * 3 // (4 * (6 + dimensions + 12 * measures))


def fitting(
    table: Table, dimensions: Sequence[Dimension], period: str | None, measures: int
) -> list[Dimension]:
    """The dimensions, in their order, with which the cube is small enough; the others are passed over."""
    limit = most_cells(len(dimensions), measures)
    chosen: list[Dimension] = []
    for dimension in dimensions:
        if _cells(table, [*chosen, dimension], period, limit) <= limit:
            chosen.append(dimension)
    return chosen


def build_cube(
    table: Table,
    dimensions: Sequence[Dimension],
    measures: Sequence[Measure],
    date: str | None,
    grain: str | None,
) -> Cube:
    """The cube of the rows in `table`, made where they are: only its cells come back."""
    period = period_sql(date, grain) if date and grain else "NULL"
    keys = [_group_sql(one, table) for one in dimensions]
    columns = [f"{sql} AS d{place}" for place, sql in enumerate(keys)]
    for place, measure in enumerate(measures):
        if measure.column is not None:
            known = value_sql(measure, table)
            columns += [f"sum({known}) AS s{place}", f"count({known}) AS n{place}"]
    frame = table.frame(", ".join([f"{period} AS period", *columns, "count(*) AS rows"]), "GROUP BY ALL")
    starts = _starts(frame["period"], grain)
    place_of = {start: place for place, start in enumerate(starts)}
    rows = frame["rows"].to_numpy(np.uint32)
    sums: list[Any] = []
    counts: list[Any] = []
    for place, measure in enumerate(measures):
        if measure.column is None:
            sums, counts = [*sums, None], [*counts, None]
            continue
        n = frame[f"n{place}"].to_numpy(np.uint32)
        sums.append(frame[f"s{place}"].astype("float64").fillna(0.0).to_numpy(np.float64))
        counts.append(None if np.array_equal(n, rows) else n)
    return Cube(
        starts=tuple(iso(start, grain or "D") for start in starts),
        labels=tuple(period_label(start, grain or "D") for start in starts),
        periods=np.array(
            [place_of.get(pd.Timestamp(p), NO_PERIOD) if pd.notna(p) else NO_PERIOD for p in frame["period"]],
            dtype=np.uint16,
        ),
        codes=tuple(_codes(frame[f"d{place}"], one) for place, one in enumerate(dimensions)),
        rows=rows,
        sums=tuple(sums),
        counts=tuple(counts),
    )


def _group_sql(dimension: Dimension, table: Table) -> str:
    """The group of a row: its value, `REST` where that stands behind other, NULL where there is none."""
    sql = key_sql(dimension.key, table)
    if dimension.key.part or dimension.key.column in table.numeric:
        return sql
    return folded_sql(sql, [str(one) for one in dimension.raw], REST)


def _codes(groups: "pd.Series[Any]", dimension: Dimension) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    place = {value: index for index, value in enumerate(dimension.raw)}
    rest, missing = len(dimension.raw), len(dimension.names) - 1
    return np.array([missing if pd.isna(one) else place.get(one, rest) for one in groups], dtype=np.uint8)


def _cells(table: Table, dimensions: Sequence[Dimension], period: str | None, limit: int) -> int:
    """How many cells there are, counted up to one more than the limit."""
    keys = ", ".join([period or "NULL", *(_group_sql(one, table) for one in dimensions)])
    return len(table.fetch(f"{keys}, count(*)", f"GROUP BY ALL LIMIT {limit + 1}"))


def _starts(periods: "pd.Series[Any]", grain: str | None) -> list[pd.Timestamp]:
    """The first moments of all periods from the first to the last, also of those without rows."""
    known = pd.to_datetime(periods).dropna()
    if grain is None or known.empty:
        return []
    return list(pd.date_range(known.min(), known.max(), freq=_STEPS[grain]))


def _packed(values: "np.ndarray[Any, Any] | None") -> str | None:
    if values is None:
        return None
    return base64.b64encode(values.astype(values.dtype.newbyteorder("<")).tobytes()).decode()
