"""Clean delimited text by Arrow's multi-threaded parser, typed where the values are plain; anything else stops it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from .batches import MalformedRowError, Plain, WrongTypeError
from .dialect import Dialect
from .encoding import Encoding

BLOCK_BYTES = 4 << 20
_TRUE, _FALSE = ["true", "True", "TRUE"], ["false", "False", "FALSE"]
_COLUMN = re.compile(r"^In CSV column #(\d+): (.*)", re.DOTALL)


def can_be_strict(codec: Encoding, dialect: Dialect, sample: list[str]) -> bool:
    """Can Arrow's parser read it: undamaged UTF-8, an ASCII delimiter, ordinary line ends, no blank before a quote?"""
    plain = codec.name in ("utf-8", "utf-8-sig", "ascii") and not codec.damaged
    ordinary = dialect.width > 1 and dialect.delimiter.isascii() and dialect.delimiter != " "
    blank_before_quote = f"{dialect.delimiter} {dialect.marks.quote}"
    return (
        plain
        and ordinary
        and not dialect.marks.escape
        and not dialect.marks.padded
        and all(line.endswith("\n") and blank_before_quote not in line for line in sample[:-1])
    )


class StrictReader:
    """Reads the body of a file; see `can_be_strict`."""

    def __init__(self, path: Path, codec: Encoding, dialect: Dialect, plain: Plain) -> None:
        self._size = max(1, path.stat().st_size)
        self._dialect = dialect
        self._plain = plain
        self._blocks_read = 0
        self._path = path
        self._skipped = 3 if codec.name == "utf-8-sig" else 0

    def consumed(self) -> float:
        """Share of the file's bytes whose rows have been given."""
        return min(1.0, self._blocks_read * BLOCK_BYTES / self._size)

    def read(self) -> Iterator[list[pa.Array]]:
        """Columns of one block after another.

        Raises: MalformedRowError when a row has another number of fields, a value holds a line break, or bytes are not
        UTF-8; WrongTypeError when a value is not plain.
        """
        with self._path.open("rb") as raw:
            raw.seek(self._skipped)
            for _ in range(self._dialect.body):
                raw.readline()
            yield from self._typed(_Watched(raw, self._dialect.marks.quote))

    def _typed(self, stream: "_Watched") -> Iterator[list[pa.Array]]:
        try:
            yield from self._blocks(stream)
        except pa.ArrowInvalid as error:
            place = _COLUMN.match(str(error))
            if place and int(place.group(1)) in self._plain:
                raise WrongTypeError(int(place.group(1))) from error
            raise MalformedRowError(str(error)) from error

    def _blocks(self, stream: "_Watched") -> Iterator[list[pa.Array]]:
        for batch in self._open(stream):
            self._blocks_read += 1
            for position, column in enumerate(batch.columns):
                if position in self._plain:
                    _check_finite(column, position)
                elif stream.quoted and pc.any(pc.match_substring(column, "\n")).as_py():
                    raise MalformedRowError("a value holds a line break")
            if batch.num_rows:
                yield batch.columns

    def _open(self, stream: "_Watched") -> Any:
        names, marks = self._dialect.names, self._dialect.marks
        types = {name: self._plain.get(position, pa.string()) for position, name in enumerate(names)}
        return pacsv.open_csv(
            stream,
            read_options=pacsv.ReadOptions(column_names=names, block_size=BLOCK_BYTES),
            parse_options=pacsv.ParseOptions(
                delimiter=marks.delimiter,
                quote_char=marks.quote,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=_refuse,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=types,
                strings_can_be_null=False,
                null_values=[""],
                true_values=_TRUE,
                false_values=_FALSE,
            ),
        )


def _refuse(row: object) -> str:
    del row
    return "error"


def _check_finite(column: pa.Array, position: int) -> None:
    """`nan` and `inf` are words to us, not numbers."""
    if (
        pa.types.is_floating(column.type)
        and not pc.all(pc.is_finite(column)).as_py()
        and column.null_count < len(column)
    ):
        raise WrongTypeError(position)


class _Watched:
    """A file for Arrow's reader that remembers whether any quote was in what it gave."""

    def __init__(self, raw: IO[bytes], quote: str) -> None:
        self.raw = raw
        self.quoted = False
        self._quote = quote.encode()
        self.tell: Callable[[], int] = raw.tell
        self.seek: Callable[..., int] = raw.seek

    @property
    def closed(self) -> bool:
        return self.raw.closed

    def close(self) -> None:
        self.raw.close()

    def read(self, size: int = -1) -> bytes:
        block = self.raw.read(size)
        self.quoted = self.quoted or self._quote in block
        return block

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return True
