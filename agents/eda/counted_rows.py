"""A cross-table written as rows: each row a combination of categories, and a column that says how many cases it stands for."""

from dataclasses import dataclass, replace

import numpy as np

from mesh.language import Language, say
from mesh.tabular.lexicon import words
from mesh.tabular.sheet import Numbers, Sheet

SURE_NAMES = frozenset({"freq", "frequency", "frequencies", "빈도", "빈도수", "도수"})
"""Columns called so hold how often the rest of the row occurs, whatever else is in it."""
LIKELY_NAMES = frozenset(
    {"count", "counts", "n", "number", "people", "persons", "respondents", "students", "patients"}
    | {"인원", "인원수", "명수", "사람수", "건수", "응답자수", "응답수", "학생수", "환자수"}
)
"""Columns called so do where everything else is a category."""
MIN_ROWS = 4
MAX_CASES = 2_000_000


@dataclass(frozen=True)
class Cases:
    """`column` said how many cases each of `rows` rows stands for, `cases` together."""

    column: str
    rows: int
    cases: int


def counted(sheet: Sheet) -> tuple[Sheet, Cases | None]:
    """The sheet with one row per case where it is a cross-table with one column of counts, else the sheet itself.

    It is one when no combination of the other columns occurs twice, there is no date, and the counts are whole numbers with
    `MAX_CASES` cases at most.
    """
    name = _count_column(sheet)
    if name is None or sheet.rows < MIN_ROWS or sheet.dates:
        return sheet, None
    counts = sheet.numeric[name]
    whole = bool(np.isfinite(counts).all() and (counts >= 0).all() and (counts == np.round(counts)).all())
    if not whole or not 0 < counts.sum() <= MAX_CASES or counts.max() <= 1 or _repeats(sheet, name):
        return sheet, None
    places = np.repeat(np.arange(sheet.rows), counts.astype(np.int64))
    return _without(sheet.take(places), name), Cases(name, sheet.rows, len(places))


def _count_column(sheet: Sheet) -> str | None:
    numbers = [name for name in sheet.numeric if len(words(name)) <= 2]
    sure = [name for name in numbers if SURE_NAMES & set(words(name))]
    likely = [name for name in sheet.numeric if LIKELY_NAMES & {name.lower(), "".join(words(name))}]
    only_categories = len(sheet.levels) == len(sheet.columns) - 1 and len(sheet.levels) >= 2
    found = sure or (likely if only_categories else [])
    return found[0] if len(found) == 1 and sheet.levels else None


def _repeats(sheet: Sheet, name: str) -> bool:
    """Whether two rows agree in everything but the count."""
    keys: list[Numbers] = [levels.codes.astype(np.float64) for levels in sheet.levels.values()]
    keys += [values for other, values in sheet.numeric.items() if other != name]
    return len(np.unique(np.column_stack(keys), axis=0)) < sheet.rows


def _without(sheet: Sheet, name: str) -> Sheet:
    """The sheet without one number; what is missing is counted anew."""
    numeric = {other: values for other, values in sheet.numeric.items() if other != name}
    missing = {other: int(np.isnan(values).sum()) for other, values in numeric.items()}
    missing |= {other: int((levels.codes < 0).sum()) for other, levels in sheet.levels.items()}
    return replace(
        sheet,
        columns=tuple(column for column in sheet.columns if column.name != name),
        numeric=numeric,
        missing={other: missing.get(other, 0) for other in sheet.missing if other != name},
        distinct={other: number for other, number in sheet.distinct.items() if other != name},
    )


def cases_note(cases: Cases, language: Language) -> str:
    """The sentence that says what a row stands for."""
    return say(
        language,
        en="{column} is read as the number of cases that each row stands for: {rows:,} rows are {cases:,} cases.",
        ko="{column} 열을 각 행에 해당하는 건수로 보았습니다. {rows:,}개 행은 모두 {cases:,}건입니다.",
        column=cases.column,
        rows=cases.rows,
        cases=cases.cases,
    )
