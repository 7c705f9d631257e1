"""From errors to edits: which of them are made, which are not and why, until there is nothing left to do."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mesh.language import Language, say

from .cells import CellErrors, Marks, RowErrors, Shares
from .cleaning import Draft, Edit, flag_name
from .cleaning_dates import KINDS as DATES
from .cleaning_dates import conversion, with_days
from .cleaning_fill import Refusal, fill_edits
from .cleaning_request import Request
from .detection import Detection, detect, find_row_errors, silent
from .duplicates import repeats_by_chance
from .exports import OUTLIER_KINDS
from .issues import Report
from .tables import Mask, Series, Table

MAX_PASSES = 10
"""Cleaning ends when a pass finds nothing more to do; this is where it gives up."""
EMPTIED = frozenset(("disguised_missing", "infinite"))
"""Values that stand for a missing one: to empty the cell is the repair."""
OUTLIERS = "outliers"
_EXAMPLES = 5
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Withheld:
    """Errors that were found and left alone: the marks, and the reason, a word of `cleaning_story.REFUSALS`."""

    marks: Marks
    why: str


@dataclass(frozen=True)
class Cleaned:
    """A cleaned table: the draft with its log, what was left alone, and what detection says before and after."""

    draft: Draft
    withheld: tuple[Withheld, ...]
    refused: tuple[Refusal, ...]
    before: Detection
    after: Detection
    original: Table
    complete: bool


def clean(
    table: Table, request: Request, language: Language, today: dt.date, progress: Progress = silent
) -> Cleaned:
    """The table cleaned as requested. Another cleaning with the same request changes nothing more, if `complete`.

    A pass drops repeated rows and makes repairs; when there is nothing of that left it treats outliers, then missing values. What
    one pass changes the next one looks at anew.
    """
    draft = Draft.of(table)
    before: Detection | None = None
    for number in range(MAX_PASSES + 1):
        share = number / (number + 3)
        progress(share, say(language, en="Cleaning, pass {n}", ko="정제 {n}회차", n=number + 1))
        found = detect(draft.table, Report(language, _EXAMPLES, draft.table.rows), today, silent)
        before = before or found
        errors = found.cell_errors(draft.table)
        deduplicated = _without_repeats(draft, request)
        edits, withheld = repair_edits(deduplicated.table, _moved(errors, draft, deduplicated), request)
        fills, refused = fill_edits(draft.table, request.missing)
        if deduplicated is draft:
            edits = edits or conversions(draft) or outlier_edits(draft.table, errors, request) or fills
        done = deduplicated is draft and not edits
        if done or number == MAX_PASSES:
            return Cleaned(draft, tuple(withheld), tuple(refused), before, found, table, complete=done)
        draft = deduplicated
        for edit in edits:
            draft = draft.edited(edit)
    raise AssertionError("the last pass returns")


def _without_repeats(draft: Draft, request: Request) -> Draft:
    """The draft without the repeated rows that are to go; the same draft when there are none."""
    for edit in duplicate_edits(draft.table, request):
        return draft.edited(edit)
    return draft


def _moved(errors: CellErrors, old: Draft, new: Draft) -> CellErrors:
    """The errors of a draft's rows at their places in a later draft; those of rows that were dropped are left out."""
    if new is old:
        return errors
    place = np.full(old.table.rows, -1)
    place[np.flatnonzero(np.isin(old.origin, new.origin))] = np.arange(new.table.rows)
    kept = (marks.taken(np.flatnonzero(place[marks.rows] >= 0)) for marks in errors.marks)
    return CellErrors(tuple(replace(marks, rows=place[marks.rows]) for marks in kept if len(marks)))


def repair_edits(table: Table, errors: CellErrors, request: Request) -> tuple[list[Edit], list[Withheld]]:
    """The repairs to make, and the errors that are left alone, by the request and by how sure each repair is."""
    edits: list[Edit] = []
    withheld: list[Withheld] = []
    for found in errors.marks:
        marks = with_days(table[found.column], found) if found.kind in DATES else found
        if marks.kind in OUTLIER_KINDS:
            if request.outliers == "leave":
                withheld.append(Withheld(marks, "outliers_left"))
            continue
        if not request.repairs(marks.kind):
            withheld.append(Withheld(marks, "not_requested"))
            continue
        sureness = marks.confidence if marks.kind in EMPTIED else marks.repair_confidence
        sure = np.round(sureness.astype(np.float64), 4) >= request.min_confidence
        changed = sure & ~_equal(marks.values, marks.repairs)
        if changed.any():
            chosen = np.flatnonzero(changed)
            edits.append(_edit_of(table[marks.column], marks.taken(chosen), np.asarray(sureness)[chosen]))
        unsure = np.flatnonzero(~sure)
        if len(unsure):
            why = "unsure" if np.any(marks.repair_confidence[unsure] > 0) else "no_repair"
            withheld.append(Withheld(marks.taken(unsure), why))
    return edits, withheld


