"""Excel and OpenDocument sheets as text batches: values in the notation that the type detection reads without loss."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from .account import Account
from .batches import BATCH_ROWS, Batch, Found, Plain, Source, numbered
from .headers import header_span, is_header, is_title, joined_names, spans_columns
from .refusal import SourceRefused

_HEADER_SEARCH_ROWS = 40
_MAX_MERGED = 20_000

Cells = list[list[str]]


@dataclass(frozen=True)
class _Area:
    """A table on a sheet: its cells as text, and the sheet's row (from 1) and column (from 0) of its first cell."""

    sheet: str
    cells: Cells
    row: int
    column: int
    hidden: bool


def workbook_tables(path: Path, *, sheet: str | int | None = None, header: bool | None = None) -> list[Found]:
    """The tables of a workbook, or of its one sheet that is named or counted from 1; several on a sheet are told apart.

    Raises: BadInputError when the file is damaged or protected, the sheet does not exist, or there is no table.
    """
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = {s.name: s.visible for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet}
        chosen = list(sheets) if sheet is None else [_chosen(list(sheets), sheet)]
        areas = [
            area
            for name in chosen
            for area in _areas(book.get_sheet_by_name(name), hidden=sheets[name] != SheetVisibleEnum.Visible)
        ]
    except CalamineError as error:
        raise SourceRefused(
            "The workbook cannot be read ({error}). Save it again without a password, or export the sheet as CSV.",
            "통합 문서를 읽을 수 없습니다({error}). 암호 없이 다시 저장하거나 시트를 CSV로 내보내 주십시오.",
            error=error,
        ) from error
    if not areas:
        raise _without_table(sheet)
    facts = {
        "sheets": list(sheets),
        "hidden_sheets": [n for n, v in sheets.items() if v != SheetVisibleEnum.Visible],
    }
    several = {area.sheet for area in areas if sum(other.sheet == area.sheet for other in areas) > 1}
    found: list[Found] = []
    for area in sorted(areas, key=lambda area: area.hidden):
        title = _title(area) if area.sheet in several else ""
        name = f"{area.sheet}: {title or len(found) + 1}" if area.sheet in several else area.sheet
        found.append(Found(name, partial(_open, area, facts, header)))
    return found


def text_of(value: Any) -> str:
    """A cell as text: whole floats without a fraction, dates in ISO notation, booleans as true and false."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    return str(value)


def _chosen(names: list[str], sheet: str | int) -> str:
    if isinstance(sheet, int) or (sheet.isdigit() and sheet not in names):
        position = int(sheet)
        if not 1 <= position <= len(names):
            raise SourceRefused(
                "There is no sheet {position}; the workbook has {count}: {names}.",
                "{position}번째 시트가 없습니다. 통합 문서의 시트는 {count}개입니다: {names}.",
                position=position,
                count=len(names),
                names=", ".join(names),
            )
        return names[position - 1]
    matching = [name for name in names if name.strip().casefold() == sheet.strip().casefold()]
    if not matching:
        raise SourceRefused(
            "There is no sheet {sheet!r}. The sheets are: {names}.",
            "{sheet!r} 시트가 없습니다. 시트 목록: {names}.",
            sheet=sheet,
            names=", ".join(names),
        )
    return sheet if sheet in names else matching[0]


def _without_table(sheet: str | int | None) -> SourceRefused:
    if sheet is not None:
        return SourceRefused(
            "The sheet is empty. Choose another with `sheet`.",
            "시트가 비어 있습니다. `sheet`로 다른 시트를 지정해 주십시오.",
        )
    return SourceRefused(
        "No sheet of the workbook has a header row and a row of data.",
        "머리글 행과 데이터 행이 있는 시트가 통합 문서에 없습니다.",
    )


def _areas(sheet: CalamineSheet, *, hidden: bool) -> Iterator[_Area]:
    """The tables of a sheet: parts between empty rows that have a header of their own, and between empty columns."""
    rows = [[text_of(cell) for cell in row] for row in sheet.to_python(skip_empty_area=True)]
    if not rows:
        return
    top, left = sheet.start or (0, 0)
    _spread_merged(rows, sheet, top, left)
    for first, last in _column_runs(rows):
        part = [row[first:last] for row in rows]
        for begin, end in _row_runs(part):
            if sum(any(row) for row in part[begin:end]) >= 2:
                yield _Area(sheet.name, part[begin:end], top + begin + 1, left + first, hidden)


def _spread_merged(rows: Cells, sheet: CalamineSheet, top: int, left: int) -> None:
    """Write the value of cells that were merged downwards, a group's label, into each of their rows."""
    for (first, column), (last, last_column) in (sheet.merged_cell_ranges or [])[:_MAX_MERGED]:
        at = column - left
        if column == last_column and top < first < last and 0 <= at < len(rows[0]):
            for row in rows[first + 1 - top : last + 1 - top]:
                row[at] = row[at] or rows[first - top][at]


