"""Tables and queries of a database as rows: which table is meant, and its rows in chunks."""

import re
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy
from sqlalchemy import Boolean, Inspector, inspect
from sqlalchemy.types import TypeEngine

from mesh.connections import Connection
from mesh.errors import BadInputError, NeedsInputError, NotFoundError
from mesh.language import Language, say
from mesh.selection import Selection

from .databases import open_database
from .landing import Landed, Limits, origin_of
from .rows import RowWriter
from .statements import checked_statement

CHUNK_ROWS = 20_000
_MAX_LISTED = 40
_HALF_WAY_ROWS = 200_000


@dataclass(frozen=True)
class Reading:
    """What to read: the statement, its name for people, and the positions of columns declared to be true or false."""

    statement: str
    name: str
    booleans: frozenset[int] = frozenset()


def table_names(database: sqlalchemy.Connection) -> list[str]:
    """The tables and views that the connection sees, by name; those of other schemas with their schema in front."""
    inspector = inspect(database)
    names = own_tables(inspector)
    if database.dialect.name == "postgresql":
        for schema in set(inspector.get_schema_names()) - {
            inspector.default_schema_name,
            "information_schema",
        }:
            names |= {f"{schema}.{name}" for name in own_tables(inspector, schema)}
    return sorted(names)


def own_tables(inspector: Inspector, schema: str | None = None) -> set[str]:
    """The tables and views of a schema, by default the one that the connection begins in."""
    return {*inspector.get_table_names(schema), *inspector.get_view_names(schema)}


def read_table(
    connection: Connection,
    selection: Selection,
    goal: str,
    folder: Path,
    limits: Limits,
    language: Language,
    progress: Callable[[float, str], None],
) -> Landed:
    """The rows of a selected table or query, as Parquet in `folder`. `goal` tells which table is meant when none is named.

    Raises: NeedsInputError when it does not, listing the tables; MeshError as `open_database` does.
    """
    with open_database(connection, limits.deadline_s) as database:
        reading = _reading(database, connection, selection, goal, language)
        options = {"stream_results": True, "no_parameters": True}
        with closing(database.exec_driver_sql(reading.statement, execution_options=options)) as result:
            writer = RowWriter(
                list(result.keys()), folder, size_bytes=limits.size_bytes, booleans=reading.booleans
            )
            for chunk in result.partitions(CHUNK_ROWS):
                left = None if limits.records is None else limits.records - writer.rows
                writer.add(chunk[:left])
                _tell(progress, writer.rows, reading.name, language)
                if left is not None and len(chunk) >= left:
                    break
    if not writer.rows:
        raise _without_rows(connection, reading, language)
    path = folder / "landed.parquet"
    writer.finish(path)
    limited = limits.records is not None and writer.rows >= limits.records
    what = "query" if selection.query else reading.name
    return Landed(path, reading.name, origin_of(connection, what, records=writer.rows, limited=limited))


def _tell(progress: Callable[[float, str], None], rows: int, name: str, language: Language) -> None:
    message = say(
        language,
        en="Read {rows:,} rows of {name}",
        ko="{name}에서 {rows:,}행을 읽었습니다",
        rows=rows,
        name=name,
    )
    progress(rows / (rows + _HALF_WAY_ROWS), message)


def _without_rows(connection: Connection, reading: Reading, language: Language) -> BadInputError:
    return BadInputError(
        say(
            language,
            en="{name} of the connection '{connection}' has no rows. Ask for another table, or a query that finds some.",
            ko="'{connection}' 연결의 {name}에 행이 없습니다. 다른 표나 행을 찾는 질의를 지정해 주십시오.",
            name=reading.name,
            connection=connection.name,
        )
    )


def _reading(
    database: sqlalchemy.Connection,
    connection: Connection,
    selection: Selection,
    goal: str,
    language: Language,
) -> Reading:
    if selection.query is not None:
        return Reading(checked_statement(selection.query, connection.kind), connection.name)
    names = table_names(database)
    table = _found(selection.table, names) if selection.table else meant_table(names, goal)
    if table is None:
        raise _which(connection, selection.table, names, language)
    inspector = inspect(database)
    schema, _, bare = ("", "", table) if table in own_tables(inspector) else table.rpartition(".")
    quoted = database.dialect.identifier_preparer.quote
    address = f"{quoted(schema)}.{quoted(bare)}" if schema else quoted(bare)
    columns = inspector.get_columns(bare, schema or None)
    declared = frozenset(i for i, column in enumerate(columns) if _is_boolean(column["type"]))
    # The statement's text is made of names that the database itself gave, quoted by its own rules.
    return Reading(f"SELECT * FROM {address}", table, declared)  # noqa: S608


def meant_table(names: Sequence[str], goal: str) -> str | None:
    """The table that a question is about: the only one there is, or the only one whose name it spells out."""
    if len(names) == 1:
        return names[0]
    said = []
    rest = goal
    for name in sorted(names, key=len, reverse=True):
        pattern = rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])"
        if re.search(pattern, rest):
            said.append(name)
            rest = re.sub(pattern, " ", rest)
    return said[0] if len(said) == 1 else None


def _found(wanted: str, names: Sequence[str]) -> str | None:
    if wanted in names:
        return wanted
    alike = [name for name in names if name.casefold() == wanted.casefold()]
    return alike[0] if len(alike) == 1 else None


def _is_boolean(type_: TypeEngine[object]) -> bool:
    """Declared BOOLEAN, or MySQL's TINYINT(1) and BIT(1), which stand for it."""
    width = getattr(type_, "display_width", None) or getattr(type_, "length", None)
    name = type(type_).__name__.upper()
    return isinstance(type_, Boolean) or (name in ("TINYINT", "BIT") and width == 1)


def _which(
    connection: Connection, wanted: str | None, names: Sequence[str], language: Language
) -> NeedsInputError | NotFoundError | BadInputError:
    values = {
        "name": connection.name,
        "count": len(names),
        "listed": ", ".join(names[:_MAX_LISTED]) + (", …" if len(names) > _MAX_LISTED else ""),
        "wanted": wanted,
    }
    if not names:
        return BadInputError(
            say(language, en="'{name}' has no tables.", ko="'{name}'에 표가 없습니다.", **values)
        )
    if wanted is not None:
        en = "There is no table '{wanted}' in '{name}'. There are: {listed}."
        ko = "'{name}'에 '{wanted}' 표가 없습니다. 있는 표: {listed}."
        return NotFoundError(say(language, en=en, ko=ko, **values))
    en = (
        "'{name}' has {count:,} tables: {listed}. Which one? Name it in the question, or say it with `table`."
    )
    ko = "'{name}'에 표가 {count:,}개 있습니다: {listed}. 어느 표인가요? 질문에 이름을 쓰거나 `table`로 지정해 주십시오."
    return NeedsInputError(say(language, en=en, ko=ko, **values))
