"""Wrong cells as data: each once, with its kind, reason and certainty."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from agents.quality.cells import SCHEMA, CellErrors, Marks
from agents.quality.detection import find_cell_errors, find_row_errors
from agents.quality.tables import Table, read_table
from mesh.results import Column

TODAY = dt.date(2026, 1, 1)


def table_of(frame: pd.DataFrame, tmp_path: Path, **semantics: str) -> Table:
    path = tmp_path / "cells.parquet"
    frame.to_parquet(path, index=False)
    columns = [
        Column.model_validate({"name": name, "type": "string", "semantic": semantics.get(name, "unknown")})
        for name in frame.columns
    ]
    return read_table(path, columns)


def marks(kind: str, rows: list[int], confidence: float, column: str = "a") -> Marks:
    size = len(rows)
    return Marks(
        column,
        kind,
        np.array(rows, np.int64),
        pa.array([f"{kind} {row}" for row in rows]),
        (f"because {kind}",),
        np.zeros(size, np.int64),
        np.full(size, confidence, np.float32),
        pa.nulls(size, pa.string()),
        np.zeros(size, np.float32),
    )


def test_a_cell_that_two_detectors_mark_is_given_once_by_the_more_certain_one() -> None:
    found = CellErrors.of([marks("guess", [1, 4], 0.5), marks("proof", [4, 2], 0.9)], ["b", "a"])

    assert [(cell.row, cell.kind) for cell in found] == [(1, "guess"), (2, "proof"), (4, "proof")]
    assert found.counts == {"proof": 2, "guess": 1}
    assert len(found) == 3


def test_wrong_cells_carry_row_value_kind_and_reason(tmp_path: Path) -> None:
    frame = pd.DataFrame({"age": np.arange(20.0, 60.0), "city": ["Seoul", "Busan"] * 20})
    frame.loc[7, "age"] = 400.0
    frame.loc[9, "city"] = "unknown"
    found = list(find_cell_errors(table_of(frame, tmp_path, age="intensive", city="category"), "en", TODAY))

    assert [(c.column, c.row, c.value, c.kind) for c in found] == [
        ("age", 7, 400.0, "out_of_range"),
        ("city", 9, "unknown", "disguised_missing"),
    ]
    assert "120" in found[0].why
    assert all(0.9 <= cell.confidence <= 1 for cell in found)


def test_all_wrong_cells_make_one_arrow_table(tmp_path: Path) -> None:
    frame = pd.DataFrame({"age": np.arange(20.0, 60.0)})
    frame.loc[7, "age"] = 400.0
    found = find_cell_errors(table_of(frame, tmp_path, age="intensive"), "ko", TODAY).to_arrow()

    assert found.schema == SCHEMA
    assert found.select(["row", "column", "value", "kind"]).to_pylist() == [
        {"row": 7, "column": "age", "value": "400", "kind": "out_of_range"}
    ]
    assert find_cell_errors(table_of(frame.head(5), tmp_path), "en", TODAY).to_arrow().schema == SCHEMA


def test_repeated_rows_point_at_the_first_of_their_kind(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1, 2, 1, 3, 2, 1], "b": list("xyxzyx")})
    (found,) = find_row_errors(table_of(frame, tmp_path))

    assert (found.kind, found.rows.tolist(), found.same_as.tolist()) == (
        "duplicate_rows",
        [2, 4, 5],
        [0, 1, 0],
    )
