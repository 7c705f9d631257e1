"""Second pass: the staging file becomes the typed dataset, row group by row group."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from . import markers
from .batches import BATCH_ROWS
from .conversion import ARROW_TYPES, convert
from .interpretation import Evidence, Reading, interpret, uses_decimal_comma
from .staging import Staged

_BUILT_IN: tuple[tuple[str, Callable[[pa.DataType], bool]], ...] = (
    ("boolean", pa.types.is_boolean),
    ("integer", pa.types.is_integer),
    ("number", pa.types.is_floating),
    ("date", pa.types.is_date),
    ("datetime", pa.types.is_timestamp),
)


@dataclass(frozen=True)
class Typed:
    """Per column: how it was read, how many values are missing, and how many of these could not be read as its type."""

    readings: list[Reading]
    missing: list[int]
    unreadable: list[int]


def write_typed(staged: Staged, target: Path, progress: Callable[[float], None]) -> Typed:
    """Write the dataset to `target` (Parquet, zstd) and say how each column was read."""
    names = staged.source.names
    readings = _readings(staged)
    missing = [0] * len(names)
    schema = pa.schema([(name, ARROW_TYPES[r.type]) for name, r in zip(names, readings, strict=True)])
    done = 0
    with pq.ParquetFile(staged.path) as file, pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in file.iter_batches(BATCH_ROWS):
            columns = [
                convert(column, reading) if evidence else column
                for column, reading, evidence in zip(batch.columns, readings, staged.evidence, strict=True)
            ]
            for position, column in enumerate(columns):
                missing[position] += column.null_count
            writer.write_batch(pa.record_batch(columns, schema=schema))
            done += batch.num_rows
            progress(done / staged.rows)
    unreadable = [
        count - _marked(evidence, reading) if evidence else 0
        for count, evidence, reading in zip(missing, staged.evidence, readings, strict=True)
    ]
    return Typed(readings, missing, unreadable)


def recognised(evidence: Evidence, reading: Reading) -> dict[str, int]:
    """The spellings of a missing value that the reading took as such, with their counts; blanks are the empty text."""
    known = markers.EVERY
    if reading.type == "string":
        known = markers.ALWAYS if reading.keep_na else markers.ALWAYS | markers.CODE_LIKE
    return {text: count for text, count in evidence.markers.items() if text.lower() in known}


def _marked(evidence: Evidence, reading: Reading) -> int:
    return sum(recognised(evidence, reading).values())


def _readings(staged: Staged) -> list[Reading]:
    comma_file = any(evidence is not None and uses_decimal_comma(evidence) for evidence in staged.evidence)
    readings = []
    for name, kind, evidence in zip(staged.source.names, staged.types, staged.evidence, strict=True):
        if evidence is None:
            built_in = next((label for label, test in _BUILT_IN if test(kind)), "string")
            readings.append(Reading(built_in))  # type: ignore[arg-type]
        else:
            readings.append(interpret(evidence, name, decimal_comma_file=comma_file))
    return readings
