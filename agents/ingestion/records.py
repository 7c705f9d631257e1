"""Lines of delimited text to records: quotes, quoted line breaks, and quotes that never close."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_LINES_PER_RECORD = 500
MAX_FIELD_CHARS = 1 << 26


@dataclass(frozen=True)
class Record:
    """`fields` of one record, its source `text` of so many `lines`, and whether an unclosed quote was read as a character."""

    fields: list[str]
    text: str
    unclosed: bool = False
    lines: int = 1


def split_line(line: str, delimiter: str, quote: str) -> list[str]:
    """Fields of one line that ends its own quotes; a blank in front of an opening quote is ignored."""
    if quote not in line:
        return line.split(delimiter)
    return next(
        csv.reader(
            [line], delimiter=delimiter, quotechar=quote, skipinitialspace=_spaced(line, delimiter, quote)
        )
    )


def read_records(lines: Iterable[str], delimiter: str, quote: str, width: int) -> Iterator[Record]:
    """Records of `lines` (without their line ends, see `Lines`), in order, every line in exactly one record.

    Args: `width` is the number of fields that a good record has; it settles where a doubtful quote ends.
    """
    csv.field_size_limit(MAX_FIELD_CHARS)
    source = Lines(lines)
    for line in source:
        text = line.rstrip("\r\n")
        if quote not in text:
            yield Record(text.split(delimiter), text)
        elif text.count(quote) % 2 == 0 and delimiter + quote not in text[-2:]:
            yield Record(split_line(text, delimiter, quote), text)
        else:
            yield _spanning(source, line, delimiter, quote, width)


def _spaced(line: str, delimiter: str, quote: str) -> bool:
    """Is there a blank between a delimiter and an opening quote?"""
    return delimiter != " " and f"{delimiter} {quote}" in line


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


def _spanning(source: Lines, line: str, delimiter: str, quote: str, width: int) -> Record:
    taken: list[str] = []

    def feed() -> Iterator[str]:
        yield line
        for following in source:
            taken.append(following)
            if len(taken) > MAX_LINES_PER_RECORD:
                raise _UnclosedQuoteError
            yield following
        raise _UnclosedQuoteError

    literal = line.rstrip("\r\n").split(delimiter)
    try:
        spaced = _spaced(line, delimiter, quote)
        fields = next(csv.reader(feed(), delimiter=delimiter, quotechar=quote, skipinitialspace=spaced))
    except (_UnclosedQuoteError, csv.Error):
        fields = []
    if not fields or (taken and len(fields) != width and len(literal) == width):
        source.give_back(taken)
        return Record(literal, line.rstrip("\r\n"), unclosed=True)
    return Record(fields, (line + "".join(taken)).rstrip("\r\n"), lines=1 + len(taken))
