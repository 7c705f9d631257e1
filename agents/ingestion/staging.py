"""First pass over a source: raw columns into a staging Parquet file, evidence about each text column on the way."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mesh.errors import BadInputError

from .batches import Source, tidy
from .interpretation import Evidence

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
        raise BadInputError("The source has no columns. Send a table with a header row and data rows.")
    if len(source.names) > MAX_COLUMNS:
        raise BadInputError(
            f"The source has {len(source.names):,} columns; {MAX_COLUMNS:,} is the limit. Is it transposed?"
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
        raise BadInputError(_no_rows(source))
    return staged


def _schema(types: list[pa.DataType]) -> pa.Schema:
    return pa.schema([(str(position), kind) for position, kind in enumerate(types)])


def _no_rows(source: Source) -> str:
    header = ", ".join(source.names[:10])
    facts: dict[str, Any] = {**source.details}
    where = f" (header in row {facts['header_row']}: {header})" if facts.get("header_row") else ""
    return f"The source has a header but no rows of data{where}. Send at least one row of data."
