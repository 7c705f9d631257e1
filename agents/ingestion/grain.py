"""Keys and grain of a dataset: which columns name a row, over all rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb

from .sql import quoted

MAX_DIMENSIONS = 8
MAX_KEY_COLUMNS = 4
MIN_ROWS = 5
"""Below this many rows only an identifier is taken for a key."""
NEARLY = 0.98
"""A combination that names at least this share of rows uniquely is a key with violations, when it is not so by chance."""
_CHANCE_CELLS_PER_ROW = 3.0
"""A combination of which there could be more than this many per row is nearly unique by chance alone."""


Candidates = Mapping[str, tuple[str, int, int]]
"""Per column: semantic type, number of distinct values, number of missing values."""


@dataclass(frozen=True)
class Key:
    """`columns` name each row; `unique_share` below 1 says that `violations` rows repeat the key of another."""

    columns: tuple[str, ...]
    unique_share: float
    violations: int

    def as_data(self) -> dict[str, Any]:
        """The key as JSON."""
        return {
            "columns": list(self.columns),
            "unique_share": self.unique_share,
            "violations": self.violations,
        }


def find_keys(parquet: Path, rows: int, candidates: Candidates) -> list[Key]:
    """Minimal keys, the most natural first: identifiers, then dates with dimensions.

    Returns: exact keys when there are any, else nearly exact ones; at most 3.
    """
    if rows < 2:
        return []
    single = [
        Key((name,), distinct / rows, rows - distinct)
        for name, (semantic, distinct, missing) in candidates.items()
        if missing == 0
        and distinct == rows
        and (semantic == "identifier" or (rows >= MIN_ROWS and semantic in ("date", "category", "geo")))
    ]
    if single:
        order = {"identifier": 0, "date": 1}
        return sorted(single, key=lambda key: order.get(candidates[key.columns[0]][0], 2))[:3]
    nearly = [
        Key((name,), distinct / rows, rows - distinct)
        for name, (semantic, distinct, missing) in candidates.items()
        if semantic == "identifier" and not missing and distinct / rows >= 0.9
    ]
    combined = _combined(parquet, rows, candidates) if rows >= MIN_ROWS else []
    return (combined or sorted(nearly, key=lambda key: -key.unique_share))[:3]


def _combined(parquet: Path, rows: int, candidates: Candidates) -> list[Key]:
    roles = {"date": 0, "category": 1, "geo": 1, "identifier": 1, "boolean": 2}
    dimensions = sorted(
        (
            name
            for name, (semantic, distinct, missing) in candidates.items()
            if semantic in roles and distinct > 1 and not missing
        ),
        key=lambda name: (roles[candidates[name][0]], -candidates[name][1]),
    )[:MAX_DIMENSIONS]
    near: list[Key] = []
    with duckdb.connect() as connection:
        for size in range(2, MAX_KEY_COLUMNS + 1):
            exact: list[Key] = []
            for columns in combinations(dimensions, size):
                cells = 1
                for name in columns:
                    cells *= candidates[name][1]
                if cells < NEARLY * rows:
                    continue
                share = _distinct(connection, parquet, columns) / rows
                key = Key(columns, share, round(rows * (1 - share)))
                dense = cells <= _CHANCE_CELLS_PER_ROW * rows
                if share == 1 and (dense or candidates[columns[0]][0] in ("date", "identifier")):
                    exact.append(key)
                elif share >= NEARLY and dense:
                    near.append(key)
            if exact:
                return sorted(exact, key=lambda key: _cells(key, candidates))
            if near:
                return sorted(near, key=lambda key: -key.unique_share)
    return []


def _cells(key: Key, candidates: Candidates) -> int:
    cells = 1
    for name in key.columns:
        cells *= candidates[name][1]
    return cells


def _distinct(connection: duckdb.DuckDBPyConnection, parquet: Path, columns: tuple[str, ...]) -> int:
    listed = ", ".join(quoted(name) for name in columns)
    query = f"SELECT count(*) FROM (SELECT DISTINCT {listed} FROM read_parquet(?))"  # noqa: S608 - names are quoted
    row = connection.execute(query, [str(parquet)]).fetchone()
    return int(row[0]) if row else 0
