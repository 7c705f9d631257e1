"""What a cleaning did and did not do, as JSON, and the files that prove it."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq

from mesh.language import Language
from mesh.results import Column

from .cleaning import Edit
from .cleaning_plan import Cleaned, Withheld
from .cleaning_request import Request
from .detection import Detection
from .issues import row_contexts
from .score import score_of
from .tables import Series, Table, plain_value

EXAMPLES = 5
CHANGES = pa.schema(
    [
        ("row", pa.int64()),
        ("column", pa.string()),
        ("kind", pa.string()),
        ("action", pa.string()),
        ("before", pa.string()),
        ("after", pa.string()),
        ("why", pa.string()),
        ("confidence", pa.float64()),
    ]
)
_COMPARED = ("missing", "distinct", "min", "mean", "max")


def report_of(cleaned: Cleaned, request: Request, language: Language) -> dict[str, Any]:
    """Changes, what was left alone and why, and both sides measured alike; rows are numbered from 1 in the original."""
    final = cleaned.draft.table
    scores = score_of(cleaned.original, cleaned.before.issues), score_of(final, cleaned.after.issues)
    return {
        "rows_before": cleaned.original.rows,
        "rows_after": final.rows,
        "rows_removed": cleaned.original.rows - final.rows,
        "cells_changed": sum(len(edit) for edit in cleaned.draft.log if _is_of_cells(edit)),
        "score_before": scores[0].value,
        "score_after": scores[1].value,
        "score_formula_before": scores[0].formula(language),
        "score_formula_after": scores[1].formula(language),
        "issues_before": _counts(cleaned.before),
        "issues_after": _counts(cleaned.after),
        "changes": [_change(cleaned.original, edit) for edit in cleaned.draft.log],
        "left_alone": [_left(item) for item in cleaned.withheld]
        + [{"kind": "missing", "column": r.column, "count": r.count, "why": r.why} for r in cleaned.refused],
        "columns": _columns(cleaned),
        "complete": cleaned.complete,
        "requested": {
            "kinds": sorted(request.kinds) if request.kinds is not None else None,
            "min_confidence": request.min_confidence,
            "missing": request.missing,
            "outliers": request.outliers,
            "duplicates": request.duplicates,
        },
    }


def _is_of_cells(edit: Edit) -> bool:
    """Whether the edit gives cells another value, not only another type."""
    return edit.after is not None and edit.action != "convert"


def _counts(found: Detection) -> dict[str, int]:
    """How many rows or cells by kind of issue."""
    counted: Counter[str] = Counter()
    for issue in found.issues:
        counted[issue.kind] += issue.count
    return dict(counted)


def _change(original: Table, edit: Edit) -> dict[str, Any]:
    return {
        "kind": edit.kind,
        "action": edit.action,
        "column": edit.column,
        "count": len(edit),
        "why": edit.why,
        "confidence": round(float(np.min(edit.confidence)), 4) if len(edit) else 1.0,
        "value": edit.detail if edit.action in ("fill", "clip") else None,
        "examples": _examples(original, edit),
    }


def _examples(original: Table, edit: Edit) -> list[dict[str, Any]]:
    """The first of each different change of cells, or the first dropped rows with what names them."""
    if edit.before is None or edit.after is None:
        rows = edit.rows[:EXAMPLES].tolist()
        records = row_contexts(original, rows)
        return [{"row": row + 1, "record": record} for row, record in zip(rows, records, strict=True)]
    found: dict[tuple[Any, Any], dict[str, Any]] = {}
    for position in range(min(len(edit), 2_000)):
        pair = tuple(plain_value(side[position].as_py()) for side in (edit.before, edit.after))
        row = {"row": int(edit.rows[position]) + 1, "before": pair[0], "after": pair[1]}
        found.setdefault((pair[0], pair[1]), row)
        if len(found) == EXAMPLES:
            break
    return list(found.values())


def _left(item: Withheld) -> dict[str, Any]:
    marks = item.marks
    return {
        "kind": marks.kind,
        "column": marks.column,
        "count": len(marks),
        "why": item.why,
        "confidence": round(float(np.max(marks.repair_confidence)), 4),
        "examples": [
            {
                "row": cell.row + 1,
                "value": plain_value(cell.value),
                "repair": plain_value(cell.repair),
                "reason": cell.why,
            }
            for cell in list(marks.taken(np.arange(min(len(marks), EXAMPLES))))
        ],
    }


def _columns(cleaned: Cleaned) -> list[dict[str, Any]]:
    """The profiles before and after of the columns that changed."""
    changed = {edit.column for edit in cleaned.draft.log if edit.column is not None}
    if any(edit.action == "drop_rows" for edit in cleaned.draft.log):
        changed = {series.name for series in cleaned.original.series}
    sides = [{p["name"]: p for p in found.profiles} for found in (cleaned.before, cleaned.after)]
    return [
        {
            "column": name,
            "before": {key: sides[0][name].get(key) for key in _COMPARED},
            "after": {key: sides[1][name].get(key) for key in _COMPARED},
        }
        for name in sides[0]
        if name in changed
    ]


def write_changes(log: Sequence[Edit], parquet: Path, text: Path) -> int:
    """Every changed cell and removed row by `CHANGES`, as Parquet and as CSV; the number of them."""
    table = pa.concat_tables(
        [CHANGES.empty_table(), *(_listed(edit) for edit in log if edit.action != "convert")]
    )
    pq.write_table(table, parquet, compression="zstd")
    csv.write_csv(table, text)
    return int(table.num_rows)


def _listed(edit: Edit) -> pa.Table:
    size = len(edit)
    removed = pa.nulls(size, pa.string())
    return pa.table(
        {
            "row": pa.array(edit.rows + 1, pa.int64()),
            "column": pa.repeat(pa.scalar(edit.column, pa.string()), size),
            "kind": pa.repeat(pa.scalar(edit.kind), size),
            "action": pa.repeat(pa.scalar(edit.action), size),
            "before": _as_text(edit.before) if edit.before is not None else removed,
            "after": _as_text(edit.after) if edit.after is not None else removed,
            "why": pa.repeat(pa.scalar(edit.why), size),
            "confidence": pa.array(np.asarray(edit.confidence, np.float64)),
        },
        schema=CHANGES,
    )


def _as_text(values: pa.Array) -> pa.Array:
    return values if pa.types.is_string(values.type) else values.cast(pa.string())


def write_cleaned(cleaned: Cleaned, source: Path, parquet: Path, text: Path) -> list[Column]:
    """The cleaned table as Parquet, in the source's types, and as CSV; the description of its columns."""
    original = pq.read_table(source).combine_chunks()
    origin = pa.array(cleaned.draft.origin)
    touched = {edit.column for edit in cleaned.draft.log if edit.after is not None}
    converted = {edit.column for edit in cleaned.draft.log if edit.action == "convert"}
    arrays: dict[str, Any] = {}
    for series in cleaned.draft.table.series:
        known = series.name in original.column_names and series.name not in converted
        if known and series.name not in touched:
            arrays[series.name] = original[series.name].take(origin)
        else:
            arrays[series.name] = (
                _typed(series, original.schema.field(series.name).type) if known else series.array
            )
    table = pa.table(arrays)
    pq.write_table(table, parquet, compression="zstd")
    csv.write_csv(table, text)
    return [
        s.column.model_copy(update={"nullable": bool(s.missing.any())}) for s in cleaned.draft.table.series
    ]


def _typed(series: Series, wanted: pa.DataType) -> pa.Array:
    """The values in the source's type, or in the plain one where they no longer fit."""
    try:
        return series.array.cast(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return series.array
