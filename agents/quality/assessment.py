"""Assess a dataset: profile every column, run every detector over every row, rank what they find, score it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.results import Column

from .detection import Detection, Progress, detect, silent
from .duplicates import duplicates_data
from .issues import Issue, Report
from .outliers import outliers_data
from .profiles import profile_of
from .score import score_of
from .tables import Table, read_table


@dataclass
class Assessment:
    """The report as JSON, and the ranked issues behind it."""

    data: dict[str, Any]
    issues: list[Issue]


def assess_file(
    path: Path,
    columns: Sequence[Column],
    language: Language,
    max_examples: int,
    today: dt.date,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The quality report of the Parquet dataset at `path` as JSON; the file is only read.

    Raises: BadInputError when it has no row or no column.
    """
    table = read_table(path, columns)
    return assess(table, language, max_examples, today, progress or silent).data


def assess(
    table: Table, language: Language, max_examples: int, today: dt.date, progress: Progress
) -> Assessment:
    """The assessment of a table in memory."""
    if not table.rows or not table.series:
        raise BadInputError(
            say(
                language,
                en="The dataset has no rows or no columns, so its quality cannot be assessed. Load one that has.",
                ko="데이터셋에 행이나 열이 없어 품질을 점검할 수 없습니다. 행과 열이 있는 데이터를 불러와 주십시오.",
            )
        )
    report = Report(language, max_examples, table.rows)
    profiles = _profiles(table, language, progress)
    found = detect(table, report, today, lambda share, message: progress(0.5 + 0.5 * share, message))
    return Assessment(_data(table, language, profiles, found, max_examples), found.issues)


def _profiles(table: Table, language: Language, progress: Progress) -> list[dict[str, Any]]:
    profiles = []
    for position, series in enumerate(table.series):
        message = say(
            language, en="Profiling {column}", ko="{column} 열을 살펴보고 있습니다", column=series.name
        )
        progress(0.05 + 0.45 * position / len(table.series), message)
        profiles.append(profile_of(series))
    return profiles


def _data(
    table: Table,
    language: Language,
    profiles: list[dict[str, Any]],
    found: Detection,
    max_examples: int,
) -> dict[str, Any]:
    issues = found.issues
    score = score_of(table, issues)
    cells = table.rows * len(table.series)
    missing = sum(profile["missing"] for profile in profiles)
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
        "column_profiles": profiles,
        "duplicates": duplicates_data(table, issues),
        "outliers": [outliers_data(column, table, max_examples) for column in found.outliers],
        "rules": [rule.as_data() for rule in found.rules],
        "calendar": found.calendar.as_data() if found.calendar else None,
        "complete_rows": int((~np.logical_or.reduce([series.missing for series in table.series])).sum()),
    }
