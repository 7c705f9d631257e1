"""Cells that held a text and are empty in the dataset: markers of a missing value, and what is no value of its column's type."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

MAX_CELLS = 1_000_000
"""So many are listed; all of them are counted in the load report."""
SCHEMA = pa.schema([("row", pa.int64()), ("column", pa.string()), ("text", pa.string())])


class EmptiedCells:
    """Collects the emptied cells of a table batch by batch."""

    def __init__(self) -> None:
        self._parts: list[pa.Table] = []
        self._cells = 0

    def note(self, name: str, raw: pa.Array, read: pa.Array, first_row: int) -> None:
        """Adds the cells of a batch's column that hold a text in `raw` and nothing in `read`; its rows begin at `first_row`."""
        if read.null_count <= raw.null_count or self._cells >= MAX_CELLS or not pa.types.is_string(raw.type):
            return
        written = pc.fill_null(
            pc.greater(pc.binary_length(pc.utf8_trim_whitespace(raw)), 0), fill_value=False
        )
        at = pc.indices_nonzero(pc.and_(read.is_null(), written)).cast(pa.int64())
        texts = raw.take(at)
        names = pa.repeat(pa.scalar(name), len(at))
        self._parts.append(pa.table([pc.add(at, first_row), names, texts], schema=SCHEMA))
        self._cells += len(at)

    def write(self, target: Path) -> Path | None:
        """The cells as Parquet (row from 1, column, text); None when there are none."""
        if not self._cells:
            return None
        pq.write_table(pa.concat_tables(self._parts), target, compression="zstd")
        return target
