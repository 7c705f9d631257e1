"""Counts over all rows of the typed dataset, by one scan each: distinct values, extent, length of texts."""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb

from .semantics import ColumnFacts
from .typing_pass import Typed

PREVIEW_ROWS = 5
PREVIEW_CHARS = 160


def facts_of(parquet: Path, names: list[str], typed: Typed, rows: int) -> list[ColumnFacts]:
    """Facts of every column of the dataset, exact, in column order."""
    with duckdb.connect() as connection:
        return [
            _facts(connection, parquet, name, kind.type, rows, rows - missing, kind.unit)
            for name, kind, missing in zip(names, typed.readings, typed.missing, strict=True)
        ]


def span_of(parquet: Path, name: str) -> tuple[dt.date, dt.date] | None:
    """First and last day of a date column; None when it has no values."""
    with duckdb.connect() as connection:
        query = f"SELECT min({_quoted(name)})::DATE, max({_quoted(name)})::DATE FROM read_parquet(?)"  # noqa: S608
        row = connection.execute(query, [str(parquet)]).fetchone()
    return (row[0], row[1]) if row and row[0] is not None else None


def preview_of(parquet: Path) -> list[list[Any]]:
    """The first rows as JSON values, dates in ISO notation, long texts cut to `PREVIEW_CHARS`."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT * FROM read_parquet(?) LIMIT ?", [str(parquet), PREVIEW_ROWS]
        ).fetchall()
    return [[cell.isoformat() if isinstance(cell, dt.date) else _shown(cell) for cell in row] for row in rows]


def _facts(
    connection: duckdb.DuckDBPyConnection,
    parquet: Path,
    name: str,
    kind: str,
    rows: int,
    present: int,
    unit: str | None,
) -> ColumnFacts:
    column = _quoted(name)
    numeric = kind in ("integer", "number")
    extra = (
        f"min({column})::DOUBLE, max({column})::DOUBLE, 0, 0, FALSE" if numeric else "NULL, NULL, 0, 0, FALSE"
    )
    if kind == "string":
        words = f"len(string_split(trim({column}), ' '))"
        key_like = f"bool_and(regexp_matches({column}, '^[A-Za-z0-9_#:/-]*[0-9][A-Za-z0-9_#:/-]*$'))"
        extra = f"NULL, NULL, avg(length({column})), avg({words}), {key_like}"
    query = f"SELECT count(DISTINCT {column}), {extra} FROM read_parquet(?)"  # noqa: S608 - the name is quoted
    row = connection.execute(query, [str(parquet)]).fetchone()
    if row is None:
        return ColumnFacts(name, kind, rows, present, 0, unit)
    distinct, low, high, length, words_mean, key = row
    return ColumnFacts(
        name,
        kind,
        rows,
        present,
        distinct,
        unit,
        _shown(low),
        _shown(high),
        length or 0.0,
        words_mean or 0.0,
        bool(key),
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _shown(value: Any) -> Any:
    if isinstance(value, str) and len(value) > PREVIEW_CHARS:
        return value[: PREVIEW_CHARS - 1] + "…"
    return None if isinstance(value, float) and (value != value or abs(value) == float("inf")) else value
