"""Columns with neither a name nor a value: what separators at the ends of all lines, or a gap on a sheet, leave."""

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .writing import Written


def without_unnamed(table: Written) -> Written:
    """The table without such columns; their number is in the source's details."""
    header = table.source.header
    kept = [
        position
        for position, missing in enumerate(table.missing)
        if missing < table.rows or any("".join(row[position : position + 1]).strip() for row in header)
    ]
    if not header or not kept or len(kept) == len(table.missing):
        return table
    names = [table.source.names[position] for position in kept]
    _keep_columns(table.path, names)
    details = {**table.source.details, "unnamed_columns": len(table.missing) - len(kept)}
    return replace(
        table,
        source=replace(table.source, names=names, details=details),
        evidence=[table.evidence[position] for position in kept],
        readings=[table.readings[position] for position in kept],
        missing=[table.missing[position] for position in kept],
        unreadable=[table.unreadable[position] for position in kept],
    )


def _keep_columns(path: Path, names: list[str]) -> None:
    """Write the Parquet file anew with these columns only, one row group after another."""
    target = path.with_suffix(".kept")
    with pq.ParquetFile(path) as file:
        schema = pa.schema([file.schema_arrow.field(name) for name in names])
        with pq.ParquetWriter(target, schema, compression="zstd") as writer:
            for group in range(file.metadata.num_row_groups):
                writer.write_table(file.read_row_group(group, columns=names))
    target.replace(path)
