"""Every detector over every row of a table, and what they find as issues, wrong cells and repeated rows."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from mesh.language import Language, say

from .cells import CellErrors, RowErrors
from .duplicates import duplicate_issues, first_rows, repeated_rows
from .gaps import Calendar, find_calendar, gap_issue
from .issues import Issue, Report, ranked
from .missing import disguised_rows, missing_issues
from .outliers import Outliers, find_outliers, judged, outlier_issue
from .structure import Rule, find_rules, structure_issues
from .tables import Mask, Series, Table
from .texts import text_issues
from .validity import validity_issues

Progress = Callable[[float, str], None]


@dataclass
class Detection:
    """What the detectors found: `issues` ranked, and what the report shows beside them."""

    issues: list[Issue]
    outliers: list[Outliers] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    calendar: Calendar | None = None

    def cell_errors(self, table: Table) -> CellErrors:
        """The wrong cells behind the issues."""
        by_name = {series.name: series for series in table.series}
        found = [issue.marks(by_name[issue.column]) for issue in self.issues if issue.column in by_name]
        return CellErrors.of([marks for marks in found if marks is not None], list(by_name))


def find_cell_errors(
    table: Table, language: Language = "en", today: dt.date | None = None, max_examples: int = 5
) -> CellErrors:
    """The wrong cells of a table by all detectors in their one configuration; `today` is what future dates are measured by."""
    report = Report(language, max_examples, table.rows)
    return detect(table, report, today or dt.datetime.now(dt.UTC).date(), silent).cell_errors(table)


def find_row_errors(table: Table) -> list[RowErrors]:
    """The rows that repeat an earlier row, one entry for each kind of repeat that occurs."""
    repeated = repeated_rows(table)
    if not repeated.any():
        return []
    rows = np.flatnonzero(repeated).astype(np.int64)
    return [RowErrors("duplicate_rows", rows, first_rows(table)[rows], np.ones(len(rows), np.float32))]


def detect(table: Table, report: Report, today: dt.date, progress: Progress) -> Detection:
    """All detectors in order, of which later ones leave alone what earlier ones have explained."""
    language = report.language
    progress(0.0, say(language, en="Looking for missing and repeated rows", ko="결측과 중복을 찾고 있습니다"))
    issues = missing_issues(table, report) + duplicate_issues(table, report)
    progress(
        0.3, say(language, en="Checking values and spellings", ko="값의 범위와 표기를 확인하고 있습니다")
    )
    issues += validity_issues(table, report, today) + text_issues(table, report)
    progress(0.5, say(language, en="Looking for outliers", ko="이상치를 찾고 있습니다"))
    outliers = _outliers(table, issues)
    issues += [outlier_issue(found, report, table) for found in outliers if not found.heavy_tailed]
    progress(0.8, say(language, en="Checking rules between columns", ko="열 사이의 규칙을 확인하고 있습니다"))
    rules, calendar = find_rules(table), find_calendar(table, lambda series: _spoken_for(series, issues))
    issues += structure_issues(table, rules, report)
    gaps = gap_issue(calendar, report) if calendar else None
    return Detection(ranked([*issues, *([gaps] if gaps else [])]), outliers, rules, calendar)


def silent(fraction: float, message: str) -> None:
    """Progress that nobody follows."""
    del fraction, message


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
