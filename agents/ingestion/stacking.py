"""Like tables of one file as one: the sheets of the months, the files of an archive, the blocks of a report."""

import re

from .batches import Found
from .contract import Options
from .filesets import FILE_COLUMN, FileSet

_SUMMARY = re.compile(
    r"전체|합계|총계|종합|요약|통합|총괄|\b(?:total|all|summary|overall|combined)\b", re.IGNORECASE
)
"""Names of tables that hold again what the others hold."""
_NUMBERED = re.compile(r"column_\d+")


def stack_alike(found: list[Found], name: str, options: Options) -> tuple[list[Found], FileSet | None]:
    """The tables, those of the same named columns as one in front; None when there are no two such tables.

    A hidden table is not taken in, nor one whose name says that it sums up the others.
    """
    alike: dict[tuple[str, ...], dict[str, Found]] = {}
    sheets = []
    compressed = False
    for table in found:
        source = table.open({})
        source.close()
        named = len(source.names) > 1 and not all(map(_NUMBERED.fullmatch, source.names))
        if named and not source.details.get("hidden") and not _SUMMARY.search(table.name):
            alike.setdefault(tuple(source.names), {})[table.name] = table
            sheets.append(source.details.get("sheet"))
            compressed = "compression" in source.details
    most = max(alike.values(), key=len, default={})
    if len(most) < 2:
        return found, None
    label = (
        FILE_COLUMN
        if compressed
        else "table"
        if None in sheets or len(set(sheets)) < len(sheets)
        else "sheet"
    )
    stack = FileSet(name, [], options, label=label)
    rest = [table for table in found if not any(table is other for other in most.values())]
    return [stack.as_table(most), *rest], stack
