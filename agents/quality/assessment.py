"""Assess a dataset: profile every column, run every detector over every row, rank what they find, score it."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.results import Column

from .duplicates import duplicate_issues, duplicates_data
from .gaps import Calendar, find_calendar, gap_issue
from .issues import Issue, Report, ranked
from .missing import disguised_rows, missing_issues
from .outliers import Outliers, find_outliers, judged, outlier_issue, outliers_data
from .profiles import profile_of
from .score import score_of
from .structure import Rule, find_rules, structure_issues
from .tables import Mask, Series, Table, read_table
from .texts import text_issues
from .validity import validity_issues

Progress = Callable[[float, str], None]


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
    return assess(table, language, max_examples, today, progress or _silent).data


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
    progress(0.5, say(language, en="Looking for missing and repeated rows", ko="결측과 중복을 찾고 있습니다"))
    issues = missing_issues(table, report) + duplicate_issues(table, report)
    progress(
        0.65, say(language, en="Checking values and spellings", ko="값의 범위와 표기를 확인하고 있습니다")
    )
    issues += validity_issues(table, report, today) + text_issues(table, report)
    progress(0.75, say(language, en="Looking for outliers", ko="이상치를 찾고 있습니다"))
    outliers = _outliers(table, issues)
    issues += [outlier_issue(found, report, table) for found in outliers if not found.heavy_tailed]
    progress(0.9, say(language, en="Checking rules between columns", ko="열 사이의 규칙을 확인하고 있습니다"))
    rules, calendar = find_rules(table), find_calendar(table, lambda series: _spoken_for(series, issues))
    issues += structure_issues(table, rules, report)
    gaps = gap_issue(calendar, report) if calendar else None
    issues = ranked([*issues, *([gaps] if gaps else [])])
    data = _data(table, language, profiles, issues, outliers, rules, calendar, max_examples)
    return Assessment(data, issues)


def _silent(fraction: float, message: str) -> None:
    del fraction, message


def _profiles(table: Table, language: Language, progress: Progress) -> list[dict[str, Any]]:
    profiles = []
    for position, series in enumerate(table.series):
        message = say(
            language, en="Profiling {column}", ko="{column} 열을 살펴보고 있습니다", column=series.name
        )
        progress(0.05 + 0.45 * position / len(table.series), message)
        profiles.append(profile_of(series))
    return profiles


def _outliers(table: Table, issues: list[Issue]) -> list[Outliers]:
    """Outliers of every quantity, apart from values that already have an issue of their own."""
    found = [find_outliers(series, _spoken_for(series, issues)) for series in table.series if judged(series)]
    return [one for one in found if one is not None]


def _spoken_for(series: Series, issues: list[Issue]) -> Mask:
    """Rows whose value in this column is known to be missing in disguise or wrong."""
    rows = disguised_rows(series)
    for issue in issues:
        told = issue.dimension == "validity" or issue.kind == "negative"
        if issue.column == series.name and told and issue.affected is not None:
            rows = rows | issue.affected
    return rows


def _data(
    table: Table,
    language: Language,
    profiles: list[dict[str, Any]],
    issues: list[Issue],
    outliers: list[Outliers],
    rules: list[Rule],
    calendar: Calendar | None,
    max_examples: int,
) -> dict[str, Any]:
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
        "outliers": [outliers_data(found, table, max_examples) for found in outliers],
        "rules": [rule.as_data() for rule in rules],
        "calendar": calendar.as_data() if calendar else None,
        "complete_rows": int((~np.logical_or.reduce([series.missing for series in table.series])).sum()),
    }