def conversions(draft: Draft) -> list[Edit]:
    """Columns of dates that were written in several notations become columns of dates once they are written in one."""
    mended = {edit.column for edit in draft.log if edit.kind in DATES}
    found = (
        conversion(series)
        for series in draft.table.series
        if series.name in mended and series.kind == "string"
    )
    return [edit for edit in found if edit is not None]


def _equal(values: pa.Array, repairs: pa.Array) -> Mask:
    """Which repairs would change nothing, shape (n,)."""
    pairs = zip(values.to_pylist(), repairs.to_pylist(), strict=True)
    return np.array([one == other for one, other in pairs], np.bool_)


def _edit_of(series: Series, marks: Marks, confidence: Shares) -> Edit:
    emptied = marks.repairs.null_count == len(marks)
    why = marks.reasons[int(marks.reason_of[0])]
    edit = Edit(marks.kind, "replace", marks.column, marks.rows, why, confidence, marks.values, marks.repairs)
    return replace(edit, action="empty" if emptied else "replace", detail=_by_value(series, edit))


def _by_value(series: Series, edit: Edit) -> dict[Any, Any] | None:
    """What each old value becomes, when every cell of the column that holds it becomes the same; else None."""
    assert edit.before is not None
    assert edit.after is not None
    pairs = Counter(zip(edit.before.to_pylist(), edit.after.to_pylist(), strict=True))
    found: dict[Any, Any] = dict(pairs.keys())
    if len(found) < len(pairs) or None in found:
        return None
    held = pc.value_counts(
        series.array.filter(pc.is_in(series.array, value_set=pa.array(list(found), series.array.type)))
    )
    counts = {item["values"]: item["counts"] for item in held.to_pylist()}
    return found if all(counts.get(old) == count for (old, _), count in pairs.items()) else None


def duplicate_edits(table: Table, request: Request) -> list[Edit]:
    """Drops the rows that repeat an earlier one: exact ones, and near ones only when asked for and no exact one is left."""
    if request.duplicates == "leave":
        return []
    found = find_row_errors(table, near=request.duplicates == "near")
    if not request.repeats_named:
        found = [errors for errors in found if not _may_be_different(table, errors)]
    return [
        Edit(
            errors.kind,
            "drop_rows",
            None,
            errors.rows,
            errors.kind,
            np.asarray(errors.similarity, np.float64),
        )
        for errors in found[:1]
    ]


def _may_be_different(table: Table, errors: RowErrors) -> bool:
    """Are they exact repeats that chance explains, where columns have few values?"""
    repeated = np.zeros(table.rows, np.bool_)
    repeated[errors.rows] = True
    return errors.kind == "duplicate_rows" and repeats_by_chance(table, repeated)


def outlier_edits(table: Table, errors: CellErrors, request: Request) -> list[Edit]:
    """What is done with values far from the rest of their column: flagged, brought to the edge of the rest, or dropped."""
    if request.outliers == "leave":
        return []
    names = {series.name for series in table.series}
    kinds = {OUTLIERS} if request.outliers == "clip" else OUTLIER_KINDS
    found = [marks for marks in errors.marks if marks.kind in kinds and len(marks)]
    if request.outliers == "flag":
        found = [marks for marks in found if flag_name(marks.column) not in names]
        first = {marks.column: marks for marks in reversed(found)}
        return [_outlier_edit(marks, "flag", None) for marks in first.values()]
    if request.outliers == "drop_rows":
        rows = np.unique(np.concatenate([marks.rows for marks in found])) if found else np.zeros(0, np.int64)
        columns = [marks.column for marks in found]
        return (
            [Edit(OUTLIERS, "drop_rows", None, rows, ", ".join(columns), np.ones(len(rows)))]
            if len(rows)
            else []
        )
    return [_clipped(table, marks) for marks in found]


def _clipped(table: Table, marks: Marks) -> Edit:
    series = table[marks.column]
    far = np.zeros(series.rows, np.bool_)
    far[marks.rows] = True
    rest = series.numbers[~far & np.isfinite(series.numbers)]
    low, high = float(rest.min()), float(rest.max())
    after = pa.array(np.clip(series.numbers[marks.rows], low, high)).cast(series.array.type)
    return _outlier_edit(marks, "clip", after, [low, high])


def _outlier_edit(
    marks: Marks, action: str, after: pa.Array | None, detail: list[float] | None = None
) -> Edit:
    return Edit(
        OUTLIERS,
        "clip" if action == "clip" else "flag",
        marks.column,
        marks.rows,
        marks.reasons[0],
        np.asarray(marks.confidence, np.float64),
        marks.values,
        after,
        detail,
    )
