"""What a question about a difference asks: of which values, between which groups."""

from collections.abc import Sequence
from dataclasses import dataclass

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.tabular.focus import Focus
from mesh.tabular.lexicon import words
from mesh.tabular.sheet import Sheet

from .column_pairs import paired_columns
from .column_roles import by_role
from .named_groups import named_levels, speaks_of

MAX_OUTCOMES = 3
MAX_GROUPINGS = 6
GROUP_WORDS = frozenset(
    {"group", "variant", "arm", "treatment", "treat", "trt", "ab", "cohort", "bucket"}
    | {"그룹", "집단", "실험군", "실험그룹", "처리", "처치", "치료"}
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
        "improved",
        "improvement",
        "survived",
        "survival",
        "outcome",
        "result",
        "decision",
        "recovered",
        "cured",
        "passed",
        "admitted",
        "생존",
        "생존여부",
        "결과",
        "합격",
        "합격여부",
        "개선",
        "호전",
        "완치",
        "전환",
        "전환여부",
        "클릭",
        "성공",
    }
)
OUTCOME_TERMS = ("conversion", "convert", "click", "response", "전환", "클릭", "반응")


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
        pair = paired_columns(sheet, focus, goal)
        if pair is not None and not _named_groups(sheet, focus, goal):
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


def _named_groups(sheet: Sheet, focus: Focus, goal: str) -> list[str]:
    """The categories that a question names, by their own name or by one of their values."""
    usable = [name for name, levels in sheet.levels.items() if len(levels.names) >= 2]
    return [name for name in usable if name in focus.asked or speaks_of(goal, sheet.levels[name])]


def _groupings(sheet: Sheet, focus: Focus, goal: str, group: str | None, measure: str | None) -> list[str]:
    if group is not None:
        return [group]
    usable = [n for n, levels in sheet.levels.items() if len(levels.names) >= 2 and n != measure]
    outcome = _outcome(sheet, focus, goal, measure)
    rest = [n for n in usable if n != outcome]
    several = [n for n in rest if len(named_levels(goal, sheet.levels[n])) >= 2]
    named = [n for n in _named_groups(sheet, focus, goal) if n in rest]
    by_name = [n for n in rest if GROUP_WORDS & set(words(n))]
    asked = [n for n in named if n in focus.asked]
    for found in (several, asked, named, by_name):
        if found:
            return found
    return [n for n in focus.dimensions if n not in (outcome, focus.target)] or rest


def _outcomes(
    sheet: Sheet, focus: Focus, goal: str, measure: str | None, grouping: list[str]
) -> tuple[str, ...]:
    if measure is not None:
        return (measure,)
    numbers = [n for n in focus.measures if n in focus.asked and n in sheet.numeric]
    if numbers:
        return tuple(numbers[:MAX_OUTCOMES])
    outcome = _outcome(sheet, focus, goal, measure)
    if outcome is not None and outcome not in grouping[:1]:
        return (outcome,)
    measures = tuple(n for n in focus.measures if n in sheet.numeric)
    if measures:
        return measures[:MAX_OUTCOMES]
    others = [n for n, levels in sheet.levels.items() if len(levels.names) >= 2 and n not in grouping[:1]]
    return tuple(sorted(others, key=lambda n: len(sheet.levels[n].names) > 2)[:1])


def _outcome(sheet: Sheet, focus: Focus, goal: str, measure: str | None) -> str | None:
    """The category whose shares are compared: None where numbers are.

    It is the column of events where the question is about conversion; of two and more categories that it names, the one that it
    speaks of as an outcome; else one that is called like an outcome.
    """
    if measure is not None or any(n in focus.asked for n in sheet.numeric):
        return None
    event = _event_column(sheet, goal)
    if event is not None:
        return event
    named = _named_groups(sheet, focus, goal)
    if len(named) >= 2:
        return by_role(goal, named, OUTCOME_WORDS, GROUP_WORDS)[0]
    called = (n for n in sheet.levels if _called_outcome(sheet, n) or n == focus.target)
    outcome = next((n for n in called if n not in named), None)
    if outcome is None and len(sheet.levels) == 2 and not sheet.numeric:
        pair = [n for n, levels in sheet.levels.items() if len(levels.names) >= 2]
        outcome = next(iter(by_role(goal, pair, OUTCOME_WORDS, GROUP_WORDS)), None)
    return outcome


def _called_outcome(sheet: Sheet, name: str) -> bool:
    return len(sheet.levels[name].names) >= 2 and bool(OUTCOME_WORDS & set(words(name)))


def _event_column(sheet: Sheet, goal: str) -> str | None:
    """The column of events that a question about conversion means."""
    if not any(term in goal.lower() for term in OUTCOME_TERMS):
        return None
    events = [n for n, levels in sheet.levels.items() if len(levels.names) == 2 and _called_outcome(sheet, n)]
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
