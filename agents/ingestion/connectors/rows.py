"""Rows of Python values, as drivers give them, to one typed Parquet file.

The type of a column is the narrowest that holds all its values; what has no type of its own becomes text.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mesh.errors import TooLargeError
from mesh.language import refused

_TYPES: dict[str, pa.DataType] = {
    "null": pa.null(),
    "boolean": pa.bool_(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
    "string": pa.string(),
}
_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    Decimal: "number",
    date: "date",
    datetime: "datetime",
}
_WIDER = ({"boolean", "integer", "number"}, {"date", "datetime"})
_TRUTH = {0: False, 1: True, b"\x00": False, b"\x01": True, "0": False, "1": True}
_SHOWN_BYTES = 4096


class RowWriter:
    """Takes rows in chunks and keeps only the current one in memory.

    Args: `names` are the columns, `folder` is for intermediate files, `booleans` are the positions of columns that the
    database declares to be true or false.
    """

    def __init__(
        self, names: Sequence[str], folder: Path, *, size_bytes: int, booleans: Collection[int] = ()
    ) -> None:
        self.names = _distinct(names)
        self.rows = 0
        self._folder = folder
        self._booleans = booleans
        self._left_bytes = size_bytes
        self._limit_bytes = size_bytes
        self._kinds = ["null"] * len(self.names)
        self._pieces: list[Path] = []

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Takes a chunk of rows. Raises: TooLargeError once all of them are over the limit."""
        columns = [
            _column(_as_truth(values) if position in self._booleans else values)
            for position, values in enumerate(zip(*rows, strict=True))
        ]
        self._kinds = [_joined({old, new}) for old, (new, _) in zip(self._kinds, columns, strict=True)]
        table = pa.table([array for _, array in columns], names=[str(i) for i in range(len(columns))])
        self._left_bytes -= table.nbytes
        if self._left_bytes < 0:
            raise refused(
                TooLargeError,
                en="The data is larger than the limit of {limit:,} bytes (MESH_MAX_UPLOAD_BYTES). "
                "Ask for less: with a query, a filter or a limit.",
                ko="데이터가 한도 {limit:,}바이트(MESH_MAX_UPLOAD_BYTES)를 넘습니다. 질의, 필터, limit로 줄여 주십시오.",
                limit=self._limit_bytes,
            )
        path = self._folder / f"rows-{len(self._pieces)}.arrow"
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
        self._pieces.append(path)
        self.rows += len(rows)

    def finish(self, target: Path) -> None:
        """Writes everything to the Parquet file `target` and removes the intermediate files."""
        types = [_TYPES[kind if kind != "null" else "string"] for kind in self._kinds]
        schema = pa.schema(list(zip(self.names, types, strict=True)))
        with pq.ParquetWriter(target, schema, compression="zstd") as writer:
            for path in self._pieces:
                with pa.memory_map(str(path)) as file:
                    table = pa.ipc.open_file(file).read_all()
                    columns = [c.cast(t) for c, t in zip(table.columns, types, strict=True)]
                    writer.write_table(pa.table(columns, schema=schema))
                path.unlink()


def _column(values: Sequence[Any]) -> tuple[str, pa.Array]:
    kind = _joined({_KINDS.get(type_, "string") for type_ in set(map(type, values))})
    if kind == "integer":
        try:
            return kind, pa.array([None if v is None else int(v) for v in values], pa.int64())
        except OverflowError:
            kind = "number"
    if kind == "number":
        floats = [None if v is None else float(v) for v in values]
        return kind, pa.array(floats, pa.float64(), from_pandas=True)
    if kind == "datetime":
        return kind, pa.array([_moment(v) for v in values], pa.timestamp("us"))
    if kind == "string":
        return kind, pa.array([_text(v) for v in values], pa.string())
    return kind, pa.array(values, _TYPES[kind])


def _joined(kinds: Iterable[str]) -> str:
    """The narrowest kind that holds values of all `kinds`."""
    told = set(kinds) - {"null"}
    if len(told) <= 1:
        return next(iter(told), "null")
    for family in _WIDER:
        if told <= family:
            return next(kind for kind in ("number", "integer", "datetime") if kind in told)
    return "string"


def _as_truth(values: Sequence[Any]) -> Sequence[Any]:
    """Declared booleans as such; the values as they are when one of them is neither true nor false."""
    if any(v is not None and v not in _TRUTH for v in values):
        return values
    return [None if v is None else _TRUTH[v] for v in values]


def _moment(value: date | datetime | None) -> datetime | None:
    """A point in time without a zone: in UTC when it had one."""
    if value is None:
        return None
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a column without zones
    return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return _text_of_bytes(bytes(value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _text_of_bytes(value: bytes) -> str:
    try:
        return value.decode() if len(value) <= _SHOWN_BYTES else f"({len(value):,} bytes)"
    except UnicodeDecodeError:
        return f"({len(value):,} bytes)"


def _distinct(names: Sequence[str]) -> list[str]:
    """The names, with `_2`, `_3`, … where one repeats (joined tables), and a number where one is empty."""
    taken: set[str] = set()
    distinct = []
    for position, name in enumerate(names, start=1):
        base = str(name).strip() or f"column_{position}"
        candidate, count = base, 1
        while candidate in taken:
            count += 1
            candidate = f"{base}_{count}"
        taken.add(candidate)
        distinct.append(candidate)
    return distinct
