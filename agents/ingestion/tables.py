"""Which of the tables in a source are loaded, and which of them is the one that a question is about."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .batches import Found
from .contract import NamedFile, Options
from .filesets import FileSet
from .formats import find_tables
from .refusal import SourceRefused
from .stacking import stack_alike
from .unnamed import without_unnamed
from .writing import Written, write_table

MAX_TABLES = 50

Why = Literal["not_chosen", "no_rows", "limit"]


@dataclass
class Tables:
    """The tables of a source on disk, and by name those that were found and are not loaded, with the reason.

    `stack` is what the first of them is made of when it is made of several that are alike.
    """

    written: list[Written] = field(default_factory=list)
    left_out: dict[str, Why] = field(default_factory=dict)
    stack: FileSet | None = None

    @property
    def main(self) -> Written:
        """The visible table with the most cells; the first of several equal ones."""
        return max(
            self.written, key=lambda t: (not t.source.details.get("hidden"), t.rows * len(t.source.names))
        )


def write_file(
    file: NamedFile, options: Options, workdir: Path, progress: Callable[[float], None], *, strict: bool
) -> Tables:
    """Write every table of a file, or the one that `options` choose.

    Raises: BadInputError when there is none, or not the chosen one; MalformedRowError from a strict reader.
    """
    found = find_tables(file.path, file.name, options, workdir, strict=strict)
    tables = Tables()
    if len(found) > 1 and options.table is None and options.sheet is None:
        found, tables.stack = stack_alike(found, file.name, options)
    loaded = found[:MAX_TABLES] if options.table is None else [_chosen(found, options.table)]
    refusal: SourceRefused | None = None
    for position, table in enumerate(loaded):

        def forward(fraction: float, position: int = position) -> None:
            progress((position + fraction) / len(loaded))

        try:
            written = write_table(table, workdir / f"table-{position + 1}.parquet", forward)
            tables.written.append(without_unnamed(written))
        except SourceRefused as error:
            refusal = refusal or error
            tables.left_out[table.name] = "no_rows"
    if refusal is not None and not tables.written:
        raise refusal
    for table in found:
        if not any(table is other for other in loaded):
            tables.left_out[table.name] = "limit" if options.table is None else "not_chosen"
    return tables


def write_fileset(
    fileset: FileSet, workdir: Path, progress: Callable[[float], None], *, strict: bool
) -> Tables:
    """Write the files as one table.

    Raises: BadInputError when they have not the same columns; MalformedRowError from a strict reader.
    """
    found = {
        file.name: _only(
            find_tables(file.path, file.name, fileset.options, workdir, strict=strict),
            file.name,
            fileset.options,
        )
        for file in fileset.files
    }
    written = write_table(fileset.as_table(found), workdir / "table-1.parquet", progress)
    return Tables([written], stack=fileset)


def _chosen(found: list[Found], table: str | int) -> Found:
    """The table of that name (case aside), or at that position from 1."""
    named = [item for item in found if item.name.strip().casefold() == str(table).strip().casefold()]
    if named:
        return named[0]
    if str(table).isdigit() and 1 <= int(table) <= len(found):
        return found[int(table) - 1]
    raise SourceRefused(
        "There is no table {table!r}. The tables are: {names}.",
        "{table!r} 표가 없습니다. 표 목록: {names}.",
        table=table,
        names=", ".join(f"{position} {item.name}" for position, item in enumerate(found[:20], start=1)),
    )


def _only(found: list[Found], file: str, options: Options) -> Found:
    if options.table is not None:
        return _chosen(found, options.table)
    if len(found) > 1:
        raise SourceRefused(
            "{file} holds {count} tables. Say with `table` which one to take from every file, or load it alone.",
            "{file} 파일에 표가 {count}개 있습니다. 파일마다 어느 표를 쓸지 `table`로 지정하거나 그 파일만 따로 불러와 주십시오.",
            file=file,
            count=len(found),
        )
    return found[0]
