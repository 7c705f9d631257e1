"""What a language model is told of a table: the columns that may matter to a question, and values that are not personal."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mesh.results import Column

from .catalog import Catalog, ColumnInfo
from .indexing import build_catalog
from .mentions import Mention
from .scanning import find_mentions

MAX_COLUMNS = 20
MAX_VALUES = 12
"""A column of more different values than this, spellings aside, is told without them."""


def linked_schema(
    question: str, path: Path, columns: Sequence[Column], *, share_values: bool
) -> dict[str, Any]:
    """The facts for the prompt: question, number of rows, first and last day, columns with type, meaning and known values.

    Columns that the question names come first, then dates and figures; beyond `MAX_COLUMNS` they are left out. Of text
    columns the values are told that the question names, and with `share_values` all where there are at most `MAX_VALUES`
    different ones; never those of a column that looks personal.
    """
    described = [{"name": c.name, "type": c.type, "semantic": c.semantic} for c in columns]
    catalog = build_catalog(path, described)
    mentions = find_mentions(question, catalog)
    chosen = _chosen(catalog, mentions)
    values = _values(catalog, chosen, mentions, path, columns, most=MAX_VALUES if share_values else 0)
    return {
        "question": question,
        "rows": catalog.rows,
        "first_day": catalog.first.isoformat() if catalog.first else None,
        "last_day": catalog.last.isoformat() if catalog.last else None,
        "columns": [
            {"name": c.name, "type": c.type, "meaning": c.semantic}
            | ({"values": values[c.name]} if values.get(c.name) else {})
            for c in chosen
        ],
    }


def _chosen(catalog: Catalog, mentions: list[Mention]) -> list[ColumnInfo]:
    """The columns that may matter, in the order of the table."""
    named = {c.name for m in mentions for c, _ in m.columns} | {n for m in mentions for n, _ in m.values}
    stored = [c for c in catalog.columns if c.days is None]
    likely = sorted(stored, key=lambda c: (c.name not in named, not (c.temporal or c.numeric)))[:MAX_COLUMNS]
    return [c for c in stored if c in likely]


def _values(
    catalog: Catalog,
    chosen: list[ColumnInfo],
    mentions: list[Mention],
    path: Path,
    columns: Sequence[Column],
    *,
    most: int,
) -> dict[str, list[str]]:
    """All values of columns with at most `most` different ones, of others those that the question names."""
    from .text.personal_columns import readings

    texts = {c.name for c in chosen if c.type == "string" and c.semantic != "identifier"}
    personal = {name for name, _ in readings(path, [c for c in columns if c.name in texts])}
    known: dict[str, list[str]] = {name: [] for name in texts - personal}
    for pairs in catalog.values.values():
        for name, value in pairs:
            if name in known and value not in known[name]:
                known[name].append(value)
    said = {(name, value) for m in mentions for name, value in m.values}
    return {
        name: sorted(values)
        if len({catalog.column(name).canonical(v) for v in values}) <= most
        else [v for v in values if (name, v) in said]
        for name, values in known.items()
    }
