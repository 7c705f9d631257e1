"""Numbers that tell groups apart: a column of two values, or one of a few that a question compares by."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mesh.tabular.sheet import Levels, Numbers, Sheet

from .named_groups import named_levels

MAX_VALUES = 10
MIN_ROWS_PER_VALUE = 2


def group_numbers(sheet: Sheet, goal: str, asked: Sequence[str], group: str | None) -> Sheet:
    """The sheet with the numbers that stand for groups as categories.

    They are: the column `group`; every number of two values; and a number of at most `MAX_VALUES` values that the question
    names beside another number, or without naming anything else to compare by.
    """
    few = {name: count for name in sheet.numeric if (count := _few_values(sheet.numeric[name])) is not None}
    many_asked = any(name in sheet.numeric and name not in few for name in asked)
    groups_asked = any(name in sheet.levels for name in asked) or any(
        len(named_levels(goal, levels)) >= 2 for levels in sheet.levels.values()
    )
    chosen = [
        name
        for name, count in few.items()
        if name == group or count == 2 or (name in asked and (many_asked or not groups_asked))
    ]
    return _with_levels(sheet, chosen) if len(chosen) < len(sheet.numeric) or sheet.levels else sheet


def with_roles_of(sheet: Sheet, model: Sheet) -> Sheet:
    """A sheet read anew with the numbers as categories that are categories in `model`."""
    return _with_levels(sheet, [name for name in sheet.numeric if name in model.levels])


def _with_levels(sheet: Sheet, names: Sequence[str]) -> Sheet:
    """The sheet with these numbers as categories; itself where there are none."""
    if not names:
        return sheet
    return replace(
        sheet,
        numeric={name: values for name, values in sheet.numeric.items() if name not in names},
        levels=sheet.levels | {name: _as_levels(sheet.numeric[name]) for name in names},
    )


def _as_levels(numbers: Numbers) -> Levels:
    """The values of a number as the names of groups, in their order."""
    known = np.isfinite(numbers)
    values, codes = np.unique(numbers[known], return_inverse=True)
    places = np.full(numbers.size, -1, dtype=np.int64)
    places[known] = codes
    return Levels(places, tuple(f"{value:g}" for value in values))


def _few_values(numbers: Numbers) -> int | None:
    """How many values a number has; None for more than `MAX_VALUES`, or too few rows of each."""
    known = numbers[np.isfinite(numbers)]
    count = int(np.unique(known).size)
    return count if count <= MAX_VALUES and known.size >= MIN_ROWS_PER_VALUE * max(2, count) else None
