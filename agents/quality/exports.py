"""The files that an assessment leaves: every wrong cell, and every outlier with its whole row."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mesh.results import Column

from .cells import SCHEMA, Marks
from .issues import Issue
from .tables import Table

OUTLIER_KINDS = frozenset(("outliers", "contextual_outliers", "unusual_rows"))
NAMED = ("row", "column", "value", "reason")


@dataclass(frozen=True)
class RowSet:
    """A Parquet file of rows: where it is, its columns and how many rows it has."""

    path: Path
    columns: list[Column]
    rows: int


def write_cell_errors(marks: tuple[Marks, ...], path: Path) -> None:
    """All wrong cells by `SCHEMA` as Parquet at `path`, rows counted from 1 as people count."""
    row = SCHEMA.get_field_index("row")
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for mark in marks:
            part = mark.to_arrow()
            writer.write_table(part.set_column(row, "row", pa.array(mark.rows + 1)))


def write_outlier_rows(table: Table, issues: list[Issue], path: Path) -> RowSet | None:
    """The outliers as Parquet at `path`, one row for each: its number from 1, column, value, reason, and then the row itself.

    Returns: None when there are no outliers. A row that is unusual as a whole has no column and no value.
    """
    rows, facts = [], []
    for issue in issues:
        if issue.kind in OUTLIER_KINDS and issue.affected is not None:
            where = np.flatnonzero(issue.affected)
            rows.append(where)
            facts.append(_facts(table, issue, where))
    if not rows:
        return None
    chosen = pa.array(np.concatenate(rows))
    found = pa.concat_tables(facts)
    named = [
        Column(name=n, type=t) for n, t in zip(NAMED, ("integer", "string", "string", "string"), strict=True)
    ]
    taken = set(NAMED)
    for series in table.series:
        name = series.name if series.name not in taken else f"{series.name}_"
        taken.add(name)
        found = found.append_column(name, series.array.take(chosen))
        named.append(series.column.model_copy(update={"name": name}))
        table.left(series)
    pq.write_table(found, path, compression="zstd")
    return RowSet(path, named, found.num_rows)


def _facts(table: Table, issue: Issue, rows: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> pa.Table:
    size = len(rows)
    values = pa.nulls(size, pa.string())
    if issue.column is not None:
        values = table[issue.column].array.take(pa.array(rows)).cast(pa.string())
    reasons = issue.repair.reasons or (issue.message,)
    reason_of = issue.repair.reason_of if issue.repair.reason_of is not None else np.zeros(size, np.int64)
    return pa.table(
        {
            "row": pa.array(rows + 1, pa.int64()),
            "column": pa.array([issue.column] * size, pa.string()),
            "value": values,
            "reason": pa.array(reasons, pa.string()).take(pa.array(reason_of)),
        }
    )
