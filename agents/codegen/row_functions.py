"""Functions that `apply` calls for each row or value, over whole columns instead, or over plain values."""

import ast
from copy import deepcopy

from .columnwise import NotColumnwiseError, columnwise
from .row_loops import column, method

_LOAD = ast.Load()
Functions = dict[str, ast.FunctionDef]


def call_in_columns(statement: ast.stmt, functions: Functions) -> list[ast.stmt] | None:
    """The statement with each `apply` as an expression over columns; None when there is none. Raises: NotColumnwiseError."""
    return _with_calls(statement, _Columns(functions))


def call_in_rows(statement: ast.stmt, functions: Functions) -> list[ast.stmt] | None:
    """The statement with each `apply(…, axis=1)` as a list over records; None when there is none."""
    return _with_calls(statement, _Records(functions))


class _Calls(ast.NodeTransformer):
    """Finds calls of `apply` and `map` with a function that can be read."""

    def __init__(self, functions: Functions) -> None:
        self.functions = functions
        self.found = 0

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(
                func=ast.Attribute(value=frame, attr="apply"), args=[function], keywords=[axis]
            ) if (
                axis.arg == "axis"
                and isinstance(axis.value, ast.Constant)
                and axis.value.value in (1, "columns")
            ):
                made = self.of_rows(frame, function)
            case ast.Call(
                func=ast.Attribute(value=values, attr="apply" | "map"), args=[function], keywords=[]
            ):
                made = self.of_values(values, function)
            case _:
                return node
        self.found += made is not None
        return made or node

    def of_rows(self, frame: ast.expr, function: ast.expr) -> ast.expr | None:
        """What to write instead of `frame.apply(function, axis=1)`."""
        raise NotImplementedError

    def of_values(self, values: ast.expr, function: ast.expr) -> ast.expr | None:
        """What to write instead of `values.apply(function)`."""
        raise NotImplementedError

    def read(self, function: ast.expr) -> tuple[str, ast.expr] | None:
        """The name of the one argument, and what the function returns, as one expression."""
        if isinstance(function, ast.Lambda) and len(function.args.args) == 1:
            return function.args.args[0].arg, function.body
        if isinstance(function, ast.Name) and function.id in self.functions:
            known = self.functions[function.id]
            if len(known.args.args) == 1:
                return known.args.args[0].arg, _returned(known.body)
        return None


class _Columns(_Calls):
    def of_rows(self, frame: ast.expr, function: ast.expr) -> ast.expr | None:
        read = self.read(function)
        if read is None:
            return None
        row, returned = read

        def cell(node: ast.expr) -> ast.expr | None:
            match node:
                case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(of))) if name == row:
                    return column(frame, of)
                case ast.Attribute(value=ast.Name(id=name), attr=of) if name == row:
                    return column(frame, of)
            return None

        return _without(row, columnwise(returned, cell, frame))

    def of_values(self, values: ast.expr, function: ast.expr) -> ast.expr | None:
        read = self.read(function)
        if read is None:
            return None
        argument, returned = read

        def cell(node: ast.expr) -> ast.expr | None:
            return values if isinstance(node, ast.Name) and node.id == argument else None

        return columnwise(returned, cell, values)


class _Records(_Calls):
    def of_rows(self, frame: ast.expr, function: ast.expr) -> ast.expr | None:
        records = method(deepcopy(frame), "to_dict", ast.Constant("records"))
        called = ast.Call(ast.Name("map", _LOAD), [function, records], [])
        values = ast.Call(ast.Name("list", _LOAD), [called], [])
        index = ast.Attribute(deepcopy(frame), "index", _LOAD)
        return method(ast.Name("pd", _LOAD), "Series", values, index=index)

    def of_values(self, values: ast.expr, function: ast.expr) -> ast.expr | None:
        return None


def _with_calls(statement: ast.stmt, calls: _Calls) -> list[ast.stmt] | None:
    made = calls.visit(deepcopy(statement))
    return [made] if calls.found else None


def _returned(body: list[ast.stmt]) -> ast.expr:
    """What a function of `if`s and `return`s gives, as one expression. Raises: NotColumnwiseError for any other."""
    match body:
        case [ast.Expr(value=ast.Constant()), *rest]:
            return _returned(rest)
        case [ast.Return(value=value), *_] if value is not None:
            return value
        case [ast.If(test=test, body=then, orelse=otherwise), *rest]:
            return ast.IfExp(test, _returned(then), _returned([*otherwise, *rest]))
    raise NotColumnwiseError("body")


def _without(name: str, made: ast.expr) -> ast.expr:
    if any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(made)):
        raise NotColumnwiseError(name)
    return made
