"""The tests that a question about differences asks for."""

from typing import Any

from mesh.tabular.sheet import Sheet

from .comparison import compare as compare_numbers
from .comparison import correct
from .group_question import GroupQuestion, narrowed
from .paired_comparison import compare_pairs
from .rate_comparison import compare_categories


def run_tests(sheet: Sheet, question: GroupQuestion, goal: str) -> list[dict[str, Any]]:
    """Every test that a `GroupQuestion` asks for, corrected over all of them, largest effect first."""
    if question.pair is not None:
        before, after = question.pair
        record = compare_pairs(sheet.numeric[before], sheet.numeric[after], question.pair)
        return correct([{"group": before, "measure": after} | record]) if record else []
    found = []
    for group in question.groupings:
        cut = narrowed(sheet, goal, group)
        for name in question.outcomes:
            record = (
                compare_numbers(cut.levels[group], cut.numeric[name], pairs=True)
                if name in cut.numeric
                else compare_categories(cut.levels[group], cut.levels[name])
            )
            if record is not None and record["p"] is not None and record["effect"] is not None:
                found.append({"group": group, "measure": name} | record)
    return correct(found)
