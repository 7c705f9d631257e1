"""Assess a dataset: profile every column, run every detector over every row, rank what they find, score it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.results import Column

from .bounds import bounds_of
from .cells import CellErrors
from .detection import Detection, Progress, detect, silent
from .duplicates import duplicates_data
from .exports import RowSet, write_cell_errors, write_outlier_rows
from .issues import Issue, Report
from .score import score_of
from .shifted import LEAST_SURPRISES
from .tables import Table, plain_value, read_table

MAX_DEPENDENCIES, MAX_EXAMPLE_MARKS = 100, 60


@dataclass
class Assessment:
    """The report as JSON, and the ranked issues and the wrong cells behind it."""

    data: dict[str, Any]
    issues: list[Issue]
    cells: CellErrors


@dataclass
class Exported:
    """The report as JSON, the file of all wrong cells, and that of the outliers' rows when there are any."""

    data: dict[str, Any]
    cell_errors: Path
    outlier_rows: RowSet | None


def assess_file(
    path: Path,
    columns: Sequence[Column],
    language: Language,
    max_examples: int,
    today: dt.date,
    progress: Progress | None = None,
    target: str | None = None,
) -> dict[str, Any]:
    """The quality report of the Parquet dataset at `path` as JSON; the file is only read.

    Raises: BadInputError when it has no row or no column.
    """
    table = read_table(path, columns)
    return assess(table, language, max_examples, today, progress or silent, target).data


def assess_into(
    folder: Path,
    path: Path,
    columns: Sequence[Column],
    language: Language,
    max_examples: int,
    today: dt.date,
    progress: Progress | None = None,
    target: str | None = None,
    emptied: Path | None = None,
) -> Exported:
    """As `assess_file`, with every wrong cell and every outlier's row as Parquet files in `folder`.

    `emptied` is a Parquet file of the cells that loading emptied: row (from 1), column, text.
    """
    table = read_table(path, columns)
    found = assess(table, language, max_examples, today, progress or silent, target, emptied)
    cells = folder / "cell_errors.parquet"
    write_cell_errors(found.cells.marks, cells)
    return Exported(
        found.data, cells, write_outlier_rows(table, found.issues, folder / "outlier_rows.parquet")
    )


def assess(
    table: Table,
    language: Language,
    max_examples: int,
    today: dt.date,
    progress: Progress,
    target: str | None = None,
    emptied: Path | None = None,
) -> Assessment:
    """The assessment of a table; `target` names the column to predict, `emptied` a file of the cells that loading emptied.

    Raises: BadInputError when there is no row, no column, or no column of the target's name.
    """
    if not table.rows or not table.series:
        raise BadInputError(
            say(
                language,
                en="The dataset has no rows or no columns, so its quality cannot be assessed. Load one that has.",
                ko="데이터셋에 행이나 열이 없어 품질을 점검할 수 없습니다. 행과 열이 있는 데이터를 불러와 주십시오.",
            )
        )
    if target is not None and target not in [series.name for series in table.series]:
        raise BadInputError(
            say(
                language,
                en="There is no column {target} to look for leakage towards. The columns are {columns}.",
                ko="유출을 살펴볼 대상인 {target} 열이 없습니다. 있는 열은 {columns}입니다.",
                target=target,
                columns=", ".join(series.name for series in table.series),
            )
        )
    report = Report(language, max_examples, table.rows)
    found = detect(table, report, today, progress, target, emptied)
    cells = found.cell_errors(table)
    return Assessment(_data(table, language, found, cells, max_examples), found.issues, cells)


def _data(
    table: Table,
    language: Language,
    found: Detection,
    errors: CellErrors,
    max_examples: int,
) -> dict[str, Any]:
    issues = found.issues
    score = score_of(table, issues)
    cells = table.rows * len(table.series)
    missing = sum(profile["missing"] for profile in found.profiles)
    return {
        "rows": table.rows,
        "columns": len(table.series),
        "cells": cells,
        "missing_cells": missing,
        "score": score.value,
        "score_formula": score.formula(language),
        "completeness": score.completeness,
        "uniqueness": score.uniqueness,
        "validity": score.validity,
        "consistency": score.consistency,
        "issue_counts": {s: sum(issue.severity == s for issue in issues) for s in ("high", "medium", "low")},
        "issues": [issue.as_data() for issue in issues],
        "column_profiles": found.profiles,
        "duplicates": duplicates_data(table, issues),
        "outliers": found.outliers,
        "cell_errors": {
            "count": len(errors),
            "counts": errors.counts,
            "examples": _examples(errors, max_examples),
        },
        "dependencies": [dependency.as_data() for dependency in found.dependencies[:MAX_DEPENDENCIES]],
        "bounds": bounds_of(table, language, int((found.surprises >= LEAST_SURPRISES).sum())),
        "rules": [rule.as_data() for rule in found.rules],
        "calendar": found.calendar.as_data() if found.calendar else None,
        "complete_rows": _complete_rows(table),
    }


def _examples(errors: CellErrors, limit: int) -> list[dict[str, Any]]:
    """The first wrong cells of each column and kind, rows numbered from 1."""
    return [
        {
            "row": cell.row + 1,
            "column": cell.column,
            "value": plain_value(cell.value),
            "kind": cell.kind,
            "why": cell.why,
            "confidence": cell.confidence,
            "repair": plain_value(cell.repair),
            "repair_confidence": cell.repair_confidence,
        }
        for mark in errors.marks[:MAX_EXAMPLE_MARKS]
        for cell in islice(mark, limit)
    ]


def _complete_rows(table: Table) -> int:
    """Rows with a value in every column."""
    incomplete = np.zeros(table.rows, np.bool_)
    for series in table.series:
        if series.missing_count:
            incomplete |= series.missing
            table.left(series)
    return table.rows - int(incomplete.sum())
