"""Parquet files as batches: typed columns pass through, text columns are read like any other text."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .account import Account
from .batches import BATCH_ROWS, Batch, Source
from .dialect import unique_names
from .refusal import SourceRefused


def open_parquet(path: Path) -> Source:
    """A Parquet file as a source.

    Raises: BadInputError when it is damaged or has no columns.
    """
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise SourceRefused(
            "The Parquet file is damaged ({error}). Write it again and send it again.",
            "Parquet 파일이 손상되었습니다({error}). 파일을 다시 저장해 보내 주십시오.",
            error=error,
        ) from error
    fields = [f for f in file.schema_arrow if not f.name.startswith("__index_level_")]
    if not fields:
        raise SourceRefused("The Parquet file has no columns.", "Parquet 파일에 열이 없습니다.")
    account = Account()
    total = max(1, file.metadata.num_rows)

    def batches() -> Iterator[Batch]:
        with file:
            for batch in file.iter_batches(BATCH_ROWS, columns=[f.name for f in fields]):
                account.read += batch.num_rows
                yield [plain(column) for column in batch.columns]

    details = {"format": "Parquet", "row_groups": file.metadata.num_row_groups}
    return Source(
        unique_names([f.name for f in fields]), batches(), account, details, lambda: account.read / total
    )


def plain(column: pa.Array) -> pa.Array:
    """The column in one of the mesh's physical types: int64, float64, bool, date32, timestamp[us], else text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return plain(column.dictionary_decode())
    if pa.types.is_boolean(kind) or pa.types.is_date32(kind) or pa.types.is_string(kind):
        return column
    if pa.types.is_uint64(kind) or pa.types.is_decimal(kind) or pa.types.is_floating(kind):
        return column.cast(pa.float64(), safe=False)
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
