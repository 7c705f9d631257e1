"""Lines of delimited text to records: quotes, quoted line breaks, and quotes that never close."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_LINES_PER_RECORD = 500
MAX_FIELD_CHARS = 1 << 26


@dataclass(frozen=True)
class Marks:
    """The characters between and around the fields: `escape` is empty where a quote is doubled to be a character.

    Several blanks in a row are one delimiter. In a `padded` file blanks beside any other delimiter are no part of a field.
    """

    delimiter: str
    quote: str = '"'
    escape: str = ""
    padded: bool = False


@dataclass(frozen=True)
class Record:
    """`fields` of one record, its source `text` of so many `lines`, and whether an unclosed quote was read as a character."""

    fields: list[str]
    text: str
    unclosed: bool = False
    lines: int = 1


def split_line(line: str, marks: Marks) -> list[str]:
    """Fields of one line that ends its own quotes; a blank in front of an opening quote is ignored.

    Where a backslash escapes, `\\N` alone is MySQL's missing value.
    """
    fields = _split(line, marks)
    return [field.strip(" ") for field in fields] if marks.padded else fields


def _split(line: str, marks: Marks) -> list[str]:
    if marks.delimiter == " ":
        line = line.strip(" ")
    if marks.escape and marks.escape in line:
        absent = f"{marks.escape}N"
        line = marks.delimiter.join("" if field == absent else field for field in line.split(marks.delimiter))
    elif marks.quote not in line:
        return _cut(line, marks)
    return next(_reader([line], marks, line))


def _cut(line: str, marks: Marks) -> list[str]:
    """The parts between the delimiters, quotes aside."""
    if marks.delimiter == " ":
        return [field for field in line.split(" ") if field] or [""]
    return line.split(marks.delimiter)


def read_records(lines: Iterable[str], marks: Marks, width: int) -> Iterator[Record]:
    """Records of `lines` (with their line ends), in order, every line in exactly one record.

    Args: `width` is the number of fields that a good record has; it settles where a doubtful quote ends.
    """
    csv.field_size_limit(MAX_FIELD_CHARS)
    quote, closing = marks.quote, marks.delimiter + marks.quote
    source = Lines(lines)
    for line in source:
        text = line.rstrip("\r\n")
        if quote not in text or (not _opens(text, marks) and closing not in text[-2:]):
            yield Record(split_line(text, marks), text)
        else:
            yield _spanning(source, line, marks, width)


def _opens(text: str, marks: Marks) -> bool:
    """Is there an odd number of quotes that are no ordinary character?"""
    count = text.count(marks.quote)
    if marks.escape:
        count -= text.count(marks.escape + marks.quote)
    return count % 2 == 1


def _reader(lines: Iterable[str], marks: Marks, line: str) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=marks.delimiter,
        quotechar=marks.quote,
        escapechar=marks.escape or None,
        doublequote=not marks.escape,
        skipinitialspace=marks.delimiter == " " or f"{marks.delimiter} {marks.quote}" in line,
    )


class Lines:
    """An iterator over lines that takes lines back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._returned: deque[str] = deque()

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        return self._returned.popleft() if self._returned else next(self._lines)

    def give_back(self, lines: list[str]) -> None:
        """Have `lines` come again, first one first."""
        self._returned.extendleft(reversed(lines))


class _UnclosedQuoteError(Exception):
    pass


def _spanning(source: Lines, line: str, marks: Marks, width: int) -> Record:
    taken: list[str] = []

    def feed() -> Iterator[str]:
        yield line
        for following in source:
            taken.append(following)
            if len(taken) > MAX_LINES_PER_RECORD:
                raise _UnclosedQuoteError
            yield following
        raise _UnclosedQuoteError

    literal = _cut(line.rstrip("\r\n"), marks)
    try:
        fields = next(_reader(feed(), marks, line))
    except (_UnclosedQuoteError, csv.Error):
        fields = []
    if not fields or (taken and len(fields) != width and len(literal) == width):
        source.give_back(taken)
        return Record(literal, line.rstrip("\r\n"), unclosed=True)
    return Record(fields, (line + "".join(taken)).rstrip("\r\n"), lines=1 + len(taken))
