"""Two columns that hold the same thing, measured twice: before and after, or side by side in one row."""

import re

import numpy as np

from mesh.tabular.focus import Focus
from mesh.tabular.lexicon import words
from mesh.tabular.sheet import Sheet

BEFORE = frozenset({"before", "pre", "baseline", "이전", "사전", "전"})
AFTER = frozenset({"after", "post", "followup", "이후", "사후", "후"})
GLUED = {"before": ("pre", "사전", "이전"), "after": ("post", "사후", "이후")}
"""Beginnings of names that are written as one word with the rest (`Prewt`, `사전점수`)."""
JOINED = re.compile(
    r"\b(?:and|vs|versus|than|from|to|with)\b|(?<=[가-힣A-Za-z0-9_])(?:와|과|보다|하고|이랑|랑) |대비|,",
    re.IGNORECASE,
)
DIVIDED = re.compile(r"\b(?:by|across|per|between different|depend)\b|별로|에 따라", re.IGNORECASE)
MAX_RATIO = 3.0


def paired_columns(sheet: Sheet, focus: Focus, goal: str) -> tuple[str, str] | None:
    """The two numbers of each row that a question sets against each other.

    Columns whose names differ in nothing but before and after, unless the question asks about other numbers; else the two numbers
    that it names with a joining word between them (A and B, 왼쪽과 오른쪽), where they are of the same order of size.
    """
    asked = [name for name in sheet.numeric if name in focus.asked]
    pair = before_and_after(sheet, focus)
    if pair is not None and set(asked) <= set(pair):
        return pair
    named = sorted((place, name) for name in sheet.numeric if (place := _place(goal, name)) is not None)
    if len(named) != 2:
        return None
    (start, first), (end, second) = named
    between = goal[start + len(first) : end]
    joined = JOINED.search(between) and not DIVIDED.search(goal[start : end + len(second) + 1])
    return (first, second) if joined and _alike(sheet, first, second) else None


def before_and_after(sheet: Sheet, focus: Focus) -> tuple[str, str] | None:
    """Two numeric columns whose names differ in nothing but before and after."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for name in sheet.numeric:
        for side, rest in _sides(name):
            found.setdefault(rest, {})[side] = name
    pairs = [(sides["before"], sides["after"]) for sides in found.values() if len(sides) == 2]
    pairs.sort(key=lambda pair: not (set(pair) & focus.asked))
    return pairs[0] if pairs else None


def _sides(name: str) -> list[tuple[str, tuple[str, ...]]]:
    """On which side a column lies, with what is left of its name."""
    parts = words(name)
    for side, terms in (("before", BEFORE), ("after", AFTER)):
        rest = tuple(part for part in parts if part not in terms)
        if len(rest) < len(parts):
            return [(side, rest)]
    whole = name.lower()
    return [
        (side, (whole.removeprefix(start).strip(" _-."),))
        for side, starts in GLUED.items()
        for start in starts
        if whole.startswith(start) and len(whole) > len(start)
    ]


def _place(goal: str, name: str) -> int | None:
    """Where a question names a column by its own name; single letters only as they are written."""
    flags = 0 if len(name) == 1 else re.IGNORECASE
    found = re.search(rf"(?<![A-Za-z0-9_가-힣]){re.escape(name)}(?![A-Za-z0-9_])", goal, flags)
    return found.start() if found else None


def _alike(sheet: Sheet, first: str, second: str) -> bool:
    """Whether two columns could be measurements of one thing."""
    if len({sheet.column(name).unit for name in (first, second)}) > 1:
        return False
    sizes = [float(np.nanmedian(np.abs(sheet.numeric[name]))) for name in (first, second)]
    return min(sizes) * MAX_RATIO >= max(sizes)
