"""Replays the rows of a Parquet file as a stream of timed events."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mesh.errors import BadInputError

BATCH_ROWS = 16_384
DISORDER_LIMIT = 0.05


@dataclass(frozen=True)
class StreamShape:
    """What is known of a stream before it is replayed: times in seconds since the epoch (UTC), `step_s` the typical distance
    between distinct event times, `disorder` the share of events that are earlier than the one before them."""

    events: int
    untimed: int
    first_s: float
    last_s: float
    step_s: float
    disorder: float


def read_shape(path: Path, time_column: str) -> StreamShape:
    """Scans the time column once.

    Raises: BadInputError when no row has a time.
    """
    import numpy as np

    times = np.concatenate(list(_times(path, time_column)) or [np.empty(0)])
    known = times[~np.isnan(times)]
    if len(known) == 0:
        raise BadInputError(f"No row has a time in {time_column}.")
    steps = np.diff(known)
    distinct = np.diff(np.unique(known))
    return StreamShape(
        len(known),
        len(times) - len(known),
        float(known.min()),
        float(known.max()),
        float(np.median(distinct)) if len(distinct) else 0.0,
        float((steps < 0).mean()) if len(steps) else 0.0,
    )


def replay_order(shape: StreamShape, wanted: str) -> str:
    """`arrival` (as the rows lie), `reversed` (newest first in the file) or `time` (sorted by event time).

    `wanted` is one of them, or `auto`: rows of which more than `DISORDER_LIMIT` go back in time are sorted, because
    such a file is a table and not the record of a stream.
    """
    if wanted != "auto":
        return wanted
    if shape.disorder <= DISORDER_LIMIT:
        return "arrival"
    return "time"


def replay(
    path: Path, time_column: str, value_column: str | None, order: str, item_column: str | None = None
) -> Iterator[tuple[float, float | None, str | None]]:
    """Events as (seconds since the epoch, value or None, item or None), in `order`; rows without a time are left out.

    Without a `value_column` every event has the value 1.
    """
    import numpy as np

    batches = _batches(path, time_column, value_column, item_column)
    if order == "arrival":
        for times, values, items in batches:
            yield from _events(times, values, items)
        return
    parts = list(batches)
    times, values, items = (np.concatenate([part[n] for part in parts]) for n in range(3))
    positions = np.arange(len(times))[::-1] if order == "reversed" else np.argsort(times, kind="stable")
    yield from _events(times[positions], values[positions], items[positions])


def _events(times: Any, values: Any, items: Any) -> Iterator[tuple[float, float | None, str | None]]:
    for time_s, value, item in zip(times.tolist(), values.tolist(), items.tolist(), strict=True):
        if time_s == time_s:
            yield time_s, value if value == value and abs(value) != float("inf") else None, item


def _batches(
    path: Path, time_column: str, value_column: str | None, item_column: str | None
) -> Iterator[tuple[Any, Any, Any]]:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = [name for name in (time_column, value_column, item_column) if name is not None]
    for batch in pq.ParquetFile(path).iter_batches(BATCH_ROWS, columns=list(dict.fromkeys(columns))):
        times = _seconds(batch.column(time_column))
        values, items = np.ones(len(times)), np.full(len(times), None, dtype=object)
        if value_column is not None:
            values = batch.column(value_column).cast(pa.float64()).to_numpy(zero_copy_only=False)
        if item_column is not None:
            items = np.array(batch.column(item_column).cast(pa.string()).to_pylist(), dtype=object)
        yield times, values, items


def _times(path: Path, time_column: str) -> Iterator[Any]:
    import pyarrow.parquet as pq

    for batch in pq.ParquetFile(path).iter_batches(BATCH_ROWS, columns=[time_column]):
        yield _seconds(batch.column(0))


def _seconds(column: Any) -> Any:
    """Seconds since the epoch as float64, NaN where there is no time; times without a zone are taken as UTC."""
    import pyarrow as pa

    stamps = column.cast(pa.timestamp("us", tz=getattr(column.type, "tz", None)))
    return stamps.cast(pa.int64()).cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False) / 1e6