def _column_runs(rows: Cells) -> list[tuple[int, int]]:
    """Runs of columns, of which some cell is filled, that are tables side by side; one run when they are not."""
    width = max(len(row) for row in rows)
    filled = [any(i < len(row) and row[i] for row in rows) for i in range(width)]
    runs: list[tuple[int, int]] = []
    for i, is_filled in enumerate(filled):
        if is_filled and (i == 0 or not filled[i - 1]):
            runs.append((i, i + 1))
        elif is_filled:
            runs[-1] = (runs[-1][0], i + 1)
    whole = [(runs[0][0], runs[-1][1])] if runs else []
    apart = len(runs) > 1 and all(last - first > 1 for first, last in runs)
    return runs if apart and all(_has_header([row[a:b] for row in rows]) for a, b in runs) else whole


def _has_header(rows: Cells) -> bool:
    filled = [row for row in rows if any(row)]
    start = next((i for i, row in enumerate(filled) if all(row)), None)
    return start is not None and start + 1 < len(filled) and is_header(filled[start:], len(filled[start]))


def _row_runs(rows: Cells) -> list[tuple[int, int]]:
    """Parts of a sheet that begin, after an empty row, with a header (or a title and a header) unlike the one before."""
    blocks: list[tuple[int, int]] = []
    for i, row in enumerate(rows):
        if any(row) and (i == 0 or not any(rows[i - 1])):
            blocks.append((i, i + 1))
        elif any(row):
            blocks[-1] = (blocks[-1][0], i + 1)
    parts: list[tuple[int, int]] = []
    pending: int | None = None
    header: list[str] | None = None
    for begin, end in blocks:
        own = _own_header(rows[begin:end])
        if own is not None and header is not None and own != header:
            parts.append((begin if pending is None else pending, end))
        elif parts:
            parts[-1] = (parts[-1][0], end)
        else:
            parts.append((0, end))
        header = own or header
        is_title = (
            header is not None and own is None and all(sum(map(bool, row)) <= 1 for row in rows[begin:end])
        )
        pending = begin if is_title else None
    for i in range(1, len(parts)):
        parts[i - 1] = (parts[i - 1][0], parts[i][0])
    return parts


def _own_header(block: Cells) -> list[str] | None:
    titles = next((i for i, row in enumerate(block) if sum(map(bool, row)) > 1), len(block))
    rows = block[titles:]
    if len(rows) < 2 or sum(map(bool, rows[0])) < 2:
        return None
    used = [i for i in range(len(rows[0])) if any(row[i] for row in rows)]
    cut = [[row[i] for i in used] for row in rows]
    mostly = sum(map(bool, cut[0])) >= max(2, len(used) - 1)
    if not (mostly or spans_columns(cut[0], cut[1], len(used))) or not is_header(cut, len(used)):
        return None
    return [cell for cell in cut[0] if cell]


def _title(area: _Area) -> str:
    first = [cell for cell in area.cells[0] if cell]
    return first[0][:60] if len(first) == 1 else ""


def _open(area: _Area, facts: dict[str, Any], header: bool | None, plain: Plain) -> Source:
    del plain
    start, left, width = _table_start(area.cells)
    rows = [row[left : left + width] for row in area.cells]
    head: Sequence[list[str]] = rows[start:]
    has_header = header if header is not None else is_header(head, width)
    depth = int(has_header)
    if has_header and header is None:
        start, depth = header_span(rows, start, width)
        head = rows[start:]
    names = joined_names(head[:depth], width) if has_header else [f"column_{i + 1}" for i in range(width)]
    account = Account()
    body = rows[start + depth :]
    details = {
        "format": "workbook",
        "sheet": area.sheet,
        **facts,
        "hidden": area.hidden,
        "header_row": area.row + start if has_header else None,
        "header_rows": depth,
        "preamble": [" ".join(filter(None, row)) for row in rows[:start] if any(row)],
    }
    consumed = [0]
    return Source(
        names,
        _batches(body, width, account, consumed),
        account,
        details,
        list(head[:depth]),
        lambda: consumed[0] / max(1, len(body)),
    )


def _table_start(rows: Cells) -> tuple[int, int, int]:
    """Row of the header, first column and number of columns, by the filled cells of the table's first rows."""
    filled = [sum(map(bool, row)) for row in rows[:_HEADER_SEARCH_ROWS]]
    start = next(i for i, n in enumerate(filled) if n >= max(1, (max(filled) + 1) // 2))
    used = [i for row in rows[start:] for i, cell in enumerate(row) if cell]
    left, width = min(used), max(used) + 1 - min(used)
    return start + is_title([row[left : left + width] for row in rows[start:]], width), left, width


def _batches(body: Cells, width: int, account: Account, consumed: list[int]) -> Iterator[Batch]:
    for start in range(0, len(body), BATCH_ROWS):
        rows = body[start : start + BATCH_ROWS]
        account.read += len(rows)
        yield numbered(
            [pa.array([row[i] or None for row in rows], pa.string()) for i in range(width)], start + 1
        )
        consumed[0] += len(rows)
