"""A first look at a table of any size: every column described from all of its rows, one in memory at a time, and rows to relate
columns by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from mesh.language import Language, say
from mesh.results import Column
from mesh.tabular.focus import Focus
from mesh.tabular.sheet import Sheet, beside, count_rows, read_sheet

from .counted_rows import Cases, counted
from .distribution import describe_columns
from .named_groups import named_levels
from .number_dates import date_numbers, is_even
from .price_volume import quantity_column

SAMPLE_ROWS = 200_000
"""Of so many rows a correlation is known to 0.005 (95 %), and no test lacks power for a difference worth naming."""
SEED = 20
SAMPLED = (
    "correlations",
    "associations",
    "dependencies",
    "curves",
    "missing_patterns",
    "group_tests",
    "identities",
    "drivers",
    "reversals",
)


@dataclass(frozen=True)
class Survey:
    """`columns` are the records of `describe_columns` over all `rows`.

    `sheet` holds all rows, or `SAMPLE_ROWS` of them drawn at random where there are more; its counts are of the whole.
    `cases` is there where the file held a cross-table, whose rows are its cases here.
    """

    path: Path
    rows: int
    columns: list[dict[str, Any]]
    sheet: Sheet
    cases: Cases | None = None

    @property
    def bounds(self) -> dict[str, Any] | None:
        """Which parts of a report rest on a sample, of how many rows, drawn with which seed; None where none does."""
        if self.sheet.rows == self.rows:
            return None
        return {"rows": self.rows, "sample_rows": self.sheet.rows, "seed": SEED, "sampled": list(SAMPLED)}

    def whole(self, names: Iterable[str | None]) -> Sheet:
        """The values of the columns `names` in all rows; where the sheet holds all rows already, the sheet itself."""
        if self.bounds is None:
            return self.sheet
        wanted = set(names)
        read = read_sheet(self.path, [column for column in self.sheet.columns if column.name in wanted])
        return replace(read, columns=self.sheet.columns)


def survey(path: Path, columns: Sequence[Column]) -> Survey:
    """Describe the Parquet file at `path`, of whatever length, with no more than one whole column in memory.

    Rows are drawn without replacement from a fixed seed, so that the same file gives the same sample.
    Raises: BadInputError when the table has no rows or lacks a declared column.
    """
    rows = count_rows(path, columns)
    if rows <= SAMPLE_ROWS:
        sheet = read_sheet(path, columns)
        return Survey(path, rows, describe_columns(sheet), sheet)
    places = np.sort(np.random.default_rng(SEED).choice(rows, SAMPLE_ROWS, replace=False, shuffle=False))
    records, samples = [], []
    for column in columns:
        part = read_sheet(path, [column])
        records += describe_columns(part)
        samples.append(part.take(places))
    return Survey(path, rows, records, beside(SAMPLE_ROWS, samples))


def dated(seen: Survey, *, evenly: bool = False) -> Survey:
    """The survey with dates that the table holds as numbers.

    With `evenly` only where they make a series: as many rows of nearly every date, or something that adds up. The year of an
    operation or of a car's make tells rows apart, but their mean by year is no development.
    """
    sheet = seen.sheet if seen.bounds else date_numbers(seen.sheet)
    if sheet is seen.sheet or (evenly and not is_even(sheet) and not any(map(sheet.additive, sheet.numeric))):
        return seen
    return replace(seen, sheet=sheet, columns=describe_columns(sheet))


def survey_cases(path: Path, columns: Sequence[Column]) -> Survey:
    """As `survey`; of a cross-table with a column of counts the cases, one a row."""
    seen = survey(path, columns)
    if seen.bounds is not None:
        return seen
    sheet, cases = counted(seen.sheet)
    return seen if cases is None else Survey(path, sheet.rows, describe_columns(sheet), sheet, cases)


def columns_of_interest(sheet: Sheet, focus: Focus, goal: str, measure: str | None = None) -> set[str]:
    """What an analysis of the question reads in full: the focus, the columns it names, those of which it names two values, and
    the quantity behind a sum of money."""
    measures = [*focus.measures, *([measure] if measure else [])]
    quantities = {quantity_column(sheet, name) for name in measures if name in sheet.numeric}
    named = {name for name, levels in sheet.levels.items() if len(named_levels(goal, levels)) >= 2}
    found = {*measures, *focus.dimensions, *focus.asked, *named, *quantities, focus.date, focus.target}
    return {name for name in found if name is not None}


def bounds_note(bounds: dict[str, Any], language: Language) -> str:
    """The sentence that says what rests on a sample."""
    return say(
        language,
        en="The table has {rows:,} rows: correlations, associations, tests and fitted distributions are computed on "
        "{sample_rows:,} of them, drawn at random (seed {seed}). Counts, totals, means, breakdowns and the development "
        "over time are of all rows.",
        ko="전체 {rows:,}행 가운데 무작위로 뽑은 {sample_rows:,}행(시드 {seed})으로 상관, 연관, 검정, 분포 적합을 계산했습니다. "
        "개수, 합계, 평균, 항목별 집계, 시간에 따른 변화는 전체 행으로 계산했습니다.",
        **bounds,
    )
