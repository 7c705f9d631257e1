"""The values of columns that may be keys, compared by DuckDB: what matches, what is repeated, what stands alone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from mesh.results import Column

from .relating import Coercion, KeyPair, Sheet, Side
from .sql import literal, quoted, scan

MEMORY_LIMIT = "1GB"
_SKETCH = 2_000
_EXAMPLES = 3
_KEY_TYPES = {"integer", "string", "date", "datetime"}
_AMOUNTS = {"measure", "intensive", "count", "boolean"}
_FOLDED = r"lower(trim(regexp_replace(nfc_normalize({text}), '\s+', ' ', 'g')))"
_CANONICAL = (
    rf"CASE WHEN regexp_full_match({_FOLDED}, '\d+') THEN coalesce(nullif(ltrim({_FOLDED}, '0'), ''), '0') "
    rf"ELSE {_FOLDED} END"
)


@contextmanager
def engine(workdir: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB of bounded memory that spills into `workdir` and reads Parquet files."""
    connection = duckdb.connect(":memory:")
    try:
        connection.execute(f"SET memory_limit='{MEMORY_LIMIT}'")
        connection.execute("SET threads=2")
        connection.execute(f"SET temp_directory={literal(str(workdir / 'duckdb'))}")
        yield connection
    finally:
        connection.close()


def key_text(column: str, *, coerced: bool) -> str:
    """The SQL text by which a key's values are compared: as written, or without case, outer spaces and leading zeros."""
    text = f"CAST({column} AS VARCHAR)"
    return _CANONICAL.format(text=text) if coerced else text


def may_be_key(column: Column) -> bool:
    """Whether a column's type and meaning allow it to identify something."""
    return column.type in _KEY_TYPES and (column.type == "string" or column.semantic not in _AMOUNTS)


@dataclass(frozen=True)
class _Sketch:
    """The smallest hashes of a column's distinct values: two of them tell how much two columns overlap."""

    hashes: frozenset[int]
    whole: bool

    def contained_in(self, other: "_Sketch") -> float:
        """The share of this column's distinct values that the other has, as far as the sketches tell."""
        bounds = [max(item.hashes) for item in (self, other) if not item.whole and item.hashes]
        limit = min(bounds) if bounds else None
        mine = {value for value in self.hashes if limit is None or value <= limit}
        return len(mine & other.hashes) / len(mine) if mine else 0.0


class KeyIndex:
    """Distinct values of key columns, read once each and kept in the engine."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, sheets: Sequence[Sheet]) -> None:
        self._connection = connection
        self._sheets = sheets
        self._tables: dict[tuple[int, tuple[str, ...], bool], str] = {}
        self._sketches: dict[tuple[int, str], _Sketch] = {}

    def overlap(self, left: tuple[int, str], right: tuple[int, str]) -> float:
        """About which share of the distinct values of one column the other has, in the better direction."""
        first, second = self._sketch(*left), self._sketch(*right)
        return max(first.contained_in(second), second.contained_in(first))

    def sides(self, left: int, right: int, keys: Sequence[KeyPair], *, coerced: bool) -> tuple[Side, Side]:
        """Both sides of a join on `keys`, exactly."""
        first = self._distinct(left, tuple(key.left for key in keys), coerced=coerced)
        second = self._distinct(right, tuple(key.right for key in keys), coerced=coerced)
        return self._side(left, first, second), self._side(right, second, first)

    def coercions(self, left: int, right: int, key: KeyPair, *, coerced: bool) -> tuple[Coercion, ...]:
        """In what the values of two columns that match differ: their types, and, where they are `coerced`, their writing."""
        types = {self._type(left, key.left), self._type(right, key.right)}
        found: list[Coercion] = ["type"] if len(types) > 1 else []
        if coerced:
            first = self._distinct(left, (key.left,), coerced=True)
            second = self._distinct(right, (key.right,), coerced=True)
            alike = f"{_FOLDED.format(text='a.raw')} = {_FOLDED.format(text='b.raw')}"
            case_space, zeros = self._connection.execute(
                f"SELECT coalesce(bool_or(a.raw <> b.raw AND {alike}), false), coalesce(bool_or(NOT {alike}), false) "  # noqa: S608
                f"FROM {first} a JOIN {second} b USING (key)"
            ).fetchall()[0]
            found += ["case_space"] if case_space else []
            found += ["zero_padding"] if zeros else []
        return tuple(found)

    def _type(self, place: int, name: str) -> str:
        return next(column.type for column in self._sheets[place].columns if column.name == name)

    def _side(self, place: int, own: str, other: str) -> Side:
        counts = self._connection.execute(
            "SELECT coalesce(sum(a.n), 0), coalesce(sum(a.n) FILTER (b.key IS NOT NULL), 0), "  # noqa: S608
            "count(*) FILTER (b.key IS NOT NULL), count(*) FILTER (b.key IS NULL), count(*) FILTER (a.n > 1) "
            f"FROM {own} a LEFT JOIN {other} b USING (key)"
        ).fetchone()
        examples = self._connection.execute(
            f"SELECT raw FROM {own} a ANTI JOIN {other} b USING (key) ORDER BY n DESC, raw LIMIT {_EXAMPLES}"  # noqa: S608
        ).fetchall()
        keyed, matched, matched_keys, orphans, repeated = (int(value) for value in counts or [0] * 5)
        return Side(
            self._sheets[place].rows,
            keyed,
            matched,
            matched_keys,
            orphans,
            repeated,
            tuple(text for (text,) in examples),
        )

    def _distinct(self, place: int, columns: tuple[str, ...], *, coerced: bool) -> str:
        """The table of a key's distinct values: `key`, `raw` as written, `n` rows; rows with a gap in it are left out."""
        known = self._tables.get((place, columns, coerced))
        if known is not None:
            return known
        table = f"keys_{len(self._tables)}"
        # The text of a number is as it must be already; folding it would only cost time.
        texts = [
            key_text(quoted(column), coerced=coerced and self._type(place, column) != "integer")
            for column in columns
        ]
        raw = " || ' · ' || ".join(f"CAST({quoted(column)} AS VARCHAR)" for column in columns)
        key = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
        complete = " AND ".join(f"{quoted(column)} IS NOT NULL" for column in columns)
        self._connection.execute(
            f"CREATE TEMP TABLE {table} AS SELECT {key} AS key, min({raw}) AS raw, count(*) AS n "  # noqa: S608
            f"FROM {scan(self._sheets[place].path)} WHERE {complete} GROUP BY 1"
        )
        self._tables[place, columns, coerced] = table
        return table

    def _sketch(self, place: int, column: str) -> _Sketch:
        if (place, column) not in self._sketches:
            table = self._distinct(place, (column,), coerced=True)
            rows = self._connection.execute(
                f"SELECT hash(key) AS h FROM {table} ORDER BY h LIMIT {_SKETCH}"  # noqa: S608
            ).fetchall()
            found = frozenset(value for (value,) in rows)
            self._sketches[place, column] = _Sketch(found, whole=len(rows) < _SKETCH)
        return self._sketches[place, column]
