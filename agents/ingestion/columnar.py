"""Parquet, Feather and Arrow IPC files as batches: typed columns pass through, text columns are read like any other text."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

from .account import Account
from .batches import BATCH_ROWS, Batch, Found, Plain, Source, numbered
from .headers import unique_names
from .refusal import SourceRefused

_INDEX_COLUMN = "__index_level_"


def parquet_tables(path: Path, name: str) -> list[Found]:
    """A Parquet file as the one table that it is; opening it raises BadInputError when it is damaged or has no columns."""
    return [Found(name, partial(_open_parquet, path))]


def arrow_tables(path: Path, name: str) -> list[Found]:
    """An Arrow IPC file or stream (Feather version 2 is one), as `parquet_tables`."""
    return [Found(name, partial(_open_arrow, path))]


def _open_parquet(path: Path, plain: Plain) -> Source:
    del plain
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise _damaged("Parquet", error) from error
    fields = _columns(file.schema_arrow, "Parquet")

    def batches() -> Iterator[pa.RecordBatch]:
        with file:
            yield from file.iter_batches(BATCH_ROWS, columns=fields)

    details = {"format": "Parquet", "row_groups": file.metadata.num_row_groups}
    return _source(fields, batches(), file.metadata.num_rows, details)


def _open_arrow(path: Path, plain: Plain) -> Source:
    del plain
    stream = pa.memory_map(str(path))
    try:
        reader = ipc.open_file(stream) if _is_file(path) else ipc.open_stream(stream)
        fields = _columns(reader.schema, "Arrow")
    except (pa.ArrowInvalid, OSError) as error:
        raise _damaged("Arrow", error) from error

    def batches() -> Iterator[pa.RecordBatch]:
        with stream:
            several = (
                (reader.get_batch(i) for i in range(reader.num_record_batches)) if _is_file(path) else reader
            )
            for batch in several:
                chosen = batch.select(fields)
                for start in range(0, batch.num_rows, BATCH_ROWS):
                    yield chosen.slice(start, BATCH_ROWS)

    return _source(fields, batches(), None, {"format": "Arrow"})


def _is_file(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(6) == b"ARROW1"


def _columns(schema: pa.Schema, form: str) -> list[str]:
    fields = [f.name for f in schema if not f.name.startswith(_INDEX_COLUMN)]
    if not fields:
        raise SourceRefused("The {form} file has no columns.", "{form} 파일에 열이 없습니다.", form=form)
    return fields


def _damaged(form: str, error: Exception) -> SourceRefused:
    return SourceRefused(
        "The {form} file is damaged ({error}). Write it again and send it again.",
        "{form} 파일이 손상되었습니다({error}). 파일을 다시 저장해 보내 주십시오.",
        form=form,
        error=error,
    )


def _source(
    fields: list[str], several: Iterator[pa.RecordBatch], total: int | None, details: dict[str, Any]
) -> Source:
    account = Account()

    def batches() -> Iterator[Batch]:
        for batch in several:
            first = account.read + 1
            account.read += batch.num_rows
            yield numbered([plain_column(column) for column in batch.columns], first)

    def consumed() -> float:
        return account.read / total if total else 0.0

    return Source(unique_names(fields), batches(), account, details, [], consumed)


def plain_column(column: pa.Array) -> pa.Array:
    """The column in one of the mesh's physical types: int64, float64, bool, date32, timestamp[us], else text.

    A number that is NaN is a missing value, as it is in text.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        return plain_column(column.dictionary_decode())
    if pa.types.is_boolean(kind) or pa.types.is_date32(kind) or pa.types.is_string(kind):
        return column
    if pa.types.is_uint64(kind) or pa.types.is_decimal(kind) or pa.types.is_floating(kind):
        numbers = column.cast(pa.float64(), safe=False)
        return pc.if_else(pc.is_nan(numbers), pa.scalar(None, pa.float64()), numbers)
    if pa.types.is_integer(kind):
        return column.cast(pa.int64())
    if pa.types.is_timestamp(kind):
        local = pc.local_timestamp(column) if kind.tz else column
        return local.cast(pa.timestamp("us"), safe=False)
    if pa.types.is_date(kind):
        return column.cast(pa.date32())
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return column.cast(pa.string())
    return pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())
