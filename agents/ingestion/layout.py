"""Where the tables of a text file are: parts with a header of their own, between blank lines or one below the other."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .headers import header_rows, is_data_like, is_header, spans_columns
from .records import Marks, Record, read_records

_HEAD_RECORDS = 60
_TITLE_LINES = 6
_MIN_ROWS_ABOVE = 2
_DIGIT = re.compile(r"\d")
_REMARK = re.compile(
    r"^\s*[\"']?(?:[*※#†‡]|(?:source|note|notes|footnote|출처|자료|주|비고)\b)", re.IGNORECASE
)


@dataclass
class Segment:
    """Lines `start` to `stop` (from 0, exclusive) of the file: a table with what is written above and below it."""

    start: int
    stop: int


@dataclass
class _Block:
    """Lines without a blank one among them; `head` are its first records, `rows` their number in all."""

    start: int
    stop: int = 0
    rows: int = 0
    head: list[Record] = field(default_factory=list)

    def add(self, record: Record) -> None:
        self.stop += record.lines
        self.rows += 1
        if len(self.head) < _HEAD_RECORDS:
            self.head.append(record)


@dataclass(frozen=True)
class _Shape:
    """A block that is a table of its own: its header's cells, its width, whether a title stands above."""

    header: list[str]
    titled: bool
    quantities: frozenset[int]


def find_segments(lines: Iterable[str], marks: Marks) -> list[Segment]:
    """The parts of a file that each hold one table, in order; every line is in exactly one of them.

    A part begins at a header, or at the title lines above it, when the header is none of the table before it.
    """
    segments: list[Segment] = []
    current: _Shape | None = None
    pending: int | None = None
    for block in _blocks(lines, marks):
        shape = _shape_of(block)
        if shape is None and not _is_text(block):
            shape_is_new = current is None
        else:
            shape_is_new = shape is not None and (
                current is None or _is_new(shape, current, titled=pending is not None)
            )
        if not segments:
            segments.append(Segment(0, block.stop))
        elif shape_is_new and current is not None:
            begin = block.start if pending is None else pending
            segments[-1].stop = begin
            segments.append(Segment(begin, block.stop))
        else:
            segments[-1].stop = block.stop
        if shape is not None and (current is None or shape_is_new):
            current = shape
        is_title = _is_text(block) and not _REMARK.match(block.head[0].text)
        pending = (block.start if pending is None else pending) if is_title else None
    return segments


def _blocks(lines: Iterable[str], marks: Marks) -> Iterator[_Block]:
    blanks = marks.delimiter + " \t"
    block: _Block | None = None
    at = 0
    records = _looking_ahead(read_records(lines, marks, 0))
    for record, below in records:
        if not record.text.strip(blanks):
            if block is not None:
                yield block
            block = None
        else:
            if block is not None and _begins_table(record, below, block):
                yield block
                block = None
            if block is None:
                block = _Block(at, at)
            block.add(record)
        at += record.lines
    if block is not None:
        yield block


def _looking_ahead(records: Iterator[Record]) -> Iterator[tuple[Record, Record | None]]:
    held: Record | None = None
    for record in records:
        if held is not None:
            yield held, record
        held = record
    if held is not None:
        yield held, None


def _begins_table(record: Record, below: Record | None, block: _Block) -> bool:
    """Is a record, without a blank line above it, the header of another table than the one it follows?"""
    if below is None or block.rows < _MIN_ROWS_ABOVE or len(record.fields) < 2 or _DIGIT.search(record.text):
        return False
    cells = [cell.strip() for cell in record.fields]
    if not all(cells) or len(set(cells)) < len(cells) or len(below.fields) != len(cells):
        return False
    if not any(is_data_like(cell) for cell in below.fields):
        return False
    shape = _columns_of_data(block.head)
    if len(cells) != len(block.head[-1].fields):
        return len(block.head[-1].fields) > 1
    header = [cell.strip() for cell in block.head[0].fields]
    return cells != header and bool(shape) and not set(cells) & _words(block.head[1:])


def _words(records: list[Record]) -> set[str]:
    return {cell.strip() for record in records for cell in record.fields}


def _columns_of_data(records: list[Record]) -> frozenset[int]:
    """Columns of the last record's width in which most cells below the header look like data."""
    width = len(records[-1].fields)
    rows = [record.fields for record in records if len(record.fields) == width][1:]
    if not rows:
        return frozenset()
    return frozenset(i for i in range(width) if sum(is_data_like(row[i]) for row in rows) > 0.8 * len(rows))


def _is_text(block: _Block) -> bool:
    return all(sum(bool(cell.strip()) for cell in record.fields) <= 1 for record in block.head) and (
        len(block.head) <= _TITLE_LINES
    )


def _shape_of(block: _Block) -> _Shape | None:
    if _REMARK.match(block.head[0].text):
        return None
    rows = [record.fields for record in block.head]
    titles = 0
    while titles < min(len(rows), _TITLE_LINES) and sum(bool(c.strip()) for c in rows[titles]) <= 1:
        titles += 1
    rows = rows[titles:]
    if len(rows) < 2:
        return None
    width = max(len(row) for row in rows[:2])
    if width < 2 or not is_header(rows, width):
        return None
    top = spans_columns(rows[0], rows[1], width)
    depth = header_rows(rows, width)
    if sum(bool(cell.strip()) for cell in rows[0]) < width - 1 and not top:
        return None
    header = [cell.strip() for cell in rows[0]]
    return _Shape(header, titles > 0, _columns_of_data(block.head[titles + depth - 1 :]))


def _is_new(shape: _Shape, current: _Shape, *, titled: bool) -> bool:
    if shape.header == current.header:
        return shape.titled or titled
    if len(shape.header) != len(current.header):
        return True
    return bool(current.quantities | shape.quantities) or shape.titled or titled
