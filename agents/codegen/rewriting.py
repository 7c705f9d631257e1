"""Other ways to write what data code does row by row. Each is an offer: it counts once it was run and gave the same."""

import ast
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from .columnwise import NotColumnwiseError
from .row_functions import call_in_columns, call_in_rows
from .row_loops import loop_in_columns, loop_in_rows

Style = Literal["columns", "rows"]
STYLES: tuple[Style, ...] = ("columns", "rows")
_LIBRARIES = {"np": "import numpy as np", "pd": "import pandas as pd"}


@dataclass(frozen=True)
class Offer:
    """New statements for the lines `first` to `last` (from 1) of a source."""

    first: int
    last: int
    statements: tuple[ast.stmt, ...]


def offers(source: str, style: Style) -> list[Offer]:
    """What can be written anew, by line: over whole columns, or row by row without a series for each row.

    Raises: SyntaxError when the source is no Python.
    """
    tree = ast.parse(source)
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    found: list[Offer] = []
    lines = source.splitlines()
    for statement in _statements(tree.body):
        if (found and statement.lineno <= found[-1].last) or not _is_alone(statement, lines):
            continue
        try:
            new = _anew(statement, functions, style)
        except NotColumnwiseError:
            continue
        if new is not None:
            found.append(Offer(statement.lineno, statement.end_lineno or statement.lineno, tuple(new)))
    return found


def applied(source: str, taken: Sequence[Offer]) -> str:
    """The source with offers in place of what they are for; lines without one stay as they are, comments too."""
    lines = source.splitlines()
    for offer in sorted(taken, key=lambda item: -item.first):
        old = lines[offer.first - 1]
        indent = old[: len(old) - len(old.lstrip())]
        module = ast.fix_missing_locations(ast.Module(list(offer.statements), []))
        lines[offer.first - 1 : offer.last] = textwrap.indent(ast.unparse(module), indent).splitlines()
    return _with_imports(source, "\n".join(lines) + "\n")


def _is_alone(statement: ast.stmt, lines: Sequence[str]) -> bool:
    """Whether nothing else is in the lines of a statement, such as `if x:` before it or another after a semicolon."""
    last, end = statement.end_lineno or statement.lineno, statement.end_col_offset
    before = lines[statement.lineno - 1].encode()[: statement.col_offset].strip()
    after = lines[last - 1].encode()[end:].strip()
    return not before and (not after or after.startswith(b"#"))


def _anew(statement: ast.stmt, functions: dict[str, ast.FunctionDef], style: Style) -> list[ast.stmt] | None:
    if isinstance(statement, ast.For):
        return loop_in_columns(statement) if style == "columns" else loop_in_rows(statement)
    if isinstance(statement, ast.Assign | ast.AugAssign | ast.Expr | ast.Return):
        rewrite = call_in_columns if style == "columns" else call_in_rows
        return rewrite(statement, functions)
    return None


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Every statement of a body and of the blocks in it, outer ones first."""
    for statement in body:
        yield statement
        for block in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(statement, block, []))


def _with_imports(before: str, after: str) -> str:
    names = {node.id for node in ast.walk(ast.parse(after)) if isinstance(node, ast.Name)}
    bound = {
        (alias.asname or alias.name)
        for node in ast.walk(ast.parse(before))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    missing = [line for name, line in _LIBRARIES.items() if name in names and name not in bound]
    return "\n".join([*missing, after]) if missing else after
