"""Source code within a question: it is what a question is about, not what it asks for."""

import re

_BLOCK = re.compile(r"(`{3,}|~{3,}).*?\1[ \t]*$", re.DOTALL | re.MULTILINE)


def without_code(question: str) -> str:
    """The question without its fenced blocks of code; the question itself when nothing else is in it."""
    return _BLOCK.sub("", question).strip() or question
