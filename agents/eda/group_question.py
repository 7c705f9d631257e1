"""What a question about a difference asks: of which values, between which groups."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.tabular.focus import Focus
from mesh.tabular.lexicon import words
from mesh.tabular.sheet import Levels, Sheet

MAX_OUTCOMES = 3
MAX_GROUPINGS = 6
GROUP_WORDS = frozenset(
    {"group", "variant", "arm", "treatment", "ab", "cohort", "bucket", "그룹", "집단", "실험군", "실험그룹"}
)
OUTCOME_WORDS = frozenset(
    {
        "converted",
        "conversion",
        "clicked",
        "click",
        "purchased",
        "success",
        "response",
        "responded",
        "전환",
        "전환여부",
        "클릭",
        "성공",
    }
)
OUTCOME_TERMS = ("conversion", "convert", "click", "response", "전환", "클릭", "반응")
BEFORE = frozenset({"before", "pre", "baseline", "이전", "사전", "전"})
AFTER = frozenset({"after", "post", "followup", "이후", "사후", "후"})


@dataclass(frozen=True)
class GroupQuestion:
    """`outcomes` are numeric columns or categories, `groupings` the categories to compare by.

    `pair` are two numeric columns that hold the same thing before and after; with it the others are empty.
    """

    outcomes: tuple[str, ...] = ()
    groupings: tuple[str, ...] = ()
    pair: tuple[str, str] | None = None


def read_group_question(
    sheet: Sheet, focus: Focus, goal: str, measure: str | None, group: str | None, language: Language
) -> GroupQuestion:
    """The comparison that `goal` asks for; `measure` and `group` name its columns when the caller knows them.

    Raises: BadInputError when there is nothing to compare, or a named column is not usable.
    """
    if measure is None and group is None:
        pair = before_and_after(sheet, focus)
        if pair is not None:
            return GroupQuestion(pair=pair)
    _check(measure, (*sheet.numeric, *sheet.levels), language)
    _check(group, tuple(sheet.levels), language)
    grouping = _groupings(sheet, focus, goal, group, measure)
    outcomes = _outcomes(sheet, focus, goal, measure, grouping)
    groupings = tuple(name for name in grouping if name not in outcomes)[:MAX_GROUPINGS]
    if not groupings or not outcomes:
        raise BadInputError(
            say(
                language,
                en="There is nothing to compare: the comparison needs a column of groups and a column of values. "
                "The columns are {columns}.",
                ko="비교할 대상이 없습니다. 집단을 나타내는 열과 값을 나타내는 열이 필요합니다. 열 목록: {columns}.",
                columns=", ".join(column.name for column in sheet.columns),
            )
        )
    return GroupQuestion(outcomes, groupings)


def before_and_after(sheet: Sheet, focus: Focus) -> tuple[str, str] | None:
    """Two numeric columns whose names differ in nothing but before and after."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for name in sheet.numeric:
        parts = words(name)
        for side, terms in (("before", BEFORE), ("after", AFTER)):
            rest = tuple(part for part in parts if part not in terms)
            if len(rest) < len(parts):
                found.setdefault(rest, {})[side] = name
    pairs = [(sides["before"], sides["after"]) for sides in found.values() if len(sides) == 2]
    pairs.sort(key=lambda pair: not (set(pair) & focus.asked))
    return pairs[0] if pairs else None


def named_levels(goal: str, levels: Levels) -> list[str]:
    """The levels that a question names, as whole words."""
    return [name for name in levels.names if _names(goal, name)]


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


def _groupings(sheet: Sheet, focus: Focus, goal: str, group: str | None, measure: str | None) -> list[str]:
    if group is not None:
        return [group]
    usable = [n for n, levels in sheet.levels.items() if len(levels.names) >= 2 and n != measure]
    named = [n for n in usable if len(named_levels(goal, sheet.levels[n])) >= 2]
    asked = [n for n in usable if n in focus.asked]
    target = None if any(n in sheet.numeric for n in focus.asked) else focus.target
    several = [n for n in asked if n != target] or [n for n in asked if len(sheet.levels[n].names) > 2]
    by_name = [n for n in usable if GROUP_WORDS & set(words(n))]
    outcome = _outcome_column(sheet, goal)
    for found in (named, several, by_name):
        rest = [n for n in found if n != outcome]
        if rest:
            return rest
    return [n for n in focus.dimensions if n not in (outcome, focus.target)] or [
        n for n in usable if n != outcome
    ]


def _outcomes(
    sheet: Sheet, focus: Focus, goal: str, measure: str | None, grouping: list[str]
) -> tuple[str, ...]:
    if measure is not None:
        return (measure,)
    numbers = [n for n in focus.measures if n in focus.asked]
    if numbers:
        return tuple(numbers[:MAX_OUTCOMES])
    outcome = _outcome_column(sheet, goal)
    if outcome is not None and outcome not in grouping[:1]:
        return (outcome,)
    asked = [n for n in sheet.levels if n in focus.asked and n not in grouping[:1]]
    binary = sorted(asked, key=lambda n: n != focus.target)
    if binary:
        return tuple(binary[:1])
    if focus.target is not None and focus.target not in grouping:
        return (focus.target,)
    return focus.measures[:MAX_OUTCOMES]


def _outcome_column(sheet: Sheet, goal: str) -> str | None:
    """The column of events that a question about conversion means."""
    if not any(term in goal.lower() for term in OUTCOME_TERMS):
        return None
    events = [
        n for n, levels in sheet.levels.items() if len(levels.names) == 2 and OUTCOME_WORDS & set(words(n))
    ]
    return next(iter(events), None)


def _check(name: str | None, usable: Sequence[str], language: Language) -> None:
    if name is None or name in usable:
        return
    raise BadInputError(
        say(
            language,
            en="{name} cannot be used for this comparison; usable columns are {usable}.",
            ko="{name} 열은 이 비교에 쓸 수 없습니다. 쓸 수 있는 열: {usable}.",
            name=name,
            usable=", ".join(usable) or "-",
        )
    )
