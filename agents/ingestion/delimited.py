"""Delimited text files: the tables in them, each read as batches of columns in constant memory.

A clean file goes through Arrow's multi-threaded parser; the first malformed row sends the file, from its start, through a
tolerant reader that mends what can be mended and accounts for the rest.
"""

import io
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from .account import Account
from .batches import BATCH_ROWS, Batch, Found, Plain, Source, numbered
from .dialect import NO_DELIMITER, Dialect, sniff
from .encoding import Encoding, detect_encoding
from .layout import Segment, find_segments
from .mending import Mender
from .records import read_records
from .strictly import StrictReader, can_be_strict

SAMPLE_LINES = 400
SAMPLE_CHARS = 1 << 20
LARGE_BYTES = 16 << 20
"""A larger file is taken for one table until its strict reading fails: looking through it for others takes long."""


def delimited_tables(
    path: Path,
    name: str,
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
    header: bool | None = None,
    strict: bool = True,
) -> list[Found]:
    """The tables of a delimited file.

    Args: `strict` lets the fast parser read, whose batches raise MalformedRowError on the first row that does not fit:
    the caller then asks again with `strict=False`.
    Raises: BadInputError when the file is empty, binary or in another encoding than the one given.
    """
    large = strict and path.stat().st_size > LARGE_BYTES
    codec = detect_encoding(path, encoding, whole=not large)
    sample = _sample(path, codec, Segment(0, SAMPLE_LINES))
    whole = sniff(sample, delimiter=delimiter, header=header)
    segments = [Segment(0, -1)] if large or header is False else _segments(path, codec, whole)
    if len(segments) == 1:
        first_only = strict and can_be_strict(codec, whole, sample)
        opener = _strict if first_only else _tolerant
        return [Found(_title(whole, name, 1), partial(opener, path, codec, whole, Segment(0, -1)))]
    found = []
    for position, segment in enumerate(segments, start=1):
        dialect = sniff(_sample(path, codec, segment), delimiter=whole.delimiter, header=header)
        found.append(
            Found(_title(dialect, name, position), partial(_tolerant, path, codec, dialect, segment))
        )
    return found


def _title(dialect: Dialect, name: str, position: int) -> str:
    """The last line above a further table, which is its title; the file's own name for the first."""
    title = dialect.preamble[-1].strip(f"{dialect.delimiter} #\"'") if dialect.preamble else ""
    if position == 1 and not title:
        return name
    return title[:100] or f"{name}_{position}"


def _open_text(path: Path, codec: Encoding) -> io.TextIOWrapper:
    return path.open("r", encoding=codec.name, errors=codec.errors, newline="", buffering=1 << 20)


def _segments(path: Path, codec: Encoding, dialect: Dialect) -> list[Segment]:
    if dialect.delimiter == NO_DELIMITER:
        return [Segment(0, -1)]
    with _open_text(path, codec) as stream:
        return find_segments(stream, dialect.marks)


def _sample(path: Path, codec: Encoding, segment: Segment) -> list[str]:
    lines: list[str] = []
    size = 0
    with _open_text(path, codec) as stream:
        for line in islice(stream, segment.start, min(segment.stop, segment.start + SAMPLE_LINES)):
            lines.append(line)
            size += len(line)
            if size > SAMPLE_CHARS:
                break
    return lines


def _details(codec: Encoding, dialect: Dialect, segment: Segment) -> dict[str, Any]:
    return {
        "format": "delimited text",
        "encoding": codec.name,
        "delimiter": "" if dialect.delimiter == NO_DELIMITER else dialect.delimiter,
        "quote": dialect.marks.quote,
        "escape": dialect.marks.escape,
        "header_row": segment.start + dialect.start + 1 if dialect.header else None,
        "header_rows": len(dialect.header),
        "preamble": dialect.preamble,
    }


def _strict(path: Path, codec: Encoding, dialect: Dialect, segment: Segment, plain: Plain) -> Source:
    account = Account()
    reader = StrictReader(path, codec, dialect, plain)

    def batches() -> Iterator[Batch]:
        for columns in reader.read():
            first = account.read + 1
            account.read += len(columns[0])
            yield numbered(columns, first)

    details = _details(codec, dialect, segment)
    return Source(dialect.names, batches(), account, details, dialect.header, reader.consumed)


def _tolerant(path: Path, codec: Encoding, dialect: Dialect, segment: Segment, plain: Plain) -> Source:
    del plain
    account = Account()
    size = max(1, path.stat().st_size)
    consumed = [0]
    mender = Mender(dialect, account, damaged=codec.damaged)
    details = _details(codec, dialect, segment)
    stop = None if segment.stop < 0 else segment.stop

    def batches() -> Iterator[Batch]:
        with (
            path.open("rb", buffering=1 << 20) as raw,
            io.TextIOWrapper(raw, encoding=codec.name, errors=codec.errors, newline="") as stream,
        ):
            lines = islice(stream, segment.start + dialect.body, stop)
            rows = mender.mend(read_records(lines, dialect.marks, dialect.width))
            while chunk := list(islice(rows, BATCH_ROWS)):
                numbers = pa.array([row for row, _ in chunk], pa.int64()).to_numpy()
                consumed[0] = raw.tell()
                columns = zip(*(cells for _, cells in chunk), strict=True)
                yield Batch([pa.array(column, pa.string()) for column in columns], numbers)
        details["footnotes"] = mender.footnotes

    return Source(
        dialect.names,
        batches(),
        account,
        details,
        dialect.header,
        lambda: consumed[0] / size,
    )
