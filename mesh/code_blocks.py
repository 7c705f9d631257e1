"""Fenced blocks of source code in a message, as Markdown writes them, also within a line."""

import re
from typing import NamedTuple

_BLOCK = re.compile(
    r"(?P<fence>`{3,}|~{3,})[ \t]*"
    # The rest of the opening line is the language; before code in the same line only Python's names are taken for one.
    r"(?:(?P<language>[\w+#.-]*(?=[ \t]*\n)|(?:python3?|ipython|py)(?=[ \t]))[ \t]*\n?)?"
    r"(?P<code>.*?)(?P=fence)[ \t]*$",
    re.DOTALL | re.MULTILINE,
)


class CodeBlock(NamedTuple):
    """A block's source, and the language that it names in lower case, or nothing."""

    language: str
    code: str


def code_blocks(text: str) -> list[CodeBlock]:
    """The blocks of a text, in order."""
    return [
        CodeBlock((found["language"] or "").lower(), found["code"].strip("\n"))
        for found in _BLOCK.finditer(text)
    ]


def without_code(text: str) -> str:
    """A text without its blocks: what is asked for, not what is asked about; the text itself when nothing else is in it."""
    return _BLOCK.sub("", text).strip() or text
