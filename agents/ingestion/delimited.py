"""Delimited text files as batches of text columns, in constant memory.

A clean file goes through Arrow's multi-threaded parser; the first malformed row sends the file, from its start, through a
tolerant reader that mends what can be mended and accounts for the rest.
"""

import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from .account import Account
from .batches import BATCH_ROWS, Batch, Source
from .dialect import NO_DELIMITER, Dialect, sniff
from .encoding import Encoding, detect_encoding
from .mending import Mender
from .records import read_records

SAMPLE_LINES = 400
SAMPLE_CHARS = 1 << 20
BLOCK_BYTES = 8 << 20


class MalformedRowError(Exception):
    """The strict parser met a row that does not fit; the tolerant reader has to take over."""


def open_delimited(
    path: Path,
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
    header: bool | None = None,
    strict: bool = True,
) -> Source:
    """A delimited file as a source.

    Args: `strict` uses the fast parser, whose batches raise MalformedRowError on the first row that does not fit: the caller
    then opens the file again with `strict=False`.
    Raises: BadInputError when the file is empty, binary or in another encoding than the one given.
    """
    codec = detect_encoding(path, encoding)
    with _open_text(path, codec) as stream:
        sample = _sample(stream)
    dialect = sniff(sample, delimiter=delimiter, header=header)
    details: dict[str, object] = {
        "format": "delimited text",
        "encoding": codec.name,
        "delimiter": "" if dialect.delimiter == NO_DELIMITER else dialect.delimiter,
        "quote": dialect.quote,
        "header_row": dialect.start + 1 if dialect.header else None,
        "preamble": dialect.preamble,
    }
    reader = _strict if strict and can_be_strict(codec, dialect, sample) else _tolerant
    return reader(path, codec, dialect, details)


def can_be_strict(codec: Encoding, dialect: Dialect, sample: list[str]) -> bool:
    """Can Arrow's parser read it: undamaged UTF-8, an ASCII delimiter, ordinary line ends, no blank before a quote?"""
    plain = codec.name in ("utf-8", "utf-8-sig", "ascii") and not codec.damaged
    ordinary = dialect.width > 1 and dialect.delimiter.isascii() and dialect.delimiter != " "
    blank_before_quote = f"{dialect.delimiter} {dialect.quote}"
    return (
        plain
        and ordinary
        and all(line.endswith("\n") and blank_before_quote not in line for line in sample[:-1])
    )


def _open_text(path: Path, codec: Encoding) -> io.TextIOWrapper:
    return path.open("r", encoding=codec.name, errors=codec.errors, newline="", buffering=1 << 20)


def _sample(stream: io.TextIOWrapper) -> list[str]:
    lines: list[str] = []
    size = 0
    for line in islice(stream, SAMPLE_LINES):
        lines.append(line)
        size += len(line)
        if size > SAMPLE_CHARS:
            break
    return lines


def _strict(path: Path, codec: Encoding, dialect: Dialect, details: dict[str, object]) -> Source:
    account = Account()
    size = max(1, path.stat().st_size)
    stream = path.open("rb")
    if codec.name == "utf-8-sig":
        stream.seek(3)
    for _ in range(dialect.body):
        stream.readline()

    def batches() -> Iterator[Batch]:
        with stream:
            yield from _arrow_batches(stream, dialect, account)

    return Source(
        dialect.names,
        batches(),
        account,
        dict(details),
        lambda: 1.0 if stream.closed else stream.tell() / size,
    )


def _arrow_batches(stream: io.BufferedReader, dialect: Dialect, account: Account) -> Iterator[Batch]:
    def refuse(row: object) -> str:
        del row
        return "error"

    try:
        reader = pacsv.open_csv(
            stream,
            read_options=pacsv.ReadOptions(column_names=dialect.names, block_size=BLOCK_BYTES),
            parse_options=pacsv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quote,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=refuse,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(dialect.names, pa.string()), strings_can_be_null=False
            ),
        )
        for batch in reader:
            for start in range(0, batch.num_rows, BATCH_ROWS):
                part = batch.slice(start, BATCH_ROWS)
                if any(pc.any(pc.match_substring(column, "\n")).as_py() for column in part.columns):
                    raise MalformedRowError("a value holds a line break")
                account.read += part.num_rows
                yield part.columns
    except pa.ArrowInvalid as error:
        raise MalformedRowError(str(error)) from error


def _tolerant(path: Path, codec: Encoding, dialect: Dialect, details: dict[str, object]) -> Source:
    account = Account()
    size = max(1, path.stat().st_size)
    raw = path.open("rb", buffering=1 << 20)
    stream = io.TextIOWrapper(raw, encoding=codec.name, errors=codec.errors, newline="")
    mender = Mender(dialect, account, damaged=codec.damaged)

    def batches() -> Iterator[Batch]:
        with stream:
            lines = islice(stream, dialect.body, None)
            rows = mender.mend(read_records(lines, dialect.delimiter, dialect.quote, dialect.width))
            while chunk := list(islice(rows, BATCH_ROWS)):
                yield [pa.array(column, pa.string()) for column in zip(*chunk, strict=True)]
        details["footnotes"] = mender.footnotes

    return Source(
        dialect.names, batches(), account, details, lambda: 1.0 if raw.closed else raw.tell() / size
    )
