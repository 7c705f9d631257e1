"""Counts over all rows of the typed dataset, by one scan: distinct values, extent, length of texts."""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .contents import content_of
from .semantics import ColumnFacts
from .sql import quoted
from .writing import Written

PREVIEW_ROWS = 5
PREVIEW_CHARS = 160
EXACT_ROWS = 1_000_000
"""Above this many rows distinct values are estimated (HyperLogLog, about 2 % off), but for columns that may be keys."""
_SAMPLE_ROWS = 100_000
_SAMPLE_VALUES = 200
_NEARLY_UNIQUE = 0.9
_MEMORY = "400MB"
_PER_QUERY = 60
"""Expressions per scan: exact counts of many columns at once would need much memory."""


def facts_of(table: Written) -> list[ColumnFacts]:
    """Facts of every column of the dataset, in column order."""
    exact = table.rows <= EXACT_ROWS
    with connected(table.path.parent) as connection:
        counts = _counted(connection, table, exact=exact)
        facts = []
        for position, (name, reading) in enumerate(zip(table.source.names, table.readings, strict=True)):
            present = table.rows - table.missing[position]
            distinct, low, high = counts[position * 3 : position * 3 + 3]
            estimated = not exact
            if estimated and reading.type != "number" and distinct >= _NEARLY_UNIQUE * present > 0:
                distinct, estimated = _exactly(connection, table, name, present), False
            length, words, key = (
                _texture(connection, table, name) if reading.type == "string" else (0, 0, False)
            )
            facts.append(
                ColumnFacts(
                    name,
                    reading.type,
                    table.rows,
                    present,
                    min(distinct, present),
                    reading.unit,
                    _shown(low),
                    _shown(high),
                    length or 0.0,
                    words or 0.0,
                    looks_like_key=bool(key),
                    estimated=estimated,
                    content=content_of(_some_values(connection, table, name))
                    if reading.type == "string"
                    else "",
                )
            )
    return facts


def connected(folder: Path) -> duckdb.DuckDBPyConnection:
    """A connection of bounded memory that spills into `folder`."""
    connection = duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": str(folder / "spill")})
    connection.execute("SET enable_progress_bar = false; SET preserve_insertion_order = false")
    return connection


def span_of(parquet: Path, name: str) -> tuple[dt.date, dt.date] | None:
    """First and last day of a date column; None when it has no values."""
    with duckdb.connect() as connection:
        query = f"SELECT min({quoted(name)})::DATE, max({quoted(name)})::DATE FROM read_parquet(?)"  # noqa: S608
        row = connection.execute(query, [str(parquet)]).fetchone()
    return (row[0], row[1]) if row and row[0] is not None else None


def preview_of(parquet: Path) -> list[list[Any]]:
    """The first rows as JSON values, dates in ISO notation, long texts cut to `PREVIEW_CHARS`."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT * FROM read_parquet(?) LIMIT ?", [str(parquet), PREVIEW_ROWS]
        ).fetchall()
    return [[cell.isoformat() if isinstance(cell, dt.date) else _shown(cell) for cell in row] for row in rows]


def _counted(connection: duckdb.DuckDBPyConnection, table: Written, *, exact: bool) -> tuple[Any, ...]:
    """Distinct values, least and greatest number of each column, one after the other."""
    parts = []
    for name, reading in zip(table.source.names, table.readings, strict=True):
        column = quoted(name)
        parts.append(f"count(DISTINCT {column})" if exact else f"approx_count_distinct({column})")
        numeric = reading.type in ("integer", "number")
        parts += [f"min({column})::DOUBLE", f"max({column})::DOUBLE"] if numeric else ["NULL", "NULL"]
    result: list[Any] = []
    for start in range(0, len(parts), _PER_QUERY):
        query = f"SELECT {', '.join(parts[start : start + _PER_QUERY])} FROM read_parquet(?)"  # noqa: S608 - names are quoted
        result += connection.execute(query, [str(table.path)]).fetchone() or ()
    return tuple(result)


def _exactly(connection: duckdb.DuckDBPyConnection, table: Written, name: str, present: int) -> int:
    """The number of distinct values of a column that has nearly as many as rows."""
    if present == table.rows and _rises(table.path, name):
        return present
    query = f"SELECT count(DISTINCT {quoted(name)}) FROM read_parquet(?)"  # noqa: S608 - the name is quoted
    row = connection.execute(query, [str(table.path)]).fetchone()
    return int(row[0]) if row else 0


def _rises(parquet: Path, name: str) -> bool:
    """Is each value greater than the one above it? Then all are different."""
    last = None
    with pq.ParquetFile(parquet) as file:
        for group in range(file.metadata.num_row_groups):
            values = file.read_row_group(group, columns=[name]).column(0)
            if (last is not None and values[0].as_py() <= last) or not pc.all(
                pc.greater(values[1:], values[:-1])
            ).as_py():
                return False
            last = values[-1].as_py()
    return True


def _texture(
    connection: duckdb.DuckDBPyConnection, table: Written, name: str
) -> tuple[float | None, float | None, bool | None]:
    """Mean length and number of words of the first texts of a column, and whether all look like keys."""
    column = quoted(name)
    words = f"len(string_split(trim({column}), ' '))"
    key_like = f"bool_and(regexp_matches({column}, '^[A-Za-z0-9_#:/-]*[0-9][A-Za-z0-9_#:/-]*$'))"
    query = (
        f"SELECT avg(length({column})), avg({words}), {key_like} "  # noqa: S608 - the name is quoted
        f"FROM (SELECT {column} FROM read_parquet(?) LIMIT {_SAMPLE_ROWS})"
    )
    row = connection.execute(query, [str(table.path)]).fetchone()
    return row if row else (None, None, None)


def _some_values(connection: duckdb.DuckDBPyConnection, table: Written, name: str) -> list[str]:
    query = (
        f"SELECT DISTINCT v FROM (SELECT {quoted(name)} AS v FROM read_parquet(?) LIMIT {_SAMPLE_ROWS}) "  # noqa: S608
        f"WHERE v IS NOT NULL ORDER BY v LIMIT {_SAMPLE_VALUES}"
    )
    return [row[0] for row in connection.execute(query, [str(table.path)]).fetchall()]


def _shown(value: Any) -> Any:
    if isinstance(value, str) and len(value) > PREVIEW_CHARS:
        return value[: PREVIEW_CHARS - 1] + "…"
    return None if isinstance(value, float) and (value != value or abs(value) == float("inf")) else value
