"""Loops over the rows of a data frame, over whole columns instead, or over lists of their values."""

import ast
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from .columnwise import NotColumnwiseError, chosen, columnwise, is_same_for_all

Branches = list[tuple[ast.expr, list[ast.stmt]]]
_LOAD, _STORE = ast.Load(), ast.Store()


@dataclass
class Rows:
    """A loop over rows: the frame, the names of the row (of `iterrows`) and of its index or place, those that the body
    changes, and what it has computed so far of the row, as columns."""

    frame: ast.expr
    row: str | None
    index: str
    changed: frozenset[str] = frozenset()
    known: dict[str, ast.expr] = field(default_factory=dict)

    def cell(self, node: ast.expr) -> ast.expr | None:
        """The column that a value of the row comes from."""
        if isinstance(node, ast.Name):
            return self.known.get(node.id)
        name = self.column_of(node)
        return None if name is None else column(self.frame, name)

    def column_of(self, node: ast.expr) -> str | None:
        """The name of the column: `row["a"]`, `row.a`, `frame.loc[i, "a"]`, `frame["a"][i]`, `frame["a"].iloc[i]` …"""
        match node:
            case ast.Subscript(value=ast.Name(id=row), slice=ast.Constant(value=str(name))) if (
                row == self.row
            ):
                return name
            case ast.Attribute(value=ast.Name(id=row), attr=name) if row == self.row:
                return name
            case ast.Subscript(
                value=ast.Attribute(value=frame, attr="loc" | "at"),
                slice=ast.Tuple(elts=[ast.Name(id=index), ast.Constant(value=str(name))]),
            ) if index == self.index and self._is_frame(frame):
                return name
            case ast.Subscript(
                value=ast.Subscript(
                    value=ast.Attribute(value=frame, attr="iloc" | "loc"), slice=ast.Name(id=index)
                ),
                slice=ast.Constant(value=str(name)),
            ) if index == self.index and self._is_frame(frame):
                return name
            case ast.Subscript(
                value=ast.Subscript(value=frame, slice=ast.Constant(value=str(name)))
                | ast.Attribute(
                    value=ast.Subscript(value=frame, slice=ast.Constant(value=str(name))),
                    attr="iloc" | "loc" | "values" | "at" | "iat",
                ),
                slice=ast.Name(id=index),
            ) if index == self.index and self._is_frame(frame):
                return name
        return None

    def columnwise(self, expression: ast.expr) -> ast.expr:
        """An expression for all rows. Raises: NotColumnwiseError, also where it counts which row it is, or what came before."""
        made = columnwise(expression, self.cell, self.frame)
        if names_in(made) & {self.index, self.row, *self.changed}:
            raise NotColumnwiseError(self.index)
        return made

    def condition(self, expression: ast.expr) -> ast.expr:
        """A condition on the row, for all rows. Raises: NotColumnwiseError."""
        if is_same_for_all(expression, self.cell):
            raise NotColumnwiseError("condition")
        return self.columnwise(expression)

    def _is_frame(self, node: ast.expr) -> bool:
        return ast.dump(node) == ast.dump(self.frame)


def loop_in_columns(loop: ast.For) -> list[ast.stmt] | None:
    """The statements that do for all rows at once what a loop does for each. Raises: NotColumnwiseError."""
    if (groups := _groups(loop)) is not None:
        return groups
    rows = _rows_of(loop)
    if rows is None or loop.orelse:
        return None
    rows.changed = _changed_in(loop.body)
    made = [new for statement in loop.body for new in _statement(statement, rows)]
    return made or None


def loop_in_rows(loop: ast.For) -> list[ast.stmt] | None:
    """The loop over plain values of the columns that its body reads, instead of over a series for each row."""
    rows = _rows_of(loop)
    if rows is None or rows.row is None:
        return None
    reader = _Plain(rows)
    body: list[ast.stmt] = [reader.visit(deepcopy(statement)) for statement in loop.body]
    body = loop_bodies_in_rows(body)
    if rows.row in {name for statement in body for name in names_in(statement)}:
        records = method(rows.frame, "to_dict", ast.Constant("records"))
        record = f"{rows.row}_record"  # another name, because what is left of it is no series
        target: list[ast.expr] = [ast.Name(rows.index, _STORE), ast.Name(record, _STORE)]
        body = [_Renamed(rows.row, record).visit(deepcopy(statement)) for statement in loop.body]
        return [ast.For(ast.Tuple(target, _STORE), _zip([_index(rows), records]), body, loop.orelse)]
    names = [ast.Name(rows.index, _STORE), *(ast.Name(name, _STORE) for name in reader.names.values())]
    columns = [_index(rows), *(column(rows.frame, name) for name in reader.names)]
    return [ast.For(ast.Tuple([*names], _STORE), _zip(columns), body, loop.orelse)]


