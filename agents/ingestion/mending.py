"""Records of a delimited file to rows of exactly the table's width, mended where one mending is certain."""

import re
from collections.abc import Iterator

from .account import Account, Repair
from .dialect import Dialect
from .records import Record

Row = tuple[int, list[str | None]]
"""A row's number in the table, counted from 1 after the header, and its cells."""

MAX_HELD = 50
"""Short rows that may be footnotes are held back until the next full row or the end; more than this many are data."""

_PROSE = re.compile(
    r"^\s*(?:[*※#†‡]|(?:source|note|notes|footnote|출처|자료|주|비고|단위)\b)|\S\s+\S+\s+\S", re.IGNORECASE
)
_REMARK = re.compile(
    r"^\s*[\"']?(?:[※†‡]|(?:source|notes?|footnote|출처|자료|주|비고)\s*[:：)）])", re.IGNORECASE
)
"""How a remark begins that may hold separators: nothing else that ends a file does so."""
_HEAD = re.compile(r"^\s*[-+]?[₩$€£¥]?\s?[1-9]\d{0,2}$")
_TAIL = re.compile(r"^\d{3}(?:\.\d+)?\s?[%원]?\s*$")


_BLANK = " \t\r\n\x1a"
"""White space, and the mark with which DOS ends a file."""


class Mender:
    """Gives rows of the dialect's width and writes the account; `footnotes` holds the text below the table."""

    def __init__(self, dialect: Dialect, account: Account, *, damaged: bool) -> None:
        self._width = dialect.width
        self._delimiter = dialect.delimiter
        self._damaged = damaged
        self._account = account
        self.footnotes: list[str] = []

    def mend(self, records: Iterator[Record]) -> Iterator[Row]:
        """One row per record that is data; the others are in the account as dropped."""
        held: list[tuple[int, Record]] = []
        for record in records:
            self._account.read += 1
            row = self._account.read
            if self._may_be_footnote(record):
                held.append((row, record))
                if len(held) <= MAX_HELD:
                    continue
            elif len(record.fields) == self._width and not held and not record.unclosed and not self._damaged:
                yield row, list(record.fields)
                continue
            else:
                held.append((row, record))
            for number, earlier in held:
                yield from self._fit(number, earlier)
            held.clear()
        yield from self._end(held)

    def _may_be_footnote(self, record: Record) -> bool:
        if _REMARK.match(record.text):
            return True
        return len(record.fields) < self._width and sum(bool(f.strip(_BLANK)) for f in record.fields) <= 1

    def _end(self, held: list[tuple[int, Record]]) -> Iterator[Row]:
        for row, record in held:
            if not record.text.strip(_BLANK):
                self._account.drop("blank_line", row, "")
            elif self._width > 2 or _PROSE.search(record.text):
                self.footnotes.append(record.text)
                self._account.drop("footnote", row, record.text)
            else:
                yield from self._fit(row, record)

    def _fit(self, row: int, record: Record) -> Iterator[Row]:
        if not any(cell.strip(_BLANK) for cell in record.fields):
            self._account.drop("empty_row" if record.text.strip(_BLANK) else "blank_line", row, record.text)
            return
        fields, repairs = self._shorten(record)
        if fields is None:
            self._account.drop("too_many_fields", row, record.text)
            return
        if record.unclosed:
            repairs.append("unclosed_quote_read_as_text")
        if self._damaged and "\ufffd" in record.text:
            repairs.append("undecodable_bytes_replaced")
        missing = self._width - len(fields)
        cells = [*fields, *[None] * missing]
        if repairs:
            self._account.repair(repairs, row, record.text, _shown(cells))
        if missing:
            self._account.pad(row, record.text, _shown(cells))
        yield row, cells

    def _shorten(self, record: Record) -> tuple[list[str] | None, list[Repair]]:
        """At most `width` fields and how they were made fewer, or None when that cannot be done safely."""
        fields = record.fields
        if len(fields) <= self._width:
            return fields, []
        if not any(cell.strip() for cell in fields[self._width :]):
            return fields[: self._width], ["trailing_separators_removed"]
        joined = self._join_number(fields)
        return joined, ["split_number_joined"] if joined else []

    def _join_number(self, fields: list[str]) -> list[str] | None:
        """`…,1,234,…` with one field too many is `…,1234,…` when only one pair of neighbours can be a split number."""
        if self._delimiter != "," or len(fields) != self._width + 1:
            return None
        pairs = [i for i in range(len(fields) - 1) if _HEAD.match(fields[i]) and _TAIL.match(fields[i + 1])]
        if len(pairs) != 1:
            return None
        at = pairs[0]
        return [*fields[:at], f"{fields[at]},{fields[at + 1]}", *fields[at + 2 :]]


def _shown(cells: list[str | None]) -> str:
    return " | ".join(cell or "" for cell in cells)
