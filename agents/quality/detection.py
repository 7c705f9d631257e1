"""Every detector over every row of a table, and what they find as issues, wrong cells and repeated rows."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from mesh.language import Language, say

from .cells import CellErrors, Marks, RowErrors
from .dependencies import Dependency, dependency_issues, find_dependencies, may_depend
from .duplicates import Hashes, column_hashes, duplicate_issues, first_rows, repeated_rows, row_hashes
from .emptied import emptied_issues
from .formats import format_issue
from .gaps import Calendar, find_calendar, gap_issue
from .issues import Issue, Report, ranked
from .leakage import leakage_issues, target_of
from .missing import disguised_issue, missing_issues
from .neighbours import find_near_duplicates, near_duplicate_issue
from .outliers import find_outliers, judged, outlier_issue, outliers_data
from .profiles import profile_of
from .seasonal import contextual_issue, find_unexpected
from .shifted import Surprises, shifted_issue, surprising
from .spelling import spelling_issues
from .structure import Rule, find_rules, structure_issues
from .tables import Mask, Series, Table
from .texts import text_issues
from .units import find_unit_mix, unit_issue
from .unusual import find_unusual_rows, unusual_issue
from .validity import order_issues, validity_issues

Progress = Callable[[float, str], None]
_EXPLAINED = frozenset(("negative", "disguised_missing", "unit_mixup"))
COLUMNS_SHARE = 0.7
"""Share of the work that is done column by column."""


@dataclass
class Detection:
    """What the detectors found: `issues` ranked, and what the report shows beside them."""

    issues: list[Issue]
    profiles: list[dict[str, Any]] = field(default_factory=list)
    outliers: list[dict[str, Any]] = field(default_factory=list)
    dependencies: list[Dependency] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    calendar: Calendar | None = None
    hashes: Hashes = field(default_factory=lambda: np.zeros(0, np.uint64))
    surprises: Surprises = field(default_factory=lambda: np.zeros(0, np.uint16))

    def cell_errors(self, table: Table) -> CellErrors:
        """The wrong cells behind the issues."""
        by_name = {series.name: series for series in table.series}
        found: list[Marks | None] = []
        for issue in self.issues:
            found += issue.cells
            if issue.column in by_name and not issue.cells:
                found.append(issue.marks(by_name[issue.column]))
                table.left(by_name[issue.column])
        return CellErrors.of([marks for marks in found if marks is not None], list(by_name))


def find_cell_errors(
    table: Table, language: Language = "en", today: dt.date | None = None, max_examples: int = 5
) -> CellErrors:
    """The wrong cells of a table by all detectors in their one configuration; `today` is what future dates are measured by."""
    report = Report(language, max_examples, table.rows)
    return detect(table, report, today or dt.datetime.now(dt.UTC).date(), silent).cell_errors(table)


def find_row_errors(table: Table, *, near: bool = True) -> list[RowErrors]:
    """The rows that repeat an earlier row, one entry for each kind of repeat that occurs; nearly equal ones when `near`."""
    hashes = row_hashes(table, table.series)
    rows = np.flatnonzero(repeated_rows(hashes)).astype(np.int64)
    found = [RowErrors("duplicate_rows", rows, first_rows(hashes)[rows], np.ones(len(rows), np.float32))]
    if near:
        dependencies = [group.dependency for group in find_dependencies(table)]
        nearly = find_near_duplicates(table, hashes, dependencies)
        found += [nearly] if nearly else []
    return [errors for errors in found if len(errors)]


def detect(
    table: Table,
    report: Report,
    today: dt.date,
    progress: Progress,
    target: str | None = None,
    emptied: Path | None = None,
) -> Detection:
    """All detectors: column by column, then across columns. Later ones leave alone what earlier ones have explained.

    `target` names the column to predict, towards which others may leak; `emptied` is a file of the cells that loading emptied.
    """
    found = Detection([], hashes=np.zeros(table.rows, np.uint64), surprises=np.zeros(table.rows, np.uint16))
    adding = Lock()

    def look_at(series: Series) -> _Column:
        seen = _detect_in_column(table, series, report, today)
        hashes, surprises = column_hashes(series), surprising(series)
        with adding:
            found.hashes += hashes
            found.surprises += surprises
        return seen

    looked_at = table.each(look_at)
    for position, series in enumerate(table.series):
        message = say(
            report.language,
            en="Looking at {column}",
            ko="{column} 열을 살펴보고 있습니다",
            column=series.name,
        )
        progress(COLUMNS_SHARE * position / len(table.series), message)
        seen = next(looked_at)
        found.profiles.append(seen.profile)
        found.issues += seen.issues
        found.outliers += seen.outliers
    progress(
        COLUMNS_SHARE, say(report.language, en="Looking across columns", ko="열 사이를 살펴보고 있습니다")
    )
    _detect_across(table, report, target, found)
    found.issues += emptied_issues(table, emptied, report) if emptied else []
    found.issues = ranked(found.issues)
    return found


@dataclass(frozen=True)
class _Column:
    """What one column shows, seen alone."""

    profile: dict[str, Any]
    issues: list[Issue]
    outliers: list[dict[str, Any]]


def _detect_in_column(table: Table, series: Series, report: Report, today: dt.date) -> _Column:
    """The column's profile and what is wrong with it; what later checks need of it stays when the column is released."""
    profile = profile_of(series)
    disguised = disguised_issue(series, report)
    mine = [disguised] if disguised else []
    mine += validity_issues(series, _wrong(series, mine), report, today)
    mixed = find_unit_mix(series, _wrong(series, mine))
    mine += [unit_issue(series, mixed, report)] if mixed else []
    mine += text_issues(series, _wrong(series, mine), report)
    mine += spelling_issues(series, _wrong(series, mine), report)
    formats = format_issue(series, _wrong(series, mine), report)
    mine += [formats] if formats else []
    outliers = find_outliers(series, _wrong(series, mine)) if judged(series) else None
    data = [outliers_data(outliers, table, report.max_examples)] if outliers else []
    if outliers and not outliers.heavy_tailed:
        mine.append(outlier_issue(outliers, report, data[0]["examples"]))
    if may_depend(series):
        _ = series.levels
    if series.kind in ("integer", "number"):
        _ = series.screen
    return _Column(profile, mine, data)


