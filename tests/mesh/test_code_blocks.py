"""Fenced blocks of code: found with their languages, and left out of what is asked."""

import pytest

from mesh.code_blocks import code_blocks, without_code


def test_blocks_are_found_with_their_languages() -> None:
    text = "First:\n```SQL\nSELECT 1\n```\nthen ~~~\na = '```'\n~~~\nlast ```len(df)```"
    assert code_blocks(text) == [("sql", "SELECT 1"), ("", "a = '```'"), ("", "len(df)")]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Run this:\n```python\nsales = 1\n```", "Run this:"),
        ("실행해줘 ```len(df)```", "실행해줘"),
        ("```\nprint(1)\n```", "```\nprint(1)\n```"),
        ("no code", "no code"),
    ],
)
def test_what_is_asked_is_left(text: str, asked: str) -> None:
    assert without_code(text) == asked
