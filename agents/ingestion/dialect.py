"""How a delimited file is written: delimiter, quote, escape, where the header is, how many columns."""

import re
from collections import Counter
from dataclasses import dataclass, replace

from .headers import BODY_ROWS, header_span, is_data_like, is_header, is_title, joined_names
from .records import Marks, Record, read_records, split_line
from .refusal import SourceRefused

USUAL_DELIMITERS = (",", ";", "\t", "|", "^", "~")
_NEVER = frozenset("\"'.-_/:()[]{}%+@#&*\\ ")
"""Punctuation that is ordinary inside values, so that it is not tried as a delimiter unless asked for."""

_CLEAN = re.compile(
    r"^\s*(?:|[+-]?[₩$€£¥]?\s?[\d.,]*\d\s?[%원]?|\d{4}[-/.]\s?\d{1,2}[-/.]\s?\d{1,2}\.?(?:[T ][\d:.+Z]+)?"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|[\w가-힣 .'@()&/:+-]*[\w가-힣][\w가-힣 .'@()&/:+-]*)\s*$"
)
_WORD = re.compile(r"\w")
_STATED = re.compile(r"^\ufeff?sep=(.)\s*$", re.IGNORECASE)
_DOUBLED = re.compile(r'""(?=[^,;\t|^~\r\n])|(?<=[^\s,;|^~])""')
"""Two quotes that are not an empty field."""

_NEARLY_ALL = 0.95
_POOR = 0.5
"""The score of a delimiter below which one may do better with blanks."""

NO_DELIMITER = "\x1f"
"""The delimiter of a file with one column: a character that text does not hold."""


@dataclass(frozen=True)
class Dialect:
    """Line `start` (from 0) begins the table, line `body` its data (the same without a header); above is the preamble.

    `header` holds the rows of the header as they are written, none when there is no header.
    """

    marks: Marks
    start: int
    body: int
    names: list[str]
    header: list[list[str]]
    preamble: list[str]

    @property
    def delimiter(self) -> str:
        """What separates the fields."""
        return self.marks.delimiter

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
    stated = _STATED.match(lines[0])
    marks = marks_of(lines[1:] if stated else lines, delimiter or (stated.group(1) if stated else None))
    records = list(read_records(lines, marks, 0))
    width = _width(records)
    if width == 1 and delimiter is None:
        marks = Marks(NO_DELIMITER)
        records = list(read_records(lines, marks, 1))
    first = _table_start(records[1:] if stated else records, width) + bool(stated)
    rows = [record.fields for record in records[first:]]
    has_header = is_header(rows, width) if header is None else header
    depth = int(has_header)
    if has_header and header is None:
        first, depth = header_span([record.fields for record in records], first, width)
        rows = [record.fields for record in records[first:]]
    start = sum(record.lines for record in records[:first])
    return Dialect(
        marks,
        start,
        start + sum(record.lines for record in records[first : first + depth]),
        joined_names(rows[:depth], width) if has_header else [f"column_{i + 1}" for i in range(width)],
        rows[:depth],
        [record.text for record in records[:first] if record.text.strip(marks.delimiter + " ")],
    )


def marks_of(lines: list[str], delimiter: str | None = None) -> Marks:
    """The characters that separate and quote the fields of the lines."""
    text = "".join(lines)
    escape = "\\" if _escapes(lines) else ""
    tried = [Marks(d, '"', escape) for d in ([delimiter] if delimiter else _candidates(lines, text))]
    tried += [
        Marks(m.delimiter, "'", "\\" if "\\'" in text else "") for m in tried if _quotes_singly(text, m)
    ]
    scored = [(_score(lines, marks), -position) for position, marks in enumerate(tried)]
    best, place = max(scored, default=(0.0, 0))
    if not delimiter and best < _POOR and _is_aligned(lines):
        return Marks(" ")
    if best > 0 or delimiter:
        chosen = tried[-place]
        chosen = next((m for m in tried if m.delimiter == chosen.delimiter and m.quote == "'"), chosen)
        worded = "".join(line for line in lines if _WORD.search(line))
        return replace(chosen, padded=_is_padded(worded, chosen.delimiter))
    return Marks(",")