def _detect_across(table: Table, report: Report, target: str | None, found: Detection) -> None:
    """Adds what shows only when columns are seen together."""
    found.issues += missing_issues(table, report) + duplicate_issues(table, found.hashes, report)
    found.issues += order_issues(table, lambda series: _wrong(series, found.issues), report)
    groups = find_dependencies(table)
    found.dependencies = [group.dependency for group in groups]
    found.issues += dependency_issues(table, groups, report)
    near = find_near_duplicates(table, found.hashes, found.dependencies)
    found.hashes = np.zeros(0, np.uint64)
    found.issues += [near_duplicate_issue(near, report)] if near else []
    found.rules = find_rules(table)
    shifted = shifted_issue(table, found.surprises, report)
    found.issues += [shifted] if shifted else []
    found.issues += structure_issues(table, found.rules, report)
    found.calendar = find_calendar(table, lambda series: _wrong(series, found.issues))
    if found.calendar:
        found.issues += _detect_in_time(table, found.calendar, report, found.issues)
    unusual = find_unusual_rows(table, _outlying(table, found.issues))
    found.issues += [unusual_issue(unusual, report)] if unusual is not None else []
    found.issues += leakage_issues(table, target_of(table, target), report)


def _detect_in_time(table: Table, calendar: Calendar, report: Report, known: list[Issue]) -> list[Issue]:
    """Gaps in the calendar, and values that do not fit their time."""
    gaps = gap_issue(calendar, report)
    found = [gaps] if gaps else []
    if calendar.expected < table.rows:
        return found
    for series in table.numeric():
        if judged(series):
            unexpected = find_unexpected(table, calendar, series, _wrong(series, known))
            found += [contextual_issue(calendar, series, unexpected, report)] if unexpected else []
    return found


def _outlying(table: Table, issues: list[Issue]) -> Mask:
    """Rows in which some column alone is out of the ordinary, or that repeat another row."""
    rows = np.zeros(table.rows, np.bool_)
    for issue in issues:
        told = issue.kind in ("outliers", "unit_mixup", "duplicate_rows") or issue.dimension == "validity"
        if told and issue.affected is not None:
            rows |= issue.affected
    return rows


def _wrong(series: Series, issues: list[Issue]) -> Mask:
    """Rows whose value in this column is known to be missing in disguise or wrong."""
    rows = np.zeros(series.rows, np.bool_)
    for issue in issues:
        told = issue.dimension == "validity" or issue.kind in _EXPLAINED
        if issue.column == series.name and told and issue.affected is not None:
            rows |= issue.affected
    return rows


def silent(fraction: float, message: str) -> None:
    """Progress that nobody follows."""
    del fraction, message
