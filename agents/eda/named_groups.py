"""The values of a category that a question names."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mesh.tabular.sheet import Levels, Sheet

TOO_COMMON = frozenset(
    {"yes", "no", "true", "false", "none", "other", "the", "and", "for", "all", "not", "예", "아니오"}
)


def named_levels(goal: str, levels: Levels) -> list[str]:
    """The levels that a question names, as whole words."""
    return [name for name in levels.names if _names(goal, name)]


def speaks_of(goal: str, levels: Levels) -> bool:
    """Whether a question names a level whose name is a word of its own."""
    return any(
        len(n) >= 2 and not n.isdigit() and n.lower() not in TOO_COMMON for n in named_levels(goal, levels)
    )


def keep_levels(levels: Levels, names: Sequence[str]) -> Levels:
    """The column with every other level taken as missing."""
    wanted = [levels.names.index(name) for name in names]
    place = np.full(len(levels.names) + 1, -1, dtype=np.int64)
    place[wanted] = np.arange(len(wanted))
    return Levels(place[levels.codes], tuple(names))


def narrowed(sheet: Sheet, goal: str, grouping: str) -> Sheet:
    """The sheet with `grouping` cut down to the levels that the question names, when it names at least two."""
    levels = sheet.levels[grouping]
    named = named_levels(goal, levels)
    if not 2 <= len(named) < len(levels.names):
        return sheet
    return replace(sheet, levels=sheet.levels | {grouping: keep_levels(levels, named)})


def _names(goal: str, level: str) -> bool:
    if not level.strip():
        return False
    flags = 0 if len(level) == 1 else re.IGNORECASE
    return re.search(rf"(?<![A-Za-z0-9가-힣]){re.escape(level)}(?![A-Za-z0-9])", goal, flags) is not None
