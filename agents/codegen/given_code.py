"""The Python code in a message: a parameter, a fenced block, or the lines below the request."""

import ast
import re

from mesh.code_blocks import code_blocks

MAX_CODE_CHARS = 200_000
_MAGIC = re.compile(r"^(\s*)([%!]{1,2}[A-Za-z].*)$", re.MULTILINE)
_PYTHON = {"", "python", "python3", "py", "ipython"}


def code_in(message: str) -> str | None:
    """The code that a message carries: its fenced blocks of Python, else the longest end of it that is Python; None without any.

    A single name or a plain sentence is no code, even where Python would accept it.
    """
    blocks = [block.code for block in code_blocks(message) if block.language in _PYTHON]
    if blocks:
        return without_magics("\n\n".join(blocks))
    lines = message.splitlines()
    for start in range(len(lines)):
        candidate = "\n".join(lines[start:]).strip("\n")
        if _is_code(candidate):
            return candidate
    after = message.partition(": ")[2]
    return after if _is_code(after) else None


def without_magics(code: str) -> str:
    """Code of a notebook without its commands to the notebook and the shell (`%matplotlib inline`, `!pip …`), as comments."""
    return code if _parses(code) else _MAGIC.sub(r"\1pass  # \2", code)


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError):
        return False
    return True


def _is_code(text: str) -> bool:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return any(_does_something(node) for node in tree.body)


def _does_something(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call | ast.BinOp | ast.Subscript | ast.Compare | ast.ListComp)
    if isinstance(node, ast.AnnAssign):
        return node.value is not None
    return not isinstance(node, ast.Pass)
