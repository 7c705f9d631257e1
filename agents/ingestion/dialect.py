"""How a delimited file is written: delimiter, quote, where the header is, how many columns."""

import re
from collections import Counter
from dataclasses import dataclass

from .records import Record, read_records
from .refusal import SourceRefused

USUAL_DELIMITERS = (",", ";", "\t", "|", "^", "~")
_NEVER = frozenset("\"'.-_/:()[]{}%+@#&*\\ ")
"""Punctuation that is ordinary inside values, so that it is not tried as a delimiter unless asked for."""

_CLEAN = re.compile(
    r"^\s*(?:|[+-]?[₩$€£¥]?\s?[\d.,]*\d\s?[%원]?|\d{4}[-/.]\s?\d{1,2}[-/.]\s?\d{1,2}\.?(?:[T ][\d:.+Z]+)?"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|[\w가-힣 .'@()&/:+-]*[\w가-힣][\w가-힣 .'@()&/:+-]*)\s*$"
)
_DATA_LIKE = re.compile(
    r"^\s*[(₩$€£¥+-]*\d[\d.,]*\s?(?:%|원|개|명|건)?\)?\s*$|^\s*\d{1,4}[-/.]\s?\d{1,2}[-/.]\s?\d{1,4}.*$"
    r"|^\s*(?:true|false)\s*$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"^\s*(?:19|20)\d\d(?:[-/.]\d\d?)?\s*$")
NO_DELIMITER = "\x1f"
"""The delimiter of a file with one column: a character that text does not hold."""


@dataclass(frozen=True)
class Dialect:
    """Line `start` (from 0) begins the table, line `body` its data (the same without a header); above is the preamble."""

    delimiter: str
    quote: str
    start: int
    body: int
    names: list[str]
    header: bool
    preamble: list[str]

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.names)


def sniff(lines: list[str], *, delimiter: str | None = None, header: bool | None = None) -> Dialect:
    """The dialect of a file from its first lines (a few hundred are enough).

    Args: `delimiter` and `header` are the caller's word, when given.
    Raises: BadInputError when there is no line with text.
    """
    if not any(line.strip() for line in lines):
        raise SourceRefused(
            "The file has no text in its first lines. Send a file with a header row and data rows.",
            "파일의 앞부분에 글자가 없습니다. 머리글 행과 데이터 행이 있는 파일을 보내 주십시오.",
        )
    chosen = delimiter or _best_delimiter(lines)
    records = list(read_records(lines, chosen, '"', 0))
    width = _width(records)
    if width == 1 and delimiter is None:
        chosen = NO_DELIMITER
        records = list(read_records(lines, chosen, '"', 1))
    first = _table_start(records, width)
    has_header = _is_header(records, first, width) if header is None else header
    start = sum(record.lines for record in records[:first])
    body = start + (records[first].lines if has_header else 0)
    names = _names(records[first].fields, width) if has_header else [f"column_{i + 1}" for i in range(width)]
    preamble = [record.text for record in records[:first] if record.text.strip(chosen + " ")]
    return Dialect(chosen, '"', start, body, names, has_header, preamble)


def unique_names(cells: list[str]) -> list[str]:
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


def _names(cells: list[str], width: int) -> list[str]:
    if len(cells) == width - 1:
        cells = ["index", *cells]
    return unique_names([*cells[:width], *[""] * (width - len(cells))])


def _best_delimiter(lines: list[str]) -> str:
    text = "".join(lines)
    tried = [d for d in USUAL_DELIMITERS if d in text]
    odd = Counter(c for c in text if not c.isalnum() and not c.isspace() and c not in _NEVER)
    tried += [c for c, n in odd.most_common(4) if n >= len(lines) / 2 and c not in tried]
    scored = [(_score(lines, d), -position, d) for position, d in enumerate(tried)]
    best = max(scored, default=(0.0, 0, ","))
    if best[0] > 0:
        return best[2]
    return " " if _score(lines, " ") > 0.8 else ","


def _score(lines: list[str], delimiter: str) -> float:
    """Share of records of the usual width × share of cells that look like single values; 0 for one column.

    The product of a pattern score and a type score follows van den Burg, Nazábal & Sutton (2019), "Wrangling messy
    CSV files by detecting row and type patterns".
    """
    records = [r.fields for r in read_records(lines, delimiter, '"', 0) if r.text.strip()]
    widths = Counter(len(fields) for fields in records if len(fields) > 1)
    if not widths:
        return 0.0
    width, hits = max(widths.items(), key=lambda item: (item[1], item[0]))
    cells = [cell for fields in records if len(fields) == width for cell in fields]
    clean = sum(_CLEAN.match(cell) is not None for cell in cells) / len(cells)
    return hits / len(records) * clean * (1 - 1 / (2 * width))


def _width(records: list[Record]) -> int:
    """The usual number of fields; the larger one when two are equally usual."""
    filled = Counter(len(r.fields) for r in records if r.text.strip())
    usual = max(filled.items(), key=lambda item: (item[1], item[0]))[0]
    wide = {width: n for width, n in filled.items() if width > 1}
    if usual == 1 and wide:
        best, hits = max(wide.items(), key=lambda item: (item[1], item[0]))
        return best if hits >= 2 and hits >= 0.5 * filled[1] else usual
    return usual


def _table_start(records: list[Record], width: int) -> int:
    """Index of the first record of the table: full width and mostly filled, or one short of it above full rows."""
    for index, record in enumerate(records):
        filled = sum(bool(cell.strip()) for cell in record.fields)
        if len(record.fields) >= width and filled >= max(1, (width + 1) // 2):
            return index
        below = records[index + 1] if index + 1 < len(records) else None
        if width > 2 and len(record.fields) == width - 1 == filled and below and len(below.fields) == width:
            return index
    return next((i for i, r in enumerate(records) if r.text.strip()), 0)


def _is_header(records: list[Record], first: int, width: int) -> bool:
    """A first row is a header when nothing in it looks like data, or when it does so less than the rows below it."""
    cells = [cell for cell in records[first].fields if cell.strip()]
    like_data = sum(_DATA_LIKE.match(cell) is not None for cell in cells)
    years = [cell for cell in cells if _YEAR.match(cell)]
    if like_data == 0 or (len(years) == like_data < len(cells) and len(set(years)) == len(years)):
        return True
    body = [r.fields for r in records[first + 1 : first + 51] if len(r.fields) == width]
    if not body:
        return True
    shares = [sum(_DATA_LIKE.match(c) is not None for c in fields) / width for fields in body]
    return like_data / width < 0.5 * sum(shares) / len(shares)
