"""One configuration on dirty and on clean tables: how many wrong cells are found, and how much that is right is left alone."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from agents.quality.cells import CellErrors
from agents.quality.detection import find_cell_errors
from agents.quality.tables import read_table
from mesh.results import Column
from tests.agents.quality.clean_tables import clean_tables
from tests.agents.quality.dirtying import (
    Dirty,
    dirty_beers,
    dirty_flights,
    dirty_hospitals,
    dirty_movies,
    scores,
)

TODAY = dt.date(2026, 1, 1)
CLEAN = clean_tables()


def errors_of(frame: pd.DataFrame, tmp_path: Path, meaning: dict[str, str] | None = None) -> CellErrors:
    path = tmp_path / "table.parquet"
    frame.to_parquet(path, index=False)
    columns = [
        Column.model_validate({"name": c, "type": "string", "semantic": (meaning or {}).get(c, "unknown")})
        for c in frame.columns
    ]
    return find_cell_errors(read_table(path, columns), "en", TODAY)


@pytest.mark.parametrize("seed", [2, 3])
@pytest.mark.parametrize(
    ("make", "least_recall"),
    [(dirty_hospitals, 0.95), (dirty_beers, 0.95), (dirty_flights, 0.9), (dirty_movies, 0.95)],
    ids=["hospitals", "beers", "flights", "movies"],
)
def test_wrong_cells_are_found_and_right_ones_left_alone(
    make: Callable[[int], Dirty], least_recall: float, seed: int, tmp_path: Path
) -> None:
    dirty = make(seed)
    errors = list(errors_of(dirty.frame, tmp_path))
    precision, recall = scores({(e.column, e.row) for e in errors}, dirty.all_cells)

    assert precision >= 0.97
    assert recall >= least_recall
    for kind, cells in dirty.cells.items():
        assert scores({(e.column, e.row) for e in errors}, cells)[1] >= 0.8, kind
    repaired = [e for e in errors if e.repair is not None and (e.column, e.row) in dirty.all_cells]
    right = sum(e.repair == dirty.clean[e.column][e.row] for e in repaired)
    assert right >= 0.75 * len(repaired)


@pytest.mark.parametrize("described", [True, False], ids=["described", "undescribed"])
@pytest.mark.parametrize("name", sorted(CLEAN))
def test_clean_tables_have_no_wrong_cell_but_a_few_outliers(
    name: str, tmp_path: Path, *, described: bool
) -> None:
    frame, meaning = CLEAN[name]
    errors = errors_of(frame, tmp_path, meaning if described else None)

    assert not set(errors.counts) - {"outliers"}, list(errors)
    assert errors.counts.get("outliers", 0) <= 0.0005 * frame.size
