"""First pass over a source: raw columns into a staging Parquet file, evidence about each text column on the way."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .batches import Source, tidy
from .interpretation import Evidence
from .refusal import SourceRefused

MAX_COLUMNS = 10_000


class Staged:
    """What the first pass leaves: the staging file, and per column its evidence (None where the source has types)."""

    def __init__(self, path: Path, source: Source) -> None:
        self.path = path
        self.source = source
        self.rows = 0
        self.types: list[pa.DataType] = []
        self.evidence: list[Evidence | None] = []


def stage(source: Source, path: Path, progress: Callable[[float], None]) -> Staged:
    """Consume a source into `path`; memory is that of one batch.

    Args: `progress` gets the fraction of the source's bytes that has been read.
    Raises: BadInputError when there is no column or no row of data.
    """
    staged = Staged(path, source)
    if not source.names:
        raise SourceRefused(
            "The source has no columns. Send a table with a header row and data rows.",
            "원본에 열이 없습니다. 머리글 행과 데이터 행이 있는 표를 보내 주십시오.",
        )
    if len(source.names) > MAX_COLUMNS:
        raise SourceRefused(
            "The source has {columns:,} columns; {limit:,} is the limit. Is it transposed?",
            "원본의 열이 {columns:,}개로 한도 {limit:,}개를 넘습니다. 행과 열이 바뀐 것은 아닌지 확인해 주십시오.",
            columns=len(source.names),
            limit=MAX_COLUMNS,
        )
    writer: pq.ParquetWriter | None = None
    try:
        for batch in tidy(source):
            if writer is None:
                staged.types = [column.type for column in batch]
                staged.evidence = [Evidence() if pa.types.is_string(t) else None for t in staged.types]
                writer = pq.ParquetWriter(path, _schema(staged.types), compression="lz4")
            for evidence, column in zip(staged.evidence, batch, strict=True):
                if evidence is not None:
                    evidence.add(column)
            record_batch = pa.record_batch(batch, schema=_schema(staged.types))
            writer.write_batch(record_batch)
            staged.rows += record_batch.num_rows
            progress(source.fraction())
    finally:
        if writer is not None:
            writer.close()
    if staged.rows == 0:
        raise _without_rows(source)
    return staged


def _schema(types: list[pa.DataType]) -> pa.Schema:
    return pa.schema([(str(position), kind) for position, kind in enumerate(types)])


def _without_rows(source: Source) -> SourceRefused:
    row = source.details.get("header_row")
    if not row:
        return SourceRefused(
            "The source has a header but no rows of data. Send at least one row of data.",
            "원본에 머리글만 있고 데이터 행이 없습니다. 데이터를 한 행 이상 보내 주십시오.",
        )
    return SourceRefused(
        "The source has a header but no rows of data (header in row {row}: {header}). Send at least one row of data.",
        "원본에 머리글만 있고 데이터 행이 없습니다({row}번째 행의 머리글: {header}). 데이터를 한 행 이상 보내 주십시오.",
        row=row,
        header=", ".join(source.names[:10]),
    )
