"""Carrying out a combination: one Parquet file of all tables, with as many rows as there must be."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from mesh.results import Column

from .relating import Combination, Join, KeyPair, Sheet
from .relating_choice import fold
from .relating_keys import key_text
from .sql import literal, quoted, scan

SOURCE_COLUMN = "source"
_ADDS_UP = {"measure", "count"}
_WIDER = {frozenset({"integer", "number"}): "number", frozenset({"date", "datetime"}): "datetime"}
_SQL_TYPES = {"string": "VARCHAR", "number": "DOUBLE", "datetime": "TIMESTAMP"}


class RowCountError(Exception):
    """A join that multiplied or lost rows though its key was unique."""


@dataclass(frozen=True)
class Added:
    """A column that a join added: of which table, under which name there and here.

    `repeated`: it adds up in its own table and no longer does here, where one of its values stands in several rows.
    """

    table: str
    name: str
    called: str
    repeated: bool


@dataclass(frozen=True)
class Combined:
    """The one table on disk."""

    sheet: Sheet
    added: list[Added]


def stack(connection: duckdb.DuckDBPyConnection, sheets: Sequence[Sheet], target: Path) -> Sheet:
    """Tables of one schema below each other, with a column that names the table each row is from.

    A column whose types differ takes the wider one, text at worst. Row order: the tables as given, each in its own order.
    Raises: RowCountError when the result has not the sum of the rows.
    """
    first = sheets[0]
    label = _free(SOURCE_COLUMN, {column.name for column in first.columns})
    columns = [_wider([_like(sheet, column) for sheet in sheets], column.name) for column in first.columns]
    parts = []
    for place, sheet in enumerate(sheets):
        cells = [
            f"CAST({quoted(_like(sheet, column).name)} AS {_SQL_TYPES[column.type]}) AS {quoted(column.name)}"
            if _like(sheet, column).type != column.type
            else f"{quoted(_like(sheet, column).name)} AS {quoted(column.name)}"
            for column in columns
        ]
        origin = scan(sheet.path, file_row_number="true")
        parts.append(
            f"SELECT {', '.join(cells)}, {literal(sheet.name)} AS {quoted(label)}, {place} AS p__, file_row_number AS r__ "  # noqa: S608
            f"FROM {origin}"
        )
    names = ", ".join(quoted(name) for name in [*(column.name for column in columns), label])
    query = f"SELECT {names} FROM ({' UNION ALL '.join(parts)}) ORDER BY p__, r__"  # noqa: S608
    rows = sum(sheet.rows for sheet in sheets)
    _write(connection, query, target, rows)
    made = [*columns, Column(name=label, type="string", semantic="category", nullable=False)]
    return Sheet(_name_of([sheet.name for sheet in sheets]), target, made, rows)


def join(
    connection: duckdb.DuckDBPyConnection, sheets: Sequence[Sheet], plan: Combination, target: Path
) -> Combined:
    """The root's rows, in their order, with the columns of every joined table; gaps where a row has no partner.

    Args: `sheets` are the plan's stacks. A joined table's key is left out, for it says what the other says; a name that is
    taken gets the table's name before it.
    Raises: RowCountError when the result has not the rows of the root.
    """
    root = sheets[plan.root]
    columns, added = list(root.columns), list[Added]()
    cells = [f"t{plan.root}.{quoted(column.name)}" for column in root.columns]
    origin = f"{scan(root.path, file_row_number='true')} t{plan.root}"
    for way in plan.joins:
        other = sheets[way.right]
        keys = {key.right for key in way.keys}
        for column in other.columns:
            if column.name in keys:
                continue
            called = _free(column.name, {item.name for item in columns}, other.name)
            repeated = way.cardinality == "n:1" and column.semantic in _ADDS_UP
            cells.append(f"t{way.right}.{quoted(column.name)} AS {quoted(called)}")
            columns.append(_joined_column(column, called, way, repeated=repeated))
            added.append(Added(other.name, column.name, called, repeated))
        condition = " AND ".join(_equal(way, key) for key in way.keys)
        origin += f" LEFT JOIN {scan(other.path)} t{way.right} ON {condition}"
    query = f"SELECT {', '.join(cells)} FROM {origin} ORDER BY t{plan.root}.file_row_number"  # noqa: S608
    _write(connection, query, target, root.rows)
    name = _name_of([root.name, *(sheets[way.right].name for way in plan.joins)])
    return Combined(Sheet(name, target, columns, root.rows), added)


def _equal(way: Join, key: KeyPair) -> str:
    left, right = f"t{way.left}.{quoted(key.left)}", f"t{way.right}.{quoted(key.right)}"
    return f"{key_text(left, coerced=key.coerced)} = {key_text(right, coerced=key.coerced)}"


def _joined_column(column: Column, called: str, way: Join, *, repeated: bool) -> Column:
    """The column as it is after the join; `repeated` values do not add up any more."""
    gaps = way.of_left.matched < way.of_left.rows
    update: dict[str, object] = {"name": called, "nullable": column.nullable or gaps}
    return column.model_copy(update=update | ({"semantic": "intensive"} if repeated else {}))


def _write(connection: duckdb.DuckDBPyConnection, query: str, target: Path, rows: int) -> None:
    connection.execute(f"COPY ({query}) TO {literal(str(target))} (FORMAT parquet, COMPRESSION zstd)")
    counted = connection.execute(f"SELECT count(*) FROM {scan(target)}").fetchone()  # noqa: S608
    if counted is None or counted[0] != rows:
        raise RowCountError(
            f"The combined table has {counted[0] if counted else 0:,} rows instead of {rows:,}."
        )


def _like(sheet: Sheet, column: Column) -> Column:
    return next(item for item in sheet.columns if fold(item.name) == fold(column.name))


def _wider(columns: Sequence[Column], name: str) -> Column:
    types = {column.type for column in columns}
    type_ = columns[0].type if len(types) == 1 else _WIDER.get(frozenset(types), "string")
    meanings = {column.semantic for column in columns}
    semantic = columns[0].semantic if len(meanings) == 1 or type_ == columns[0].type else "unknown"
    nullable = any(column.nullable for column in columns)
    return columns[0].model_copy(
        update={"name": name, "type": type_, "semantic": semantic, "nullable": nullable}
    )


def _free(name: str, taken: set[str], table: str = "") -> str:
    """The name, or when it is taken one with the table's name before it, or a number behind it."""
    folded = {fold(item) for item in taken}
    if fold(name) not in folded:
        return name
    better = f"{table}_{name}" if table else name
    place = 2
    found = better
    while fold(found) in folded:
        found, place = f"{better}_{place}", place + 1
    return found


def _name_of(names: Sequence[str]) -> str:
    shown = list(dict.fromkeys(names))
    return " + ".join(shown[:3]) + (f" + {len(shown) - 3}" if len(shown) > 3 else "")
