"""Slow or fragile habits in data code, found in its syntax tree: where, and what to write instead."""

import ast
from collections.abc import Callable
from dataclasses import dataclass

from mesh.language import Language, say

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_ROWS = (ast.Compare, ast.BoolOp, ast.BinOp)
_ADVICE: dict[str, tuple[str, str]] = {
    "iterrows": (
        "Row-by-row loops are slow: compute with whole columns, or use itertuples when rows are really needed.",
        "행마다 도는 반복은 느립니다. 열 전체를 한 번에 계산하고, 행이 꼭 필요하면 itertuples를 쓰십시오.",
    ),
    "apply_rows": (
        "apply(axis=1) calls Python once a row: compute with whole columns, numpy.where or numpy.select.",
        "apply(axis=1)은 행마다 파이썬 함수를 부릅니다. 열 연산이나 numpy.where, numpy.select를 쓰십시오.",
    ),
    "grow_in_loop": (
        "Concatenating in a loop copies everything each time: collect the parts in a list and concatenate once.",
        "반복문 안의 concat은 매번 전체를 복사합니다. 조각을 리스트에 모아 한 번만 합치십시오.",
    ),
    "chained_assignment": (
        "Assigning to a selection of a selection does not change the frame: write df.loc[rows, column] = value.",
        "선택한 결과에 다시 선택해 대입하면 원본이 바뀌지 않습니다. df.loc[행, 열] = 값으로 쓰십시오.",
    ),
    "list_membership": (
        "Looking a value up in a list inside a loop takes longer with every element: use a set.",
        "반복문에서 리스트로 포함 여부를 확인하면 원소 수만큼 느려집니다. set을 쓰십시오.",
    ),
    "string_sum": (
        "Adding to a string in a loop copies it each time: collect the parts and join them.",
        "반복문에서 문자열을 더하면 매번 복사됩니다. 조각을 모아 join으로 합치십시오.",
    ),
}


@dataclass(frozen=True)
class Advice:
    """A habit by name, and the line (from 1) where it was seen."""

    kind: str
    line: int

    def text(self, language: Language) -> str:
        """What to do about it."""
        en, ko = _ADVICE[self.kind]
        return say(language, en=en, ko=ko)


def advice_on(source: str) -> list[Advice]:
    """The habits in a source, by line, each kind once a line; none when it is no Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return []
    reader = _Reader(_names_of_lists(tree), _names_of_texts(tree))
    reader.visit(tree)
    return sorted(set(reader.found), key=lambda item: (item.line, item.kind))


class _Reader(ast.NodeVisitor):
    def __init__(self, lists: set[str], texts: set[str]) -> None:
        self.found: list[Advice] = []
        self._lists, self._texts = lists, texts
        self._loops = 0

    def visit(self, node: ast.AST) -> None:
        self._look(node)
        inside = isinstance(node, _LOOPS)
        self._loops += inside
        self.generic_visit(node)
        self._loops -= inside

    def _look(self, node: ast.AST) -> None:
        match node:
            case ast.Call(func=ast.Attribute(attr=name)):
                self._call(node, name)
            case ast.Assign(targets=[ast.Subscript(value=ast.Subscript(slice=rows))]) if isinstance(
                rows, _ROWS
            ):
                self.found.append(Advice("chained_assignment", node.lineno))
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[ast.Name(id=name)]) if (
                name in self._lists
            ):
                self._in_loop("list_membership", node.lineno)
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add()) if name in self._texts:
                self._in_loop("string_sum", node.lineno)
            case _:
                pass

    def _in_loop(self, kind: str, line: int) -> None:
        if self._loops:
            self.found.append(Advice(kind, line))

    def _call(self, node: ast.Call, name: str) -> None:
        if name == "iterrows":
            self.found.append(Advice("iterrows", node.lineno))
        elif name == "apply" and any(_is_axis_1(keyword) for keyword in node.keywords):
            self.found.append(Advice("apply_rows", node.lineno))
        elif name == "concat":
            self._in_loop("grow_in_loop", node.lineno)


def _is_axis_1(keyword: ast.keyword) -> bool:
    return (
        keyword.arg == "axis"
        and isinstance(keyword.value, ast.Constant)
        and keyword.value.value in (1, "columns")
    )


def _names_of_lists(tree: ast.AST) -> set[str]:
    return _assigned(tree, lambda value: isinstance(value, ast.List | ast.ListComp))


def _names_of_texts(tree: ast.AST) -> set[str]:
    return _assigned(tree, lambda value: isinstance(value, ast.Constant) and isinstance(value.value, str))


def _assigned(tree: ast.AST, fits: Callable[[ast.expr], bool]) -> set[str]:
    return {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and fits(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
