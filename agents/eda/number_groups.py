"""Numbers that tell groups apart: a column of two values, or one of a few that a question compares by."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mesh.tabular.sheet import Levels, Sheet

from .named_groups import named_levels

MAX_VALUES = 10
MIN_ROWS_PER_VALUE = 2


def group_numbers(sheet: Sheet, goal: str, asked: Sequence[str], group: str | None) -> Sheet:
    """The sheet with the numbers that stand for groups as categories.

    They are: the column `group`; every number of two values; and a number of at most `MAX_VALUES` values that the question
    names beside another number, or without naming anything else to compare by.
    """
    few = [name for name in sheet.numeric if _values(sheet, name) <= MAX_VALUES and _repeats(sheet, name)]
    many_asked = any(name in sheet.numeric and name not in few for name in asked)
    groups_asked = any(name in sheet.levels for name in asked) or any(
        len(named_levels(goal, levels)) >= 2 for levels in sheet.levels.values()
    )
    chosen = [
        name
        for name in few
        if name == group or _values(sheet, name) == 2 or (name in asked and (many_asked or not groups_asked))
    ]
    spared = chosen if len(chosen) < len(sheet.numeric) or sheet.levels else []
    return replace(
        sheet,
        numeric={name: values for name, values in sheet.numeric.items() if name not in spared},
        levels=sheet.levels | {name: as_levels(sheet, name) for name in spared},
    )


def with_roles_of(sheet: Sheet, model: Sheet) -> Sheet:
    """A sheet read anew with the numbers as categories that are categories in `model`."""
    turned = [name for name in sheet.numeric if name in model.levels]
    return (
        replace(
            sheet,
            numeric={name: values for name, values in sheet.numeric.items() if name not in turned},
            levels=sheet.levels | {name: as_levels(sheet, name) for name in turned},
        )
        if turned
        else sheet
    )


def as_levels(sheet: Sheet, name: str) -> Levels:
    """The values of a number as the names of groups, in their order."""
    numbers = sheet.numeric[name]
    known = np.isfinite(numbers)
    values, codes = np.unique(numbers[known], return_inverse=True)
    places = np.full(numbers.size, -1, dtype=np.int64)
    places[known] = codes
    return Levels(places, tuple(f"{value:g}" for value in values))


def _values(sheet: Sheet, name: str) -> int:
    numbers = sheet.numeric[name]
    return int(np.unique(numbers[np.isfinite(numbers)]).size)


def _repeats(sheet: Sheet, name: str) -> bool:
    known = int(np.isfinite(sheet.numeric[name]).sum())
    return known >= MIN_ROWS_PER_VALUE * max(2, _values(sheet, name)) > 0
