"""The tests that a question about differences asks for."""

from collections.abc import Mapping
from typing import Any

from mesh.tabular.sheet import Codes, Levels, Numbers, Sheet

from .comparison import compare as compare_numbers
from .comparison import correct
from .group_question import GroupQuestion
from .matched_rows import match_rows, repeated_subject
from .named_groups import narrowed
from .paired_comparison import compare_pairs
from .rate_comparison import compare_categories
from .repeated_measures import compare_matched
from .third_columns import hold_others_fixed

NO_SUBJECTS: Mapping[str, Codes] = {}


def run_tests(
    sheet: Sheet, question: GroupQuestion, goal: str, subjects: Mapping[str, Codes] = NO_SUBJECTS
) -> list[dict[str, Any]]:
    """Every test that a `GroupQuestion` asks for, corrected over all of them, largest effect first.

    Args: `subjects` holds, by column, which subject each row is of: with it rows are matched where the design matches them.
    """
    if question.pair is not None:
        before, after = question.pair
        record = compare_pairs(sheet.numeric[before], sheet.numeric[after], question.pair)
        return correct([{"group": before, "measure": after, "held_fixed": []} | record]) if record else []
    found, cuts = [], {}
    for group in question.groupings:
        cut = cuts[group] = narrowed(sheet, goal, group)
        for name in question.outcomes:
            others = {column: codes for column, codes in subjects.items() if column not in (group, name)}
            record = (
                _numbers(cut.levels[group], cut.numeric[name], others)
                if name in cut.numeric
                else compare_categories(cut.levels[group], cut.levels[name], name)
            )
            if record is not None and record["p"] is not None and record["effect"] is not None:
                matched = record["assumptions"].get("paired")
                repeated = None if matched else repeated_subject(others, cut.levels[group])
                found.append({"group": group, "measure": name, "repeated": repeated} | record)
    tests = correct(found)
    for test in tests:
        besides = tuple(name for name in question.groupings if name != test["group"])
        matched = test["assumptions"].get("paired")
        asked = besides if len(question.groupings) < len(sheet.levels) or len(besides) == 1 else ()
        test["held_fixed"] = [] if matched else hold_others_fixed(cuts[test["group"]], test, asked)
    return tests


def _numbers(levels: Levels, values: Numbers, subjects: Mapping[str, Codes]) -> dict[str, Any] | None:
    matched = match_rows(subjects, levels, values)
    record = compare_matched(matched) if matched is not None else None
    return record or compare_numbers(levels, values, pairs=True)
