"""Load a source: write its tables, learn their meanings, keys and span, and account for every row."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mesh.language import Language, say
from mesh.results import Column

from .batches import MalformedRowError
from .contract import Loaded, LoadedTable, NamedFile, Options
from .filesets import FileSet
from .report import build_report
from .semantics import semantics_of
from .statistics import facts_of
from .tables import Tables, write_file, write_fileset
from .units import unit_of
from .wording import size_text
from .writing import Written

_WRITTEN_SHARE = 0.85


def load_files(
    files: Sequence[NamedFile],
    name: str,
    target: Path,
    workdir: Path,
    options: Options,
    language: Language,
    progress: Callable[[float, str], None] | None = None,
) -> Loaded:
    """Read the files (one, or several of one schema), known to people as `name`, into the Parquet file `target`.

    Further tables of a single file are written into `workdir`.

    Raises: BadInputError when a file is empty, binary, damaged, in another encoding than given, or holds no table.
    """
    report_progress = progress or _silent
    size = sum(file.path.stat().st_size for file in files)

    def read(fraction: float) -> None:
        message = say(
            language,
            en="Read {done} of {size} of {name}",
            ko="{name} {size} 가운데 {done}까지 읽었습니다",
            done=size_text(round(size * min(1.0, fraction))),
            size=size_text(size),
            name=name,
        )
        report_progress(min(1.0, fraction) * _WRITTEN_SHARE, message)

    fileset = FileSet(name, files, options) if len(files) > 1 else None

    def write(*, strict: bool) -> Tables:
        if fileset is not None:
            return write_fileset(fileset, workdir, read, strict=strict)
        return write_file(files[0], options, workdir, read, strict=strict)

    try:
        tables = write(strict=True)
    except MalformedRowError:
        tables = write(strict=False)
    report_progress(
        _WRITTEN_SHARE, say(language, en="Finding meanings and keys", ko="열의 의미와 키를 찾고 있습니다")
    )
    columns, report = _described(tables.main, {"name": name, "bytes": size})
    further = [
        LoadedTable(table.name, table.path, *_described(table, {"name": table.name}), rows=table.rows)
        for table in tables.written
        if table is not tables.main
    ]
    report["tables"] = _listed(tables, report, further)
    if tables.stack is not None:
        report["files"] = tables.stack.as_data()
    tables.main.path.replace(target)
    emptied = tables.main.emptied.write(workdir / "emptied.parquet")
    return Loaded(columns, tables.main.rows, report, further, emptied)


def _silent(fraction: float, message: str) -> None:
    del fraction, message


def _described(table: Written, source: dict[str, Any]) -> tuple[list[Column], dict[str, Any]]:
    """A table's columns with their meanings, and its report."""
    names = table.source.names
    facts = facts_of(table)
    meanings = [semantics_of(fact) for fact in facts]
    columns = [
        Column(
            name=name,
            type=reading.type,
            semantic=meaning.semantic,
            unit=unit_of(name, reading),
            nullable=missing > 0,
            confidence=meaning.confidence,
        )
        for name, reading, meaning, missing in zip(
            names, table.readings, meanings, table.missing, strict=True
        )
    ]
    return columns, build_report(
        source={**source, **table.source.details},
        table=table,
        columns=columns,
        meanings=meanings,
        facts=facts,
    )


def _listed(tables: Tables, report: dict[str, Any], further: list[LoadedTable]) -> list[dict[str, Any]]:
    """Every table of the source by name, the main one first: its rows, or why it was left out."""
    rows = {table.name: table.report["rows"] for table in further}
    listed: list[dict[str, Any]] = [
        {
            "name": table.name,
            "main": table is tables.main,
            "hidden": bool(table.source.details.get("hidden")),
            "columns": len(table.source.names),
            "rows": report["rows"] if table is tables.main else rows[table.name],
        }
        for table in tables.written
    ]
    listed.sort(key=lambda item: not item["main"])
    return listed + [{"name": name, "main": False, "left_out": why} for name, why in tables.left_out.items()]
