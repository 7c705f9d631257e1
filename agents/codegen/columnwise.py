"""Expressions about one row as expressions about whole columns."""

import ast
from collections.abc import Callable
from copy import deepcopy

_NUMPY = {
    **{name: name for name in ("sqrt", "exp", "log", "log10", "log2", "sin", "cos", "tan", "floor", "ceil")},
    "pow": "power",
    "fabs": "abs",
}
_TEXT = {
    *("upper", "lower", "strip", "lstrip", "rstrip", "title", "capitalize"),
    *("startswith", "endswith", "replace", "split", "zfill"),
}
_DATE = {"year", "month", "day", "hour", "minute", "quarter", "dayofweek", "day_of_week", "dayofyear"}
Cell = Callable[[ast.expr], ast.expr | None]
"""The column that an expression takes its value of the row from; None for any other expression."""


class NotColumnwiseError(Exception):
    """An expression that is not known to mean the same for a whole column."""


def columnwise(expression: ast.expr, cell: Cell, frame: ast.expr) -> ast.expr:
    """What an expression is for all rows of `frame` at once. Raises: NotColumnwiseError."""
    return _Columns(cell, frame).visit(deepcopy(expression))


def is_same_for_all(expression: ast.expr, cell: Cell) -> bool:
    """Whether nothing in an expression is of the row."""
    return not any(cell(node) is not None for node in ast.walk(expression) if isinstance(node, ast.expr))


def chosen(branches: list[tuple[ast.expr, ast.expr]], otherwise: ast.expr, frame: ast.expr) -> ast.expr:
    """Values by conditions on columns, the first that holds: an expression of `numpy.where`, as a series."""
    value = otherwise
    for condition, then in reversed(branches):
        value = _call("np", "where", condition, then, value)
    return _call("pd", "Series", value, index=ast.Attribute(deepcopy(frame), "index", ast.Load()))


def _call(module: str, name: str, *arguments: ast.expr, **keywords: ast.expr) -> ast.Call:
    return ast.Call(
        ast.Attribute(ast.Name(module, ast.Load()), name, ast.Load()),
        list(arguments),
        [ast.keyword(key, value) for key, value in keywords.items()],
    )


class _Columns(ast.NodeTransformer):
    def __init__(self, cell: Cell, frame: ast.expr) -> None:
        self._cell, self._frame = cell, frame

    def visit(self, node: ast.AST) -> ast.expr:
        if isinstance(node, ast.expr):
            column = self._cell(node)
            if column is not None:
                return deepcopy(column)
            if is_same_for_all(node, self._cell):
                return node
        method = getattr(self, f"visit_{type(node).__name__}", None)
        if method is None:
            raise NotColumnwiseError(type(node).__name__)
        made: ast.expr = method(node)
        return made

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        return ast.BinOp(self.visit(node.left), node.op, self.visit(node.right))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        operator = ast.Invert() if isinstance(node.op, ast.Not) else node.op
        return ast.UnaryOp(operator, self.visit(node.operand))

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        sides = [node.left, *node.comparators]
        parts = [self._compared(*part) for part in zip(sides, node.ops, sides[1:], strict=False)]
        return _joined(parts, ast.BitAnd())

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        operator = ast.BitAnd() if isinstance(node.op, ast.And) else ast.BitOr()
        return _joined([self.visit(value) for value in node.values], operator)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        return chosen([(self.visit(node.test), self.visit(node.body))], self.visit(node.orelse), self._frame)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if node.attr not in _DATE:
            raise NotColumnwiseError(node.attr)
        return ast.Attribute(ast.Attribute(self.visit(node.value), "dt", ast.Load()), node.attr, ast.Load())

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            raise NotColumnwiseError("keywords")
        match node.func:
            case ast.Name(id="abs" | "round"):
                return ast.Call(node.func, [self.visit(item) for item in node.args], [])
            case ast.Name(id="max" | "min" as name) if len(node.args) == 2:
                numpy = "maximum" if name == "max" else "minimum"
                return _call("np", numpy, *(self.visit(item) for item in node.args))
            case ast.Name(id="int" | "float" | "str" as name) if len(node.args) == 1:
                column = self.visit(node.args[0])
                return ast.Call(ast.Attribute(column, "astype", ast.Load()), [ast.Name(name, ast.Load())], [])
            case ast.Name(id="len") if len(node.args) == 1:
                return self._text(node.args[0], "len", [])
            case ast.Attribute(value=ast.Name(id="math" | "np"), attr=name) if name in _NUMPY:
                return _call("np", _NUMPY[name], *(self.visit(item) for item in node.args))
            case ast.Attribute(value=ast.Name(id="pd"), attr="isna" | "notna" | "isnull" | "notnull"):
                return ast.Call(node.func, [self.visit(item) for item in node.args], [])
            case ast.Attribute(value=value, attr=name) if name in _TEXT:
                return self._text(value, name, node.args)
        raise NotColumnwiseError("call")

    def _text(self, value: ast.expr, name: str, arguments: list[ast.expr]) -> ast.expr:
        if not all(is_same_for_all(item, self._cell) for item in arguments):
            raise NotColumnwiseError(name)
        methods = ast.Attribute(self.visit(value), "str", ast.Load())
        return ast.Call(ast.Attribute(methods, name, ast.Load()), arguments, [])

    def _compared(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
        if isinstance(operator, ast.In | ast.NotIn):
            if not is_same_for_all(right, self._cell):
                raise NotColumnwiseError("in")
            found = ast.Call(ast.Attribute(self.visit(left), "isin", ast.Load()), [right], [])
            return found if isinstance(operator, ast.In) else ast.UnaryOp(ast.Invert(), found)
        if isinstance(operator, ast.Is | ast.IsNot):
            raise NotColumnwiseError("is")
        return ast.Compare(self.visit(left), [operator], [self.visit(right)])


def _joined(parts: list[ast.expr], operator: ast.operator) -> ast.expr:
    whole = parts[0]
    for part in parts[1:]:
        whole = ast.BinOp(whole, operator, part)
    return whole