def loop_bodies_in_rows(body: list[ast.stmt]) -> list[ast.stmt]:
    """Statements of which loops over rows are written anew too."""
    made: list[ast.stmt] = []
    for statement in body:
        inner = loop_in_rows(statement) if isinstance(statement, ast.For) else None
        made += inner or [statement]
    return made


class _Renamed(ast.NodeTransformer):
    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self._new, node.ctx) if node.id == self._old else node


class _Plain(ast.NodeTransformer):
    """Puts a name of its own in place of each value of the row."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.names: dict[str, str] = {}

    def visit(self, node: ast.AST) -> Any:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=row))) if row == self._rows.row:
                return node  # row.get("a"): the row itself is needed
        if isinstance(node, ast.expr) and isinstance(getattr(node, "ctx", _LOAD), ast.Load):
            name = self._rows.column_of(node)
            if name is not None:
                plain = "".join(char if char.isalnum() else "_" for char in name)
                return ast.Name(self.names.setdefault(name, f"{self._rows.row}_{plain}"), _LOAD)
        return super().visit(node)


def _rows_of(loop: ast.For) -> Rows | None:
    """What a loop runs over, when that are the rows of a frame."""
    match loop:
        case ast.For(
            target=ast.Tuple(elts=[ast.Name(id=index), ast.Name(id=row)]),
            iter=ast.Call(func=ast.Attribute(value=frame, attr="iterrows"), args=[]),
        ):
            return Rows(frame, row, index)
        case ast.For(
            target=ast.Name(id=index),
            iter=ast.Call(
                func=ast.Name(id="range"),
                args=[
                    ast.Call(func=ast.Name(id="len"), args=[frame])
                    | ast.Subscript(value=ast.Attribute(value=frame, attr="shape"))
                ],
            )
            | ast.Attribute(value=frame, attr="index"),
        ):
            return Rows(frame, None, index)
    return None


def _groups(loop: ast.For) -> list[ast.stmt] | None:
    """`for k in frame["a"].unique(): part = frame[frame["a"] == k]` goes through the frame once for each value; this once."""
    match loop:
        case ast.For(
            target=ast.Name(id=key),
            iter=ast.Call(
                func=ast.Attribute(
                    value=ast.Subscript(value=frame, slice=ast.Constant(value=name)), attr="unique"
                )
            ),
            body=[
                ast.Assign(
                    targets=[ast.Name(id=part)],
                    value=ast.Subscript(
                        value=whole,
                        slice=ast.Compare(left=left, ops=[ast.Eq()], comparators=[ast.Name(id=same)]),
                    ),
                ),
                *rest,
            ],
        ) if (
            key == same
            and ast.dump(frame) == ast.dump(whole)
            and ast.dump(left) == ast.dump(ast.Subscript(frame, ast.Constant(name), _LOAD))
        ):
            target = ast.Tuple([ast.Name(key, _STORE), ast.Name(part, _STORE)], _STORE)
            groups = method(frame, "groupby", ast.Constant(name), sort=ast.Constant(value=False))
            return [ast.For(target, groups, rest or [ast.Pass()], loop.orelse)]
    return None


def _statement(statement: ast.stmt, rows: Rows) -> list[ast.stmt]:
    match statement:
        case ast.Expr(value=ast.Constant()):
            return []
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            rows.known[name] = rows.columnwise(value)
            return []
        case ast.AugAssign(target=ast.Subscript() as target, op=ast.Add(), value=value):
            return _added_by_key(target, value, rows)
        case ast.Assign(targets=[ast.Subscript() as target], value=ast.BinOp(op=ast.Add()) as value) if (
            _reads_default(value.left, target)
        ):
            return _added_by_key(target, value.right, rows)
        case ast.If(body=[ast.Assign(targets=[ast.Subscript()], value=ast.Constant(value=0))], orelse=[]) if (
            isinstance(statement.test, ast.Compare) and isinstance(statement.test.ops[0], ast.NotIn)
        ):
            return []  # `if key not in sums: sums[key] = 0`, of which `_added_by_key` takes care
    branches, otherwise = _branches(statement)
    bodies = [body for _, body in branches] + ([otherwise] if otherwise is not None else [])
    if len({len(body) for body in bodies}) != 1:
        raise NotColumnwiseError("body")
    conditions = [rows.condition(test) for test, _ in branches]
    return [new for leaves in zip(*bodies, strict=True) for new in _same_in_all([*leaves], conditions, rows)]


def _same_in_all(leaves: list[ast.stmt], conditions: list[ast.expr], rows: Rows) -> list[ast.stmt]:
    """Statements that differ in a value only: that value chosen by the conditions."""
    match leaves[0]:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[_])):
            values = [_appended(leaf, name) for leaf in leaves]
            value, mask = _picked(values, conditions, rows)
            return [ast.Expr(method(ast.Name(name, _LOAD), "extend", _listed(value, mask, rows)))]
        case ast.AugAssign(target=ast.Name(id=name), op=ast.Add() | ast.Sub() as operator):
            values = [_augmented(leaf, name, operator) for leaf in leaves]
            value, mask = _picked(values, conditions, rows)
            times = ast.BinOp(value, ast.Mult(), _count(mask, rows))
            total = times if _is_plain(value) else method(_masked(value, mask), "sum")
            return [ast.AugAssign(ast.Name(name, _STORE), operator, total)]
        case ast.Assign(targets=[ast.Name(id=name)]):
            values = [_assigned(leaf, name) for leaf in leaves]
            value, mask = _picked(values, conditions, rows)
            if mask is not None:
                raise NotColumnwiseError(name)
            rows.known[name] = value
            return []
        case ast.Assign(targets=[ast.Subscript() as target]):
            written = rows.column_of(ast.Subscript(target.value, target.slice, _LOAD))
            if written is None:
                raise NotColumnwiseError("target")
            values = [_written(leaf, target) for leaf in leaves]
            value, mask = _picked(values, conditions, rows)
            place: ast.expr = ast.Subscript(rows.frame, ast.Constant(written), _STORE)
            if mask is not None:
                where = ast.Tuple([mask, ast.Constant(written)], _LOAD)
                place = ast.Subscript(ast.Attribute(rows.frame, "loc", _LOAD), where, _STORE)
                value = _masked(value, mask)
            return [ast.Assign([place], value)]
    raise NotColumnwiseError("statement")


def _picked(
    values: Sequence[ast.expr], conditions: Sequence[ast.expr], rows: Rows
) -> tuple[ast.expr, ast.expr | None]:
    """The value for all rows, and the condition under which there is one at all (None: always)."""
    columns = [rows.columnwise(value) for value in values]
    if len(values) > len(conditions):
        if not conditions:
            return columns[0], None
        return chosen(list(zip(conditions, columns, strict=False)), columns[-1], rows.frame), None
    if len(conditions) == 1:
        return columns[0], conditions[0]
    whole = conditions[0]
    for condition in conditions[1:]:
        whole = ast.BinOp(whole, ast.BitOr(), condition)
    return chosen(list(zip(conditions[:-1], columns, strict=False)), columns[-1], rows.frame), whole


def _branches(statement: ast.stmt) -> tuple[Branches, list[ast.stmt] | None]:
    """The conditions of an `if` with their bodies, and the body of its `else`; any other statement is the latter alone."""
    branches: Branches = []
    while isinstance(statement, ast.If):
        branches.append((statement.test, statement.body))
        if len(statement.orelse) != 1:
            return branches, statement.orelse or None
        statement = statement.orelse[0]
    return branches, [statement]


def _added_by_key(target: ast.Subscript, value: ast.expr, rows: Rows) -> list[ast.stmt]:
    """`sums[key] += value` for all rows: the sums by key, in the order in which the keys come first."""
    key = rows.columnwise(target.slice)
    if not isinstance(target.value, ast.Name) or _is_plain(key):
        raise NotColumnwiseError("key")
    column_ = rows.columnwise(value)
    if _is_plain(column_):
        column_ = ast.BinOp(method(key, "notna"), ast.Mult(), column_)
    sums = method(method(method(column_, "groupby", key, sort=ast.Constant(value=False)), "sum"), "items")
    names = ast.Tuple([ast.Name("group", _STORE), ast.Name("amount", _STORE)], _STORE)
    before = method(target.value, "get", ast.Name("group", _LOAD), ast.Constant(0))
    added = ast.BinOp(before, ast.Add(), ast.Name("amount", _LOAD))
    place = ast.Subscript(target.value, ast.Name("group", _LOAD), _STORE)
    return [ast.For(names, sums, [ast.Assign([place], added)], [])]


def _reads_default(node: ast.expr, target: ast.Subscript) -> bool:
    """Whether it is `sums.get(key, 0)` of the very target `sums[key]`."""
    match node:
        case ast.Call(func=ast.Attribute(value=sums, attr="get"), args=[key, ast.Constant(value=0)]):
            return ast.dump(sums) == ast.dump(target.value) and ast.dump(key) == ast.dump(target.slice)
    return False


def _appended(leaf: ast.stmt, name: str) -> ast.expr:
    match leaf:
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name(id=other), attr="append"), args=[value])
        ) if other == name:
            return value
    raise NotColumnwiseError(name)


def _augmented(leaf: ast.stmt, name: str, operator: ast.operator) -> ast.expr:
    match leaf:
        case ast.AugAssign(target=ast.Name(id=other), op=other_operator, value=value) if (
            other == name and type(other_operator) is type(operator)
        ):
            return value
    raise NotColumnwiseError(name)


def _assigned(leaf: ast.stmt, name: str) -> ast.expr:
    match leaf:
        case ast.Assign(targets=[ast.Name(id=other)], value=value) if other == name:
            return value
    raise NotColumnwiseError(name)


def _written(leaf: ast.stmt, target: ast.Subscript) -> ast.expr:
    match leaf:
        case ast.Assign(targets=[other], value=value) if ast.dump(other) == ast.dump(target):
            return value
    raise NotColumnwiseError("target")


def _is_plain(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant)


def _masked(value: ast.expr, mask: ast.expr | None) -> ast.expr:
    return value if mask is None or _is_plain(value) else ast.Subscript(value, mask, _LOAD)


def _count(mask: ast.expr | None, rows: Rows) -> ast.expr:
    if mask is None:
        return ast.Call(ast.Name("len", _LOAD), [rows.frame], [])
    return ast.Call(ast.Name("int", _LOAD), [method(mask, "sum")], [])


def _listed(value: ast.expr, mask: ast.expr | None, rows: Rows) -> ast.expr:
    if _is_plain(value):
        return ast.BinOp(ast.List([value], _LOAD), ast.Mult(), _count(mask, rows))
    return method(_masked(value, mask), "tolist")


def _index(rows: Rows) -> ast.expr:
    return ast.Attribute(rows.frame, "index", _LOAD)


def _zip(columns: list[ast.expr]) -> ast.expr:
    return ast.Call(ast.Name("zip", _LOAD), columns, [ast.keyword("strict", ast.Constant(value=True))])


def column(frame: ast.expr, name: str) -> ast.expr:
    """`frame["name"]`."""
    return ast.Subscript(deepcopy(frame), ast.Constant(name), _LOAD)


def method(value: ast.expr, name: str, *arguments: ast.expr, **keywords: ast.expr) -> ast.expr:
    """`value.name(…)`."""
    given = [ast.keyword(key, item) for key, item in keywords.items()]
    return ast.Call(ast.Attribute(value, name, _LOAD), list(arguments), given)


def _changed_in(body: Sequence[ast.stmt]) -> frozenset[str]:
    """The names that statements give another value, or call a method of."""
    found = set()
    for node in (node for statement in body for node in ast.walk(statement)):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
                found.add(name)
    return frozenset(found)


def names_in(node: ast.AST) -> set[str]:
    """The names that a piece of code reads or writes."""
    return {item.id for item in ast.walk(node) if isinstance(item, ast.Name)}