def _is_padded(text: str, delimiter: str) -> bool:
    """Does a blank stand beside nearly every delimiter, as in `a, b` or `a | b`?"""
    mark = re.escape(delimiter)
    beside = len(re.findall(rf"(?: {mark} ?|{mark} )", text))
    return not delimiter.isspace() and beside > 0.9 * text.count(delimiter)


def _is_aligned(lines: list[str]) -> bool:
    """Is it a table whose columns only blanks keep apart: as many words in nearly every line, among them quantities?

    A first line of fewer words is the name of one column of phrases, such as `5 Mar 2024`.
    """
    if _score(lines, Marks(" ")) <= _POOR:
        return False
    rows = [fields for line in lines if (fields := split_line(line.rstrip("\r\n"), Marks(" "))) != [""]]
    width = Counter(map(len, rows)).most_common(1)[0][0]
    apart = sum("  " in line.strip() for line in lines) > len(lines) / 2
    body = [row for row in rows[1:] if len(row) == width]
    quantities = any(sum(map(is_data_like, column)) > len(body) / 2 for column in zip(*body, strict=True))
    return (
        quantities
        and len(body) > _NEARLY_ALL * len(rows[1:])
        and ((len(rows[0]) == width and (apart or width > 2)) or (len(rows[0]) == width - 1 and width > 3))
    )


def _escapes(lines: list[str]) -> bool:
    """Whether a backslash makes a quote a character: no quote is doubled then, and lines mostly end outside of quotes.

    Lines are counted, so that one value with line breaks, or one that the sample cuts off, does not decide.
    """
    text = "".join(lines)
    if '\\"' not in text or _DOUBLED.search(text.replace('\\"', "")):
        return False
    unescaped = escaped = more_open = 0
    for line in lines:
        unescaped ^= line.count('"') % 2
        escaped ^= line.replace('\\"', "").count('"') % 2
        more_open += escaped - unescaped
    return more_open <= 0


def _candidates(lines: list[str], text: str) -> list[str]:
    usual = [d for d in USUAL_DELIMITERS if d in text]
    odd = Counter(c for c in text if not c.isalnum() and not c.isspace() and c not in _NEVER)
    return usual + [c for c, n in odd.most_common(4) if n >= len(lines) / 2 and c not in usual]


def _quotes_singly(text: str, marks: Marks) -> bool:
    """Do fields begin and end with an apostrophe, and none with a quotation mark?"""
    if "'" not in text:
        return False
    mark = re.escape(marks.delimiter)
    begins = len(re.findall(rf"(?:^|{mark}) ?'", text, re.MULTILINE))
    ends = len(re.findall(rf"'(?={mark}|\r?$)", text, re.MULTILINE))
    doubled = len(re.findall(rf'(?:^|{mark}) ?"', text, re.MULTILINE))
    return min(begins, ends) >= 2 and min(begins, ends) >= 0.8 * max(begins, ends) and doubled < begins


def _score(lines: list[str], marks: Marks) -> float:
    """Share of records of the usual width × share of cells that look like single values; 0 for one column.

    The product of a pattern score and a type score follows van den Burg, Nazábal & Sutton (2019), "Wrangling messy
    CSV files by detecting row and type patterns".
    """
    records = [r.fields for r in read_records(lines, marks, 0) if r.text.strip()]
    widths = Counter(len(fields) for fields in records if len(fields) > 1)
    if not widths:
        return 0.0
    width, hits = max(widths.items(), key=lambda item: (item[1], item[0]))
    cells = [cell for fields in records if len(fields) == width for cell in fields]
    clean = sum(_CLEAN.match(cell) is not None and not _in_apostrophes(cell) for cell in cells) / len(cells)
    return hits / len(records) * clean * (1 - 1 / (2 * width))


def _in_apostrophes(cell: str) -> bool:
    return len(cell) > 1 and cell[0] == cell[-1] == "'"


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
            return index + is_title([r.fields for r in records[index : index + BODY_ROWS]], width)
        below = records[index + 1] if index + 1 < len(records) else None
        if width > 2 and len(record.fields) == width - 1 == filled and below and len(below.fields) == width:
            return index
    return next((i for i, r in enumerate(records) if r.text.strip()), 0)
