"""Excel and OpenDocument sheets as text batches: values in the notation that the type detection reads without loss."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from .account import Account
from .batches import BATCH_ROWS, Batch, Source
from .dialect import unique_names
from .refusal import SourceRefused

_HEADER_SEARCH_ROWS = 40


def open_workbook(path: Path, *, sheet: str | int | None = None, header: bool | None = None) -> Source:
    """One sheet of a workbook: the named one, the one at position `sheet` (from 1), or the first that has a table.

    Raises: BadInputError when the file is damaged or protected, the sheet does not exist, or there is no table.
    """
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = [s.name for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
        chosen, rows, above = _choose(book, names, sheet)
    except CalamineError as error:
        raise SourceRefused(
            "The workbook cannot be read ({error}). Save it again without a password, or export the sheet as CSV.",
            "통합 문서를 읽을 수 없습니다({error}). 암호 없이 다시 저장하거나 시트를 CSV로 내보내 주십시오.",
            error=error,
        ) from error
    start, width = _table_start(rows)
    head = rows[start][:width]
    has_header = header if header is not None else all(isinstance(c, str) for c in head if c != "")
    column_names = unique_names([text_of(c) or "" for c in head] if has_header else [""] * width)
    account = Account()
    body = rows[start + has_header :]
    details = {
        "format": "workbook",
        "sheet": chosen,
        "sheets": names,
        "header_row": above + start + 1 if has_header else None,
        "preamble": [
            " ".join(t for c in row if (t := text_of(c))) for row in rows[:start] if any(c != "" for c in row)
        ],
    }
    consumed = [0]
    return Source(
        column_names,
        _batches(body, width, account, consumed),
        account,
        details,
        lambda: consumed[0] / max(1, len(body)),
    )


def text_of(value: Any) -> str | None:
    """A cell as text: whole floats without a fraction, dates in ISO notation, booleans as true and false; empty is None."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    return str(value)


def _choose(
    book: CalamineWorkbook, names: list[str], sheet: str | int | None
) -> tuple[str, list[list[Any]], int]:
    if isinstance(sheet, int) or (isinstance(sheet, str) and sheet.isdigit() and sheet not in names):
        position = int(sheet)
        if not 1 <= position <= len(names):
            raise SourceRefused(
                "There is no sheet {position}; the workbook has {count}: {names}.",
                "{position}번째 시트가 없습니다. 통합 문서의 시트는 {count}개입니다: {names}.",
                position=position,
                count=len(names),
                names=", ".join(names),
            )
        sheet = names[position - 1]
    if sheet is not None:
        if sheet not in names:
            raise SourceRefused(
                "There is no sheet {sheet!r}. The sheets are: {names}.",
                "{sheet!r} 시트가 없습니다. 시트 목록: {names}.",
                sheet=sheet,
                names=", ".join(names),
            )
        return sheet, *_rows(book, sheet)
    for name in names:
        rows, above = _rows(book, name)
        if sum(any(c != "" for c in row) for row in rows) >= 2:
            return name, rows, above
    raise SourceRefused(
        "No sheet of the workbook has a header row and a row of data.",
        "머리글 행과 데이터 행이 있는 시트가 통합 문서에 없습니다.",
    )


def _rows(book: CalamineWorkbook, name: str) -> tuple[list[list[Any]], int]:
    """The sheet's used area, and the number of rows above it."""
    sheet = book.get_sheet_by_name(name)
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=True)
    return rows, sheet.start[0] if sheet.start else 0


def _table_start(rows: list[list[Any]]) -> tuple[int, int]:
    """Row index of the header and the number of columns, up to the last filled column of the table's first rows."""
    top = rows[:_HEADER_SEARCH_ROWS]
    filled = [sum(c != "" for c in row) for row in top]
    if not filled or max(filled) == 0:
        raise SourceRefused(
            "The sheet is empty. Choose another with `sheet`.",
            "시트가 비어 있습니다. `sheet`로 다른 시트를 지정해 주십시오.",
        )
    start = next(i for i, n in enumerate(filled) if n >= max(1, (max(filled) + 1) // 2))
    width = max((i + 1 for row in rows[start:] for i, c in enumerate(row) if c != ""), default=0)
    return start, width


def _batches(body: list[list[Any]], width: int, account: Account, consumed: list[int]) -> Iterator[Batch]:
    for start in range(0, len(body), BATCH_ROWS):
        rows = body[start : start + BATCH_ROWS]
        account.read += len(rows)
        yield [
            pa.array([text_of(row[i]) if i < len(row) else None for row in rows], pa.string())
            for i in range(width)
        ]
        consumed[0] += len(rows)
