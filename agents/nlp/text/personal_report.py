"""What is told of the personal data of a table: counts by kind and column, examples only as masked."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.results import Column

from .masking import Style, mask_spans, mask_value, masker
from .personal_columns import Found, Progress, Reading, readings
from .personal_kinds import SPECIAL


def inspect_table(
    path: Path, columns: Sequence[Column], language: Language, progress: Progress | None = None
) -> dict[str, Any]:
    """The data of a `pii_report`: every kind in every column, how many rows and values, the proof, and masked examples.

    Raises: BadInputError when the table has no rows.
    """
    rows = _rows(path, language)
    found = [item for _, reading in readings(path, columns, progress) for item in reading.found]
    return report_of(found, rows, columns)


def report_of(found: Sequence[Found], rows: int, columns: Sequence[Column]) -> dict[str, Any]:
    """See `inspect_table`; the columns most in need of protection first."""
    order = sorted(
        found, key=lambda item: (not item.certain, item.kind not in SPECIAL, -item.rows, item.column)
    )
    items = [_item(one, rows) for one in order]
    certain = [item for item in items if item["certain"]]
    kinds = [
        {
            "kind": kind,
            "cells": sum(item["rows"] for item in certain if item["kind"] == kind),
            "columns": [item["column"] for item in certain if item["kind"] == kind],
        }
        for kind in dict.fromkeys(item["kind"] for item in certain)
    ]
    return {
        "rows": rows,
        "columns_total": len(columns),
        "columns_with_personal_data": len({item["column"] for item in certain}),
        "kinds": kinds,
        "found": items,
        "doubtful": [item["column"] for item in items if not item["certain"]],
    }


def mask_table(
    path: Path,
    columns: Sequence[Column],
    target: Path,
    style: Style,
    language: Language,
    *,
    only: frozenset[str] = frozenset(),
    wanted: frozenset[str] = frozenset(),
    progress: Progress | None = None,
) -> tuple[dict[str, Any], list[Column]]:
    """Writes the table with personal data masked to `target` (Parquet); gives the report and the new columns.

    Args: `only` are the columns to mask, `wanted` the kinds; empty means all that is certain, and a column that is named is
    masked even where it is doubtful.
    Returns: as `inspect_table`, of what was masked, with `cells_masked`, `columns_masked` and `left` (what was found and
    not masked).
    Raises: BadInputError when the table has no rows, or a column of `only` is not in it.
    """
    rows = _rows(path, language)
    _check(only, columns, language)
    table, replace = pq.read_table(path), masker(style, language)
    masked: list[Found] = []
    left: list[Found] = []
    cells = 0
    for name, reading in readings(path, columns, progress):
        chosen = [
            item
            for item in reading.found
            if (name in only if only else item.certain) and (not wanted or item.kind in wanted)
        ]
        masked += chosen
        left += [item for item in reading.found if item not in chosen]
        if chosen:
            array, changed = _masked(reading, {item.kind for item in chosen}, replace)
            cells += changed
            place = table.column_names.index(name)
            table = table.set_column(place, pa.field(name, array.type), array)
    pq.write_table(table, target)
    names = list(dict.fromkeys(item.column for item in masked))
    report = report_of(masked, rows, columns) | {
        "style": style,
        "cells_masked": cells,
        "columns_masked": names,
        "left": [_item(item, rows) for item in left],
    }
    return report, [_described(column, names) for column in columns]


def _masked(reading: Reading, kinds: set[str], replace: Any) -> tuple[pa.Array, int]:
    """The column with `kinds` replaced, and in how many rows something was."""
    distinct = reading.distinct
    values, changed = [], 0
    for place, value in enumerate(distinct.values):
        if reading.whole:
            new = replace(value, reading.whole)
        else:
            spans = [span for span in reading.spans.get(place, []) if span.kind in kinds]
            new = mask_spans(value, spans, replace)
        changed += distinct.counts[place] if new != value else 0
        values.append(new)
    return pc.take(pa.array(values, pa.string()), distinct.array.indices), changed


def _item(found: Found, rows: int) -> dict[str, Any]:
    return {
        "column": found.column,
        "kind": found.kind,
        "rows": found.rows,
        "share": round(found.rows / rows, 6),
        "values": found.values,
        "certain": found.certain,
        "proofs": dict(sorted(found.proofs.items())),
        "examples": [mask_value(text, found.kind) for text in found.examples],
    }


def _described(column: Column, masked: Sequence[str]) -> Column:
    if column.name not in masked:
        return column
    semantic = column.semantic if column.semantic in ("text", "category", "identifier") else "category"
    return column.model_copy(update={"type": "string", "semantic": semantic, "unit": None})


def _rows(path: Path, language: Language) -> int:
    with pq.ParquetFile(path) as file:
        rows = int(file.metadata.num_rows)
    if not rows:
        raise BadInputError(
            say(
                language,
                en="The dataset has no rows, so there is nothing to look through. Load one that has.",
                ko="데이터셋에 행이 없어 살펴볼 것이 없습니다. 행이 있는 데이터를 불러와 주십시오.",
            )
        )
    return rows


def _check(only: frozenset[str], columns: Sequence[Column], language: Language) -> None:
    held = [column.name for column in columns]
    absent = sorted(only - set(held))
    if absent:
        raise BadInputError(
            say(
                language,
                en="The dataset has no column {absent}. Its columns are {held}.",
                ko="데이터셋에 {absent} 열이 없습니다. 있는 열은 {held}입니다.",
                absent=", ".join(absent),
                held=", ".join(held),
            )
        )
