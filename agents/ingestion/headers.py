"""Where a table's header is, of how many rows it consists, and the names that these rows give to the columns."""

import re
from collections.abc import Sequence
from itertools import pairwise

from . import markers

RULED = r"^\s*[:+]?[-=_]{3,}(?:[:+][-=_]{3,})*[:+]?\s*$"
"""A cell of a line that is drawn below a header."""
MAX_HEADER_ROWS = 3
BODY_ROWS = 50

DATA_LIKE = re.compile(
    r"^\s*[(₩￦$€£¥+-]*\d[\d., ']*\s?(?:%|원|개|명|건|세|kg|km|억|만)?\)?-?\s*$|^\s*\d{1,4}[-/.]\s?\d{1,2}[-/.]\s?\d{1,4}.*$"
    r"|^\s*\d{4}년.*\d\s*(?:월|일)?\s*$|^\s*(?:true|false)\s*$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"^\s*(?:19|20)\d\d(?:[-/.]\d\d?)?\s*(?:년(?:\s*\d\d?\s*월)?)?\s*$")
_UNIT = re.compile(
    r"^\s*(?P<open>[(\[])?\s*(?:단위\s*:\s*)?(?:%|[₩$€£¥℃°]|[a-zA-Z가-힣㎡㎏㎞]{1,4}(?:/[a-zA-Z가-힣]{1,4})?|-)\s*(?P<close>[)\]])?\s*$"
)
_LATIN_UNITS = "% ₩ $ € £ ¥ ℃ ° kg g mg t km m cm mm l ml kwh kw mw gb mb usd krw eur jpy won"
_KOREAN_UNITS = "원 천원 만원 백만원 억원 명 개 건 회 대 세 일 시간 분 초 톤"
_KNOWN_UNITS = frozenset(f"{_LATIN_UNITS} {_KOREAN_UNITS}".split())


def is_data_like(cell: str) -> bool:
    """Is the cell written as a number, a date or a truth value?"""
    return DATA_LIKE.match(cell) is not None


def is_header(rows: Sequence[Sequence[str]], width: int) -> bool:
    """A first row is a header when nothing in it looks like data, or when it does so less than the rows below it."""
    cells = [cell for cell in rows[0] if cell.strip()]
    like_data = sum(is_data_like(cell) for cell in cells)
    years = [cell for cell in cells if _YEAR.match(cell)]
    if like_data == 0 or (len(years) == like_data < len(cells) and _in_order(years)):
        return True
    body = [row for row in rows[1 : BODY_ROWS + 1] if len(row) == width]
    if not body or (len(years) == len(cells) > 2 and _rise(years) and not any(map(_is_years, body))):
        return True
    shares = [sum(is_data_like(cell) for cell in row) / width for row in body]
    return like_data / width < 0.5 * sum(shares) / len(shares)


def _rise(years: list[str]) -> bool:
    """Is each year later than the one before it?"""
    return all(before < after for before, after in pairwise(years))


def _is_years(row: Sequence[str]) -> bool:
    cells = [cell for cell in row if cell.strip()]
    return bool(cells) and all(map(_YEAR.match, cells))


def _in_order(years: list[str]) -> bool:
    """Are these the years of a header: each once, or several runs one after the other?"""
    distinct = len(set(years))
    return distinct == len(years) or (distinct > 1 and years == sorted(years))


def header_span(rows: Sequence[Sequence[str]], start: int, width: int) -> tuple[int, int]:
    """First row and number of rows of a header of which `start` is a row: those above span columns, those below continue it."""
    top = start
    while top and start - top < MAX_HEADER_ROWS - 1 and spans_columns(rows[top - 1], rows[top], width):
        top -= 1
    return top, start - top + header_rows(rows[start:], width)


def is_title(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Is the first row a title, by its only cell, above the header of a table of two columns?"""
    cells = [bool(cell.strip()) for cell in [*rows[0], ""][:2]]
    return (
        width == 2
        and cells == [True, False]
        and len(rows) > 2
        and len(rows[1]) == 2
        and all(cell.strip() for cell in rows[1])
        and is_header(rows[1:], width)
    )


def header_rows(rows: Sequence[Sequence[str]], width: int) -> int:
    """How many of the rows, of which the first is a header, are its continuation: names in two rows, a row of units."""
    count = 1
    while count < min(MAX_HEADER_ROWS, len(rows) - 1):
        body = [row for row in rows[count + 1 : count + 1 + BODY_ROWS] if len(row) == width]
        if len(rows[count]) != width or not body or not _continues(rows[count - 1], rows[count], body, width):
            break
        count += 1
    return count


def _continues(above: Sequence[str], row: Sequence[str], body: Sequence[Sequence[str]], width: int) -> bool:
    quantities = [i for i in range(width) if _share_of_data([r[i] for r in body]) >= 0.6]
    written = [row[i].strip() for i in quantities if row[i].strip()]
    if not written or any((is_data_like(c) and not _YEAR.match(c)) or re.match(RULED, c) for c in written):
        return False
    if any(word.lower() in markers.EVERY and word != "-" for word in written):
        return False
    if is_unit_row(row):
        return True
    names = [cell.strip() for cell in above if cell.strip()]
    spans = len(names) < width or len(set(names)) < len(names)
    return spans and len(written) == len(quantities) and (len(quantities) > 1 or len(names) < width)


def _share_of_data(cells: Sequence[str]) -> float:
    filled = [cell for cell in cells if cell.strip().lower() not in markers.EVERY]
    return sum(is_data_like(cell) for cell in filled) / len(filled) if filled else 0.0


def is_unit_row(row: Sequence[str]) -> bool:
    """Does every filled cell name a unit, in brackets or one that is known?"""
    cells = [cell.strip() for cell in row if cell.strip()]
    matches = [_UNIT.match(cell) for cell in cells]
    if not cells or not all(matches):
        return False
    units = [cell for cell in cells if cell != "-"]
    known = sum(
        bool(cell[0] in "([" and cell[-1] in ")]") or cell.strip("()[] ").lower() in _KNOWN_UNITS
        for cell in units
    )
    return bool(units) and known >= 0.75 * len(units)


def spans_columns(row: Sequence[str], below: Sequence[str], width: int) -> bool:
    """Is `row` the upper row of a header, whose cells each stand above several of `below`?"""
    filled = [cell for cell in row if cell.strip()]
    return (
        len(row) == width > 2
        and 2 <= len(filled) < width
        and len([c for c in below if c.strip()]) > len(filled)
        and all(not is_data_like(c) or _YEAR.match(c) for c in filled)
    )


def joined_names(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """One name per column from the rows of the header: an upper cell holds for the blank ones to its right."""
    if len(rows) == 1:
        cells = list(rows[0])
        if len(cells) == width - 1:
            cells = ["index", *cells]
        return unique_names([*cells[:width], *[""] * (width - len(cells))])
    parts: list[list[str]] = [[] for _ in range(width)]
    for level, row in enumerate(rows):
        last = level == len(rows) - 1
        units = last and is_unit_row(row)
        carried = ""
        for i in range(width):
            cell = row[i].strip() if i < len(row) else ""
            below = any(i < len(lower) and lower[i].strip() for lower in rows[level + 1 :])
            carried = cell or (carried if below and not last else "")
            if units and cell and cell != "-":
                parts[i].append(cell if cell[0] in "([" else f"({cell})")
            elif not units and carried and carried not in parts[i]:
                parts[i].append(carried)
    return unique_names([" ".join(part) for part in parts])


def unique_names(cells: Sequence[str]) -> list[str]:
    """Column names without white space around them, never empty, never twice even when case is ignored: `a`, `A_2`."""
    names: list[str] = []
    taken: set[str] = set()
    for position, cell in enumerate(cells, start=1):
        base = " ".join(cell.replace("\ufeff", "").replace("\x00", "").split()) or f"column_{position}"
        name, turn = base, 2
        while name.lower() in taken:
            name, turn = f"{base}_{turn}", turn + 1
        taken.add(name.lower())
        names.append(name)
    return names
